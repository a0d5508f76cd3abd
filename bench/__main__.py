"""`make bench` and `make bench-stock`: measures, prints one table, and writes it into docs/figures.md.

FULL=1 takes the big sizes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from base.settings import ROOT
from bench import house, stock
from bench.figures import Row, table, with_section
from bench.machine import describe
from bench.processes import BenchFailed

FIGURES = ROOT / "docs" / "figures.md"
TITLE = """# Figures

What was measured, by the commands in the headings; each writes its own section anew.
"""
COMMANDS = {"make bench": house, "make bench-stock": stock}


def main() -> None:
    command = "make bench-stock" if "--stock" in sys.argv[1:] else "make bench"
    part = COMMANDS[command]
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
    try:
        main()
    except BenchFailed as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
