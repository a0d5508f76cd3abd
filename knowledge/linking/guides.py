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
        return self._sums(known) / (1 + math.sqrt(len(grams)))

    def _sums(self, grams: Sequence[str]) -> Numbers:
        """What `BM25.get_scores` gives, added up at once and not gram by gram: a sixth of its time."""
        kept = self._search.scores
        starts = kept["indptr"]
        spans = [slice(starts[place], starts[place + 1]) for place in map(self._known.__getitem__, grams)]
        guides, scores = (np.concatenate([kept[part][span] for span in spans]) for part in ("indices", "data"))
        return np.asarray(np.bincount(guides, weights=scores, minlength=self._count), dtype=np.float64)


def _grams(text: str) -> list[str]:
    return [*text, *(text[start : start + 2] for start in range(len(text) - 1))]
