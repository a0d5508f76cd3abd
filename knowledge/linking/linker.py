"""Which service is meant: what a text shares with the names, what labelled sentences have taught, and what it means.

Four kinds of evidence, the cheap ones first. The names and the guides are live: a service published a moment ago is
found by them. The classes were learned from whole sentences; a service that they do not know is judged without them.
The meaning, as a vector, is asked only where the others leave a doubt.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.linking.judging import Judge, Numbers, evidence
from knowledge.linking.linear import LinearModel, Packed, packed
from knowledge.linking.reading import Reading
from knowledge.linking.services import SHARED_BY, Common, Comparison, ServiceIndex

MOST_LINKS = 8
NOTHING = ""  # the class of sentences that are about no service
LONGEST_RUN = 2  # runs of three double the model and gain a quarter of a point on unseen sentences
_FROM_NAMES, _FROM_GUIDES, _FROM_CLASSES = 8, 4, 8  # candidates that each evidence brings in
_WEAKEST = 0.01  # a candidate less likely than this is no help to anybody
SURE_BY_WORDS = 0.95  # so sure, one way or the other, that the vector would hardly change it
SURE_OF_BARE = 0.5  # however often people mean one of the services when they only name the thing
SURE_BESIDE_RIVAL = 0.5  # of one that another rivals: too little to be taken as meant, enough to come first in a menu
RIVAL, EXPLAINS_MORE = 0.2, 0.1  # one so likely whose name explains so much more of the text than the likeliest's does
WHOLE_RIVAL = 0.1  # one so likely whose name stands in the text whole
SURE_OF_SHARED = 0.9  # less is no choice between services whose names explain all that is said
SURE_OF_NAME, WHOLE_NAME, ALL_OF_TEXT = 0.8, 4, 0.8  # a name of so many characters that explains so much of the text
_JUDGES, _TOLD, _SCALES = "judges.json", "told.npz", "told-scales.npz"
_ITSELF = 0.997  # two vectors nearer than this are those of one sentence
_NO_SCORE = 0.0  # what a class says that has nothing to do with a text

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Link:
    """A service that may be meant; `confidence` is the probability that it is, `reason` is for staff."""

    id: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class LinkingModel:
    """What was learned: a score for each service that labelled sentences know, and two ways to weigh the evidence.

    `told` holds the vectors of these sentences by service id, in small whole numbers.
    """

    classes: LinearModel
    by_words: Judge
    full: Judge
    told: Mapping[str, Packed]

    def save(self, folder: Path) -> None:
        self.classes.save(folder)
        judges = {"by_words": self.by_words.as_json(), "full": self.full.as_json()}
        (folder / _JUDGES).write_text(json.dumps(judges), "utf-8")
        for file, part in ((_TOLD, 0), (_SCALES, 1)):
            arrays: dict[str, Any] = {id: pair[part] for id, pair in self.told.items()}
            np.savez(folder / file, **arrays)

    @classmethod
    def load(cls, folder: Path) -> LinkingModel:
        judges = json.loads((folder / _JUDGES).read_text("utf-8"))
        with (
            np.load(folder / _TOLD, allow_pickle=False) as rows,
            np.load(folder / _SCALES, allow_pickle=False) as scales,
        ):
            told = {id: (rows[id], scales[id]) for id in rows.files}
        return cls(
            LinearModel.load(folder),
            by_words=Judge.of_json(judges["by_words"]),
            full=Judge.of_json(judges["full"]),
            told=told,
        )


def features(text: str, reading: Reading) -> Iterator[str]:
    """What the classes count: what was done, the runs of characters as read, and the pairs as they were typed."""
    for deed in reading.deeds:
        yield from (f"#{deed}",) * 2
    yield from ("=" + text[start : start + 2] for start in range(len(text) - 1))
    bordered = f"^{reading.full}$"
    for length in range(1, LONGEST_RUN + 1):
        yield from (bordered[start : start + length] for start in range(len(bordered) - length + 1))


@dataclass(frozen=True)
class Hearing:
    """One text before the judge: its comparison with the names, and the scores of the classes by service number."""

    compared: Comparison | None
    scores: Numbers
    """One for each service of the index; NaN where the classes do not know it."""
    nothing: float
    """The score of being about no service."""


class Evidence:
    """The numbers that a judge sees, for training and for answering alike."""

    def __init__(self, index: ServiceIndex, names: Vector, told: Mapping[str, Packed]) -> None:
        self.index = index
        self._names = names
        nothing = packed(np.empty((0, names.shape[1]), dtype=np.float32))
        self._told = [told.get(service.id, nothing) for service in index.services]

    def candidates(self, *hearings: Hearing) -> list[int]:
        """The numbers of the services worth judging, by any of the hearings."""
        found: dict[int, None] = {}
        for hearing in hearings:
            if hearing.compared is not None:
                best = _best(hearing.compared.services, _FROM_NAMES)
                found |= dict.fromkeys(n for n in best if hearing.compared.services[n] > 0)
                best = _best(hearing.compared.guides, _FROM_GUIDES)
                found |= dict.fromkeys(n for n in best if hearing.compared.guides[n] > 0)
            known = np.nan_to_num(hearing.scores, nan=-np.inf)
            found |= dict.fromkeys(n for n in _best(known, _FROM_CLASSES) if known[n] > -np.inf)
        return list(found)

    def common(self, candidates: Sequence[int], compared: Comparison | None) -> list[Common]:
        if compared is None:
            return [Common("", 0.0, 0.0, 0.0, False)] * len(candidates)
        return [self.index.common(number, compared) for number in candidates]

    def by_words(
        self, candidates: Sequence[int], hearing: Hearing, common: Sequence[Common]
    ) -> tuple[Numbers, Numbers]:
        """For each candidate, and against all of them."""
        return evidence(self._columns(candidates, hearing, common)), evidence(self._against(hearing, common))[0]

    def full(
        self, candidates: Sequence[int], hearing: Hearing, common: Sequence[Common], vector: Vector
    ) -> tuple[Numbers, Numbers]:
        """The same with how near the vector is to the names; `hearing` has the scores with the vector in them."""
        near = np.array([(self._names[self.index.phrases_of(number)] @ vector).max() for number in candidates])
        known = ~np.isnan(hearing.scores[list(candidates)])
        told = np.array([_nearest(self._told[number], vector) for number in candidates]) * known
        nearest, most = near.max(initial=0.0), told.max(initial=0.0)
        columns = [*self._columns(candidates, hearing, common), near, near - nearest, told, told - most]
        return evidence(columns), evidence([*self._against(hearing, common), nearest, most])[0]

    def _columns(self, candidates: Sequence[int], hearing: Hearing, common: Sequence[Common]) -> list[npt.ArrayLike]:
        scores = hearing.scores[list(candidates)]
        known = ~np.isnan(scores)
        best = np.nanmax(hearing.scores, initial=_NO_SCORE)
        named = hearing.compared.services[list(candidates)] if hearing.compared else np.zeros(len(candidates))
        most = named.max(initial=1e-9)
        recall = np.array([one.recall for one in common])
        exact = np.array([float(one.exact) for one in common])
        guided = hearing.compared.guides[list(candidates)] if hearing.compared else np.zeros(len(candidates))
        return [
            named / most,
            np.log1p(named),
            recall,
            [one.coverage for one in common],
            exact,
            np.where(known, scores, _NO_SCORE),
            np.where(known, scores - best, 0.0),
            known.astype(float),
            *(np.where(known, 0.0, column) for column in (recall, exact, guided)),
            guided,
            guided - guided.max(initial=0.0),
        ]

    def _against(self, hearing: Hearing, common: Sequence[Common]) -> list[npt.ArrayLike]:
        compared = hearing.compared
        return [
            compared.strange if compared else 1.0,
            math.log1p(compared.weight) if compared else 0.0,
            max((one.recall for one in common), default=0.0),
            float(compared.guides.max(initial=0.0)) if compared else 0.0,
            hearing.nothing,
            float(np.nanmax(hearing.scores, initial=_NO_SCORE)),
        ]


class Linker:
    """All names of all services, and what was learned about them, ready for a text.

    `names` holds the vectors of `index.phrases`, in their order.
    """

    def __init__(self, index: ServiceIndex, model: LinkingModel, names: Vector) -> None:
        self._model = model
        self._evidence = Evidence(index, names, model.told)
        self._places = class_places(index, model.classes)

    def link(self, text: str, vector: Callable[[], Vector]) -> list[Link]:
        """The services that `text` may mean, likeliest first, at most `MOST_LINKS`; empty when it is about none.

        `vector` is asked for only in doubt.
        """
        index, model = self._evidence.index, self._model
        reading = index.read(text)
        if not reading.words.strip():
            return []
        scores = model.classes.by_words(features(text, reading))
        compared = index.compare(reading)
        if scores is None and compared is None:
            return []
        if scores is None:
            scores = np.full(len(model.classes.classes), _NO_SCORE, dtype=np.float32)
        first = self._hearing(compared, scores)
        candidates = self._evidence.candidates(first)
        common = self._evidence.common(candidates, compared)
        likely = model.by_words.likelihoods(*self._evidence.by_words(candidates, first, common))
        if likely.max() < SURE_BY_WORDS:
            meaning = vector()
            second = self._hearing(compared, scores + model.classes.by_meaning(meaning))
            candidates = self._evidence.candidates(first, second)
            common = self._evidence.common(candidates, compared)
            likely = model.full.likelihoods(*self._evidence.full(candidates, second, common, meaning))
        if compared is not None and (compared.is_bare or _is_shared(compared, likely)):
            likely = np.sqrt(likely) / np.sqrt(likely).sum()
            likely *= min(1.0, SURE_OF_BARE / likely[:-1].max())
        likely = self._with_names_alone(candidates, common, likely)
        if _has_rival(common, likely):
            likely *= min(1.0, SURE_BESIDE_RIVAL / likely[:-1].max())
        links = (
            Link(index.services[number].id, round(float(one), 4), _reason(shared))
            for number, shared, one in zip(candidates, common, likely[:-1], strict=True)
            if one >= _WEAKEST
        )
        return sorted(links, key=lambda link: -link.confidence)[:MOST_LINKS]

    def _with_names_alone(self, candidates: Sequence[int], common: Sequence[Common], likely: Numbers) -> Numbers:
        """Of services that no sentence has taught, the one whose longest name is all that the text says is meant."""
        whole = {
            place: len(shared.phrase)
            for place, (number, shared) in enumerate(zip(candidates, common, strict=True))
            if self._places[number] < 0 and shared.exact and shared.coverage >= ALL_OF_TEXT
        }
        longest = [place for place, length in whole.items() if length == max(whole.values()) and length >= WHOLE_NAME]
        if len(longest) != 1 or likely[longest[0]] >= SURE_OF_NAME:
            return likely
        told = likely * (1 - SURE_OF_NAME) / (1 - likely[longest[0]])
        told[longest[0]] = SURE_OF_NAME
        return np.asarray(told)

    def _hearing(self, compared: Comparison | None, scores: Vector) -> Hearing:
        return hearing(compared, scores, self._places)


def _is_shared(compared: Comparison, likely: Numbers) -> bool:
    """Whether the names of several services explain all that is said, and none of them is meant as good as always.

    What was learned says which is meant more often (提取公积金: for a flat), and not which this person means.
    """
    return compared.strange == 0 and compared.sharing >= SHARED_BY and 0 < likely[:-1].max(initial=0) < SURE_OF_SHARED


def _has_rival(common: Sequence[Common], likely: Numbers) -> bool:
    """Whether another one that may be meant is named more clearly than the likeliest.

    Less likelihood is asked of one whose name stands there whole, where the likeliest's does not (异地领结婚证).
    """
    if not common:
        return False
    likeliest = common[int(np.argmax(likely[:-1]))]
    return any(
        one >= (WHOLE_RIVAL if other.exact and not likeliest.exact else RIVAL)
        for one, other in zip(likely[:-1], common, strict=True)
        if other.coverage >= likeliest.coverage + EXPLAINS_MORE
    )


def class_places(index: ServiceIndex, classes: LinearModel) -> npt.NDArray[np.int64]:
    """For each service of the index its place among the classes, -1 for an unknown one; last that of nothing."""
    place = {id: number for number, id in enumerate(classes.classes)}
    return np.array([*(place.get(service.id, -1) for service in index.services), place[NOTHING]], dtype=np.int64)


def hearing(compared: Comparison | None, scores: Vector, places: npt.NDArray[np.int64]) -> Hearing:
    """The scores of the classes, sorted by the numbers of the index."""
    by_service = np.where(places[:-1] >= 0, scores[places[:-1]].astype(np.float64), np.nan)
    return Hearing(compared, by_service, float(scores[places[-1]]))


def _nearest(sentences: Packed, vector: Vector) -> float:
    """How near the nearest of the sentences is; the sentence itself, in training, is none of them."""
    rows, scale = sentences
    near = (rows.astype(np.float32) @ vector) * scale
    return float(near[near < _ITSELF].max(initial=0.0))


def _best(scores: Numbers, count: int) -> list[int]:
    if len(scores) <= count:
        return list(range(len(scores)))
    return [int(n) for n in np.argpartition(-scores, count)[:count]]


def _reason(common: Common) -> str:
    if not common.phrase or not common.recall:
        return "说法相近"
    return f"{'含有' if common.exact else '近似'}“{common.phrase}”"
