"""Linear scores of a text: by the runs of characters that it holds, and, where these leave doubt, by its meaning.

The arithmetic of a trained model, from arrays, run by numpy alone. What is counted is the caller's matter.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]

Packed = tuple[npt.NDArray[np.int8], Numbers]
"""Rows in small whole numbers, and what each has to be multiplied with."""

_ARRAYS, _CLASSES = "linear.npz", "classes.json"


@dataclass(frozen=True)
class LinearModel:
    """Weights of TF-IDF features and of a sentence vector for each class.

    `columns` holds the features' numbers in ascending order. `weights` has a row for each (features × classes), so that
    a text touches only its own, in 1/127 of the row's largest, which is its `scale` times 127: half the memory, and what
    is lost lies below a thousandth of a score. `meaning` is 512 × classes, for vectors less `centre`.
    """

    classes: tuple[str, ...]
    columns: npt.NDArray[np.uint32]
    rarity: Numbers
    weights: npt.NDArray[np.int8]
    scale: Numbers
    meaning: Numbers
    centre: Numbers

    def by_words(self, features: Iterable[str]) -> Numbers | None:
        """The scores that the features give alone; None when none of them is known."""
        counts = Counter(numbered(features))
        found = np.fromiter(counts, dtype=np.uint32, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        rows = np.searchsorted(self.columns, found)
        known = self.columns[np.minimum(rows, len(self.columns) - 1)] == found
        if not known.any():
            return None
        rows = rows[known]
        values = (1 + np.log(times[known])) * self.rarity[rows]
        values /= np.linalg.norm(values)
        return np.asarray((values * self.scale[rows]) @ self.weights[rows].astype(np.float32))

    def by_meaning(self, vector: Numbers) -> Numbers:
        """What the vector adds to the scores."""
        apart = vector - self.centre
        return np.asarray((apart / np.linalg.norm(apart)) @ self.meaning)

    def save(self, folder: Path) -> None:
        """Keep the model as plain arrays and names: nothing in the files can run."""
        folder.mkdir(exist_ok=True)
        arrays = {name: value for name, value in vars(self).items() if name != "classes"}
        np.savez(folder / _ARRAYS, **arrays)
        (folder / _CLASSES).write_text(json.dumps(self.classes), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """The model that `save` kept in `folder`."""
        classes = json.loads((folder / _CLASSES).read_text("utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(tuple(classes), **arrays)


def numbered(features: Iterable[str]) -> list[int]:
    """The features as numbers, the same in every process: of 140,000, two pairs share one, and are counted together."""
    return [zlib.crc32(feature.encode("utf-8", "surrogatepass")) for feature in features]


def packed(weights: Numbers) -> Packed:
    """Rows of numbers → the same in small whole numbers, and each row's scale."""
    scale = np.maximum(np.abs(weights).max(axis=1, initial=0.0), 1e-12).astype(np.float32) / 127
    return np.rint(weights / scale[:, None]).astype(np.int8), scale


def likelihoods(scores: Numbers, temperature: float) -> Numbers:
    """Scores as probabilities, along the last axis."""
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
