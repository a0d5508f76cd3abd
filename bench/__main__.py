"""`make bench` and `make bench-stock`: measures, prints a table for each part, and writes it into docs/figures.md.

`python -m bench` measures the house, the knowledge and the notice, `python -m bench PART…` what is named. FULL=1 takes the big
sizes.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from types import ModuleType

from base.settings import ROOT
from bench import house, knowledge, notice, stock
from bench.figures import Row, table, with_section
from bench.machine import describe
from bench.processes import BenchFailed

FIGURES = ROOT / "docs" / "figures.md"
TITLE = """# Figures

What was measured, by the commands in the headings; each writes its own section anew.
"""
PARTS = {
    "house": ("make bench", house),
    "knowledge": ("python -m bench knowledge (part of make bench)", knowledge),
    "notice": ("python -m bench notice (part of make bench)", notice),
    "stock": ("make bench-stock", stock),
}
USUAL = ("house", "knowledge", "notice")


def main() -> None:
    names = sys.argv[1:] or USUAL
    if unknown := set(names) - PARTS.keys():
        raise BenchFailed(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for name in names:
        measure(*PARTS[name])


def measure(command: str, part: ModuleType) -> None:
    full = os.environ.get("FULL") == "1"
    conditions = f"{describe()} · {'FULL=1' if full else 'reduced sizes (FULL=1 takes the big ones)'}"
    print(f"{command}: {conditions}", file=sys.stderr)
    rows = list(_shown(part.measure(full)))
    body = f"{conditions}\n\n{part.ABOUT}\n\n{table(part.HEADER, rows)}"
    print(f"\n{body}")
    document = FIGURES.read_text("utf-8") if FIGURES.exists() else TITLE
    FIGURES.write_text(with_section(document, command, body), "utf-8")


def _shown(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, each also on standard error as progress."""
    for row in rows:
        print(f"  {': '.join(row)}", file=sys.stderr, flush=True)
        yield row


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends like Ctrl-C: with nothing left running
    try:
        main()
    except BenchFailed as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
