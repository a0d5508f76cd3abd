"""The last component: which services and places a message speaks of, by the live lexicon and what sentences taught."""

from __future__ import annotations

import inspect
import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import linking_training, many_texts, ridge, vectors
from bot.nlu.cleaner import CLEAN_TEXT, Cleaner
from bot.nlu.indexes import Indexes, shared_follower
from bot.nlu.lexicon_file import read_lexicon
from bot.nlu.thing_finder import places_named
from bot.nlu.vectors import DIMENSIONS, Vectors, encoder, vector_of, vectors_of
from knowledge.linking import guides, judging, linear, linker, reading, services, wording
from knowledge.linking.cleaning import clean
from knowledge.linking.linker import NOTHING, Link, Linker, LinkingModel

LINKING = "linking"
# Sentences of these intents are about no service, unless their metadata names one.
ABOUT_NOTHING = frozenset(
    [
        "not_covered",
        "chitchat",
        "greet",
        "thank",
        "goodbye",
        "ask_who_are_you",
        "ask_human",
        "ask_ticket",
        "affirm",
        "deny",
        "cancel",
        "go_back",
        "emergency",
    ]
)
_NAMES = "names.npz"

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ServiceLinker(GraphComponent):
    """Sets `linking` on the message; actions read it from `tracker.latest_message`.

    No entities: a service is not a span of text but a guess with a probability, and often there are several. It learns
    from sentences whose metadata name a service, and needs no training for a service that is published later.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Cleaner]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {}

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        model: LinkingModel | None = None,
        names: dict[str, Vectors] | None = None,
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._names = names or {}
        self._follower = shared_follower()
        self._linker: tuple[Indexes, Linker] | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceLinker:
        return cls(model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """A model that was trained by older code, or for other services, is no longer taken from Rasa's cache."""
        code = (
            linking_training,
            ridge,
            vectors,
            many_texts,
            guides,
            judging,
            linear,
            linker,
            reading,
            services,
            wording,
        )
        return "".join(map(inspect.getsource, code)) + repr(read_lexicon().services)

    def train(self, training_data: TrainingData) -> Resource:
        lexicon = read_lexicon()
        sentences = [
            (example.get(CLEAN_TEXT), service)
            for example in training_data.intent_examples
            if example.get(TEXT) and (service := _service_meant(example)) is not None
        ]
        self._model = linking_training.train_linking(lexicon.services, sentences, vectors_of)
        logger.info("%d sentences with their service", len(sentences))
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
            names = self._follower.indexes.services.phrases
            vectors = vectors_of([clean(name) for name in names]).astype(np.float16)
            np.savez_compressed(folder / _NAMES, names=names, vectors=vectors)
        self._names = dict(zip(names, vectors, strict=True))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ServiceLinker:
        with model_storage.read_from(resource) as folder:
            model = LinkingModel.load(folder)
            with np.load(folder / _NAMES, allow_pickle=False) as kept:
                names = dict(zip(kept["names"].tolist(), kept["vectors"], strict=True))
        return cls(model_storage, resource, model, names)

    def process(self, messages: list[Message]) -> list[Message]:
        self._follower.start()
        indexes = self._follower.indexes
        for message in messages:
            links = self._linker_for(indexes).link(message.get(CLEAN_TEXT), lambda message=message: vector_of(message))
            message.set(LINKING, linking(links, message), add_to_output=True)
        return messages

    def _linker_for(self, indexes: Indexes) -> Linker:
        """The linker for that lexicon; the first message after a change pays for the names that are new."""
        if self._linker is None or self._linker[0] is not indexes:
            assert self._model is not None  # only a trained or loaded component gets messages
            names = self._name_vectors(indexes.services.phrases)
            self._linker = indexes, Linker(indexes.services, self._model, names)
        return self._linker[1]

    def _name_vectors(self, names: list[str]) -> Vectors:
        unknown = [name for name in dict.fromkeys(names) if name not in self._names]
        if unknown:
            found = encoder().vectors([clean(name) for name in unknown])
            self._names |= dict(zip(unknown, found.astype(np.float16), strict=True))
        return np.array([self._names[name] for name in names], dtype=np.float32).reshape(len(names), DIMENSIONS)


def linking(links: list[Link], message: Message) -> dict[str, Any]:
    """The services, likeliest first, and the places that the message speaks of, as plain data."""
    return {
        "services": [{"id": link.id, "confidence": link.confidence, "reason": link.reason} for link in links],
        "places": places_named(message),
    }


def _service_meant(example: Message) -> str | None:
    """The id in the metadata of a training sentence's block, `NOTHING` where its intent is about none, None where nobody said."""
    told = ((example.get(METADATA) or {}).get(METADATA_INTENT) or {}).get("service")
    return told or (NOTHING if example.get(INTENT) in ABOUT_NOTHING else None)
