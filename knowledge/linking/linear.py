"""Linear scores of a text: by the runs of characters that it holds, and, where these leave doubt, by its meaning.

The arithmetic of a trained model, from arrays, run by numpy alone. What is counted is the caller's matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]

_ARRAYS, _NAMES = "linear.npz", "linear.json"


@dataclass(frozen=True)
class LinearModel:
    """Weights of TF-IDF features and of a sentence vector for each class.

    `weights` has a row for each feature (features × classes), so that a text touches only its own; `meaning` is
    512 × classes, for vectors less `centre`.
    """

    classes: tuple[str, ...]
    columns: dict[str, int]
    rarity: Numbers
    weights: npt.NDArray[np.float16]
    meaning: Numbers
    centre: Numbers

    def by_words(self, features: Iterable[str]) -> Numbers | None:
        """The scores that the features give alone; None when none of them is known."""
        counts: dict[int, int] = {}
        for feature in features:
            column = self.columns.get(feature)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
        if not counts:
            return None
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self.rarity[rows]
        values /= np.linalg.norm(values)
        return np.asarray(values @ self.weights[rows].astype(np.float32))

    def by_meaning(self, vector: Numbers) -> Numbers:
        """What the vector adds to the scores."""
        apart = vector - self.centre
        return np.asarray((apart / np.linalg.norm(apart)) @ self.meaning)

    def save(self, folder: Path) -> None:
        """Keep the model as plain arrays and names: nothing in the files can run."""
        folder.mkdir(exist_ok=True)
        np.savez_compressed(
            folder / _ARRAYS, rarity=self.rarity, weights=self.weights, meaning=self.meaning, centre=self.centre
        )
        names = {"classes": self.classes, "features": list(self.columns)}
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """The model that `save` kept in `folder`."""
        names = json.loads((folder / _NAMES).read_text("utf-8"))
        columns = {feature: column for column, feature in enumerate(names["features"])}
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(tuple(names["classes"]), columns, **arrays)


def likelihoods(scores: Numbers, temperature: float) -> Numbers:
    """Scores as probabilities, along the last axis."""
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
