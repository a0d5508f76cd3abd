"""Brief, friendly words for everything that is no business: they stand in `domain.yml`."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, intent_of, say
from actions.unless_filing import UnlessFiling
from base.answer import Outcome

RESPONSES = {
    "greet": "utter_greet",
    "thank": "utter_thank",
    "goodbye": "utter_goodbye",
    "ask_who_are_you": "utter_who_are_you",
}


class ActionSmallTalk(UnlessFiling):
    def name(self) -> str:
        return "action_small_talk"

    async def reply_itself(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        say(dispatcher, tracker, Outcome.SMALLTALK, RESPONSES.get(intent_of(tracker) or "", "utter_chitchat"))
        return []
