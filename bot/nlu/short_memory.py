"""Rasa's tracker store without a past: a conversation's thousandth turn costs what its third did.

Rasa keeps every event and replays all of them in each turn, and sends them all to the action server. Nothing here
needs more than the slots and the last turns: what was said is kept by the app (`bot.conversations`).
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 2  # the one just answered, and the one before
CONVERSATIONS = 10_000  # the longest silent one is forgotten first; it begins again without its subject


class ShortMemory(InMemoryTrackerStore):
    """Slots and the last `turns` turns of the `conversations` latest conversations."""

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        turns: int = TURNS,
        conversations: int = CONVERSATIONS,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.store: OrderedDict[str, str] = OrderedDict()
        self._turns = turns
        self._conversations = conversations

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what the next turn needs of the conversation."""
        await super().save(shortened(tracker, self.domain, self._turns))
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > self._conversations:
            self.store.popitem(last=False)


def shortened(tracker: DialogueStateTracker, domain: Domain, turns: int) -> DialogueStateTracker:
    """The tracker with its slots as they are and no events before its last `turns` turns."""
    events = list(tracker.events)
    starts = [number for number, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= turns:
        return tracker
    kept = events[_listening(events, starts[-turns]) :]
    slots = [SlotSet(slot.name, slot.value, kept[0].timestamp) for slot in tracker.slots.values() if slot.has_been_set]
    return DialogueStateTracker.from_events(tracker.sender_id, [*slots, *kept], domain.slots, domain=domain)


def _listening(events: list[Event], turn: int) -> int:
    """Where the bot began to wait for the words that stand at `turn`: rules begin to read there."""
    waits = (n for n in range(turn, -1, -1) if _is_listening(events[n]))
    return next(waits, turn)


def _is_listening(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
