"""Tells whoever listens to a conversation in this process that something new stands in its record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

Listener = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class Bell:
    """Rung from any thread, heard in any event loop. It carries no content: the record alone is the truth."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._lock = Lock()

    @contextmanager
    def listen(self, conversation: str) -> Iterator[asyncio.Event]:
        """An event that is set at every ring, for as long as the block lasts."""
        listener = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._listeners.setdefault(conversation, set()).add(listener)
        try:
            yield listener[1]
        finally:
            with self._lock:
                self._listeners[conversation].discard(listener)
                if not self._listeners[conversation]:
                    del self._listeners[conversation]

    def ring(self, conversation: str) -> None:
        with self._lock:
            for loop, event in self._listeners.get(conversation, ()):
                loop.call_soon_threadsafe(event.set)
