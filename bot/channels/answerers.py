"""The threads that answer for channels which do not wait: few, with a bounded queue before them."""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event, Lock

from base.clock import now
from bot.channels.house import House
from bot.channels.turn import answer_open
from bot.conversations import store

logger = logging.getLogger(__name__)

THREADS = 8
MOST_WAITING = 400


class Answerers:
    """Answers conversations in the background; what it does not come to stays in the store for later."""

    def __init__(self, house: House, *, threads: int = THREADS, most_waiting: int = MOST_WAITING) -> None:
        self._house, self._most = house, most_waiting
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")
        self._lock = Lock()
        self._waiting: Counter[str] = Counter()
        self._closing = Event()

    @property
    def waiting(self) -> int:
        """Conversations that are queued or being answered."""
        with self._lock:
            return self._waiting.total()

    @property
    def is_full(self) -> bool:
        return self.waiting >= self._most

    def submit(self, conversation: str) -> None:
        """Have the open messages of a conversation answered soon."""
        with self._lock:
            self._waiting[conversation] += 1
        self._pool.submit(self._answer, conversation).add_done_callback(partial(self._done, conversation))

    def take_over(self) -> None:
        """Submit what a worker that died has left behind; what only waits long in our own queue is not such."""
        with self._house.database.reading() as session:
            left = store.left_behind(session, before=now() - store.STALE)
        for conversation in left:
            if not self.is_full and conversation not in self._waiting:
                self.submit(conversation)

    def close(self) -> None:
        """Finish the messages that are being answered; the others stay in the store."""
        self._closing.set()
        self._pool.shutdown(cancel_futures=True)

    def _answer(self, conversation: str) -> None:
        answer_open(self._house, conversation, is_over=self._closing.is_set)

    def _done(self, conversation: str, future: Future[None]) -> None:
        with self._lock:
            self._waiting[conversation] -= 1
            if not self._waiting[conversation]:
                del self._waiting[conversation]
        if not future.cancelled() and (error := future.exception()):
            logger.error("a conversation could not be answered", exc_info=error)
