"""Progress on standard error: one line a step, with the seconds that it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def step(words: str) -> Iterator[None]:
    """Show `words` while the block runs; on a terminal the seconds are counted beside them."""
    started = time.monotonic()
    finished = Event()
    counter = Thread(target=_count, args=(words, started, finished), daemon=True)
    if sys.stderr.isatty():
        counter.start()
    else:
        _show(f"{words} …\n")
    try:
        yield
    finally:
        finished.set()
        if counter.is_alive():
            counter.join()
    _show(f"\r{words}: {time.monotonic() - started:.1f} s\n")


def _count(words: str, started: float, finished: Event) -> None:
    while not finished.wait(0.5):
        _show(f"\r{words} … {time.monotonic() - started:.0f} s")


def _show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
