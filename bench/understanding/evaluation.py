"""Asking whole sets of questions, and what the model says of unseen sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from base.clock import now
from base.db import Database
from base.settings import ROOT, Settings
from bench.processes import run
from bench.understanding.bm25 import GuideSearch, guides
from bench.understanding.judging import TELLS_FACTS, Reply, Verdict, judge
from bench.understanding.questions import Question
from bot.channels.house import House
from bot.channels.terminal import converse, open_conversation
from cli.embedded import RASA_PYTHON, child_environment, open_embedded
from cli.progress import step
from knowledge import store

WARM_UP = "你好"  # the first question loads what every later one finds loaded

Items = Sequence[tuple[str, float]]
"""Ids with their confidence, likeliest first."""


@dataclass(frozen=True)
class Asked:
    """A question, the reply, the items that the model linked, and those that the search found."""

    question: Question
    reply: Reply
    linked: Items
    found: Items

    @cached_property
    def verdict(self) -> Verdict:
        return judge(self.question, self.reply)

    @property
    def tells_facts(self) -> bool:
        return self.reply["outcome"] in TELLS_FACTS


@dataclass(frozen=True)
class Unseen:
    """A training sentence, and what a model said of it that had learned from the others alone."""

    text: str
    intent: str
    service: str | None
    said: str
    confidence: float
    linked: Items


@dataclass(frozen=True)
class Results:
    """All that was asked, by the set's name; the unseen sentences, and the seconds of each training."""

    sets: dict[str, list[Asked]]
    unseen: list[Unseen]
    seconds: list[float]


def evaluate(settings: Settings, model: Path, sets: dict[str, list[Question]], parts: int) -> Results:
    """Ask all questions of all sets, link and search them, and cross-validate in `parts` (0: not at all)."""
    replies = {}
    with open_embedded(settings, model, keep=False, forgetful=True) as house:
        ask(house, WARM_UP)
        for name, questions in sets.items():
            with step(f"asking {len(questions)} questions of {name}"):
                replies[name] = [ask(house, question.text) for question in questions]
    texts = [question.text for questions in sets.values() for question in questions]
    with step(f"linking {len(texts)} questions" + (f" and training {parts} times" if parts else "")):
        parsed = in_rasa(settings, model, texts, parts)
    search = GuideSearch(_guides(settings))
    linked = iter(parsed["texts"])
    asked = {
        name: [
            Asked(question, reply, _items(next(linked)), search.find(question.text))
            for question, reply in zip(questions, replies[name], strict=True)
        ]
        for name, questions in sets.items()
    }
    return Results(asked, [_unseen(one) for one in parsed["unseen"]], parsed["seconds"])


def ask(house: House, text: str) -> Reply:
    """What `banshi ask --json` would say to `text`, in a conversation of its own."""
    return converse(house, open_conversation(house), text).as_json()


def in_rasa(settings: Settings, model: Path, texts: Sequence[str], parts: int) -> dict[str, Any]:
    """What `bench.understanding.in_rasa` finds out; it trains afresh, whatever was trained before."""
    with TemporaryDirectory(prefix="banshi-eval-") as name:
        request, result = Path(name) / "request.json", Path(name) / "result.json"
        wanted = {
            "model": str(model),
            "texts": list(texts),
            "config": str(ROOT / "config.yml"),
            "data": str(ROOT / "data" / "nlu"),
            "parts": parts,
        }
        request.write_text(json.dumps(wanted, ensure_ascii=False), "utf-8")
        _run_module("in_rasa", settings, request, result, cache=name)
        return dict(json.loads(result.read_text("utf-8")))


def draw(settings: Settings, figures: dict[str, Any], folder: Path) -> None:
    """The pictures of `bench.understanding.pictures` in `folder`."""
    with TemporaryDirectory(prefix="banshi-eval-") as name:
        file = Path(name) / "figures.json"
        file.write_text(json.dumps(figures, ensure_ascii=False), "utf-8")
        _run_module("pictures", settings, file, folder, cache=name)


def _run_module(module: str, settings: Settings, *paths: Path, cache: str) -> None:
    env = child_environment(settings) | {
        "RASA_CACHE_DIRECTORY": f"{cache}/cache",
        "MPLCONFIGDIR": f"{cache}/matplotlib",
    }
    command: list[str | Path] = [
        RASA_PYTHON,
        "-m",
        f"bench.understanding.{module}",
        *(path.resolve() for path in paths),
    ]
    run(command, env, settings.var / "log" / "eval.log")


def _guides(settings: Settings) -> dict[str, str]:
    database = Database(settings.database_url)
    with database.reading() as session:
        documents = guides(store.load(session), now().date())
    database.close()
    return documents


def _items(parsed: dict[str, Any]) -> Items:
    return [(id, confidence) for id, confidence in parsed["services"]]


def _unseen(parsed: dict[str, Any]) -> Unseen:
    truth = parsed["truth"]
    return Unseen(
        truth["text"], truth["intent"], truth["service"], parsed["intent"], parsed["confidence"], _items(parsed)
    )
