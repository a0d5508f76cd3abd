"""What a text has in common with the guides of the services: people tell circumstances and papers, not names.

A search by BM25 over single characters and pairs, which asks neither for words nor for training. It is evidence beside
others (`knowledge/linking/linker.py`), never the answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import bm25s
import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


class GuideIndex:
    """The guides, one document each, ready to be compared with a text."""

    def __init__(self, guides: Sequence[str]) -> None:
        self._count = len(guides)
        self._search = bm25s.BM25()
        documents = [_grams(guide.lower()) for guide in guides]
        self._known: dict[str, int] = {}
        if any(documents):
            self._search.index(documents, show_progress=False)
            self._known = self._search.vocab_dict

    def scores(self, text: str) -> Numbers:
        """How well each guide explains `text`, one number each; a long text scores about as high as a short one."""
        grams = set(_grams(text))
        known = [gram for gram in grams if gram in self._known]
        if not known:
            return np.zeros(self._count)
        return np.asarray(self._search.get_scores(known), dtype=np.float64) / (1 + math.sqrt(len(grams)))


def _grams(text: str) -> list[str]:
    return [*text, *(text[start : start + 2] for start in range(len(text) - 1))]
