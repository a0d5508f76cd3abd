"""How a text is read before it is compared with names: mistyped words, words of the same meaning, deeds.

Names and questions go through the same reading, so that "sfz掉了咋整" and "居民身份证丢失补领" meet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick
from pypinyin import Style, lazy_pinyin

from knowledge.linking import wording

_NOT_WORD = re.compile(r"[^\w]+")
_LATIN = re.compile(r"[a-z0-9]+")
_HOTLINE = re.compile(r"[a-z]+[0-9]*|[0-9]{5}")  # 12123 names a service, a year or an age does not
_LONGEST_SOUND = 4
_SHARED = 4  # names that share a run of characters before it counts as a word
# Sounds that are confused in many dialects and on every keyboard.
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))


@dataclass(frozen=True)
class Reading:
    """What was read: `full` in written forms, `words` without the empty ones, `features` what is compared."""

    full: str
    words: str
    features: frozenset[str]
    deeds: frozenset[str]


class Reader:
    """Reads text; knows the sounds of the words that the names are made of."""

    def __init__(self, names: Iterable[str]) -> None:
        runs = _shared_runs([_plain(name) for name in names])
        self._sounds = _sounds_of(runs)
        self._pairs = {run for run in runs if len(run) == 2}

    def read(self, text: str) -> Reading:
        """The reading of `text`, in time linear in its length."""
        full = _written_forms().replace(self._respell(_plain(text)))
        return _reading(full, frozenset(_deeds().find(full)))

    def read_name(self, name: str) -> Reading:
        """The reading of a name; one that asks about a bare thing (居住证需要什么条件) means to have it made."""
        reading = self.read(name)
        if reading.deeds or reading.words == reading.full:
            return reading
        return _reading(reading.full, frozenset({"do"}))

    def _respell(self, text: str) -> str:
        """`text` with words put right that are mistyped by sound: 居主证, 户藉, 身份正."""
        syllables = [syllable(char) for char in text]
        result, position = [], 0
        while position < len(text):
            right = self._right_word(text, syllables, position)
            result.append(right)
            position += len(right)
        return "".join(result)

    def _right_word(self, text: str, syllables: list[str], position: int) -> str:
        for length in range(min(_LONGEST_SOUND, len(text) - position), 1, -1):
            typed = text[position : position + length]
            words = self._sounds.get(tuple(syllables[position : position + length]))
            if words is None:
                continue
            if typed in words:
                return typed
            if len(words) == 1:
                (word,) = words
                if self._is_slip(typed, word):
                    return word
        return text[position]

    def _is_slip(self, typed: str, word: str) -> bool:
        """Whether at most half of `word` is mistyped, and nothing in the slip is itself a word: 租房 is no 住房."""
        wrong = [i for i, (a, b) in enumerate(zip(typed, word, strict=True)) if a != b]
        around = (typed[max(0, i - 1 + side) : i + 1 + side] for i in wrong for side in (0, 1))
        return len(wrong) * 2 <= len(word) and not any(pair in self._pairs for pair in around)


class _Table:
    """Replaces the longest known wordings from the left; Latin ones only as whole words."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._automaton = ahocorasick.Automaton()
        for wording_, replacement in pairs:
            self._automaton.add_word(wording_, (wording_, replacement))
        self._automaton.make_automaton()

    def replace(self, text: str) -> str:
        parts, end = [], 0
        for start, wording_, replacement in self._matches(text):
            parts += [text[end:start], replacement]
            end = start + len(wording_)
        return "".join([*parts, text[end:]])

    def find(self, text: str) -> Iterator[str]:
        return (replacement for _, _, replacement in self._matches(text))

    def _matches(self, text: str) -> Iterator[tuple[int, str, str]]:
        for last, (wording_, replacement) in self._automaton.iter_long(text):
            start = last + 1 - len(wording_)
            if not _LATIN.fullmatch(wording_) or _stands_alone(text, start, last + 1):
                yield start, wording_, replacement


def _stands_alone(text: str, start: int, end: int) -> bool:
    around = text[start - 1 : start] + text[end : end + 1]
    return not any(char.isascii() and char.isalnum() for char in around)


@lru_cache(maxsize=1)
def _written_forms() -> _Table:
    # Each written form also stands for itself, so that no shorter wording is found inside it.
    return _Table((word, written) for written, words in wording.SAME.items() for word in (written, *words.split()))


@lru_cache(maxsize=1)
def _deeds() -> _Table:
    return _Table((word, deed) for deed, words in wording.DEEDS.items() for word in words.split())


@lru_cache(maxsize=1)
def _empty_words() -> _Table:
    return _Table((word, "") for word in wording.EMPTY.split())


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", text.lower())


def _reading(full: str, deeds: frozenset[str]) -> Reading:
    words = _empty_words().replace(full)
    return Reading(full, words, frozenset(_features(words)) | {f"#{deed}" for deed in deeds}, deeds)


def _features(words: str) -> Iterator[str]:
    for run in words.split():
        yield from filter(_HOTLINE.fullmatch, _LATIN.findall(run))
        yield from (run[i : i + 2] for i in range(len(run) - 1) if not run[i : i + 2].isascii())


def _shared_runs(names: list[str]) -> set[str]:
    """Runs of two to four characters that several names share: words, and parts of words."""
    counts: Counter[str] = Counter()
    for name in names:
        for length in range(2, _LONGEST_SOUND + 1):
            counts.update(name[start : start + length] for start in range(len(name) - length + 1))
    return {run for run, count in counts.items() if count >= _SHARED and run.isalpha() and not run.isascii()}


def _sounds_of(runs: set[str]) -> dict[tuple[str, ...], frozenset[str]]:
    """Sounds → the words that sound so. Pairs sound like too many things: only those in the table count."""
    sounds: dict[tuple[str, ...], frozenset[str]] = {}
    for word in {run for run in runs if len(run) > 2} | set(wording.SOUNDS.split()):
        key = tuple(syllable(char) for char in word)
        sounds[key] = sounds.get(key, frozenset()) | {word}
    return sounds


@lru_cache(maxsize=20_000)
def syllable(char: str) -> str:
    """The sound of `char` without its tone and without what dialects confuse; other characters sound like themselves."""
    (sound,) = lazy_pinyin(char, style=Style.NORMAL) or [char]
    return char if sound == char else merge_confused(sound)


def merge_confused(pinyin: str) -> str:
    """`pinyin` without the differences that dialects and keyboards do not make."""
    for marked, plain in _CONFUSED:
        pinyin = pinyin.replace(marked, plain)
    return pinyin
