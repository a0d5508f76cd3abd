"""The first component: what people type becomes what they mean to write."""

from __future__ import annotations

import inspect
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from base.privacy import TOKEN
from knowledge.linking import cleaning

CLEAN_TEXT = "clean_text"


# Rasa gives training sentences only to tokenizers and featurizers, and they must be cleaned as questions are.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Cleaner(GraphComponent):
    """Sets the text that the later components read.

    The message's own text stays what was typed: actions write it into tickets, and only Rasa's own "/intent" in it
    is a command, never a "／intent" that cleaning would turn into one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Cleaner:
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Sentences that were cleaned by older rules are no longer taken from Rasa's cache."""
        return inspect.getsource(cleaning) + TOKEN.pattern

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            # A token says that a number was told, not what is asked: 手机号 in it is no word of the question.
            words = TOKEN.sub(" ", message.get(TEXT) or "")
            message.set(CLEAN_TEXT, cleaning.clean(words))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data
