"""What a text has in common with the names of the services: the part of linking that needs no training.

Every name and alias is a phrase, every phrase a bag of features (pairs of characters, deeds), and a feature weighs
the more the fewer services share it. A phrase scores by the weight that the text shares with it, times the share
of the phrase that was found; a service scores as its best phrase, plus a little for what its other names explain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.linking.guides import GuideIndex
from knowledge.linking.lexicon import ServiceNames
from knowledge.linking.reading import Reader, Reading

LONGEST_TEXT = 600  # characters that are compared; a story names its item at its beginning or at its end
SHARED_BY = 4  # a thing is bare when at least so many services are named by it
_STRANGE = 1.0  # weight of a pair of characters that no name holds
_WHOLE_SERVICE = 0.8

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Comparison:
    """A text held against everything: scores of all phrases, services and guides, and what is known of the text itself.

    `weight` is that of what the text shares with any name, `strange` the share of it that no name knows, `sharing` the
    number of services whose names explain all that any name explains.
    """

    reading: Reading
    matched: Numbers
    phrases: Numbers
    services: Numbers
    guides: Numbers
    weight: float
    strange: float
    sharing: int

    @property
    def is_bare(self) -> bool:
        """Whether the text is only a thing (身份证) that several services are about, and says nothing of a deed."""
        return not self.reading.deeds and self.strange == 0 and self.sharing >= SHARED_BY


@dataclass(frozen=True)
class Common:
    """What a text shares with one service: the phrase nearest to it, the share of that phrase that was found, the
    share of the text that it explains, and whether it stands there whole."""

    phrase: str
    score: float
    recall: float
    coverage: float
    exact: bool


class ServiceIndex:
    """All names of all services, ready to be compared with a text."""

    def __init__(self, services: Sequence[ServiceNames]) -> None:
        self._reader = Reader(name for service in services for name in (service.name, *service.aliases))
        self.services: list[ServiceNames] = []
        self.phrases: list[str] = []
        self._read: list[Reading] = []
        owners: list[int] = []
        for service in services:
            phrases = {phrase: self._reader.read_name(phrase) for phrase in (service.name, *service.aliases)}
            readable = {phrase: reading for phrase, reading in phrases.items() if reading.features}
            owners += [len(self.services)] * len(readable)
            self.services += [service] * bool(readable)
            self.phrases += readable
            self._read += readable.values()
        self.owners = np.array(owners, dtype=np.int64)
        self._guides = GuideIndex([service.guide for service in self.services])
        self._weigh()

    def _weigh(self) -> None:
        bags: list[set[str]] = [set() for _ in self.services]
        for reading, owner in zip(self._read, self.owners, strict=True):
            bags[owner] |= reading.features
        shared: dict[str, int] = {}
        for bag in bags:
            for feature in bag:
                shared[feature] = shared.get(feature, 0) + 1
        count = len(self.services)
        self._weights = {feature: math.log(1 + count / (1 + times)) for feature, times in shared.items()}
        self._in_phrases = _postings([reading.features for reading in self._read])
        self._in_services = _postings(bags)
        self._phrase_weights = np.array([self._weight(reading.features) for reading in self._read])
        self._first_phrase = np.searchsorted(self.owners, np.arange(count))
        self._borders = [*self._first_phrase.tolist(), len(self.phrases)]

    def _weight(self, features: Iterable[str]) -> float:
        return sum(self._weights.get(feature, 0.0) for feature in features)

    def read(self, text: str) -> Reading:
        """The reading of as much of `text` as is compared."""
        return self._reader.read(_cut(text))

    def compare(self, reading: Reading) -> Comparison | None:
        """The reading against all names; None when it shares nothing with any."""
        known = [feature for feature in reading.features if feature in self._weights]
        if not known:
            return None
        weight = self._weight(known)
        matched = self._gather(known, self._in_phrases, len(self.phrases))
        phrases = matched * (matched / self._phrase_weights)
        explained = self._gather(known, self._in_services, len(self.services))
        return Comparison(
            reading=reading,
            matched=matched,
            phrases=phrases,
            services=np.maximum.reduceat(phrases, self._first_phrase) + _WHOLE_SERVICE * explained**2 / weight,
            guides=self._guides.scores(reading.words),
            weight=weight,
            strange=1 - weight / (weight + _STRANGE * (len(reading.features) - len(known))),
            sharing=int(np.count_nonzero(explained >= weight * 0.999)),
        )

    def common(self, service: int, compared: Comparison) -> Common:
        """What the text shares with the service of that number."""
        phrase = self._best_phrase(service, compared.phrases)
        found, reading, matched = self._read[phrase], compared.reading, float(compared.matched[phrase])
        return Common(
            phrase=self.phrases[phrase],
            score=float(compared.phrases[phrase]),
            recall=matched / float(self._phrase_weights[phrase]),
            coverage=matched / compared.weight,
            exact=found.words in reading.words and found.features <= reading.features,
        )

    def _gather(self, features: list[str], postings: Mapping[str, Places], size: int) -> Numbers:
        places = [postings[feature] for feature in features]
        weights = np.repeat([self._weights[feature] for feature in features], [len(place) for place in places])
        return np.bincount(np.concatenate(places), weights=weights, minlength=size).astype(np.float64)

    def phrases_of(self, service: int) -> slice:
        """Where the names of the service of that number stand in `phrases`."""
        return slice(self._borders[service], self._borders[service + 1])

    def _best_phrase(self, service: int, phrases: Numbers) -> int:
        own = self.phrases_of(service)
        return int(own.start + np.argmax(phrases[own]))


def _postings(bags: Sequence[set[str] | frozenset[str]]) -> dict[str, Places]:
    places: dict[str, list[int]] = {}
    for number, bag in enumerate(bags):
        for feature in bag:
            places.setdefault(feature, []).append(number)
    return {feature: np.array(numbers, dtype=np.int64) for feature, numbers in places.items()}


def _cut(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT // 2] + " " + text[-LONGEST_TEXT // 2 :]
