"""Plain search over names, aliases and questions: what still answers when the assistant is down.

BM25 over words and single characters (a two-character name such as 护照 is one word and two characters), rebuilt
when the knowledge moves on.
"""

from __future__ import annotations

import threading
from datetime import date

import bm25s
import jieba

from knowledge.service import Service
from knowledge.store import Knowledge

_PUNCTUATION = str.maketrans("", "", "，。？！、；：“”（）()?!,.;: \t\r\n《》【】〔〕…—")


class SearchIndex:
    """An index of the services in force on one day."""

    def __init__(self, knowledge: Knowledge, on: date) -> None:
        self.version = knowledge.version
        self.on = on
        self._services = knowledge.services(on)
        self._cut = jieba.Tokenizer()
        self._bm25 = bm25s.BM25()
        self._bm25.index([self._words(_document(service)) for service in self._services], show_progress=False)

    def search(self, query: str, most: int = 10) -> list[Service]:
        """The best matches first; [] when no word of the query occurs anywhere."""
        words = self._words(query[:500])
        if not words or not self._services:
            return []
        rows, scores = self._bm25.retrieve([words], k=min(most, len(self._services)), show_progress=False)
        return [self._services[row] for row, score in zip(rows[0], scores[0], strict=True) if score > 0]

    def _words(self, text: str) -> list[str]:
        plain = text.translate(_PUNCTUATION).lower()
        return [word for word in self._cut.cut(plain) if len(word) > 1] + list(plain)


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
