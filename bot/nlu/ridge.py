"""Training of the linear models: kernel ridge regression, which tells in one solution what it would say unseen.

One against the rest, over TF-IDF features and sentence vectors side by side. With the inverse of the kernel at hand the
score that a sentence would get from a model trained without it follows in closed form (leave-one-out), so that nothing
is trained twice to know how far its probabilities may be believed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import blas, lapack
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.linking.linear import LinearModel, Numbers, likelihoods, numbered, packed

SHRINKAGE = 0.5  # how much the weights are held back
OFTEN = 0.03  # share of the sentences from which a feature is multiplied as a dense column
BLOCK = 512  # sentences whose similarities are added at once


@dataclass(frozen=True)
class Unseen:
    """The scores of training sentences by a model that had not seen the sentence: by words alone, and with the vector.

    `truth` holds the number of its class; all rows are in the order in which the sentences were asked for.
    """

    by_words: Numbers
    full: Numbers
    truth: npt.NDArray[np.int64]


def train_linear(
    features: Sequence[Sequence[str]],
    vectors: Numbers,
    labels: Sequence[str],
    tried: Sequence[int],
    *,
    meaning: float,
) -> tuple[LinearModel, Unseen]:
    """The model for sentences given as features and vectors, and what it says of the `tried` as if each was not seen.

    `meaning` is the share of the vectors in the similarity of two sentences. A feature of one single sentence says more
    about that sentence than about its class: it is left out.
    """
    # Those that are tried come last: so of the inverse the last corner is enough.
    order = np.concatenate([np.setdiff1d(np.arange(len(labels)), tried), tried]).astype(np.int64)
    features, vectors, labels = [features[row] for row in order], vectors[order], [labels[row] for row in order]
    last = slice(len(labels) - len(tried), None)
    tfidf = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2, dtype=np.float32)
    counted = tfidf.fit_transform([numbered(bag) for bag in features])
    centre = vectors.mean(axis=0)
    apart = vectors - centre
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    classes, truth = np.unique(np.array(labels), return_inverse=True)
    targets = np.zeros((len(labels), len(classes)), dtype=np.float32)
    targets[np.arange(len(labels)), truth] = 1

    # The kernel is factorised and not inverted: of its inverse only the diagonal is asked for, and products with a few
    # columns. Those with the vectors tell what the words alone would have said of the tried: their end is enough.
    kernel = _kernel(counted, apart, meaning)
    factor, failed = lapack.spotrf(kernel, lower=True, overwrite_a=True, clean=False)
    assert not failed  # a kernel with something added to its diagonal is positive definite
    dual, _ = lapack.spotrs(factor, targets, lower=True)
    corner = factor[last, last]
    by_vectors = blas.strsm(1.0, factor, apart, lower=True)[last]
    by_vectors = blas.strsm(1.0, corner, by_vectors, lower=True, trans_a=True)
    diagonal = _diagonal_of_inverse(corner)
    left_out = dual[last] / diagonal[:, None]
    own = 1 - SHRINKAGE * diagonal - meaning * np.einsum("ij,ij->i", apart[last], by_vectors)
    weights = (1 - meaning) * (counted.T @ dual)
    small, scale = packed(weights)
    model = LinearModel(
        classes=tuple(map(str, classes)),
        columns=np.array(sorted(tfidf.vocabulary_), dtype=np.uint32),
        rarity=tfidf.idf_.astype(np.float32),
        weights=small,
        scale=scale,
        meaning=(meaning * (apart.T @ dual)).astype(np.float32),
        centre=centre,
    )
    return model, Unseen(
        by_words=counted[last] @ weights - own[:, None] * left_out, full=targets[last] - left_out, truth=truth[last]
    )


def _kernel(counted: csr_matrix, apart: Numbers, meaning: float) -> Numbers:
    """The lower half of the similarities of all sentences, with `SHRINKAGE` added to the diagonal; what is above means nothing.

    The few features that many sentences share make nearly all the work: these go into one dense product, with the
    vectors. The many others are multiplied as they are, in blocks, each by one core.
    """
    rows = counted.shape[0]
    counted = counted * np.float32(np.sqrt(1 - meaning))
    often = np.bincount(counted.indices, minlength=counted.shape[1]) > OFTEN * rows
    dense = np.hstack([np.float32(np.sqrt(meaning)) * apart, counted[:, often].toarray()])
    kernel = blas.ssyrk(1.0, dense.T, trans=True, lower=True)
    seldom = counted[:, ~often]
    turned = seldom.T.tocsr()

    def add(start: int) -> None:
        kernel.T[start : start + BLOCK, start:] += (seldom[start : start + BLOCK] @ turned[:, start:]).toarray()

    with ThreadPoolExecutor(os.cpu_count()) as cores:
        list(cores.map(add, range(0, rows, BLOCK)))
    kernel[np.diag_indices_from(kernel)] += SHRINKAGE
    return np.asarray(kernel)


def _diagonal_of_inverse(factor: Numbers) -> Numbers:
    """The diagonal of a matrix's inverse, or its end, from Cholesky's lower factor, or the factor's last corner."""
    inverse, _ = lapack.strtri(factor, lower=True)
    return np.array([column @ column for column in (inverse[row:, row] for row in range(len(inverse)))])


def fit_temperature(scores: Numbers, truth: npt.NDArray[np.int64]) -> float:
    """The divisor of unseen sentences' scores under which the probabilities fit what was right."""

    def surprise(temperature: float) -> float:
        likely = likelihoods(scores, temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return float(minimize_scalar(surprise, bounds=(0.01, 5), method="bounded").x)
