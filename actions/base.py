"""What every action stands on: the house it works in, how it answers, and the edge where failures become words."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from base.answer import Answer, Outcome
from base.db import Database
from base.errors import GuideError
from base.settings import Settings, load_settings
from bot.conversations.models import Gap
from bot.conversations.vault import Cipher
from knowledge.emergency import emergency_answer, find_emergency, may_be_calm, with_numbers_first
from knowledge.heard import Heard, Link
from knowledge.store import Knowledge, KnowledgeCache

# Of 273 emergencies in words that it had not seen the model gave 78 % more than the first, and 91 % more than the second;
# of other messages 0.4 % and 1.2 % (docs/decisions/016).
LIKELY_DANGER, POSSIBLE_DANGER = 0.4, 0.1

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]

MOST_REASONS = 4  # linked services that the record of a turn keeps: as many as a menu shows


@dataclass(frozen=True)
class House:
    """What the action server works with; one a process."""

    settings: Settings
    database: Database
    cipher: Cipher
    _knowledge: KnowledgeCache = field(default_factory=KnowledgeCache)

    def knowledge(self) -> Knowledge:
        """The knowledge as published now."""
        with self.database.reading() as session:
            return self._knowledge.current(session)


_HOUSES: list[House] = []


def house() -> House:
    """The process's house, opened by the first turn (rasa-sdk imports every module here; importing does nothing)."""
    if not _HOUSES:
        settings = load_settings()
        work_in(House(settings, Database(settings.database_url), Cipher(settings.secret)))
    return _HOUSES[0]


def work_in(house: House) -> None:
    """Have the actions of this process work in `house` from now on: a throw-away store, or a test's."""
    _HOUSES[:] = [house]


def send(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    answer: Answer,
    response: str | None = None,
    *,
    gap: Gap | None = None,
) -> None:
    """Hand the Answer to Rasa: words and buttons for any channel, the whole of it with its reasons for ours.

    With `response` the words are those of `domain.yml`, which Rasa fills in. Where danger is possible, the numbers to call
    come first.
    """
    if response is None and answer.outcome is not Outcome.EMERGENCY and danger(tracker) >= POSSIBLE_DANGER:
        answer = with_numbers_first(answer)
    carried: dict[str, Any] | None = {
        "answer": answer.as_json(),
        "intent": intent_of(tracker),
        "confidence": confidence_of(tracker),
        "understood": understood(tracker),
        "gap": gap.value if gap else None,
    }
    if tracker.get_latest_input_channel() == "cmdline":  # `rasa shell` prints JSON to whoever sits there
        carried = None
    buttons = [{"title": words, "payload": words} for words in answer.choices]
    words = {"response": response} if response else {"text": answer.body}
    dispatcher.utter_message(**words, buttons=buttons or None, json_message=carried)


def say(dispatcher: CollectingDispatcher, tracker: Tracker, outcome: Outcome, response: str) -> None:
    """One response of `domain.yml`, and how the turn ended."""
    send(dispatcher, tracker, Answer(outcome=outcome, blocks=()), response)


def danger(tracker: Tracker) -> float:
    """How likely the model takes the message for an emergency; 0 where papers are calmly asked for."""
    message = tracker.latest_message
    if may_be_calm(message.get("text") or ""):
        return 0.0
    ranking = message.get("intent_ranking") or ()
    return max((rank["confidence"] for rank in ranking if rank["name"] == "emergency"), default=0.0)


def intent_of(tracker: Tracker) -> str | None:
    return (tracker.latest_message.get("intent") or {}).get("name")


def confidence_of(tracker: Tracker) -> float | None:
    """The lower of the calibrated probabilities of intent and service; the intent's where no service is named."""
    message = tracker.latest_message
    intent = (message.get("intent") or {}).get("confidence")
    links = (message.get("linking") or {}).get("services") or []
    known = [value for value in (intent, links[0]["confidence"] if links else None) if value is not None]
    return round(min(known), 4) if known else None


def understood(tracker: Tracker) -> dict[str, Any]:
    """What Rasa made of the message and why, for the turn's record (see `Reply.understood`)."""
    message = tracker.latest_message
    probability = (message.get("intent") or {}).get("confidence")
    return {
        "intent": intent_of(tracker),
        "probability": None if probability is None else round(probability, 4),
        "services": ((message.get("linking") or {}).get("services") or [])[:MOST_REASONS],
    }


def heard(tracker: Tracker) -> Heard:
    """What Rasa understood of the latest message; the institution's own division where no place is named yet."""
    message = tracker.latest_message
    linking = message.get("linking") or {}
    default = house().settings.region
    mentions = linking.get("places") or []
    places = [place["adcode"] for place in mentions if place["text"] == mentions[0]["text"]]
    if default and not places and tracker.get_slot("region") is None:
        places = [default]
    return Heard(
        text=message.get("text") or "",
        intent=intent_of(tracker),
        links=tuple(Link(link["id"], link["confidence"]) for link in linking.get("services", ())),
        places=tuple(places),
        home=default,
        ranking=tuple((rank["name"], rank["confidence"]) for rank in message.get("intent_ranking") or ()),
    )


class GuideAction(Action, ABC):
    """The base of all actions: an emergency comes before everything, and the citizen always gets words.

    Cues name what they know; the model hears the rest, since nobody lists all that can happen. Where it is not sure the
    reply keeps its words, with the numbers before them.
    """

    @abstractmethod
    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Send one answer; returns the slots that it sets."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        try:
            text = tracker.latest_message.get("text") or ""
            if find_emergency(text) is not None or danger(tracker) >= LIKELY_DANGER:
                send(dispatcher, tracker, emergency_answer(text))
                return []
            return await self.reply(dispatcher, tracker)
        except GuideError as error:  # expected: it knows its own sentence in domain.yml
            logger.info("%s: %s", self.name(), error)
            say(dispatcher, tracker, Outcome.HANDOFF, error.response)
        except Exception:
            logger.exception("%s failed", self.name())
            say(dispatcher, tracker, Outcome.HANDOFF, "utter_sorry_call_us")
        return []
