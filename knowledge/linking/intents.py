"""What is asked: by the words and runs of characters of a text and, where these leave a doubt, by its meaning."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.linking.linear import LinearModel, Numbers, likelihoods

LONGEST_TEXT = 2000  # characters that are read; what is asked stands at the beginning or at the end
LONGEST_RUN = 3  # runs of four double the model and gain nothing on unseen sentences
_DIGITS = re.compile(r"\d+")
_ONE_OF_A_MENU, _LONG_NUMBER = "1", "0"
_TEMPERATURES = "temperatures.json"


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
    """Scores of the intents, and the temperatures that make them probabilities as often right as they say.

    A likeliest intent of at least `sure` by words alone is not asked for its meaning: that would cost more than all
    the rest.
    """

    linear: LinearModel
    by_words: float
    full: float
    sure: float

    def ranking(self, text: str, words: Sequence[str], vector: Callable[[], Numbers]) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first; empty when nothing in `text` is known."""
        scores = self.linear.by_words(features(text, words)) if text else None
        if scores is None:
            return []
        likely = likelihoods(scores, self.by_words)
        if likely.max() < self.sure:
            likely = likelihoods(scores + self.linear.by_meaning(vector()), self.full)
        return [(self.linear.classes[i], float(likely[i])) for i in np.argsort(-likely)]

    def save(self, folder: Path) -> None:
        self.linear.save(folder)
        temperatures = {"by_words": self.by_words, "full": self.full}
        (folder / _TEMPERATURES).write_text(json.dumps(temperatures), "utf-8")

    @classmethod
    def load(cls, folder: Path, sure: float) -> IntentModel:
        """The model that `save` kept in `folder`."""
        temperatures = json.loads((folder / _TEMPERATURES).read_text("utf-8"))
        return cls(LinearModel.load(folder), **temperatures, sure=sure)
