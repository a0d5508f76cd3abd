"""Keeps the pipeline's lexicon as fresh as the app's, and keeps what it saw for times when the app is down."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

import requests

from knowledge.linking.lexicon import Lexicon, parse_lexicon, save_lexicon

# What an editor publishes is to be understood within a second. From the commit to the new index of the shipped 255
# services and 3,218 places it takes 0.2 to 0.5 s in the middle and 0.7 s at worst, measured on two busy cores.
PAUSE_SECONDS = 0.25
TIMEOUT_SECONDS = 2.0

logger = logging.getLogger(__name__)


Indexes = TypeVar("Indexes")


class LexiconFollower(Generic[Indexes]):
    """Begins with `lexicon`; once started, asks `url` for a newer one again and again and keeps it in `file`.

    `indexes` is what `index` makes of the lexicon, replaced as a whole.
    """

    def __init__(self, lexicon: Lexicon, file: Path, url: str, index: Callable[[Lexicon], Indexes]) -> None:
        self.indexes = index(lexicon)
        self._index = index
        self._file = file
        self._url = url
        self._tag: str | None = None
        self._http = requests.Session()
        self._http.trust_env = False  # a neighbour process is never asked through somebody's proxy
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follow from now on, in a thread that ends with the process or with this object."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=_follow, args=(weakref.ref(self),), name="lexicon", daemon=True)
                self._thread.start()

    def refresh(self) -> None:
        """Take a newer lexicon from the app; whatever is wrong with it, the one at hand stays in use."""
        try:
            reply = self._http.get(
                self._url, headers={"If-None-Match": self._tag} if self._tag else {}, timeout=TIMEOUT_SECONDS
            )
            if reply.status_code != requests.codes.ok:
                return
            lexicon = parse_lexicon(reply.json())
            self.indexes = self._index(lexicon)
            self._tag = reply.headers.get("ETag")
            save_lexicon(self._file, lexicon)
            logger.info("lexicon %s: %d services", lexicon.revision, len(lexicon.services))
        except requests.ConnectionError:
            pass  # the app is not up yet, or not at all: `rasa train` and `rasa shell` run without it
        except (requests.RequestException, ValueError, OSError) as error:
            logger.warning("the lexicon was not refreshed: %s", error)


def _follow(reference: weakref.ref[LexiconFollower[Any]]) -> None:
    while (follower := reference()) is not None:
        follower.refresh()
        del follower
        time.sleep(PAUSE_SECONDS)
