"""Where a person says they are: divisions named in free text, by their full, short and former names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ahocorasick

from knowledge.linking import wording
from knowledge.linking.lexicon import PlaceNames

LONGEST_TEXT = 4000
SHORTEST_NAME = 2  # 京 or 苏 alone is a plate, a surname or part of a word far more often than a place
# Whoever names these wants to travel there or comes from there; no item of the guide is done there.
_ELSEWHERE = ("71", "81", "82")
_EVERYDAY = frozenset(wording.EVERYDAY_PLACES.split())
# What follows or precedes an everyday name when it does mean the place.
_BEFORE = ("在", "去", "到", "是", "于", "来", "往", "从", "住")
_AFTER = ("区", "市", "县", "的", "这", "那", "办", "派", "政", "车", "户", "人", "话", "呢", "可", "能", "怎", "哪")

_Named = tuple[str, int, int, tuple[str, ...]]  # name, start, end, the divisions that bear it


@dataclass(frozen=True)
class PlaceMention:
    """A division that `text[start:end]` names."""

    adcode: str
    text: str
    start: int
    end: int


class PlaceIndex:
    """All divisions by all their names."""

    def __init__(self, places: Sequence[PlaceNames]) -> None:
        self._parents = {place.adcode: place.parent for place in places}
        by_name: dict[str, list[str]] = {}
        for place in places:
            if place.adcode.startswith(_ELSEWHERE):
                continue
            for name in dict.fromkeys((place.name, *place.names)):
                if len(name) >= SHORTEST_NAME:
                    by_name.setdefault(name, []).append(place.adcode)
        self._automaton = ahocorasick.Automaton()
        for name, codes in by_name.items():
            self._automaton.add_word(name, (name, tuple(codes)))
        if by_name:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[PlaceMention]:
        """The divisions that `text` names, in its order; of a chain such as 常州市天宁区 only the last and smallest.

        A name that several divisions bear gives all of them, unless the place named before it decides.
        """
        if not len(self._automaton):
            return []
        chains = _chains(list(self._named(text[:LONGEST_TEXT])))
        return [mention for chain in chains for mention in self._narrow(chain)]

    def _named(self, text: str) -> Iterator[_Named]:
        before = 0  # where the last accepted name ended: the next one continues its chain
        for last, (name, codes) in self._automaton.iter_long(text):
            start, end = last + 1 - len(name), last + 1
            if name in _EVERYDAY and not self._meant(text, start, end, codes, chained=start == before > 0):
                continue
            before = end
            yield name, start, end, codes

    def _meant(self, text: str, start: int, end: int, codes: tuple[str, ...], *, chained: bool) -> bool:
        whole = start == 0 and end == len(text)
        return (
            chained or whole or (text[:start].endswith(_BEFORE) and (end == len(text) or text.startswith(_AFTER, end)))
        )

    def _narrow(self, chain: list[_Named]) -> list[PlaceMention]:
        """The smallest division of a chain that lies in what was named before it: 北京朝阳 is not 朝阳 in 辽宁."""
        name, start, end, codes = chain[0]
        for inner, inner_start, inner_end, inner_codes in chain[1:]:
            within = tuple(code for code in inner_codes if set(codes) & set(self._line(code)))
            if within:
                name, start, end, codes = inner, inner_start, inner_end, within
        return [PlaceMention(code, name, start, end) for code in codes]

    def _line(self, code: str) -> Iterator[str]:
        parent: str | None = code
        while parent:
            yield parent
            parent = self._parents.get(parent)


def _chains(named: list[_Named]) -> Iterator[list[_Named]]:
    """Names that touch, or have one character such as 省, 的 or a blank between them, belong together."""
    chain: list[_Named] = []
    for item in named:
        if chain and item[1] - chain[-1][2] > 1:
            yield chain
            chain = []
        chain.append(item)
    if chain:
        yield chain
