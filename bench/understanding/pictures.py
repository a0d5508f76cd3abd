"""The pictures of a report: `python -m bench.understanding.pictures FIGURES FOLDER`, where matplotlib is installed.

FIGURES is a file of JSON, by the picture's name: `confusion` [[intent, what was said]…], `reliability`
{name: [[confidence, share, count]…]}, `risk-coverage` {name: [[coverage, risk]…]}. Each becomes NAME.png.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.ticker import PercentFormatter

DOTS_PER_INCH = 90
DARK = 0.5  # share of a cell from which its number is written in white
WORTH_A_NUMBER = 0.005  # smaller shares stay a colour
MARGIN = 0.02
SMALLEST_DOT, LARGEST_DOT = 10, 150  # square points
FIRST_SHOWN = 0.05  # coverage before which one wrong item is most of the risk
WHOLE, SEARCH = "reply", "BM25"  # what their series are called first


def draw_confusion(pairs: list[list[str]], file: Path) -> None:
    """Each row is an intent's sentences, in percent of them."""
    names = sorted({name for pair in pairs for name in pair}, key=lambda name: (not name.startswith("ask_"), name))
    total, cells_of = Counter(truth for truth, _ in pairs), Counter(map(tuple, pairs))
    shares = [[cells_of[row, column] / (total[row] or 1) for column in names] for row in names]
    figure, axes = pyplot.subplots(figsize=(12, 11.5))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor", fontsize=9)
    axes.set_yticks(range(len(names)), [f"{name} ({total[name]})" for name in names], fontsize=9)
    for row, cells in enumerate(shares):
        for column, share in enumerate(cells):
            if share >= WORTH_A_NUMBER:
                colour = "white" if share > DARK else "black"
                axes.text(column, row, f"{share * 100:.0f}", ha="center", va="center", color=colour, fontsize=7)
    axes.set_xlabel("intent that a model said which had not seen the sentence")
    axes.set_ylabel("intent (sentences)")
    axes.set_title("Confusion of intents, % of each row")
    _save(figure, file)


def draw_reliability(series: dict[str, list[list[float]]], file: Path) -> None:
    """Parts of a reply on the left, whole replies on the right; a dot's area grows with its number of guesses."""
    figure, panels = pyplot.subplots(1, 2, figsize=(13, 6.5), sharey=True)
    whole = {name for name in series if name.startswith(WHOLE)}
    colours = _colours(series)
    for axes, names, title in (
        (panels[0], [name for name in series if name not in whole], "Intent and item"),
        (panels[1], [name for name in series if name in whole], "Replies that tell facts"),
    ):
        axes.plot([0, 1], [0, 1], color="grey", linestyle=":", linewidth=1)
        for name in names:
            _draw_bins(axes, name, series[name], colours[name])
        axes.set_xlim(-MARGIN, 1 + MARGIN)
        axes.set_ylim(-MARGIN, 1 + MARGIN)
        _in_percent(axes)
        axes.set_xlabel("confidence")
        axes.set_title(title)
        axes.grid(alpha=0.3)
        if names:
            axes.legend(loc="lower right", fontsize=9)
    panels[0].set_ylabel("right")
    _save(figure, file)


def _draw_bins(axes: Any, name: str, bins: list[list[float]], colour: str) -> None:
    confidences, shares, counts = zip(*bins, strict=True)
    axes.plot(confidences, shares, color=colour, linewidth=1.2, label=f"{name} (n = {sum(counts):,.0f})")
    areas = [SMALLEST_DOT + LARGEST_DOT * count / max(counts) for count in counts]
    axes.scatter(confidences, shares, s=areas, color=colour, alpha=0.6)


def draw_risk(series: dict[str, list[list[float]]], file: Path) -> None:
    """The linker's line is whole, the search's dashed."""
    figure, axes = pyplot.subplots(figsize=(8.5, 6))
    colours = _colours(series)
    for name, points in series.items():
        coverages, risks = zip(*[point for point in points if point[0] >= FIRST_SHOWN], strict=True)
        style = "--" if name.startswith(SEARCH) else "-"
        axes.plot(coverages, risks, style, color=colours[name], linewidth=1.6, label=name)
    axes.set_xlim(0, 1 + MARGIN)
    axes.set_ylim(-MARGIN / 2, None)
    _in_percent(axes)
    axes.set_xlabel("coverage: share of the questions whose item is named, surest first")
    axes.set_ylabel("risk: share of these that name another item")
    axes.set_title("Risk and coverage of the first item")
    axes.legend(loc="upper left", fontsize=9)
    axes.grid(alpha=0.3)
    _save(figure, file)


def _colours(series: Iterable[str]) -> dict[str, str]:
    """What follows the comma is where it was measured: the same set has the same colour."""
    places: dict[str, str] = {}
    return {name: places.setdefault(name.partition(", ")[2], f"C{len(places)}") for name in series}


def _in_percent(axes: Any) -> None:
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))


def _save(figure: Any, file: Path) -> None:
    # Without the version of the library, the same figures give the same file.
    figure.savefig(file, dpi=DOTS_PER_INCH, bbox_inches="tight", metadata={"Software": None})
    pyplot.close(figure)


DRAW = {"confusion": draw_confusion, "reliability": draw_reliability, "risk-coverage": draw_risk}


def draw(figures: dict[str, Any], folder: Path) -> None:
    """A picture for each of the figures."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        DRAW[name](figure, folder / f"{name}.png")


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]))
