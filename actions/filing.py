"""The ticket flow as the actions call it: whether a message belongs to it, and its one turn."""

from __future__ import annotations

from copy import copy

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, heard, house, intent_of, send
from base.clock import now
from knowledge.notices.answers import BEYOND_NOTICE
from tickets.chat import Desk, Visit, reply
from tickets.cues import resolve
from tickets.intake import OFFER, Turn, takes
from tickets.story import find_missing
from tickets.wish import meant


async def file(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """One turn of the flow."""
    settings = house().settings
    desk = Desk(house().database, house().cipher, settings.site)
    done = reply(desk, _visit(tracker, settings.region))
    send(dispatcher, tracker, done.answer)
    # The flow spoke last: what the guides had asked or offered before is no longer on the table.
    return [SlotSet("ticket", done.state), SlotSet("asks", None), SlotSet("choices", [])]


def is_filing(tracker: Tracker) -> bool:
    """Whether this message belongs to the ticket flow, whatever its intent."""
    return takes(
        tracker.get_slot("ticket"),
        intent_of(tracker),
        _words(tracker),
        has_notice=_notice(tracker) is not None,
        has_item=_linked_service(tracker) is not None or tracker.get_slot("service") is not None,
        guide_spoke=tracker.get_slot("asks") is not None or _said_something_else(tracker),
    )


def as_meant(tracker: Tracker) -> Tracker:
    """The tracker with the intent that the words plainly show, where the model took it for another one.

    What is said to the flow's own questions stays as it is.
    """
    understood = heard(tracker)
    step = (tracker.get_slot("ticket") or {}).get("step")
    if understood.intent is None or step in ("story", "what", "place", "contact"):
        return tracker
    confidence = tracker.latest_message["intent"].get("confidence") or 0.0
    others = [(name, likely) for name, likely in understood.ranking if name != understood.intent]
    item = understood.links[0].confidence if understood.links else 0.0
    intent = meant(understood.text, [(understood.intent, confidence), *others], item)
    if intent == understood.intent:
        return tracker
    found = {"name": intent, "confidence": dict(others).get(intent, confidence)}
    rest = [{"name": name, "confidence": likely} for name, likely in others if name != intent]
    retold = copy(tracker)
    retold.latest_message = {**tracker.latest_message, "intent": found, "intent_ranking": [found, *rest]}
    return retold


def _visit(tracker: Tracker, home: str | None) -> Visit:
    places = {place["adcode"] for place in (tracker.latest_message.get("linking") or {}).get("places") or ()}
    return Visit(
        Turn(
            _words(tracker),
            intent_of(tracker),
            tracker.get_slot("ticket") or {},
            service=_linked_service(tracker),
            notice=_notice(tracker),
        ),
        conversation=tracker.sender_id,
        channel="chat",
        at=now(),
        service=tracker.get_slot("service"),
        region=places.pop() if len(places) == 1 else tracker.get_slot("region") or home,
    )


def _said_something_else(tracker: Tracker) -> bool:
    """Whether an offer to register has been followed by another reply, so that a yes no longer means it."""
    if (tracker.get_slot("ticket") or {}).get("step") != "offer":
        return False
    last = next((event for event in reversed(tracker.events) if event["event"] == "bot"), {})
    return OFFER not in [button["title"] for button in (last.get("data") or {}).get("buttons") or ()]


def _words(tracker: Tracker) -> str:
    """What was said, a number already turned into the words of the choice, where it is one of a ticket's."""
    said = tracker.latest_message.get("text") or ""
    offered = [choice["words"] for choice in tracker.get_slot("choices") or ()]
    if resolve(said, offered) == BEYOND_NOTICE:
        return BEYOND_NOTICE
    return resolve(said, (tracker.get_slot("ticket") or {}).get("choices") or ())


def _notice(tracker: Tracker) -> str | None:
    """The code of the notice that the person holds."""
    return (tracker.get_slot("notice") or {}).get("code")


def _linked_service(tracker: Tracker) -> str | None:
    """The item that the message names for sure; a paper that a counter demanded is not what it is about."""
    named = heard(tracker).sure
    links = (tracker.latest_message.get("linking") or {}).get("services") or []
    demanded = find_missing(tracker.latest_message.get("text") or "")
    return None if named and any(thing in links[0]["reason"] for thing in demanded) else named
