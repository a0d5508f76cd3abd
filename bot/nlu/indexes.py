"""What the components look up in the live lexicon; one copy serves all components of a process."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from base.settings import load_settings
from bot.nlu.lexicon_file import read_lexicon
from bot.nlu.lexicon_follower import LexiconFollower
from bot.nlu.things import ThingIndex
from knowledge.linking.lexicon import DocumentNames, Lexicon
from knowledge.linking.places import PlaceIndex
from knowledge.linking.services import ServiceIndex


@dataclass(frozen=True)
class Indexes:
    """One lexicon, ready for linking."""

    services: ServiceIndex
    places: PlaceIndex
    things: ThingIndex

    @classmethod
    def of(cls, lexicon: Lexicon) -> Indexes:
        return cls(ServiceIndex(lexicon.services), PlaceIndex(lexicon.places), _things(lexicon.documents))


_followers: weakref.WeakValueDictionary[tuple[Path, str], LexiconFollower[Indexes]] = weakref.WeakValueDictionary()
_making = threading.Lock()


def shared_follower() -> LexiconFollower[Indexes]:
    """The process's one follower of the app's lexicon; it ends with the last component that holds it."""
    settings = load_settings()
    file, url = settings.lexicon_file, f"{settings.app_url}/api/v1/lexicon"
    with _making:
        follower = _followers.get((file, url))
        if follower is None:
            follower = _followers[file, url] = LexiconFollower(read_lexicon(), file, url, Indexes.of)
        return follower


@lru_cache(maxsize=1)
def _things(documents: tuple[DocumentNames, ...]) -> ThingIndex:
    """Papers change far less often than services, and their matchers take 0.1 s to make."""
    return ThingIndex(documents)
