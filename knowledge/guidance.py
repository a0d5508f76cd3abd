"""The way of one turn about a service: what was heard changes the case, then one list of steps decides the reply.

Pure: no Rasa, no store, no clock. The bot's actions, the console and the terminal call the same function.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from base.answer import Answer, Outcome
from knowledge import answers as words
from knowledge.answers import NONE_OF_THESE
from knowledge.case import Case, after_hearing, in_force, picked_choice, places_meant, without_subject
from knowledge.correcting import as_corrected
from knowledge.heard import SURE_OF_RULING, UNLIKELY, WORTH_OFFERING, Heard
from knowledge.inquiry import Inquiry
from knowledge.overlay import Resolved
from knowledge.service import Situation
from knowledge.store import Knowledge
from knowledge.wishes import as_a_wish, life_events, names_nothing

MENU = 4  # items in a menu, at most
A_HALF = 12  # characters, at most, of a question that leaves its item unsaid
NOT_UNDERSTOOD = (None, "nlu_fallback", "not_covered", "chitchat")


@dataclass(frozen=True)
class _Turn:
    heard: Heard
    case: Case
    before: Case
    knowledge: Knowledge
    at: datetime

    def resolved(self) -> Resolved | None:
        if self.case.service is None:
            return None
        return in_force(self.case.service, self.knowledge, self.at, self.case.region)


def guide(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> tuple[Answer, Case]:
    """The reply to one message and the case after it."""
    heard = replace(heard, links=tuple(link for link in heard.links if in_force(link.service, knowledge, at)))
    subject = in_force(case.service, knowledge, at) if case.service else None
    heard = as_corrected(heard, subject.service if subject else None, knowledge, at.date())
    heard = as_a_wish(heard, knowledge, at.date())
    turn = _Turn(heard, after_hearing(heard, case, knowledge, at), case, knowledge, at)
    answer = next(reply for step in STEPS if (reply := step(turn)) is not None)
    return answer, _after_reply(turn, answer)


# --- the steps, in order --------------------------------------------------------------------------------------------


def _give_up(turn: _Turn) -> Answer | None:
    if turn.heard.intent == "cancel":
        return words.plain(words.CANCELLED, Outcome.SMALLTALK)
    if turn.heard.intent == "go_back" and turn.before.previous is None:
        return words.plain(words.NOTHING_BEFORE, Outcome.SMALLTALK)
    return None


def _admit_none_of_these(turn: _Turn) -> Answer | None:
    picked = picked_choice(turn.heard, turn.before)
    if picked is not None and turn.before.asks == "service" and picked["words"] == NONE_OF_THESE:
        return not_covered()
    return None


def _offer_life_events(turn: _Turn) -> Answer | None:
    if turn.case.service is not None or not names_nothing(turn.heard.text):
        return None
    return words.which_event(life_events(turn.knowledge, turn.at.date()), turn.case.region)


def _pass_on(turn: _Turn) -> Answer | None:
    """A ruling about nothing that a guide knows: nobody is asked which item, since none would answer it."""
    if turn.case.service is not None or turn.heard.ruling < SURE_OF_RULING:
        return None
    return words.plain(words.LEFT_TO_A_PERSON, Outcome.HANDOFF)


def _ask_which_item(turn: _Turn) -> Answer | None:
    if turn.case.service is not None:
        return None
    likely = [link for link in turn.heard.links if link.confidence >= WORTH_OFFERING][:MENU]
    if not likely or (likely[0].confidence < UNLIKELY and turn.heard.intent in NOT_UNDERSTOOD):
        return None
    today = turn.at.date()
    return words.which_item((turn.knowledge.find(link.service, today).service for link in likely), turn.case.region)


def _ask_which_place(turn: _Turn) -> Answer | None:
    if picked_choice(turn.heard, turn.before) is not None or len(places_meant(turn.heard, turn.before)) < 2:
        return None
    return words.which_place(turn.knowledge, turn.heard.places, turn.case.service)


def _offer_again(turn: _Turn) -> Answer | None:
    """Whoever asks on before choosing has not turned away from the menu."""
    heard, choices = turn.heard, turn.before.choices
    is_menu = turn.before.asks == "service" and any(choice["words"] == NONE_OF_THESE for choice in choices)
    asks_on = len(heard.text) <= A_HALF and (heard.asked or heard.places)
    if turn.case.service is not None or not is_menu or not asks_on:
        return None
    offered = (in_force(choice["service"], turn.knowledge, turn.at) for choice in choices if "service" in choice)
    services = [found.service for found in offered if found is not None]
    return words.which_item(services, turn.case.region) if services else None


def _ask_for_an_item(turn: _Turn) -> Answer | None:
    """A bare aspect (要多少钱) with no subject is a question without its first half, not a gap in the knowledge.

    So is a correction that leaves nothing to offer.
    """
    heard = turn.heard
    is_half = heard.intent == "correct" or (heard.intent != "nlu_fallback" and len(heard.text) <= A_HALF)
    if turn.case.service is None and is_half:
        return words.plain(words.NAME_THE_ITEM, Outcome.CLARIFY)
    return None


def _admit_not_covered(turn: _Turn) -> Answer | None:
    return not_covered() if turn.case.service is None else None


def _ask_again(turn: _Turn) -> Answer | None:
    """A reply to a situation question that fits no option and says nothing else: asked again, then a person."""
    situation = _asked_situation(turn)
    said_nothing_else = turn.heard.intent in ("inform", "nlu_fallback", "affirm", "deny")
    if situation is None or not said_nothing_else or turn.case != turn.before:
        return None
    return words.situation_again(_inquiry(turn), situation, tries=_tries(turn.before) + 1)


def _tell(turn: _Turn) -> Answer | None:
    return words.item_answer(_inquiry(turn))


STEPS = (
    _give_up,
    _admit_none_of_these,
    _offer_life_events,
    _pass_on,
    _ask_which_item,
    _offer_again,
    _ask_for_an_item,
    _ask_which_place,
    _admit_not_covered,
    _ask_again,
    _tell,
)


def not_covered() -> Answer:
    """The honest sentence; the caller adds the offer of a ticket."""
    return words.plain(words.NOT_COVERED, Outcome.NOT_COVERED)


def _asked_situation(turn: _Turn) -> Situation | None:
    found = turn.resolved()
    return found.service.situation(turn.before.asks) if found and turn.before.asks else None


def _inquiry(turn: _Turn) -> Inquiry:
    resolved = turn.resolved()
    assert resolved is not None
    return Inquiry(
        knowledge=turn.knowledge,
        resolved=resolved,
        answers=turn.case.answers,
        aspects=_aspects_to_tell(turn),
        region=turn.case.region,
        at=turn.at,
        day=date.fromisoformat(turn.case.day) if turn.case.day else None,
        words=turn.heard.text,
        ruling=turn.heard.ruling,
    )


def _aspects_to_tell(turn: _Turn) -> tuple[str, ...]:
    """What was asked; after an answer to a situation, the list it was asked for; with a new place, the offices."""
    aspects = turn.case.aspects
    named_aspect = bool(turn.heard.asked)
    if turn.case.region != turn.before.region and turn.before.service == turn.case.service and not named_aspect:
        # The list may be another one there, and what it was asked for is still to be told.
        return ("location", "hours", "materials") if _asked_situation(turn) else ("location", "hours")
    told_more = turn.case.answers != turn.before.answers and turn.before.service == turn.case.service
    if told_more and not {"materials", "check", "fee"} & set(aspects):
        return (*aspects, "materials") if named_aspect else ("materials",)
    return aspects


def _after_reply(turn: _Turn, answer: Answer) -> Case:
    case = without_subject(turn.case) if turn.heard.intent == "cancel" else turn.case
    if answer.outcome is Outcome.CLARIFY:
        choices = [{"words": w, "service": id} for w, id in zip(answer.choices, answer.candidates, strict=False)]
        choices += [{"words": w} for w in answer.choices[len(choices) :]]
        return replace(case, asks="service", choices=tuple(choices))
    found = turn.resolved()
    asked = found.service.situation(answer.asks) if found and answer.asks else None
    is_place = asked is None or answer.choices != tuple(asked.options.values())  # a situation may be called so too
    if answer.asks == "region" and answer.choices and is_place:
        places = zip(answer.choices, turn.heard.places, strict=True)
        return replace(case, asks="region", choices=tuple({"words": w, "region": code} for w, code in places))
    if asked is not None:
        again = {"tries": _tries(turn.before) + 1} if answer.outcome is Outcome.SITUATION else {}
        options = tuple({"words": w, "option": id} | again for id, w in asked.options.items())
        return replace(case, asks=asked.id, choices=options)
    return replace(case, asks=answer.asks, choices=tuple({"words": w} for w in answer.choices))


def _tries(case: Case) -> int:
    """How often the question of the last reply had been asked again."""
    return max((choice.get("tries", 0) for choice in case.choices), default=0)
