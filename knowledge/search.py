"""Plain search over names, aliases and questions: what still answers when the assistant is down.

BM25 over characters and pairs of them, rebuilt when the knowledge moves on: a two-character name such as 护照 is a
pair, and no dictionary has to be loaded for it.
"""

from __future__ import annotations

import threading
from datetime import date
from itertools import pairwise

import bm25s

from knowledge.service import Service
from knowledge.store import Knowledge

_PUNCTUATION = str.maketrans("", "", "，。？！、；：“”（）()?!,.;: \t\r\n《》【】〔〕…—")


class SearchIndex:
    """An index of the services in force on one day."""

    def __init__(self, knowledge: Knowledge, on: date) -> None:
        self.version = knowledge.version
        self.on = on
        self._services = knowledge.services(on)
        self._bm25 = bm25s.BM25()
        if self._services:
            self._bm25.index([_terms(_document(service)) for service in self._services], show_progress=False)

    def search(self, query: str, most: int = 10) -> list[Service]:
        """The best matches first; [] when no word of the query occurs anywhere."""
        words = _terms(query[:500])
        if not words or not self._services:
            return []
        rows, scores = self._bm25.retrieve([words], k=min(most, len(self._services)), show_progress=False)
        return [self._services[row] for row, score in zip(rows[0], scores[0], strict=True) if score > 0]


def _terms(text: str) -> list[str]:
    plain = text.translate(_PUNCTUATION).lower()
    return [*plain, *(first + second for first, second in pairwise(plain))]


def _document(service: Service) -> str:
    # The name counts three times: somebody who types it means it.
    return " ".join([*[service.name] * 3, *service.aliases, *(faq.q for faq in service.faq)])


class Search:
    """The process's search index, renewed with the knowledge."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: SearchIndex | None = None

    def search(self, knowledge: Knowledge, query: str, on: date, most: int = 10) -> list[Service]:
        index = self._index
        if index is None or (index.version, index.on) != (knowledge.version, on):
            with self._lock:
                index = self._index = SearchIndex(knowledge, on)
        return index.search(query, most)
