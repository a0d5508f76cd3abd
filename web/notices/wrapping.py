"""Where a line of Chinese text may end. Pure.

fpdf2 breaks at blanks, or anywhere: the one never ends a Chinese line, the other begins lines with a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_OPENING = re.escape("（《〈「『【〔“‘([{￥¥")
_CLOSING = re.escape("，。、；：！？）》〉」』】〕”’…—·％℃,.;:!?)]}%")
_WORD = r"[A-Za-z0-9][A-Za-z0-9@#&+=_./:%~?-]*"
_ASIDE = r"（[^（）]{1,7}）"  # （原件 2份）
_PIECE = re.compile(rf"[{_OPENING}]*?(?:{_ASIDE}|[{_OPENING}]*(?:{_WORD}|[^\s{_OPENING}])?)[{_CLOSING}]*\s*")


def wrap(text: str, width: float, measure: Callable[[str], float], first: float | None = None) -> list[str]:
    """The lines of the text, none wider than `width` (the first: than `first`), and at least one.

    Words, numbers and short brackets stay whole, no line begins with a closing mark or ends with an opening one, unless a single piece
    is wider than the line.
    """
    lines, room = list[str](), width if first is None else first
    for paragraph in text.splitlines() or [""]:
        line = ""
        for piece in _pieces(paragraph.strip(), width, measure):
            if line and measure(line + piece.rstrip()) > room:
                lines.append(line.rstrip())
                line, room = "", width
            line += piece
        lines.append(line.rstrip())
        room = width
    return lines


def _pieces(paragraph: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """What is never broken; what is wider than a whole line comes letter by letter."""
    for piece in _PIECE.findall(paragraph):
        if measure(piece.rstrip()) > width:
            yield from piece
        else:
            yield piece
