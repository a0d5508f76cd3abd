"""jieba with the names of services as its dictionary, frozen into the model by training."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cleaner import CLEAN_TEXT, Cleaner
from bot.nlu.lexicon_file import read_lexicon
from knowledge.linking.words import WordCutter, dictionary_words

_FILE = "words.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class WordTokenizer(Tokenizer):
    """Cuts Chinese text into words; numbers and Latin words stay whole."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Cleaner]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Rasa's own keys: an intent's name is one token
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            # a regular expression that splits words further
            "token_pattern": None,
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, words: list[str]
    ) -> None:
        super().__init__(config)
        self._model_storage = model_storage
        self._resource = resource
        self._cutter = WordCutter(words)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordTokenizer:
        return cls(config, model_storage, resource, words=[])

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New names of services make a new dictionary."""
        try:
            return "\n".join(dictionary_words(read_lexicon()))
        except RasaException:
            return ""  # Rasa would hide the reason here; training fails on it in a moment, and shows it

    def train(self, training_data: TrainingData) -> Resource:
        words = dictionary_words(read_lexicon())
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text("\n".join(words), "utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WordTokenizer:
        with model_storage.read_from(resource) as folder:
            words = (folder / _FILE).read_text("utf-8").splitlines()
        return cls(config, model_storage, resource, words)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(CLEAN_TEXT) if attribute == TEXT else message.get(attribute)
        tokens = [Token(word, start) for word, start in self._cutter.cut(text)]
        return self._apply_token_pattern(tokens)
