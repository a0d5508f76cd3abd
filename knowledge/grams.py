"""Names in one reading (as written, as they sound, by initials): rows of numbers, and which name holds which run of them.

A run is a gram. Edges of names and words belong to grams too: what begins or ends like a name is nearer to it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.linking.reading import merge_confused, syllable

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]

FETCHING = 40  # grams of a query that fetch candidates, the rarest first
_SINGLE = 0.3  # weight of a single character beside a pair of them
_CHUNK = 10_000  # texts that are read at a time, to bound the memory that this takes
_BITS = 20  # of a number that holds a gram and a place: the place, so that there may be a million
_PLACE = (1 << _BITS) - 1
# What was not met yet; what a reading skips; where a word begins or ends; what no name holds.
_UNREAD, _BREAK, _EDGE, _STRANGE = range(4)
_NOTHING: Numbers = np.zeros(0, dtype=np.int64)
_LATIN = re.compile(r"[a-z]+")
_PINYIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_LONGEST_SYLLABLE = 6
_SKIPPED = 10  # what a letter costs that belongs to no syllable; a syllable costs 1
# Words in which a character does not sound as it does alone, and characters that sound right.
_SOUNDS_LIKE = {
    "银行": "银航", "行业": "航业", "重新": "虫新", "重办": "虫办", "重建": "虫建", "重名": "虫名", "还款": "环款",
    "还贷": "环贷", "归还": "归环", "偿还": "偿环", "还清": "环清", "长期": "常期", "延长": "延常", "长途": "常途",
    "调解": "条解", "调整": "条整", "协调": "协条", "出差": "出拆", "音乐": "音月",
}  # fmt: skip


@dataclass(frozen=True)
class Alphabet:
    """A way to read: the number of a character, below 2**bits; the lengths of grams; what a match is worth.

    `prepare` is applied to a text before its characters are read, and keeps its length.
    """

    value: Callable[[str], int]
    bits: int
    lengths: tuple[int, ...]
    worth: float
    prepare: Callable[[str], str] = str


@dataclass(frozen=True)
class Asked:
    """A query in one reading: its grams, sorted, and their weights."""

    reading: Reading
    grams: Numbers
    weights: Weights


class Reading:
    """Which texts hold which grams, and how much a gram tells: the more, the fewer texts hold it."""

    def __init__(self, texts: Sequence[str], alphabet: Alphabet) -> None:
        self._alphabet, self._count = alphabet, len(texts)
        self._table = np.zeros(sys.maxunicode + 1, dtype=np.int32)  # of which only the pages that are used take memory
        self._table[[ord("\n"), ord(" ")]] = _EDGE
        chunks = (self._held(texts[first : first + _CHUNK], first) for first in range(0, len(texts), _CHUNK))
        held = np.sort(np.concatenate([_NOTHING, *chunks]))
        self._holders = (held & _PLACE).astype(np.int32)
        self._grams, starts = np.unique(held >> _BITS, return_index=True)
        self._ends = np.append(starts, len(held))
        self._weights = np.log1p(self._count / np.diff(self._ends)) * self._size(self._grams)

    def ask(self, words: str) -> Asked:
        """The query `words` in this reading; what no text holds counts as the rarest."""
        grams = self._held([words]) >> _BITS
        return Asked(self, grams, self._weigh(grams))

    def fetch(self, asked: Asked) -> Weights:
        """How much of the query each text holds, 0 to the reading's worth, judged by the query's rarest grams."""
        shares = np.zeros(self._count)
        at = np.searchsorted(self._grams, asked.grams[np.isin(asked.grams, self._grams)])
        for gram in at[np.argsort(-self._weights[at], kind="stable")][:FETCHING]:
            shares[self._holders[self._ends[gram] : self._ends[gram + 1]]] += self._weights[gram]
        shares *= self._alphabet.worth / max(asked.weights.sum(), 1)
        return shares

    def compare(self, asked: Asked, names: Sequence[str]) -> Weights:
        """How near each name is to the query: the reading's worth when it is the same, 0 when nothing is."""
        held = self._held(names)
        grams, places = held >> _BITS, held & _PLACE
        weights = self._weigh(grams)
        own = np.bincount(places, weights, len(names))
        common = np.bincount(places, weights * np.isin(grams, asked.grams), len(names))
        near: Weights = self._alphabet.worth * common**2 / np.maximum(own * asked.weights.sum(), 1)
        return near

    def _weigh(self, grams: Numbers) -> Weights:
        weights: Weights = np.log1p(self._count) * self._size(grams)
        at = np.minimum(np.searchsorted(self._grams, grams), max(len(self._grams) - 1, 0))
        known = self._grams[at] == grams if len(self._grams) else np.zeros(len(grams), dtype=bool)
        weights[known] = self._weights[at[known]]
        return weights

    def _size(self, grams: Numbers) -> Weights:
        return np.where(grams >> self._alphabet.bits == 0, _SINGLE, 1.0)

    def _held(self, texts: Sequence[str], first: int = 0) -> Numbers:
        """Every gram of every text once, sorted, as one number: the gram, then the text's place from `first` on."""
        row = self._read("\n".join(["", *texts, ""]))
        # A gram belongs to the text of its last character: the edge before a text also ends the one before it.
        lengths = [1, *(len(text) + 1 for text in texts)]
        places = np.repeat(np.arange(first - 1, first + len(texts)), lengths)
        held: Numbers = np.unique(
            np.concatenate([self._runs(row, length, places) for length in self._alphabet.lengths])
        )
        return held

    def _read(self, text: str) -> npt.NDArray[np.int32]:
        codes = np.frombuffer(self._alphabet.prepare(text).encode("utf-32-le"), dtype=np.uint32)
        row = self._table[codes]
        if len(unread := np.unique(codes[row == _UNREAD])):
            self._table[unread] = [self._alphabet.value(chr(code)) for code in unread]
            row = self._table[codes]
        return row

    def _runs(self, row: npt.NDArray[np.int32], length: int, places: Numbers) -> Numbers:
        count = max(len(row) - length + 1, 0)
        parts = np.stack([row[start : start + count] for start in range(length)]).astype(np.int64)
        edges = parts == _EDGE
        # An edge stands at one end of a gram, never inside it.
        wrong = (parts == _BREAK).any(axis=0) | edges[1:-1].any(axis=0) | edges.all(axis=0)
        keys = np.zeros(np.count_nonzero(~wrong), dtype=np.int64)
        for part in parts:
            keys = keys << self._alphabet.bits | part[~wrong]
        held: Numbers = keys << _BITS | places[length - 1 :][~wrong]
        return held


class Sounds:
    """How characters sound, without tones and without what dialects confuse, and how pinyin is read."""

    def __init__(self, texts: Sequence[str]) -> None:
        chars = {char for text in texts for char in text}.union("".join(_SOUNDS_LIKE.values()))
        self._speakers = {syllable(char): char for char in sorted(chars) if _is_chinese(char)}
        self._numbers = {sound: number for number, sound in enumerate(self._speakers, _STRANGE + 1)}

    def sound(self, char: str) -> int:
        return self._numbers.get(syllable(char), _STRANGE) if _is_chinese(char) else _BREAK

    def initial(self, char: str) -> int:
        letter = syllable(char)[0] if _is_chinese(char) else char
        return ord(letter) - ord("a") + _STRANGE if _LATIN.fullmatch(letter) else _BREAK

    def spell(self, words: str) -> str:
        """`words` with characters of the same sound in place of pinyin: "ban juzhuzheng" becomes 办居住证."""
        return _PINYIN.sub(lambda runs: "".join(map(self._spelled, merge_confused(runs[0]).split())), words)

    def _spelled(self, letters: str) -> str:
        """The letters in syllables: as few letters left over as possible, then as few syllables."""
        ways = [(0, "")]
        for end in range(1, len(letters) + 1):
            cost, said = ways[end - 1]
            endings = [(cost + _SKIPPED, said + "-")]
            for start in range(max(0, end - _LONGEST_SYLLABLE), end):
                if char := self._speakers.get(letters[start:end]):
                    endings.append((ways[start][0] + 1, ways[start][1] + char))
            ways.append(min(endings, key=lambda way: way[0]))
        return ways[-1][1]


def as_said(text: str) -> str:
    """`text` with other characters where they sound otherwise than alone; its length stays."""
    for word, sounding in _SOUNDS_LIKE.items():
        text = text.replace(word, sounding)
    return text


def has_letters(text: str) -> bool:
    return bool(_LATIN.search(text))


def _is_chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
