"""Cutting Chinese text into words, with jieba and the names of services."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import jieba

from knowledge.linking.lexicon import Lexicon

LONGEST_WORD = 6  # a longer alias is half a sentence: as one word it would hide what is asked about it


def dictionary_words(lexicon: Lexicon) -> list[str]:
    """The names and aliases that are words, sorted."""
    names = (name for service in lexicon.services for name in (service.name, *service.aliases))
    return sorted({name for name in names if 2 <= len(name) <= LONGEST_WORD and name.isalpha()})


class WordCutter:
    """A jieba of its own: no dictionary is shared with anybody else in the process, no cache with the machine.

    `cache` is the folder that keeps jieba's compiled dictionary, which halves the time of the next start.
    """

    def __init__(self, words: Iterable[str], cache: Path) -> None:
        logging.getLogger("jieba").setLevel(logging.WARNING)
        cache.mkdir(parents=True, exist_ok=True)
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = str(cache)
        for word in words:
            self._jieba.add_word(word)

    def cut(self, text: str) -> Iterator[tuple[str, int]]:
        """The words of `text` with their positions; blanks are no words."""
        return ((word, start) for word, start, _ in self._jieba.tokenize(text) if not word.isspace())
