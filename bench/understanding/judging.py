"""Whether a reply does right by a question. The rules, which every report repeats:

A question that a guide answers is **right** when the reply gives facts of an accepted item and the main aspect (or
one that was asked beside it) is among them, or when it asks for this item's situation or place. Soft borders: a
general "how do I" answers for materials, online, location and other rules; each of the first three answers a "how
do I", and eligibility answers for other rules. A menu or a question which item is meant: **offered** with an
accepted item in it, **asked** without. Where the set says that the message is unclear, to ask back is right (with
an accepted item in the menu, if there is any). **Not covered**: the reply says so, or passes the person on.
Everything else is **wrong**: another item, or the right one without what was asked (told apart as **other
aspect**).

A question that no guide answers is right when the reply says so or passes the person on; complaints, suggestions,
and wishes for a person or a ticket also with a ticket, small talk and what is out of scope also with small talk. To
ask back is **offered** or **asked**. Facts or a situation are **as if covered**. Everything else is wrong.

An emergency is right with the emergency reply, else **missed**; that reply to anything else is a **false alarm**.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from bench.understanding.questions import Question


class Verdict(str, Enum):
    """How a question ended; the value is the word of the report."""

    RIGHT = "right"
    OFFERED = "offered"
    ASKED = "asked"
    NOT_COVERED = "not covered"
    OTHER_ASPECT = "other aspect"
    WRONG = "wrong"
    AS_IF_COVERED = "as if covered"
    MISSED = "missed"
    FALSE_ALARM = "false alarm"


WRONG = frozenset({Verdict.WRONG, Verdict.OTHER_ASPECT, Verdict.AS_IF_COVERED, Verdict.MISSED, Verdict.FALSE_ALARM})
"""What counts as wrong of all questions."""

Reply = Mapping[str, Any]
"""What `banshi ask --json` says of one question."""

TELLS_FACTS = ("answer", "situation")
PASSES_ON = ("not_covered", "handoff")
WANTS_A_PERSON = ("complaint", "suggestion", "human", "ticket")
SMALL_TALK = ("chitchat", "out_of_scope")

SOFT: Mapping[str, frozenset[str]] = {
    "process": frozenset({"materials", "online", "location"}),
    "materials": frozenset({"process"}),
    "online": frozenset({"process"}),
    "location": frozenset({"process"}),
    "policy_other": frozenset({"eligibility", "process"}),
}
"""Aspect asked for → aspects of a reply that answer it too."""


def judge(question: Question, reply: Reply) -> Verdict:
    """How `question` ended with `reply`."""
    outcome = reply["outcome"]
    if question.aspect == "emergency":
        return Verdict.RIGHT if outcome == "emergency" else Verdict.MISSED
    if outcome == "emergency":
        return Verdict.FALSE_ALARM
    if outcome == "clarify":
        return _asked(question, reply)
    return _answerable(question, reply) if question.answerable else _unanswerable(question, reply)


def _asked(question: Question, reply: Reply) -> Verdict:
    offered = bool(question.accepted & set(reply["candidates"]))
    if question.unclear and (offered or not question.accepted):
        return Verdict.RIGHT
    return Verdict.OFFERED if offered else Verdict.ASKED


def _answerable(question: Question, reply: Reply) -> Verdict:
    outcome = reply["outcome"]
    if outcome in (*PASSES_ON, "ticket"):
        return Verdict.NOT_COVERED
    if outcome not in TELLS_FACTS or reply["service"] not in question.accepted:
        return Verdict.WRONG
    if outcome == "situation" or _wanted(question) & set(reply["aspects"]):
        return Verdict.RIGHT
    return Verdict.OTHER_ASPECT


def _wanted(question: Question) -> set[str]:
    asked = {question.aspect, *question.also}
    return asked.union(*(SOFT.get(aspect, frozenset()) for aspect in asked))


def _unanswerable(question: Question, reply: Reply) -> Verdict:
    outcome = reply["outcome"]
    right = (
        outcome in PASSES_ON
        or (outcome == "ticket" and question.aspect in WANTS_A_PERSON)
        or (outcome == "smalltalk" and question.aspect in SMALL_TALK)
    )
    if right:
        return Verdict.RIGHT
    return Verdict.AS_IF_COVERED if outcome in TELLS_FACTS else Verdict.WRONG
