"""Which materials and fees apply to this person, and the next question worth asking. Pure: no clock, no store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from base.errors import UnknownAnswer
from knowledge.service import Condition, Fee, Material, Service, Situation

Answers = Mapping[str, str]
"""Situation id → option id."""


@dataclass(frozen=True)
class Need:
    """A material that is certain, and the person's own answers that brought it in (empty: everybody needs it)."""

    material: Material
    because: tuple[str, ...]


@dataclass(frozen=True)
class Checklist:
    """What is certain so far; while `question` is set, `undecided` may still join it."""

    needs: tuple[Need, ...]
    fees: tuple[Fee, ...]
    undecided: tuple[Material, ...]
    undecided_fees: tuple[Fee, ...]
    question: Situation | None

    @property
    def is_complete(self) -> bool:
        return self.question is None


def checklist(service: Service, answers: Answers) -> Checklist:
    """The list for these answers; `question` is the one that leaves the fewest to ask, None once all is fixed.

    Raises `UnknownAnswer` for a situation or option that the service does not have.
    """
    check_answers(service, answers)
    return Checklist(
        needs=tuple(
            Need(material, _because(service, material.when, answers))
            for material in service.materials
            if _open_part(service, material.when, answers) == {}
        ),
        fees=tuple(fee for fee in service.fees if _open_part(service, fee.when, answers) == {}),
        undecided=tuple(m for m in service.materials if _open_part(service, m.when, answers)),
        undecided_fees=tuple(fee for fee in service.fees if _open_part(service, fee.when, answers)),
        question=next_question(service, answers, service.conditions),
    )


def check_answers(service: Service, answers: Answers) -> None:
    for situation_id, option in answers.items():
        situation = service.situation(situation_id)
        if situation is None:
            raise UnknownAnswer(f"{service.id} has no situation {situation_id!r}")
        if option not in situation.options:
            raise UnknownAnswer(f"situation {situation_id!r} of {service.id} has no option {option!r}")


def next_question(service: Service, answers: Answers, conditions: Iterable[Condition]) -> Situation | None:
    """The open situation after whose answer the fewest others still matter, on average over its options.

    Only situations that still decide one of `conditions` are considered, so no answer is ever without effect.
    """
    undecided = [part for when in conditions if (part := _open_part(service, when, answers))]
    relevant = {id for part in undecided for id in part}
    candidates = [situation for situation in service.situations if situation.id in relevant]
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    return min(candidates, key=lambda situation: _left_after(situation, undecided))


def may_apply(when: Condition, answers: Answers) -> bool:
    """Whether no answer so far rules the condition out."""
    return all(answers.get(situation_id, options[0]) in options for situation_id, options in when.items())


def _left_after(situation: Situation, undecided: list[Condition]) -> float:
    """How many situations still matter after this one is answered: the mean over its options."""
    left = 0
    for option in situation.options:
        still: set[str] = set()
        for when in undecided:
            if option in when.get(situation.id, (option,)):
                still |= when.keys()
        left += len(still - {situation.id})
    return left / len(situation.options)


def _open_part(service: Service, when: Condition, answers: Answers) -> Condition | None:
    """What of a condition is still to be asked: {} when it holds, None when it cannot hold any more."""
    open_part = {}
    for situation_id, options in when.items():
        if situation_id in answers:
            if answers[situation_id] not in options:
                return None
        elif any(option not in options for option in _options(service, situation_id)):
            open_part[situation_id] = options
    return open_part


def _options(service: Service, situation_id: str) -> Iterable[str]:
    situation = service.situation(situation_id)
    return situation.options if situation else ()


def _because(service: Service, when: Condition, answers: Answers) -> tuple[str, ...]:
    words = ((service.situation(id), answers.get(id)) for id in when)
    return tuple(situation.options[option] for situation, option in words if situation and option)
