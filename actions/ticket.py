"""Tickets in the talk: filing what could not be done, showing how it stands. The rules are in `tickets/`."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, GuideAction, intent_of
from actions.filing import as_meant, file, is_filing
from actions.guidance import ActionGuide
from actions.small_talk import ActionSmallTalk
from tickets.intake import OFFER, kind_of, offer


class ActionTicket(GuideAction):
    """What is told to be dealt with; what only sounds like it is answered instead, with the offer to register."""

    def name(self) -> str:
        return "action_ticket"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        said = as_meant(tracker)
        if is_filing(said):
            return await file(dispatcher, said)
        if intent_of(said) == "chitchat":
            return await ActionSmallTalk().reply_itself(dispatcher, said)
        events = await ActionGuide().reply_itself(dispatcher, said)
        return [*events, *_offer_beside(dispatcher, tracker)]


def _offer_beside(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """The offer to register under the guide's own reply, as its last choice."""
    message = dispatcher.messages[-1]
    titles = [button["title"] for button in message.get("buttons") or ()]
    if OFFER in titles:
        return []
    message["buttons"] = [*(message.get("buttons") or ()), {"title": OFFER, "payload": OFFER}]
    if message.get("custom"):
        message["custom"]["answer"]["choices"] = [*titles, OFFER]
    words = tracker.latest_message.get("text") or ""
    state = offer(words, kind_of(intent_of(tracker), words))
    return [SlotSet("ticket", {**state, "choices": [*titles, OFFER]})]
