"""Actions that step aside while a ticket is being filed: the message then belongs to the ticket."""

from __future__ import annotations

from abc import abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, GuideAction
from actions.ticket import ActionTicket, is_filing


class UnlessFiling(GuideAction):
    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        if is_filing(tracker):
            return await ActionTicket().reply(dispatcher, tracker)
        return await self.reply_itself(dispatcher, tracker)

    @abstractmethod
    async def reply_itself(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Send one answer to a message that is not about a ticket."""
