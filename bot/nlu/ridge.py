"""Training of the linear models: kernel ridge regression, which tells in one solution what it would say unseen.

One against the rest, over TF-IDF features and sentence vectors side by side. With the inverse of the kernel at hand the
score that a sentence would get from a model trained without it follows in closed form (leave-one-out), so that nothing
is trained twice to know how far its probabilities may be believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import blas, lapack
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.linking.linear import LinearModel, Numbers, likelihoods

SHRINKAGE = 0.5  # how much the weights are held back


@dataclass(frozen=True)
class Unseen:
    """The scores of every training sentence by a model that had not seen it: by words alone, and with the vector.

    `truth` holds the number of its class; all rows are in the order of the sentences.
    """

    by_words: Numbers
    full: Numbers
    truth: npt.NDArray[np.int64]


def train_linear(
    features: Sequence[Sequence[str]], vectors: Numbers, labels: Sequence[str], *, meaning: float
) -> tuple[LinearModel, Unseen]:
    """The model for sentences given as features and vectors, and what it says of each as if it had not seen it.

    `meaning` is the share of the vectors in the similarity of two sentences. A feature of one single sentence says more
    about that sentence than about its class: it is left out.
    """
    tfidf = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2, dtype=np.float32)
    counted = tfidf.fit_transform(features)
    centre = vectors.mean(axis=0)
    apart = vectors - centre
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    classes, truth = np.unique(np.array(labels), return_inverse=True)
    targets = np.zeros((len(labels), len(classes)), dtype=np.float32)
    targets[np.arange(len(labels)), truth] = 1

    # Thousands of sentences give kernels of hundreds of megabytes: nothing is copied that need not be.
    by_words = (1 - meaning) * (counted @ counted.T).toarray()
    kernel = apart @ apart.T
    kernel *= meaning
    kernel += by_words
    kernel[np.diag_indices_from(kernel)] += SHRINKAGE
    inverse = _inverse_upper(kernel)
    dual = blas.ssymm(1.0, inverse, targets)
    left_out = dual / np.diag(inverse)[:, None]
    own = _products_of_rows(by_words, inverse)[:, None]
    model = LinearModel(
        classes=tuple(map(str, classes)),
        columns={str(word): int(place) for word, place in sorted(tfidf.vocabulary_.items(), key=lambda item: item[1])},
        rarity=tfidf.idf_.astype(np.float32),
        weights=((1 - meaning) * (counted.T @ dual)).astype(np.float16),
        meaning=(meaning * (apart.T @ dual)).astype(np.float32),
        centre=centre,
    )
    return model, Unseen(by_words=by_words @ dual - own * left_out, full=targets - left_out, truth=truth)


def _inverse_upper(kernel: Numbers) -> Numbers:
    """The upper half of the inverse, by Cholesky's factors and in the kernel's own place; what is below means nothing."""
    factor, failed = lapack.spotrf(kernel.T, overwrite_a=True)
    assert not failed  # a kernel with something added to its diagonal is positive definite
    inverse, _ = lapack.spotri(factor, overwrite_c=True)
    return np.asarray(inverse)


def _products_of_rows(whole: Numbers, upper: Numbers) -> Numbers:
    """For two symmetric matrices, of one only the upper half, the product of each row with its like."""
    rows = len(whole)
    found = np.zeros(rows, dtype=np.float32)
    for row in range(rows):
        right = whole[row, row:] * upper[row, row:]
        found[row] += right.sum()
        found[row + 1 :] += right[1:]
    return found


def fit_temperature(scores: Numbers, truth: npt.NDArray[np.int64]) -> float:
    """The divisor of unseen sentences' scores under which the probabilities fit what was right."""

    def surprise(temperature: float) -> float:
        likely = likelihoods(scores, temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return float(minimize_scalar(surprise, bounds=(0.01, 5), method="bounded").x)
