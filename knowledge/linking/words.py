"""Cutting Chinese text into words, with jieba and the names of services."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import jieba

from knowledge.linking.lexicon import Lexicon

LONGEST_WORD = 6  # a longer alias is half a sentence: as one word it would hide what is asked about it
_CACHE = Path(tempfile.gettempdir())


def dictionary_words(lexicon: Lexicon) -> list[str]:
    """The names and aliases that are words, sorted."""
    names = (name for service in lexicon.services for name in (service.name, *service.aliases))
    return sorted({name for name in names if 2 <= len(name) <= LONGEST_WORD and name.isalpha()})


class WordCutter:
    """A jieba of its own: no dictionary is shared with anybody else in the process."""

    def __init__(self, words: Iterable[str]) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        for word in words:
            self._jieba.add_word(word)

    def cut(self, text: str) -> Iterator[tuple[str, int]]:
        """The words of `text` with their positions; blanks are no words."""
        return ((word, start) for word, start, _ in self._jieba.tokenize(text) if not word.isspace())
