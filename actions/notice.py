"""The notice in the talk: issued, changed or joined by what is said, and carried in the slot `notice`."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import Events, house
from base.answer import Answer
from base.clock import now
from knowledge.case import Case
from knowledge.heard import Heard
from knowledge.notices.talk import Held, Talk, bring, converse


def guided(tracker: Tracker, message: Heard, case: Case) -> Talk:
    """The guide's turn, as it is for whoever holds this conversation's notice."""
    held = Held.read(tracker.get_slot("notice"))
    return converse(message, case, held, house().knowledge(), now())


def with_notice(tracker: Tracker, talk: Talk) -> tuple[Answer, Events]:
    """What is said, with a notice where one is due; its row is committed before anybody reads its code."""
    answer, held = talk.answer, talk.held
    if talk.is_due:
        site, at = house().settings.site, now()
        knowledge = house().knowledge()
        with house().database.writing() as session:
            answer, held = bring(session, knowledge, talk, conversation=tracker.sender_id, site=site, at=at)
    slot = held.as_slot() if held else None
    return answer, [] if slot == tracker.get_slot("notice") else [SlotSet("notice", slot)]
