"""The peer: a plain BM25 search for the item, over the words of names, aliases and questions of the guides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import bm25s
import numpy as np

from knowledge.linking.words import WordCutter
from knowledge.store import Knowledge

MOST = 3


class GuideSearch:
    """One document an item; words are cut by jieba's own dictionary, for the names are what is searched."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._cutter = WordCutter(())
        self._ids = list(documents)
        self._index = bm25s.BM25()
        self._index.index([self._words(text) for text in documents.values()], show_progress=False)

    def find(self, text: str) -> list[tuple[str, float]]:
        """The best items, each with its share of their scores; none when no word of `text` is known.

        Scores themselves grow with the length of what is asked; the share tells better how sure the search is.
        """
        scores = self._index.get_scores(self._words(text))
        best = [place for place in np.argsort(-scores)[:MOST] if scores[place] > 0]
        total = float(scores[best].sum())
        return [(self._ids[place], float(scores[place]) / total) for place in best]

    def _words(self, text: str) -> list[str]:
        return [word for word, _ in self._cutter.cut(text.lower())]


def guides(knowledge: Knowledge, on: date) -> dict[str, str]:
    """What each item is called and asked, by its id."""
    return {
        head.id: "\n".join((head.name, *head.aliases, *(one.q for one in knowledge.find(head.id, on).service.faq)))
        for head in knowledge.heads(on)
    }
