"""Sets of questions with what they mean: reading them, and refusing what cannot be judged.

A set is a file of JSON objects, one a line: `id`, `text`, `service`, `aspect`, `also`, `answerable`, `note`. `service` is
"none", a label of `bench/questions/items.yaml`, a name or alias of an item, or ids of items joined with "/", any of which
an expert would accept.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from base.errors import BadContent
from base.settings import ROOT
from knowledge.linking.lexicon import Lexicon

QUESTIONS = ROOT / "bench" / "questions"
OWN_SET = QUESTIONS / "asked.jsonl"
OWN_NAME = "bench/questions"  # how reports call it: no file's stem is called so
ITEMS = QUESTIONS / "items.yaml"

FACTS = (
    "materials", "location", "hours", "fee", "time_limit", "process", "eligibility", "online", "agent", "validity",
    "phone", "appointment", "progress", "check",
)  # fmt: skip
OTHERS = ("policy_other", "complaint", "suggestion", "human", "ticket", "emergency", "chitchat", "out_of_scope")
ASPECTS = (*FACTS, *OTHERS)
NONE = "none"
UNCLEAR = "模糊"  # in the note: to ask back is right

Labels = Mapping[str, Collection[str]]
"""Label of an item → the ids that an expert would accept for it; none: nothing here covers it."""


@dataclass(frozen=True)
class Question:
    """One message; `accepted` holds the ids of the items that it may mean."""

    id: str
    text: str
    accepted: frozenset[str]
    aspect: str
    also: frozenset[str]
    answerable: bool
    unclear: bool


@dataclass(frozen=True)
class Items:
    """What a `service` of a set may say: ids of all items, their names and aliases, and labels."""

    ids: Collection[str]
    names: Labels
    labels: Labels


def read_labels(file: Path = ITEMS) -> Labels:
    """The labels with what they stand for."""
    return {str(label): tuple(ids) for label, ids in yaml.safe_load(file.read_text("utf-8")).items()}


def known_items(lexicon: Lexicon) -> Items:
    """The items that are published, and the labels."""
    names: dict[str, list[str]] = {}
    for service in lexicon.services:
        for name in (service.name, *service.aliases):
            names.setdefault(name, []).append(service.id)
    return Items({service.id for service in lexicon.services}, names, read_labels())


def read_questions(file: Path, items: Items) -> list[Question]:
    """The questions of `file`.

    Raises `BadContent` with the line of whatever is no JSON, lacks something, is told twice or names what does not exist.
    """
    questions: dict[str, Question] = {}
    for number, line in enumerate(_lines(file), 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line), items)
        except json.JSONDecodeError as error:
            raise BadContent(file, number, f"is no JSON ({error.msg} at character {error.pos + 1})") from error
        except ValueError as error:
            raise BadContent(file, number, str(error)) from error
        if question.id in questions:
            raise BadContent(file, number, f"the id {question.id} stands here for the second time")
        questions[question.id] = question
    if not questions:
        raise BadContent(file, 0, "holds no question")
    return list(questions.values())


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadContent(file, line, "is no UTF-8") from error


def _question(data: Any, items: Items) -> Question:
    if not isinstance(data, dict):
        raise ValueError("is no JSON object")
    for key in ("id", "text", "service", "aspect"):
        if not isinstance(data.get(key), str):
            raise ValueError(f"lacks the text {key!r}")
    if not isinstance(data.get("answerable"), bool):
        raise ValueError("lacks 'answerable', true or false")
    also = data.get("also", [])
    if not isinstance(also, list):
        raise ValueError("'also' is no list")
    for aspect in (data["aspect"], *also):
        if aspect not in ASPECTS:
            raise ValueError(f"there is no aspect {aspect!r}; there are {', '.join(ASPECTS)}")
    return Question(
        id=data["id"],
        text=data["text"],
        accepted=accepted_ids(data["service"], items),
        aspect=data["aspect"],
        also=frozenset(also),
        answerable=data["answerable"],
        unclear=UNCLEAR in str(data.get("note") or ""),
    )


def accepted_ids(service: str, items: Items) -> frozenset[str]:
    """The ids behind a `service` of a set; ValueError lists the labels when nothing is called so."""
    for named in (items.labels, items.names):
        if service in named:
            return frozenset(named[service])
    ids = {part.strip() for part in service.split("/")} - {NONE}
    if unknown := sorted(ids - set(items.ids)):
        raise ValueError(
            f"the service {', '.join(map(repr, unknown))} is neither the id or name of an item"
            f" (./banshi knowledge list) nor a label of {ITEMS.relative_to(ROOT)}; labels are: {', '.join(items.labels)}"
        )
    return frozenset(ids)
