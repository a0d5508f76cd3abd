"""What goes on beside the requests: holders are told, the outbox is emptied, what a dead worker held is answered."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import Event, Thread

from base.clock import now
from base.db import Database
from base.outbox import Handler, deliver_due
from bot.channels.answerers import Answerers
from bot.channels.notices import NoticeMessages

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0


class Worker:
    """One thread of the app process; a round that fails is logged, and the next one comes all the same."""

    def __init__(
        self, database: Database, handlers: Mapping[str, Handler], answerers: Answerers, notices: NoticeMessages
    ) -> None:
        self._database, self._handlers, self._answerers, self._notices = database, handlers, answerers, notices
        self._stop = Event()
        self._thread = Thread(target=self._work, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the running round is over."""
        self._stop.set()
        self._thread.join()

    def do_round(self) -> None:
        self._answerers.take_over()
        deliver_due(self._database, self._handlers, at=now())
        self._notices.do_round(now())

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self.do_round()
            except Exception:
                logger.exception("a round of the worker failed")
            self._stop.wait(PAUSE_SECONDS)
