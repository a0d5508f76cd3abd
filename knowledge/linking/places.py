"""Where a person says they are: divisions named in free text, by their full, short and former names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import ahocorasick

from knowledge.linking import wording
from knowledge.linking.lexicon import PlaceNames

LONGEST_TEXT = 4000
SHORTEST_NAME = 2  # 京 or 苏 alone is a plate, a surname or part of a word far more often than a place
# Whoever names these wants to travel there or comes from there; no item of the guide is done there.
_ELSEWHERE = ("71", "81", "82")
_ORDINARY = frozenset(wording.ORDINARY_PLACES.split())
_EVERYDAY = frozenset(wording.EVERYDAY_PLACES.split())
# What follows or precedes an everyday name when it does mean the place.
_BEFORE = ("在", "去", "到", "是", "于", "来", "往", "从", "住")
_AFTER = ("区", "市", "县", "的", "这", "那", "办", "派", "政", "车", "户", "人", "话", "呢", "可", "能", "怎", "哪")
# A street, a university or a bank is named after a place and may stand anywhere: 南京西路, 常州大学, 江苏银行.
# But 路南, 路北, 路桥 and 上街 are districts, and 街道 is a division.
_NAMED_AFTER = re.compile(r"[东西南北中一二三四]?路(?![南北桥])|大街|街(?![道区])|大道|巷|大学|学院|银行")
_SUFFIXES = tuple("省市区县旗盟镇乡")


@dataclass(frozen=True)
class PlaceMention:
    """A division that `text[start:end]` names."""

    adcode: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Named:
    """A name as it stands in the text, and the divisions that bear it."""

    name: str
    start: int
    end: int
    codes: tuple[str, ...]


class PlaceIndex:
    """All divisions by all their names."""

    def __init__(self, places: Sequence[PlaceNames]) -> None:
        self._parents = {place.adcode: place.parent for place in places}
        self._bearers = _bearers(places)
        self._automaton = ahocorasick.Automaton()
        for name in (*self._bearers, *wording.NO_PLACES.split()):
            self._automaton.add_word(name, name)
        self._automaton.make_automaton()

    def find(self, text: str) -> list[PlaceMention]:
        """The divisions that `text` names, in its order; of a chain such as 常州市天宁区 only the last and smallest.

        A name that several divisions bear gives all of them, unless another place that is named decides.
        """
        named = [self._narrow(chain) for chain in _chains(list(self._named(text[:LONGEST_TEXT])))]
        certain = {place.codes[0] for place in named if len(place.codes) == 1}
        return [
            PlaceMention(code, place.name, place.start, place.end)
            for place in named
            for code in self._within(place.codes, certain) or place.codes
        ]

    def _named(self, text: str) -> Iterator[_Named]:
        before = -2  # where the last accepted name ended: the next one continues its chain
        for last, name in self._automaton.iter_long(text):
            start = last + 1 - len(name)
            while name and not self._is_meant(name, text, start, chained=start - before <= 1):
                name = self._shorter(name)  # 西安区 among all districts of that name, else 西安
            if name:
                before = start + len(name)
                yield _Named(name, start, before, self._bearers[name])

    def _shorter(self, name: str) -> str:
        """The longest name that `name` begins with; an empty string if there is none."""
        shorter = (name[:length] for length in range(len(name) - 1, SHORTEST_NAME - 1, -1))
        return next((part for part in shorter if part in self._bearers), "")

    def _is_meant(self, name: str, text: str, start: int, *, chained: bool) -> bool:
        """Whether the name stands for a place here, and for no ordinary word, street or bank."""
        end = start + len(name)
        if name not in self._bearers or (not name.endswith(_SUFFIXES) and _NAMED_AFTER.match(text, end)):
            return False
        if chained or name not in _ORDINARY | _EVERYDAY:
            return True
        introduced = text[:start].endswith(_BEFORE) and (end == len(text) or text.startswith(_AFTER, end))
        return name in _EVERYDAY and (introduced or name == text)

    def _narrow(self, chain: list[_Named]) -> _Named:
        """The smallest division of a chain that lies in what was named before it: 北京朝阳 is not 朝阳 in 辽宁."""
        place = chain[0]
        for inner in chain[1:]:
            if within := self._within(inner.codes, set(place.codes)):
                place = replace(inner, codes=within)
        return place

    def _within(self, codes: tuple[str, ...], outer: set[str]) -> tuple[str, ...]:
        """Those of the divisions that lie in one of `outer`."""
        return tuple(code for code in codes if outer & set(self._line(code)))

    def _line(self, code: str) -> Iterator[str]:
        parent: str | None = code
        while parent:
            yield parent
            parent = self._parents.get(parent)


def _bearers(places: Sequence[PlaceNames]) -> dict[str, tuple[str, ...]]:
    """Name → the divisions that bear it."""
    bearers: dict[str, tuple[str, ...]] = {}
    for place in places:
        if place.adcode.startswith(_ELSEWHERE):
            continue
        for name in dict.fromkeys((place.name, *place.names)):
            if len(name) >= SHORTEST_NAME:
                bearers[name] = (*bearers.get(name, ()), place.adcode)
    return bearers


def _chains(named: list[_Named]) -> Iterator[list[_Named]]:
    """Names that touch, or have one character such as 省, 的 or a blank between them, belong together."""
    chain: list[_Named] = []
    for item in named:
        if chain and item.start - chain[-1].end > 1:
            yield chain
            chain = []
        chain.append(item)
    if chain:
        yield chain
