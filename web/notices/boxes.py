"""What stands on paper as a row of boxes, one below the other, and where a page ends. Pure.

A line of text is a box; so are the rules and the gaps between them. One list of them is an A4 sheet of several pages or
a slip as long as its content, whose length is known before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from web.notices.pen import Pen

Draw = Callable[[Pen, float], None]


@dataclass(frozen=True)
class Box:
    """`height` in mm; `draw` is given where its upper edge is. `glued` keeps it on the page of the next box."""

    height: float
    draw: Draw | None = None
    glued: bool = False


def gap(height: float, *, glued: bool = False) -> Box:
    """Blank paper, left out where a page begins."""
    return Box(height, None, glued)


def overlaid(*boxes: Box) -> Box:
    """Boxes side by side, written one after the other; as high as the highest."""

    def draw(pen: Pen, y: float) -> None:
        for box in boxes:
            if box.draw is not None:
                box.draw(pen, y)

    return Box(max(box.height for box in boxes), draw, any(box.glued for box in boxes))


def stacked(boxes: Iterable[Box]) -> Box:
    """Boxes one below the other as one, never parted."""
    boxes = list(boxes)

    def draw(pen: Pen, y: float) -> None:
        write(pen, boxes, y)

    return Box(sum(box.height for box in boxes), draw)


def write(pen: Pen, boxes: Iterable[Box], y: float) -> None:
    """The boxes one below the other from `y` on."""
    for box in boxes:
        if box.draw is not None:
            box.draw(pen, y)
        y += box.height


def together(boxes: Iterable[Box]) -> list[Box]:
    """The boxes on one page, if they fit on one."""
    boxes = list(boxes)
    return [*(replace(box, glued=True) for box in boxes[:-1]), *boxes[-1:]]


def with_next(boxes: Iterable[Box]) -> list[Box]:
    """The boxes on one page, and the first of what follows with them."""
    return [replace(box, glued=True) for box in boxes]


def without_stragglers(boxes: Iterable[Box]) -> list[Box]:
    """Lines that may be parted, but neither the first nor the last from its neighbour."""
    boxes = list(boxes)
    return [replace(box, glued=box.glued or at in (0, len(boxes) - 2)) for at, box in enumerate(boxes[:-1])] + boxes[
        -1:
    ]


def paginate(boxes: Iterable[Box], height: float) -> list[list[Box]]:
    """The boxes by page; what is glued but taller than a page is parted all the same, rather than lost."""
    pages, left = [list[Box]()], height
    for chain in _chains(boxes):
        whole = sum(box.height for box in chain)
        for part in [chain] if whole <= height else [[box] for box in chain]:
            needed = sum(box.height for box in part)
            if needed > left and pages[-1]:
                pages.append([])
                left = height
            if not pages[-1]:
                part = _from_ink(part)
            pages[-1] += part
            left -= sum(box.height for box in part)
    return [page for page in pages if page]


def _chains(boxes: Iterable[Box]) -> Iterator[list[Box]]:
    chain = list[Box]()
    for box in boxes:
        chain.append(box)
        if not box.glued:
            yield chain
            chain = []
    if chain:
        yield chain


def _from_ink(boxes: list[Box]) -> list[Box]:
    first = next((at for at, box in enumerate(boxes) if box.draw is not None), len(boxes))
    return boxes[first:]
