"""Text as boxes on paper: lines, headings, frames, facts; measured with the pen that will draw them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from base.answer import FactLine
from web.notices.boxes import Box, Draw, gap, overlaid, with_next, without_stragglers
from web.notices.looks import Look
from web.notices.pen import Pen, Type
from web.notices.wrapping import wrap

# The column of labels, in letters of body text; a wider label stands above its fact.
NARROWEST, WIDEST = 6.2, 11


@dataclass(frozen=True)
class Composer:
    """Places text from the left edge of the column on, all lengths in mm."""

    pen: Pen
    look: Look

    @property
    def letter(self) -> float:
        """The width of a Chinese character of body text."""
        return self.pen.width("字", self.look.body)

    def air(self, *, glued: bool = False) -> Box:
        """The distance between neighbours of one kind."""
        return gap(self.look.body.line * 0.16, glued=glued)

    def lines(self, words: str, kind: Type, *, left: float = 0, width: float | None = None) -> list[Box]:
        """One box a line, from `left` to the other edge of the column, or as wide as that."""
        room = self.look.measure - left if width is None else width
        return [self.line(line, kind, left) for line in wrap(words, room, lambda text: self.pen.width(text, kind))]

    def line(self, words: str, kind: Type, left: float = 0) -> Box:
        x = self.look.left + left
        return Box(kind.line, lambda pen, y: pen.text(x, y, words, kind))

    def paragraph(self, words: str, kind: Type) -> list[Box]:
        return [*without_stragglers(self.lines(words, kind)), self.air()]

    def heading(self, words: str) -> list[Box]:
        """Never at the foot of a page without the first of what it is the heading of."""
        space = self.look.space
        lines = with_next(self.lines(words.rstrip("：:"), self.look.heading))
        return [gap(space, glued=True), *lines, gap(space * 0.3, glued=True)]

    def rule(self, *, thick: float = 0.2, glued: bool = False) -> Box:
        look = self.look
        ends = look.left, look.left + look.measure
        return Box(thick, lambda pen, y: pen.line((ends[0], y), (ends[1], y), thick, look.rule), glued)

    def framed(self, words: str) -> list[Box]:
        """What may cost a wasted trip, in a frame that stays open where the page ends."""
        pad, space = self.letter * 0.7, gap(self.look.space * 0.7)
        inner = self.lines(words, self.look.body, left=pad, width=self.look.measure - 2 * pad)
        *body, last = [overlaid(Box(box.height, self._frame(box.height)), box) for box in without_stragglers(inner)]
        top, bottom = self._frame(pad / 2, edge=0), self._frame(pad / 2, edge=pad / 2)
        return [space, Box(pad / 2, top, glued=True), *body, *with_next([last]), Box(pad / 2, bottom), space]

    def _frame(self, height: float, edge: float | None = None) -> Draw:
        look = self.look
        left, right = look.left, look.left + look.measure

        def draw(pen: Pen, y: float) -> None:
            for x in (left, right):
                pen.line((x, y), (x, y + height), 0.4, look.alert)
            if edge is not None:
                pen.line((left, y + edge), (right, y + edge), 0.4, look.alert)

        return draw

    def facts(self, items: Iterable[FactLine]) -> list[Box]:
        """Labels in a column as wide as they need, within reason; on narrow paper the value runs on after its label."""
        items = list(items)
        if not self.look.columns:
            return [box for item in items for box in self._run_in(f"{item['label']}：", item["value"])]
        widest = max((self.pen.width(item["label"], self.look.label) for item in items), default=0)
        column = min(max(widest + self.letter, NARROWEST * self.letter), WIDEST * self.letter)
        return [box for item in items for box in self._fact(item["label"], item["value"], column)]

    def _fact(self, label: str, value: str, column: float) -> list[Box]:
        first, *rest = without_stragglers(self.lines(value, self.look.body, left=column))
        if self.pen.width(label, self.look.label) > column:
            return [*with_next(self.lines(label, self.look.label)), first, *rest, self.air()]
        return [overlaid(self.line(label, self.look.label), first), *rest, self.air()]

    def _run_in(self, label: str, value: str) -> list[Box]:
        """The label and its value on one line, where paper is narrow."""
        look, indent = self.look, self.pen.width(label, self.look.label)
        first, *rest = wrap(value, look.measure, lambda text: self.pen.width(text, look.body), look.measure - indent)
        beside = overlaid(self.line(label, look.label), self.line(first, look.body, indent))
        return [*without_stragglers([beside, *(self.line(words, look.body) for words in rest)]), self.air()]
