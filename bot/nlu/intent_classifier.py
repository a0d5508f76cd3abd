"""What is asked: a linear intent model whose probabilities can be believed (docs/decisions/004 and 013)."""

from __future__ import annotations

import inspect
import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intent_training, many_texts, ridge, vectors
from bot.nlu.cleaner import CLEAN_TEXT
from bot.nlu.tokenizer import WordTokenizer
from bot.nlu.vectors import vector_of, vectors_of
from knowledge.linking import intents, linear
from knowledge.linking.intents import IntentModel

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Sets the intent and its ranking; unclear messages get the intent `nlu_fallback`, as Rasa's own fallback does."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # probability below which the intent is called unclear
            "threshold": 0.3,
            # how many intents of the ranking are kept with the message
            "ranking_length": 5,
            # probability by words alone from which the sentence's meaning is not looked at
            "sure": 0.98,
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: IntentModel | None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource, model=None)

    @classmethod
    def required_components(cls) -> list[type]:
        return [WordTokenizer]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """A model that was trained by older code is no longer taken from Rasa's cache."""
        return "".join(map(inspect.getsource, (intents, linear, intent_training, ridge, vectors, many_texts)))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        read = [list(intents.features(*_text_and_words(example))) for example in examples]
        names = [example.get(INTENT) for example in examples]
        vectors = vectors_of([example.get(CLEAN_TEXT) for example in examples])
        self._model, unseen = intent_training.train_intents(read, vectors, names, self._config["sure"])
        right = (unseen.full.argmax(axis=1) == unseen.truth).mean()
        logger.info("%d sentences, %.1f%% of %d right when unseen", len(examples), 100 * right, len(unseen.truth))
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder, config["sure"]))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        ranked = self._model.ranking(*_text_and_words(message), lambda: vector_of(message)) if self._model else []
        ranking = [_named(name, likely) for name, likely in ranked[: self._config["ranking_length"]]]
        if not ranking or ranking[0][PREDICTED_CONFIDENCE_KEY] < self._config["threshold"]:
            ranking.insert(0, _named(DEFAULT_NLU_FALLBACK_INTENT_NAME, self._config["threshold"]))
        return ranking


def _text_and_words(message: Message) -> tuple[str, list[str]]:
    text = intents.shorten(message.get(CLEAN_TEXT))
    return text, [token.text for token in message.get(TOKENS_NAMES[TEXT])]


def _named(name: str, confidence: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
