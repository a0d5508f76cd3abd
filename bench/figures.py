"""Figures as rows of one table, the same on the terminal and in docs/figures.md."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

Row = tuple[str, ...]
"""What was measured, what came out (one figure, or one a side), and how it was done."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of `values` that at least `percent` of them do not exceed: always one that was measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spread(seconds: Sequence[float], percents: Sequence[int] = (50, 95, 99)) -> str:
    """The percentiles of some durations, in milliseconds."""
    return " / ".join(f"{percentile(seconds, percent) * 1000:.1f}" for percent in percents) + " ms"


def table(header: Row, rows: Sequence[Row]) -> str:
    """A Markdown table whose columns also stand in line on a terminal."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [_line(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (header, *rows)]
    lines.insert(1, _line("-" * width for width in widths))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def with_section(document: str, heading: str, body: str) -> str:
    """`document` with its section of that second-level heading replaced, or added at the end."""
    section = f"## {heading}\n\n{body.strip()}\n"
    head, *sections = re.split(r"^(?=## )", document, flags=re.MULTILINE)
    titles = [old.partition("\n")[0] for old in sections]
    if f"## {heading}" in titles:
        sections[titles.index(f"## {heading}")] = section
    else:
        sections.append(section)
    return "\n".join(part.strip() + "\n" for part in (head, *sections))
