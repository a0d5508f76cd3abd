"""Which service is meant: a text against all names and aliases, with a calibrated confidence and the reason.

Every name and alias is a phrase, every phrase a bag of features (pairs of characters, deeds), and a feature weighs
the more the fewer services share it. A phrase scores by the weight that the text shares with it, times the share
of the phrase that was found; a service scores as its best phrase, plus a little for what its other names explain.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.linking.lexicon import ServiceNames
from knowledge.linking.reading import Reader, Reading

MOST_LINKS = 8
LONGEST_TEXT = 600  # characters that are compared; a story names its item at its beginning or at its end
_STRANGE = 1.0  # weight of a pair of characters that no name holds
_WEAKEST = 0.02  # confidence below which a candidate is no help to anybody
_WHOLE_SERVICE = 0.8

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Link:
    """A service that may be meant; `confidence` is the probability that it is, `reason` is for staff."""

    id: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class Evidence:
    """What speaks for one candidate; `EVIDENCE` names the numbers that the confidence is computed from."""

    service: int
    phrase: int
    numbers: tuple[float, ...]


# The share of the phrase that the text holds, the share of the text's known weight that the phrase explains, the
# share of the text that no name knows, whether the phrase stands there whole, the lead over the next service, the
# logarithm of how many services explain the text as well, and that of the weight in common.
EVIDENCE = ("recall", "coverage", "strange", "exact", "margin", "rivals", "weight")


@dataclass(frozen=True)
class _Comparison:
    """A text held against everything: scores of all phrases and services, and what is known of the text itself."""

    reading: Reading
    phrases: Numbers
    services: Numbers
    weight: float
    strange: float
    rivals: float


class ServiceIndex:
    """All names of all services, ready to be compared with a text."""

    def __init__(self, services: Sequence[ServiceNames]) -> None:
        self._reader = Reader(name for service in services for name in (service.name, *service.aliases))
        self.services: list[ServiceNames] = []
        self._phrases: list[str] = []
        self._read: list[Reading] = []
        owners: list[int] = []
        for service in services:
            phrases = {phrase: self._reader.read_name(phrase) for phrase in (service.name, *service.aliases)}
            readable = {phrase: reading for phrase, reading in phrases.items() if reading.features}
            owners += [len(self.services)] * len(readable)
            self.services += [service] * bool(readable)
            self._phrases += readable
            self._read += readable.values()
        self._owners = np.array(owners, dtype=np.int64)
        self._weigh()

    def _weigh(self) -> None:
        bags: list[set[str]] = [set() for _ in self.services]
        for reading, owner in zip(self._read, self._owners, strict=True):
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
        self._first_phrase = np.searchsorted(self._owners, np.arange(count))

    def _weight(self, features: Iterable[str]) -> float:
        return sum(self._weights.get(feature, 0.0) for feature in features)

    def link(self, text: str) -> list[Link]:
        """The services that `text` may mean, likeliest first, at most `MOST_LINKS`; empty when it names none."""
        links = [
            Link(self.services[item.service].id, round(confidence, 4), self._reason(item))
            for item in self.evidence(text)
            if (confidence := _confidence(item.numbers)) >= _WEAKEST
        ]
        return sorted(links, key=lambda link: -link.confidence)

    def evidence(self, text: str) -> list[Evidence]:
        """The candidates with their numbers, best score first: what `link` judges, and what it is fitted on."""
        compared = self._compare(self._reader.read(_cut(text)))
        if compared is None:
            return []
        best = np.argsort(-compared.services)[:MOST_LINKS]
        return [self._judge(int(service), compared) for service in best if compared.services[service] > 0]

    def _compare(self, reading: Reading) -> _Comparison | None:
        known = [feature for feature in reading.features if feature in self._weights]
        if not known:
            return None
        weight = self._weight(known)
        matched = self._gather(known, self._in_phrases, len(self._phrases))
        phrases = matched * (matched / self._phrase_weights)
        explained = self._gather(known, self._in_services, len(self.services))
        return _Comparison(
            reading=reading,
            phrases=phrases,
            services=np.maximum.reduceat(phrases, self._first_phrase) + _WHOLE_SERVICE * explained**2 / weight,
            weight=weight,
            strange=1 - weight / (weight + _STRANGE * (len(reading.features) - len(known))),
            rivals=math.log(np.count_nonzero(explained >= 0.9 * explained.max())),
        )

    def _gather(self, features: list[str], postings: Mapping[str, Places], size: int) -> Numbers:
        places = [postings[feature] for feature in features]
        weights = np.repeat([self._weights[feature] for feature in features], [len(place) for place in places])
        return np.bincount(np.concatenate(places), weights=weights, minlength=size).astype(np.float64)

    def _judge(self, service: int, compared: _Comparison) -> Evidence:
        phrase = self._best_phrase(service, compared.phrases)
        found, reading, scores = self._read[phrase], compared.reading, compared.services
        common = self._weight(found.features & reading.features)
        others = np.delete(scores, service).max(initial=0)
        numbers = (
            common / float(self._phrase_weights[phrase]),
            common / compared.weight,
            compared.strange,
            float(found.words in reading.words and found.features <= reading.features),
            float((scores[service] - others) / max(scores[service], others)),
            compared.rivals,
            math.log(common),
        )
        return Evidence(service, phrase, numbers)

    def _best_phrase(self, service: int, phrases: Numbers) -> int:
        first, end = np.searchsorted(self._owners, (service, service + 1))
        return int(first + np.argmax(phrases[first:end]))

    def _reason(self, item: Evidence) -> str:
        how = "含有" if item.numbers[EVIDENCE.index("exact")] else "近似"
        return f"{how}“{self._phrases[item.phrase]}”"


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


def _confidence(numbers: Sequence[float]) -> float:
    weights = _calibration()
    total = weights["bias"] + sum(weights[name] * number for name, number in zip(EVIDENCE, numbers, strict=True))
    return 1 / (1 + math.exp(-total))


@lru_cache(maxsize=1)
def _calibration() -> dict[str, float]:
    """Fitted on held-out aliases by scripts/fit_linking.py."""
    weights: dict[str, float] = json.loads(Path(__file__).with_name("calibration.json").read_text("utf-8"))
    return weights
