"""The last component: which services and places a message speaks of, by the live lexicon."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.cleaner import CLEAN_TEXT, Cleaner
from bot.nlu.indexes import Indexes, shared_follower
from bot.nlu.lexicon_follower import LexiconFollower
from bot.nlu.thing_finder import places_named

LINKING = "linking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ServiceLinker(GraphComponent):
    """Sets `linking` on the message; actions read it from `tracker.latest_message`.

    No entities: a service is not a span of text but a guess with a probability, and often there are several.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Cleaner]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {}

    def __init__(self, follower: LexiconFollower[Indexes]) -> None:
        self._follower = follower

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceLinker:
        return cls(shared_follower())

    def process(self, messages: list[Message]) -> list[Message]:
        self._follower.start()
        for message in messages:
            message.set(LINKING, linking(message, self._follower.indexes), add_to_output=True)
        return messages


def linking(message: Message, indexes: Indexes) -> dict[str, Any]:
    """The services, likeliest first, and the places that the message speaks of, as plain data."""
    return {
        "services": [
            {"id": link.id, "confidence": link.confidence, "reason": link.reason}
            for link in indexes.services.link(message.get(CLEAN_TEXT))
        ],
        "places": places_named(message),
    }
