"""What a text names besides services: papers, days and times, ages, lengths of time, amounts.

spaCy's rules without a model: `spacy.blank("zh")` and one entity ruler. Only Rasa's environment has spaCy; what the app
reads too, days and measures, is found by `knowledge.linking`, which needs no library for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import spacy
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from knowledge.linking.days import find_days
from knowledge.linking.lexicon import DocumentNames
from knowledge.linking.measures import find_measures
from knowledge.linking.numbers import NUMBER, number
from knowledge.linking.places import LONGEST_TEXT

# Words with a blank between them follow each other, | stands between words of which one does, ? after what may be
# missing, and N for a number.
_PERIODS = ("上午", "下午", "早上", "早晨", "中午", "晚上", "凌晨", "傍晚")
_PERIOD = "|".join(_PERIODS)
_PER = "/|每 月|年|天|次|本|张|份|人|件"
PATTERNS = {
    "time": (
        f"{_PERIOD}? N 点 半|整|钟?",
        f"{_PERIOD}? N 点 N 分|刻?",
        f"{_PERIOD}? N :|时 N 分?",
        f"{_PERIOD}? N 时",
        _PERIOD,
        "上班|下班|午休 之? 前|后",
    ),
    "money": ("N 元|块|圆 钱?", f"N 元|块 {_PER}", "N 毛 钱"),
    "count": ("N 份|本|张|套|页|件|趟|次|口|名|辆|枚",),
}
_CHINESE = {"TEXT": {"IN": list("零〇一二两三四五六七八九十百千万半")}}
_OPTIONAL = {**_CHINESE, "OP": "?"}  # few, one by one: a + would try each part of a long run of figures
_NUMBERS = (
    [{"TEXT": {"REGEX": r"^\d"}}, {"TEXT": {"IN": list("十百千万")}, "OP": "?"}],
    [_CHINESE, _OPTIONAL, _OPTIONAL, _OPTIONAL, _OPTIONAL, _OPTIONAL],
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.", re.DOTALL)

_CLOCK = re.compile(rf"(?P<hour>{NUMBER})[点时:](?:(?P<half>半)|(?P<minute>{NUMBER})(?:分|(?P<quarter>刻))?|整|钟)?")
_AFTERNOON = ("下午", "晚上", "傍晚")
_FIRST_HOUR = 7  # 三点 alone is in the afternoon: at three in the night nobody asks for a counter
_A_LITTLE = "一点"  # 有一点问题 is no hour
_AMOUNT = re.compile(rf"({NUMBER})(.+)")


@dataclass(frozen=True)
class Thing:
    """`text[start:end]` names something: its `kind` is `date`, one of `measures`, `document` or one of `PATTERNS`.

    `value` is the ISO date of a day, the id of a paper, the time of day as 15:00 (its words where it has none: 中午),
    else the number that goes with `unit`.
    """

    kind: str
    start: int
    end: int
    value: str | float
    unit: str = ""


class ThingIndex:
    """All papers by all their names, and the patterns for the rest."""

    def __init__(self, documents: Sequence[DocumentNames]) -> None:
        self._documents = _bearers(documents)
        self._language = spacy.blank("zh")
        self._language.tokenizer = _tokenizer(self._language.vocab)
        self._ruler = self._language.add_pipe("entity_ruler")
        self._ruler.add_patterns(
            [{"label": "document", "pattern": name} for name in self._documents]
            + [
                {"label": kind, "pattern": tokens}
                for kind, patterns in PATTERNS.items()
                for pattern in patterns
                for tokens in _expanded(pattern)
            ]
        )

    def find(self, text: str, today: date) -> list[Thing]:
        """What `text` names, in its order; nothing overlaps: days and measures come first, then the longest."""
        doc = self._language.make_doc(text[:LONGEST_TEXT])
        read = {(thing.start, thing.end): thing for thing in _days_and_measures(doc.text, today)}
        spans = (doc.char_span(*ends, label=thing.kind) for ends, thing in read.items())
        doc.ents = spacy.util.filter_spans([span for span in spans if span is not None])
        return [
            read.get((span.start_char, span.end_char)) or self._thing(span)
            for span in self._ruler(doc).ents
            if span.text != _A_LITTLE
        ]

    def _thing(self, span: Span) -> Thing:
        value, unit = self._value(span.label_, span.text)
        return Thing(span.label_, span.start_char, span.end_char, value, unit)

    def _value(self, kind: str, words: str) -> tuple[str | float, str]:
        if kind == "document":
            return self._documents[words], ""
        if kind == "time":
            return _time(words), ""
        amount = _AMOUNT.fullmatch(words)
        assert amount is not None
        return number(amount[1]), amount[2]


def _bearers(documents: Sequence[DocumentNames]) -> dict[str, str]:
    """Name → the paper that bears it: of several, as of 身份证, the first, which is one's own."""
    bearers: dict[str, str] = {}
    for document in documents:
        for name in document.names:
            bearers.setdefault(name, document.id)
    return bearers


def _tokenizer(vocab: Vocab) -> Any:
    """Each character is a token, and figures in a row are one."""

    def tokens(text: str) -> Doc:
        words = _TOKEN.findall(text)
        return Doc(vocab, words=words, spaces=[False] * len(words))

    return tokens


def _expanded(pattern: str) -> Iterator[list[dict[str, Any]]]:
    """The token patterns that a line of `PATTERNS` stands for."""
    for choice in product(*(_alternatives(piece) for piece in pattern.split())):
        yield [token for tokens in choice for token in tokens]


def _alternatives(piece: str) -> Sequence[list[dict[str, Any]]]:
    if piece == "N":
        return _NUMBERS
    words = piece.removesuffix("?").split("|")
    missing = [[]] if piece.endswith("?") else []
    if all(len(word) == 1 for word in words):
        return [*missing, [{"TEXT": {"IN": words}}]]
    return [*missing, *([{"TEXT": char} for char in word] for word in words)]


def _days_and_measures(text: str, today: date) -> Iterator[Thing]:
    for day in find_days(text, today):
        yield Thing("date", day.start, day.end, day.day.isoformat())
    for measure in find_measures(text):
        yield Thing(measure.kind, measure.start, measure.end, measure.number, measure.unit)


def _time(words: str) -> str:
    """下午三点 is 15:00 and 9点半 09:30; what names no hour, or none of the day, stays as it was said."""
    period = words[:2] if words[:2] in _PERIODS else ""
    match = _CLOCK.fullmatch(words.removeprefix(period))
    if match is None:
        return words
    hour = int(number(match["hour"]))
    minute = 30 if match["half"] else int(number(match["minute"] or "0")) * (15 if match["quarter"] else 1)
    if hour < 12 and (period in _AFTERNOON or (not period and hour < _FIRST_HOUR)):
        hour += 12
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else words
