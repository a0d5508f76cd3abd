"""How a ticket is taken in a talk: what the next act is. Pure: nothing is read or written here.

The story is filed at once and the rest is asked afterwards: whoever walks away then has a number already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from knowledge.notices.answers import BEYOND_NOTICE
from tickets import cues
from tickets.elsewhere import line_for
from tickets.story import names_a_place, read_story

OFFER = "帮我登记下来"  # the button under "that is not covered"

# What is asked after filing, in order: what the desk needs for this kind, if the story left it open.
WANTED = {
    "stuck": ("place", "contact"),
    "complaint": ("place", "contact"),
    "beyond_notice": ("what", "place", "contact"),
    "help": ("place", "contact"),
    "suggestion": ("contact",),
    "praise": ("place",),
    "unanswered": ("contact",),
}
_REPORTS = ("report_stuck", "complain", "give_feedback")
_QUARRELS = ("report_stuck", "complain", "not_covered")
_ELSEWHERE = ("emergency", "ask_human", "thank", "goodbye", "greet", "go_back", "ask_who_are_you")
LEAST_OF_STORY = 2  # letters or characters of a reply to "what happened?"
LONGEST_LINE = 80  # characters of a place or a contact; more is part of the story


class Act(str, Enum):
    """What is done with one message."""

    SHOW = "show"  # how a ticket stands, or all of this conversation
    URGE = "urge"
    WITHDRAW = "withdraw"
    STOP = "stop"  # no more questions; what is filed stays filed
    ASK_STORY = "ask_story"
    FILE = "file"
    REPORT = "report"  # a counter that asks for other things than the notice names
    NOTE_WHAT = "note_what"  # what a counter asked for beyond the notice
    NOTE_PLACE = "note_place"
    NOTE_CONTACT = "note_contact"
    USE_TOLD_NUMBER = "use_told_number"
    DOUBT_NUMBER = "doubt_number"
    PASS = "pass"  # the person passes over this question
    ASK_CONTACT = "ask_contact"
    ADD = "add"
    NAME_THE_LINE = "name_the_line"  # no office has a part in it: who takes it, and the offer to register


@dataclass(frozen=True)
class Turn:
    """One message within the flow: `words` with tokens for personal numbers, `state` the slot `ticket`."""

    words: str
    intent: str | None
    state: Mapping[str, Any]
    service: str | None = None  # the item that the words themselves name
    notice: str | None = None  # the code of the notice that the person holds

    @property
    def step(self) -> str | None:
        return self.state.get("step")


@dataclass(frozen=True)
class Next:
    """The act, with the words to keep and the ticket that was named; no number means this talk's own."""

    act: Act
    words: str = ""
    kind: str = ""
    number: str | None = None
    secret: str | None = None


def next_act(turn: Turn) -> Next:
    """What is to be done with this message."""
    return next(found for step in STEPS if (found := step(turn)))


def about_a_named_ticket(turn: Turn) -> Next | None:
    secret = cues.find_secret(turn.words)
    number = cues.find_number(turn.words) or (turn.state.get("locked") if secret else None)
    return Next(_act_on_ticket(turn.words), number=number, secret=secret) if number else None


def withdraw_or_stop(turn: Turn) -> Next | None:
    if cues.is_withdrawal(turn.words):
        return Next(Act.WITHDRAW)
    if turn.step and (turn.intent == "cancel" or cues.is_stop(turn.words)) and not cues.is_skip(turn.words):
        return Next(Act.STOP)
    return None


def about_my_tickets(turn: Turn) -> Next | None:
    if turn.step == "story" or not (turn.intent == "ask_ticket" or cues.is_about_my_tickets(turn.words)):
        return None
    return Next(_act_on_ticket(turn.words))


def take_the_offer(turn: Turn) -> Next | None:
    if turn.step == "offer" and _accepts_offer(turn.intent, turn.words):
        return Next(Act.FILE, turn.state["words"], turn.state["kind"])
    return None


def name_the_line(turn: Turn) -> Next | None:
    """A private quarrel is not filed at once; whoever tells it again after the offer means it."""
    quarrels = turn.intent in _QUARRELS and turn.step is None and turn.service is None
    if quarrels and not turn.state.get("number") and line_for(turn.words):
        return Next(Act.NAME_THE_LINE, turn.words, kind_of(turn.intent, turn.words))
    return None


def report_the_counter(turn: Turn) -> Next | None:
    """One tap files what goes beyond the notice: the notice itself tells the case, and the rest is asked afterwards."""
    is_told = turn.step in (None, "offer") and cues.is_beyond_notice(turn.words)
    is_tapped = turn.words.strip() == BEYOND_NOTICE
    return Next(Act.REPORT, turn.words) if turn.notice and (is_told or is_tapped) else None


def start_a_story(turn: Turn) -> Next | None:
    if turn.step not in (None, "offer"):
        return None
    if turn.words.strip() == OFFER:
        return Next(Act.ASK_STORY, kind="stuck")
    if turn.intent not in _REPORTS or not _is_another_matter(turn):
        return None
    act = Act.FILE if read_story(turn.words).has_substance else Act.ASK_STORY
    return Next(act, turn.words, kind_of(turn.intent, turn.words))


def go_on_with_the_story(turn: Turn) -> Next | None:
    """After one question anything is filed that says something at all, with what was said before."""
    if turn.step != "story":
        return None
    kind, before = turn.state["kind"], turn.state["words"]
    if cues.is_skip(turn.words) or turn.intent == "deny":
        return Next(Act.STOP)
    if cues.is_yes(turn.words) or len(re.findall(r"\w", turn.words)) < LEAST_OF_STORY:
        return Next(Act.ASK_STORY, before, kind)
    return Next(Act.FILE, "，".join(part for part in (before, turn.words) if part), kind)


def take_what_was_asked(turn: Turn) -> Next | None:
    if turn.step != "what":
        return None
    passes = cues.is_skip(turn.words) or cues.is_yes(turn.words) or turn.intent == "deny"
    return Next(Act.PASS) if passes else Next(Act.NOTE_WHAT, turn.words)


def take_the_place(turn: Turn) -> Next | None:
    if turn.step != "place":
        return None
    if cues.is_skip(turn.words) or cues.is_yes(turn.words) or turn.intent == "deny":
        return Next(Act.PASS)
    if len(turn.words) > LONGEST_LINE or (turn.intent in _REPORTS and not names_a_place(turn.words)):
        return Next(Act.ADD, turn.words)
    return Next(Act.NOTE_PLACE, turn.words)


def take_the_contact(turn: Turn) -> Next | None:
    if turn.step != "contact" or len(turn.words) > LONGEST_LINE:
        return None
    if cues.is_contact(turn.words):
        return Next(Act.NOTE_CONTACT, turn.words)
    if cues.is_skip(turn.words) or turn.intent == "deny":
        return Next(Act.PASS)
    if cues.is_yes(turn.words) or turn.intent == "affirm":
        return Next(Act.USE_TOLD_NUMBER if turn.state.get("phone") else Act.ASK_CONTACT)
    return Next(Act.DOUBT_NUMBER) if cues.is_broken_number(turn.words) else None


def hear_a_number(turn: Turn) -> Next | None:
    """A phone number that comes when nothing is asked any more is kept only after the consent sentence."""
    return Next(Act.ASK_CONTACT) if _brings_a_number(turn.state, turn.intent, turn.words) else None


def add_the_rest(turn: Turn) -> Next:
    if not turn.state.get("number"):
        return Next(Act.ASK_STORY, turn.words, kind_of(turn.intent, turn.words))
    return Next(Act.ADD, turn.words)


STEPS: tuple[Callable[[Turn], Next | None], ...] = (
    about_a_named_ticket,
    withdraw_or_stop,
    about_my_tickets,
    take_the_offer,
    report_the_counter,
    name_the_line,
    start_a_story,
    go_on_with_the_story,
    take_what_was_asked,
    take_the_place,
    take_the_contact,
    hear_a_number,
    add_the_rest,
)


def takes(
    state: Mapping[str, Any] | None,
    intent: str | None,
    words: str,
    *,
    has_item: bool,
    has_notice: bool = False,
    guide_spoke: bool = False,
) -> bool:
    """Whether this message belongs to the ticket flow rather than to the guides.

    `has_item`: an item is linked with confidence, or is the subject that the question follows up. Such a
    question is answered by the guides even in the middle of a ticket, which then waits. `guide_spoke`: the
    guides asked something since the flow last did.
    """
    state = state or {}
    step = state.get("step")
    if intent == "emergency":
        return False
    if cues.find_number(words) or intent in _REPORTS or intent == "ask_ticket" or words.strip() == OFFER:
        return True
    if has_notice and cues.is_beyond_notice(words):
        return True
    if state and (cues.is_withdrawal(words) or ("locked" in state and cues.find_secret(words))):
        return True
    if step is None and intent == "not_covered" and not has_item and not state and line_for(words):
        return True
    if step is None:
        return not guide_spoke and _brings_a_number(state, intent, words)
    if intent in _ELSEWHERE:
        return False
    if step == "offer":
        return cues.is_order_to_register(words) or (intent == "affirm" and not guide_spoke)
    if guide_spoke or (has_item and _is_question(intent)):
        return _answers_the_step(step, words)
    return True


def offer(words: str, kind: str = "unanswered") -> dict[str, Any]:
    """The state after a reply that offers to register `words`; the button OFFER or a yes files them."""
    return {"step": "offer", "kind": kind, "words": words, "choices": [OFFER]}


def kind_of(intent: str | None, words: str) -> str:
    """The kind of ticket that a report is."""
    if intent == "give_feedback":
        return "praise" if read_story(words).is_praise else "suggestion"
    return "complaint" if intent == "complain" else "stuck"


def next_question(kind: str, *, after: str | None, known: Collection[str]) -> str | None:
    """What is asked next once `after` was dealt with: a field of WANTED that is not known, or None when all is asked."""
    wanted = WANTED[kind]
    rest = wanted[wanted.index(after) + 1 :] if after in wanted else wanted
    return next((field for field in rest if field not in known), None)


def _act_on_ticket(words: str) -> Act:
    if cues.is_withdrawing(words):
        return Act.WITHDRAW
    return Act.URGE if cues.is_urging(words) else Act.SHOW


def _is_question(intent: str | None) -> bool:
    return bool(intent) and str(intent).startswith(("ask_", "check_", "request_"))


def _brings_a_number(state: Mapping[str, Any], intent: str | None, words: str) -> bool:
    """Whether a phone number comes for a ticket that is filed and about which nothing is asked."""
    if "number" not in state or state.get("step") or intent in _REPORTS or len(words) > LONGEST_LINE:
        return False
    return cues.find_phone(words) is not None


def _accepts_offer(intent: str | None, words: str) -> bool:
    return words.strip() == OFFER or intent == "affirm" or cues.is_order_to_register(words)


def _is_another_matter(turn: Turn) -> bool:
    """Whether a report is a new one: none filed yet, or about another item than the one filed."""
    return not turn.state.get("number") or bool(turn.service and turn.service != turn.state.get("service"))


def _answers_the_step(step: str, words: str) -> bool:
    """Whether the words answer what the flow asked, although they look like something for the guides."""
    if step == "contact":
        return cues.find_phone(words) is not None
    if step == "place":
        return names_a_place(words) and not cues.is_question(words)
    return read_story(words).is_stuck or not cues.is_question(words)
