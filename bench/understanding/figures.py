"""The figures behind report and pictures, from what was asked and what was said of unseen sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.understanding.evaluation import Asked, Items, Results, Unseen
from bench.understanding.judging import Verdict
from bench.understanding.measures import Bin, Share, reliability, risk_coverage

LINKER, SEARCH = "linker", "BM25"
ItemsOf = Callable[[Asked], Items]
FINDERS: dict[str, ItemsOf] = {LINKER: lambda one: one.linked, SEARCH: lambda one: one.found}
"""Who names items, and what each named for a question."""

Series = dict[str, list[Bin]]

MANY = 1000  # guesses, from which ten steps of confidence hold enough each
FINE, COARSE = 10, 5


def share(asked: Sequence[Asked], verdicts: frozenset[Verdict]) -> Share:
    """How many of the questions ended in one of these ways."""
    return Share(sum(one.verdict in verdicts for one in asked), len(asked))


def with_an_item(asked: Sequence[Asked]) -> list[Asked]:
    """The questions that a guide answers and whose item is known here: those that name an item rightly or wrongly."""
    return [one for one in asked if one.question.answerable and one.question.accepted]


def items_found(asked: Sequence[Asked], items_of: ItemsOf, among: int) -> Share:
    """How many of the questions have an accepted item among the first."""
    hits = [bool(one.question.accepted & {id for id, _ in items_of(one)[:among]}) for one in asked]
    return Share(sum(hits), len(hits))


def services_found(unseen: Sequence[Unseen], among: int) -> Share:
    """How many of the sentences whose item is written down have it among the first."""
    hits = [one.service in [id for id, _ in one.linked[:among]] for one in unseen if one.service]
    return Share(sum(hits), len(hits))


def item_risk(asked: Sequence[Asked], items_of: ItemsOf) -> list[tuple[float, float]]:
    """Coverage and risk of naming the first item; a question without one comes last, as wrong."""
    return risk_coverage([_sureness(items_of(one)) for one in asked], [_first_is_right(one, items_of) for one in asked])


def calibration(results: Results) -> Series:
    """What is said with a confidence, by what says it: the intent, the item, and the whole reply."""
    series = {}
    if results.unseen:
        series["intent, unseen sentences"] = by_confidence(
            [one.confidence for one in results.unseen], [one.said == one.intent for one in results.unseen]
        )
    for name, asked in results.sets.items():
        linked = [one for one in asked if one.linked]
        series[f"first item, {name}"] = by_confidence(
            [_sureness(one.linked) for one in linked], [_first_is_right(one, FINDERS[LINKER]) for one in linked]
        )
        told = [one for one in asked if one.tells_facts and one.reply["confidence"] is not None]
        series[f"reply with facts, {name}"] = by_confidence(
            [one.reply["confidence"] for one in told], [one.verdict is Verdict.RIGHT for one in told]
        )
    return {name: bins for name, bins in series.items() if bins}


def for_pictures(results: Results) -> dict[str, Any]:
    """Plain data for `bench.understanding.pictures`, by the picture's name."""
    figures: dict[str, Any] = {
        "reliability": {
            name: [[one.confidence, one.right.value, one.right.total] for one in bins]
            for name, bins in calibration(results).items()
        },
        "risk-coverage": {
            f"{finder}, {name}": item_risk(asked, items_of)
            for name, all_asked in results.sets.items()
            if (asked := with_an_item(all_asked))
            for finder, items_of in FINDERS.items()
        },
    }
    if results.unseen:
        figures["confusion"] = [[one.intent, one.said] for one in results.unseen]
    return figures


def by_confidence(confidences: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """The guesses in as many steps of confidence as there are guesses for."""
    return reliability(confidences, right, FINE if len(right) >= MANY else COARSE)


def _sureness(items: Items) -> float:
    return items[0][1] if items else 0.0


def _first_is_right(one: Asked, items_of: ItemsOf) -> bool:
    return any(id in one.question.accepted for id, _ in items_of(one)[:1])
