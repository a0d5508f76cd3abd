"""The training sentences in `data/nlu`, dealt into parts for cross-validation; runs in either environment."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from base.settings import ROOT

SEED = 7
# What most names are made of; the names and aliases alone would leave a bare 护照 standing.
PAPERS = """身份证 户口本 户口 护照 签注 居住证 驾驶证 驾照 行驶证 车牌 社保 医保 养老 低保 公积金
结婚证 离婚证 出生证 老年证 残疾证 健康证 狗证 房产证 营业执照 执照 公司 档案 学历 工伤"""
_NUMBER = re.compile("[0-9〇一二三四五六七八九十两]+")
Document = dict[str, Any]
Example = Any
"""A line of a block of text, or a mapping with `text` and `metadata`: Rasa knows both."""


@dataclass(frozen=True)
class Sentence:
    """What is said, its intent, and the item that its author meant, where that is written down."""

    text: str
    intent: str
    service: str | None


def read_documents(folder: Path) -> list[Document]:
    """The files of `folder` and of those in it, as Rasa reads them."""
    return [yaml.safe_load(file.read_text("utf-8")) for file in sorted(folder.rglob("*.yml"))]


def sentences_of(documents: list[Document]) -> list[Sentence]:
    """All sentences, in the order of files and lines."""
    return [
        Sentence(_text(example), block["intent"], _service(example) or _service(block))
        for block in _blocks(documents)
        for example in _examples(block)
    ]


def plain(text: str) -> str:
    """The letters of `text`; two sentences alike in these are one."""
    return re.sub(r"[\W_]+", "", text.lower()) or text


def skeletons(texts: Iterable[str]) -> set[str]:
    """What is left of the sentences without the names of items, papers and numbers: so many are really different."""
    names = {
        name
        for file in (ROOT / "knowledge/content/services").glob("*.yaml")
        for service in yaml.safe_load(file.read_text("utf-8"))
        for name in (service["name"], *service["aliases"])
    }
    short = {name for name in names if 3 <= len(name) <= 8} | set(PAPERS.split())
    longest_first = re.compile("|".join(sorted(map(re.escape, short), key=len, reverse=True)))
    return {_NUMBER.sub("0", longest_first.sub("X", plain(text))) for text in texts}


def deal(sentences: list[Sentence], parts: int) -> dict[str, int]:
    """Each text's part, always the same: every intent is spread evenly, and one text is never in two parts."""
    chance = random.Random(SEED)
    by_intent: dict[str, list[str]] = {}
    for sentence in sentences:
        by_intent.setdefault(sentence.intent, []).append(sentence.text)
    part_of: dict[str, int] = {}
    for texts in by_intent.values():
        for place, text in enumerate(chance.sample(texts, len(texts))):
            part_of.setdefault(text, place % parts)
    return part_of


def write_without(documents: list[Document], part: int, part_of: Mapping[str, int], folder: Path) -> None:
    """The documents without the sentences of `part`; all else, metadata included, stays as it stood."""
    folder.mkdir(parents=True)
    for place, document in enumerate(documents):
        blocks = [_kept(block, part, part_of) if "intent" in block else block for block in document["nlu"]]
        left = {**document, "nlu": [block for block in blocks if "intent" not in block or block["examples"]]}
        (folder / f"{place:03}.yml").write_text(yaml.safe_dump(left, allow_unicode=True, sort_keys=False), "utf-8")


def _kept(block: Mapping[str, Any], part: int, part_of: Mapping[str, int]) -> dict[str, Any]:
    kept = [example for example in _examples(block) if part_of[_text(example)] != part]
    lines = isinstance(block["examples"], str)
    return {**block, "examples": "".join(f"- {line}\n" for line in kept) if lines else kept}


def _blocks(documents: list[Document]) -> Iterator[Mapping[str, Any]]:
    for document in documents:
        yield from (block for block in document["nlu"] if "intent" in block)


def _examples(block: Mapping[str, Any]) -> list[Example]:
    examples = block["examples"]
    if isinstance(examples, str):
        return [line.strip().removeprefix("- ") for line in examples.splitlines() if line.strip()]
    return list(examples)


def _text(example: Example) -> str:
    return str(example if isinstance(example, str) else example["text"]).strip()


def _service(holder: Any) -> str | None:
    return (holder.get("metadata") or {}).get("service") if isinstance(holder, Mapping) else None
