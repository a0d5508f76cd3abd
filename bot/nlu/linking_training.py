"""Training of the linker: classes from names and labelled sentences, then how far each kind of evidence may be believed.

A sentence is judged by classes that had not seen it. Some are judged as if the classes did not know their service
at all, so that a service published tomorrow is weighed rightly too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from bot.nlu.ridge import train_linear
from knowledge.linking.cleaning import clean
from knowledge.linking.judging import Judge, Numbers, Trial
from knowledge.linking.lexicon import ServiceNames
from knowledge.linking.linear import Packed, packed
from knowledge.linking.linker import NOTHING, Evidence, Hearing, LinkingModel, class_places, features, hearing
from knowledge.linking.services import ServiceIndex

Sentence = tuple[str, str]
"""A cleaned text, and the id of the service that it means or `NOTHING`."""
Encode = Callable[[Sequence[str]], "np.ndarray"]

SEED = 7
MEANING = 0.3  # share of the vectors in what the classes go by
UNKNOWN = 0.05  # share of sentences that are judged as if the classes did not know their service
HELD_BACK = 1.0  # how much the judge's weights are held back
JUDGED = 5_000  # sentences that the judge learns from: many more than its few weights need
NAMES_JUDGED = 200  # names asked for word by word, beside the sentences


def train_linking(services: Sequence[ServiceNames], sentences: Sequence[Sentence], encode: Encode) -> LinkingModel:
    """The model for these services and sentences; of a sentence about an unknown service nothing is learned."""
    index = ServiceIndex(services)
    ids = {service.id for service in index.services}
    names = [
        (clean(phrase), index.services[owner].id) for phrase, owner in zip(index.phrases, index.owners, strict=True)
    ]
    told = [(text, id) for text, id in sentences if id in ids or id == NOTHING]
    known = [*names, *told]
    vectors = encode([text for text, _ in known])
    read = [index.read(text) for text, _ in known]
    bags = [list(features(text, reading)) for (text, _), reading in zip(known, read, strict=True)]
    dice = random.Random(SEED)
    asked = [
        *dice.sample(range(len(names)), min(NAMES_JUDGED, len(names))),
        *dice.sample(range(len(names), len(known)), min(JUDGED, len(told))),
    ]
    classes, unseen = train_linear(bags, vectors, [id for _, id in known], asked, meaning=MEANING)
    told_vectors = _by_service(told, vectors[len(names) :])
    evidence = Evidence(index, vectors[: len(names)], told_vectors)
    places = class_places(index, classes)
    number = {service.id: n for n, service in enumerate(index.services)}

    by_words, full = [], []
    for row, place in enumerate(asked):
        compared, right = index.compare(read[place]), number.get(known[place][1])
        heard = [hearing(compared, scores[row], places) for scores in (unseen.by_words, unseen.full)]
        if right is not None and dice.random() < UNKNOWN:
            heard = [_forgotten(one, right) for one in heard]
        trials = _trials(evidence, heard, vectors[place], right)
        by_words.append(trials[0])
        full.append(trials[1])
    return LinkingModel(classes, by_words=fit_judge(by_words), full=fit_judge(full), told=told_vectors)


def fit_judge(trials: Sequence[Trial]) -> Judge:
    """The weights under which what was meant is the likeliest (maximum likelihood, held back a little)."""
    wide, narrow = trials[0].candidates.shape[1], len(trials[0].none)
    most = max(len(trial.candidates) for trial in trials)
    candidates = np.zeros((len(trials), most, wide))
    there = np.zeros((len(trials), most + 1), dtype=bool)
    none = np.array([trial.none for trial in trials])
    right = np.empty(len(trials), dtype=np.int64)
    for row, trial in enumerate(trials):
        count = len(trial.candidates)
        candidates[row, :count] = trial.candidates
        there[row, [*range(count), most]] = True
        right[row] = most if trial.right is None else trial.right
    rows = np.arange(len(trials))

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = np.column_stack([candidates @ weights[:wide], none @ weights[wide:]])
        scores = np.where(there, scores, -np.inf)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely = powers / powers.sum(axis=1, keepdims=True)
        off = likely.copy()
        off[rows, right] -= 1
        slope = np.concatenate([np.einsum("ij,ijk->k", off[:, :-1], candidates), off[:, -1] @ none])
        surprise = -np.log(np.maximum(likely[rows, right], 1e-12)).sum()
        return float(surprise + HELD_BACK * weights @ weights / 2), slope + HELD_BACK * weights

    found = minimize(loss, np.zeros(wide + narrow), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Judge(found[:wide], found[wide:])


def _by_service(sentences: Sequence[Sentence], vectors: np.ndarray) -> dict[str, Packed]:
    rows: dict[str, list[int]] = {}
    for row, (_, id) in enumerate(sentences):
        if id != NOTHING:
            rows.setdefault(id, []).append(row)
    return {id: packed(vectors[of_it]) for id, of_it in rows.items()}


def _forgotten(heard: Hearing, number: int) -> Hearing:
    """The same, had the classes never met the service of that number."""
    scores = heard.scores.copy()
    scores[number] = np.nan
    return replace(heard, scores=scores)


def _trials(evidence: Evidence, heard: Sequence[Hearing], vector: np.ndarray, right: int | None) -> tuple[Trial, Trial]:
    """By words and in full; what was meant and is no candidate counts as none of them."""
    candidates = evidence.candidates(heard[0])
    common = evidence.common(candidates, heard[0].compared)
    first = Trial(*evidence.by_words(candidates, heard[0], common), _place(candidates, right))
    candidates = evidence.candidates(*heard)
    common = evidence.common(candidates, heard[0].compared)
    return first, Trial(*evidence.full(candidates, heard[1], common, vector), _place(candidates, right))


def _place(candidates: Iterable[int], right: int | None) -> int | None:
    return next((place for place, number in enumerate(candidates) if number == right), None)
