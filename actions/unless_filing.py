"""Actions that step aside while a ticket is being filed: the message then belongs to the ticket."""

from __future__ import annotations

from abc import abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, GuideAction
from actions.filing import as_meant, file, is_filing


class UnlessFiling(GuideAction):
    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        said = as_meant(tracker)
        if is_filing(said):
            return await file(dispatcher, said)
        return await self.reply_itself(dispatcher, tracker)

    @abstractmethod
    async def reply_itself(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """The reply to a message that is no part of a ticket."""
