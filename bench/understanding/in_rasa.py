"""What only Rasa's environment can do: `python -m bench.understanding.in_rasa REQUEST RESULT`, both files of JSON.

The request is {"model", "texts", "config", "data", "parts"}; 0 parts: no cross-validation. The result is {"texts": [parsed], "unseen": [sentence with
what a model said that had not seen it], "seconds": [of each training]}. For cross-validation Rasa itself trains and
parses, by the same `config.yml`: whatever a component learns, it learns without the part that it is asked about.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.core.agent import load_agent
from rasa.model_training import train_nlu
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog

from bench.understanding.sentences import deal, read_documents, sentences_of, write_without

UNCLEAR = "nlu_fallback"
Parsed = dict[str, Any]


async def parse(model: str, texts: Sequence[str]) -> list[Parsed]:
    """The likeliest intent, however unlikely, its probability, and the linked items with theirs."""
    agent = await load_agent(model_path=model)
    return [_short(await agent.parse_message(text)) for text in texts]


def _short(parsed: dict[str, Any]) -> Parsed:
    best = next((one for one in parsed["intent_ranking"] if one["name"] != UNCLEAR), parsed["intent"])
    linked = parsed.get("linking", {}).get("services", [])
    return {
        "intent": best["name"],
        "confidence": best["confidence"],
        "services": [[one["id"], one["confidence"]] for one in linked],
    }


def cross_validate(config: str, data: Path, parts: int, seconds: list[float]) -> Iterator[Parsed]:
    """Every training sentence with what a model said of it that had learned from the other parts alone."""
    if not parts:
        return
    documents = read_documents(data)
    sentences = sentences_of(documents)
    part_of = deal(sentences, parts)
    for part in range(parts):
        with TemporaryDirectory() as name:
            folder = Path(name)
            write_without(documents, part, part_of, folder / "nlu")
            began = time.monotonic()
            model = train_nlu(config, str(folder / "nlu"), str(folder))
            seconds.append(time.monotonic() - began)
            if model is None:
                raise ValueError(f"{data} holds no training sentences")
            unseen = [sentence for sentence in sentences if part_of[sentence.text] == part]
            parsed = asyncio.run(parse(model, [sentence.text for sentence in unseen]))
        for sentence, said in zip(unseen, parsed, strict=True):
            yield {"truth": asdict(sentence), **said}


def main(request: Path, result: Path) -> None:
    configure_logging_and_warnings(log_level=logging.WARNING)
    configure_structlog(logging.WARNING)
    wanted = json.loads(request.read_text("utf-8"))
    seconds: list[float] = []
    texts = asyncio.run(parse(wanted["model"], wanted["texts"]))
    unseen = list(cross_validate(wanted["config"], Path(wanted["data"]), wanted["parts"], seconds))
    answer = {"texts": texts, "unseen": unseen, "seconds": seconds}
    result.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
