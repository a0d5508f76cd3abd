"""Search for people who type: names and aliases as written, as they sound (pinyin, slips), by initials, and by codes.

The rarest grams of a query fetch candidates, whose names are then compared with it one by one in every reading. So
pinyin, slips of the keyboard and initials need no tables of their own, and a result knows the name that it was found
by (docs/decisions/011-search.md).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice, takewhile

import numpy as np
import yaml

from knowledge.grams import Alphabet, Asked, Reading, Sounds, Weights, as_said, has_letters
from knowledge.linking.cleaning import clean
from knowledge.loader import CONTENT
from knowledge.store import Head, Knowledge

LONGEST_QUERY = 200  # characters; what comes after them is not read
COMPARED = 40  # candidates whose names are compared one by one
LEAST_CODE = 4  # characters from which the beginning of an item's code is enough
_TAIL = 0.2  # of the best score: what is further behind only shares a character or two
_WHOLE = 0.3  # weight of what a service's names hold together beside its best name alone
_HOT = 0.3  # what the item that is asked for most gains
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Found:
    """A service that fits, and the name, alias or code by which it does."""

    service: Head
    matched: str


def by_domain(found: Iterable[Found]) -> list[tuple[str, list[Found]]]:
    """What was found, by domain; the domain of the best match comes first, and within it the best match."""
    domains: dict[str, list[Found]] = {}
    for one in found:
        domains.setdefault(one.service.domain, []).append(one)
    return list(domains.items())


class SearchIndex:
    """An index of the services in force on one day."""

    def __init__(self, knowledge: Knowledge, on: date) -> None:
        self._version, self._day = knowledge.version, on
        self._services = knowledge.heads(on)
        self._names = ["\n".join(map(_plain, _names(service))) for service in self._services]
        self._codes = sorted((_code(service.code), row) for row, service in enumerate(self._services))
        self._favour = _favour([service.id for service in self._services])
        self._sounds = sounds = Sounds(self._names)
        self._written = Reading(self._names, Alphabet(ord, bits=21, lengths=(1, 2), worth=1.0))
        self._spoken = Reading(self._names, Alphabet(sounds.sound, 10, (2,), worth=0.8, prepare=as_said))
        self._initials = Reading(self._names, Alphabet(sounds.initial, 5, (2, 3), worth=0.7, prepare=as_said))

    def search(self, query: str, most: int = 10) -> list[Found]:
        """The best matches first, among like ones those that are asked for most; [] when nothing fits."""
        words = _plain(clean(query[:LONGEST_QUERY]))
        if rows := self._with_code(words):
            return [Found(self._services[row], self._services[row].code) for row in rows[:most]]
        asked = self._ask(words)
        held = np.max([one.reading.fetch(one) for one in asked], axis=0)
        rows = _largest(held * self._favour, COMPARED)
        return list(self._ranked(rows, held[rows], asked))[:most] if rows else []

    def is_of(self, knowledge: Knowledge, on: date) -> bool:
        return (self._version, self._day) == (knowledge.version, on)

    def _with_code(self, words: str) -> list[int]:
        """The services whose code begins so."""
        code = _code(words)
        if len(code) < LEAST_CODE:
            return []
        first = bisect_left(self._codes, (code, 0))
        return [row for full, row in takewhile(lambda one: one[0].startswith(code), islice(self._codes, first, None))]

    def _ask(self, words: str) -> list[Asked]:
        asked = [self._written.ask(words)]
        if len(words) > 1:  # one character that sounds like another is no slip
            asked.append(self._spoken.ask(self._sounds.spell(words)))
        if has_letters(words):
            asked.append(self._initials.ask(words))
        return asked

    def _ranked(self, rows: Sequence[int], held: Weights, asked: Sequence[Asked]) -> Iterator[Found]:
        names = [self._names[row].split("\n") for row in rows]
        flat = [name for some in names for name in some]
        near = np.max([one.reading.compare(one, flat) for one in asked], axis=0)
        first = np.cumsum([0, *map(len, names)])
        scores = (np.maximum.reduceat(near, first[:-1]) + _WHOLE * held**2) * self._favour[rows]
        for place in np.argsort(-scores, kind="stable"):
            if scores[place] >= _TAIL * scores.max():
                best = int(np.argmax(near[first[place] : first[place + 1]]))
                service = self._services[rows[place]]
                yield Found(service, _names(service)[best])


class Search:
    """The process's search index, renewed with the knowledge; meanwhile the old one answers whoever else asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: SearchIndex | None = None

    def search(self, knowledge: Knowledge, query: str, on: date, most: int = 10) -> list[Found]:
        index = self._index
        if index is None or not index.is_of(knowledge, on):
            index = self._renew(knowledge, on, index)
        return index.search(query, most)

    def _renew(self, knowledge: Knowledge, on: date, old: SearchIndex | None) -> SearchIndex:
        if old is not None and self._lock.locked():
            return old
        with self._lock:
            if self._index is None or not self._index.is_of(knowledge, on):
                self._index = SearchIndex(knowledge, on)
            return self._index


def _names(service: Head) -> list[str]:
    return [service.name, *service.aliases]


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def _code(text: str) -> str:
    return _plain(text).replace(" ", "")


def _largest(scores: Weights, most: int) -> list[int]:
    """The places of the largest scores above 0, in their own order."""
    places = np.flatnonzero(scores)
    if len(places) > most:
        places = places[np.argpartition(-scores[places], most)[:most]]
    return sorted(places.tolist())


def _favour(ids: Sequence[str]) -> Weights:
    """What each item's score is multiplied by: more than 1 for those that are asked for most."""
    hot = hot_services()
    gain = dict(zip(hot, np.linspace(1 + _HOT, 1, len(hot), endpoint=False), strict=True))
    return np.array([gain.get(id, 1.0) for id in ids])


@lru_cache(maxsize=1)
def hot_services() -> tuple[str, ...]:
    """The ids of the items that are asked for most, the most wanted first."""
    return tuple(yaml.safe_load((CONTENT / "hot.yaml").read_text("utf-8")))
