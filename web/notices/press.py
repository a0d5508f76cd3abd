"""Makes each piece of paper once, few at a time, and keeps what it made as long as there is room.

Paper is pure computing: more at once would not make it faster, only everything else in the process slower.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from cachetools import LRUCache
from fastapi import HTTPException

KEPT = 32 * 1024 * 1024  # bytes: about 400 notices
MOST_WAITING = 64  # different ones; at 0.1 s each the last is ready after seconds, and nobody waits longer for paper


class Press:
    """Whoever asks for a `key` that is being made gets the same result, and the same failure, as who asked first.

    A key says all that the result depends on. What failed is not kept: the next to ask tries again.
    """

    def __init__(self, most_at_once: int = 2, *, kept: int = KEPT, most_waiting: int = MOST_WAITING) -> None:
        self._workers = ThreadPoolExecutor(most_at_once, thread_name_prefix="press")
        self._most = most_at_once + most_waiting
        self._kept: LRUCache[Hashable, bytes] = LRUCache(kept, getsizeof=len)
        self._coming: dict[Hashable, Future[bytes]] = {}
        self._lock = Lock()

    async def printed(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """What `make` makes, now or before; 503 when too many others wait for other keys.

        Hundreds may wait without holding a thread each, and whoever goes away takes the paper from nobody.
        """
        return await asyncio.shield(asyncio.wrap_future(self._order(key, make)))

    def close(self) -> None:
        """Finish what is being made, and refuse the rest."""
        self._workers.shutdown(cancel_futures=True)

    def _order(self, key: Hashable, make: Callable[[], bytes]) -> Future[bytes]:
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                done = Future[bytes]()
                done.set_result(kept)
                return done
            if (coming := self._coming.get(key)) is not None:
                return coming
            if len(self._coming) >= self._most:
                raise HTTPException(503, "现在打印的人很多，请过几秒再试", {"Retry-After": "5"})
            coming = self._coming[key] = self._workers.submit(self._make, key, make)
            return coming

    def _make(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        try:
            made = make()
        except BaseException:
            self._settle(key, None)
            raise
        self._settle(key, made)
        return made

    def _settle(self, key: Hashable, made: bytes | None) -> None:
        with self._lock:
            del self._coming[key]
            if made is not None and len(made) <= self._kept.maxsize:
                self._kept[key] = made
