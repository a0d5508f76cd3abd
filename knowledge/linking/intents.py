"""What is asked: a linear model over words and character n-grams, read from arrays and run by numpy alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

LONGEST_TEXT = 2000  # characters that are read; what is asked stands at the beginning or at the end
LONGEST_RUN = 3  # runs of four double the model and gain nothing on unseen sentences
_DIGITS = re.compile(r"\d+")
_ONE_OF_A_MENU, _LONG_NUMBER = "1", "0"
_ARRAYS, _NAMES = "intents.npz", "intents.json"


def features(text: str, words: Sequence[str]) -> Iterator[str]:
    """What the model counts: the words, and every run of one to three characters with the text's borders.

    Which year it was, which ticket it is or which line of a menu says nothing about what is asked: single digits
    count as one, and so do long numbers.
    """
    for word in words:
        yield "=" + _DIGITS.sub(_plain_number, word.lower())
    bordered = f"^{_DIGITS.sub(_plain_number, text.lower())}$"
    for length in range(1, LONGEST_RUN + 1):
        yield from (bordered[i : i + length] for i in range(len(bordered) - length + 1))


def _plain_number(match: re.Match[str]) -> str:
    digits = match.group()
    return _ONE_OF_A_MENU if len(digits) == 1 else digits if len(digits) == 2 else _LONG_NUMBER


def shorten(text: str) -> str:
    """The part of `text` that is read."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT // 2] + text[-LONGEST_TEXT // 2 :]


@dataclass(frozen=True)
class IntentModel:
    """Logistic regression over TF-IDF; `temperature` makes its probabilities as often right as they say."""

    intents: tuple[str, ...]
    columns: dict[str, int]
    rarity: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]  # one row a feature, so that a text touches only its own rows
    bias: npt.NDArray[np.float32]
    temperature: float

    def ranking(self, text: str, words: Sequence[str]) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first; empty when nothing in `text` is known."""
        if not text:
            return []
        counts: dict[int, int] = {}
        for feature in features(text, words):
            column = self.columns.get(feature)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
        if not counts:
            return []
        rows = np.fromiter(counts, dtype=np.int64, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self.rarity[rows]
        scores = (values / np.linalg.norm(values)) @ self.weights[rows] + self.bias
        likely = _softmax(scores / self.temperature)
        return [(self.intents[i], float(likely[i])) for i in np.argsort(-likely)]

    def save(self, folder: Path) -> None:
        """Keep the model as plain arrays and names: nothing in the files can run."""
        np.savez_compressed(folder / _ARRAYS, rarity=self.rarity, weights=self.weights, bias=self.bias)
        names = {"intents": self.intents, "features": list(self.columns), "temperature": self.temperature}
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """The model that `save` kept in `folder`."""
        names = json.loads((folder / _NAMES).read_text("utf-8"))
        columns = {feature: column for column, feature in enumerate(names["features"])}
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(tuple(names["intents"]), columns, **arrays, temperature=names["temperature"])


def _softmax(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    powers = np.exp(scores - scores.max())
    likely: npt.NDArray[np.float32] = powers / powers.sum()
    return likely
