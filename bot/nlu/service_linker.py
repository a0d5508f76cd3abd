"""The last component: which services and places a message speaks of, by the live lexicon."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from base.settings import load_settings
from bot.nlu.cleaner import CLEAN_TEXT, Cleaner
from bot.nlu.lexicon_file import read_lexicon
from bot.nlu.lexicon_follower import Indexes, LexiconFollower

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

    def __init__(self, follower: LexiconFollower) -> None:
        self._follower = follower

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceLinker:
        settings = load_settings()
        return cls(LexiconFollower(read_lexicon(), settings.lexicon_file, f"{settings.app_url}/api/v1/lexicon"))

    def process(self, messages: list[Message]) -> list[Message]:
        self._follower.start()
        for message in messages:
            message.set(LINKING, linking(message.get(CLEAN_TEXT), self._follower.indexes), add_to_output=True)
        return messages


def linking(text: str, indexes: Indexes) -> dict[str, Any]:
    """The services, likeliest first, and the places that `text` speaks of, as plain data."""
    return {
        "services": [
            {"id": link.id, "confidence": link.confidence, "reason": link.reason}
            for link in indexes.services.link(text)
        ],
        "places": [{"adcode": place.adcode, "text": place.text} for place in indexes.places.find(text)],
    }
