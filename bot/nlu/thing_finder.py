"""Before the linker: what a message names (papers, places, days, times, ages, amounts), as Rasa's own `entities`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from base.clock import now
from bot.nlu.cleaner import CLEAN_TEXT, Cleaner
from bot.nlu.indexes import Indexes, shared_follower
from bot.nlu.lexicon_follower import LexiconFollower
from knowledge.linking.cleaning import clean

PLACE = "place"
WORDS = "text"

Entity = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ThingFinder(GraphComponent, EntityExtractorMixin):
    """Sets `entities` on the message, by spaCy's rules over the live lexicon; places by their own, faster index.

    Each has `text`, the words as they were read, and `value`: the division's code, the paper's id, the ISO date, the
    time of day, or the number that goes with `unit`. A name that several divisions bear gives an entity for each.

    Things are looked for in the cleaned text; `start` and `end` are of the text as it was typed. Where cleaning has
    changed the words so much that they are not found in it again, they are its beginning and its end.
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
    ) -> ThingFinder:
        return cls(shared_follower())

    def process(self, messages: list[Message]) -> list[Message]:
        self._follower.start()
        for message in messages:
            cleaned = message.get(CLEAN_TEXT)
            found = sorted(_named(cleaned, self._follower.indexes), key=itemgetter(ENTITY_ATTRIBUTE_START))
            entities = _as_typed(found, message.get(TEXT) or "", cleaned)
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(entities), add_to_output=True)
        return messages


def places_named(message: Message) -> list[dict[str, str]]:
    """The divisions among the message's entities: code and words."""
    return [
        {"adcode": entity[ENTITY_ATTRIBUTE_VALUE], WORDS: entity[WORDS]}
        for entity in message.get(ENTITIES, [])
        if entity[ENTITY_ATTRIBUTE_TYPE] == PLACE
    ]


def _named(text: str, indexes: Indexes) -> Iterator[Entity]:
    for place in indexes.places.find(text):
        yield _entity(PLACE, text, place.start, place.end, place.adcode)
    for thing in indexes.things.find(text, now().date()):
        entity = _entity(thing.kind, text, thing.start, thing.end, thing.value)
        yield entity | {"unit": thing.unit} if thing.unit else entity


def _entity(kind: str, text: str, start: int, end: int, value: str | float) -> Entity:
    return {
        ENTITY_ATTRIBUTE_TYPE: kind,
        ENTITY_ATTRIBUTE_START: start,
        ENTITY_ATTRIBUTE_END: end,
        ENTITY_ATTRIBUTE_VALUE: value,
        WORDS: text[start:end],
    }


def _as_typed(entities: list[Entity], typed: str, cleaned: str) -> list[Entity]:
    """The entities, in the order of the cleaned text, with offsets of the typed one."""
    if typed == cleaned or not entities:
        return entities
    readable = "".join(_as_read(char) for char in typed)
    if readable.endswith(cleaned):  # only words of hesitation in front are gone
        dropped = len(readable) - len(cleaned)
        starts = [entity[ENTITY_ATTRIBUTE_START] + dropped for entity in entities]
    else:
        starts = list(_found_again(entities, readable))
    return [
        entity
        | {
            ENTITY_ATTRIBUTE_START: max(start, 0),
            ENTITY_ATTRIBUTE_END: start + len(entity[WORDS]) if start >= 0 else len(typed),
        }
        for entity, start in zip(entities, starts, strict=True)
    ]


def _found_again(entities: list[Entity], readable: str) -> Iterator[int]:
    """Where the words of each stand, one after the other; -1 for those that are not there."""
    here = after = 0
    before: Entity | None = None
    for entity in entities:
        shared = before is not None and before[ENTITY_ATTRIBUTE_START] == entity[ENTITY_ATTRIBUTE_START]
        start = readable.find(entity[WORDS], here if shared else after)
        if start >= 0:
            here, after = start, start + len(entity[WORDS])
        before = entity
        yield start


@lru_cache(maxsize=4096)
def _as_read(char: str) -> str:
    """The character half-width and simplified, where that is one character."""
    read = clean(char)
    return read if len(read) == 1 else char
