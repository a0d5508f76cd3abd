"""Answers about services: reads what Rasa understood, asks the guidance, keeps the case in slots."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, heard, send
from actions.notice import guided, with_notice
from actions.unless_filing import UnlessFiling
from base.answer import Answer, Outcome
from bot.conversations.models import Gap
from knowledge.answers import NONE_OF_THESE
from knowledge.case import Case, picked_choice
from knowledge.guidance import not_covered
from knowledge.heard import NAMED_ALL_THE_SAME, Heard
from tickets.intake import OFFER, offer


class ActionGuide(UnlessFiling):
    def name(self) -> str:
        return "action_guide"

    async def reply_itself(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        case, message = _case(tracker), heard(tracker)
        talk = guided(tracker, message, case)
        answer, after = talk.answer, talk.after
        gap = _gap(answer, message, case)
        if answer.outcome is Outcome.NOT_COVERED:
            return _offer_ticket(dispatcher, tracker, answer, gap)
        if answer.outcome is Outcome.HANDOFF and not answer.choices:
            return [*_changed_slots(case, after), *_offer_ticket(dispatcher, tracker, answer, gap)]
        answer, held = with_notice(tracker, talk)
        send(dispatcher, tracker, answer, gap=gap)
        return [*_changed_slots(case, replace(after, choices=_offered(after, answer))), *held]


class ActionNotCovered(UnlessFiling):
    """What sounds like none of our business, unless one of our items is named as good as certainly."""

    def name(self) -> str:
        return "action_not_covered"

    async def reply_itself(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        message = heard(tracker)
        none_of_ours = message.ranking[0][1] if message.ranking else 1.0
        if message.links and message.links[0].confidence >= max(NAMED_ALL_THE_SAME, none_of_ours):
            return await ActionGuide().reply_itself(dispatcher, tracker)
        return _offer_ticket(dispatcher, tracker, not_covered(), Gap.NOT_COVERED)


def _offered(after: Case, answer: Answer) -> tuple[dict[str, Any], ...]:
    """The choices of the case, and those that came with a notice."""
    known = {choice["words"] for choice in after.choices}
    return (*after.choices, *({"words": words} for words in answer.choices if words not in known))


def _gap(answer: Answer, message: Heard, before: Case) -> Gap | None:
    """Why the guide's reply leaves the question open, if it does."""
    if answer.outcome is Outcome.HANDOFF:
        return Gap.UNDECIDED
    if answer.outcome is not Outcome.NOT_COVERED:
        return None
    picked = picked_choice(message, before) if before.asks == "service" else None
    return Gap.NONE_FITS if picked is not None and picked["words"] == NONE_OF_THESE else Gap.NOT_COVERED


def _offer_ticket(dispatcher: CollectingDispatcher, tracker: Tracker, answer: Answer, gap: Gap | None) -> Events:
    """Say what only a person can deal with, with one button that registers the question."""
    words = _question(tracker, gap)
    offered = Answer(**{**answer.__dict__, "choices": (OFFER,)})
    send(dispatcher, tracker, offered, gap=gap)
    return [SlotSet("ticket", offer(words)), SlotSet("asks", None), SlotSet("choices", [])]


def _question(tracker: Tracker, gap: Gap | None) -> str:
    """What was asked: of whom none of a menu's items fits, what they had said before the menu."""
    said = [event.get("text") or "" for event in tracker.events if event["event"] == "user"]
    return said[-2] if gap is Gap.NONE_FITS and len(said) > 1 else tracker.latest_message.get("text") or ""


def _case(tracker: Tracker) -> Case:
    slots: dict[str, Any] = {name: tracker.get_slot(name) for name in asdict(Case())}
    for name in ("choices", "aspects"):
        slots[name] = tuple(slots[name] or ())
    return Case(**slots | {"answers": dict(slots["answers"] or {})})


def _changed_slots(before: Case, after: Case) -> Events:
    old, new = asdict(before), asdict(after)
    changed = {name: value for name, value in new.items() if value != old[name]}
    return [SlotSet(name, list(value) if isinstance(value, tuple) else value) for name, value in changed.items()]
