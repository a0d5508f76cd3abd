"""Run in Rasa's environment: talks for a thousand turns to nobody, and prints what the tracker store kept."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

TURNS = 1000
KEPT = 3  # conversations, in the store that is filled above its limit


async def talk(domain: Domain) -> dict[str, Any]:
    endpoint = AvailableEndpoints.read_endpoints("endpoints.yml").tracker_store
    store = TrackerStore.create(endpoint, domain)
    sizes = []
    for turn in range(TURNS):
        tracker = await store.get_or_create_tracker("somebody")
        tracker.update(UserUttered(f"第{turn}个问题", {"name": "inform", "confidence": 1.0}), domain)
        tracker.update(ActionExecuted("action_guide"), domain)
        tracker.update(BotUttered("答复"), domain)
        if turn == 0:
            tracker.update(SlotSet("region", "320402"), domain)
        tracker.update(SlotSet("choices", [{"words": str(turn)}]), domain)
        tracker.update(ActionExecuted("action_listen"), domain)
        await store.save(tracker)
        sizes.append(len(store.store["somebody"]))
    tracker = await store.retrieve("somebody")
    small = type(store)(domain, conversations=KEPT)
    for sender in ("first", "second", "third", "first", "fourth"):
        await small.save(await small.get_or_create_tracker(sender))
    return {
        "sizes": sizes,
        "slots": {name: slot.value for name, slot in tracker.slots.items()},
        "said": [event.text for event in tracker.events if isinstance(event, UserUttered)],
        "events": [event.type_name for event in tracker.events],
        "kept": sorted(await small.keys()),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(talk(Domain.load("domain.yml")))))
