"""The event stream of a conversation: its record, read on whenever the bell rings or some time has passed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from heapq import merge

from starlette.concurrency import run_in_threadpool

from bot.channels.house import House
from bot.conversations import store
from bot.conversations.models import Push, Turn
from bot.conversations.pushes import pushes_after
from bot.conversations.turns import answer_of
from bot.conversations.vault import Cipher

MARK = re.compile(r"(?P<turn>[0-9]{1,18})(\.(?P<push>[0-9]{1,18}))?")  # more digits would fit no row's number
MOST_STREAMS = 1000
MOST_REPLAYED = 100  # of either kind
# The bell is heard at once; a reply that another process made is found at the next look.
LOOK_SECONDS = 1.5
HEARTBEAT_SECONDS = 15.0  # below the idle limits of common proxies
LONGEST_SECONDS = 600.0  # then the client connects anew and is where it was


@dataclass(frozen=True)
class Mark:
    """How far a listener has come: the last turn and the last push seen. On the wire "57.3", or "57" before any push."""

    turn: int = 0
    push: int = 0

    @classmethod
    def read(cls, text: str) -> Mark:
        """The mark that `str` wrote; the beginning for anything else."""
        match = MARK.fullmatch(text)
        return cls(int(match["turn"]), int(match["push"] or 0)) if match else cls()

    def __str__(self) -> str:
        return f"{self.turn}.{self.push}" if self.push else f"{self.turn}"

    def after(self, entry: Turn | Push) -> Mark:
        return replace(self, turn=entry.id) if isinstance(entry, Turn) else replace(self, push=entry.id)


class Streams:
    """All open streams of this process, and how many there may be."""

    def __init__(
        self, *, most: int = MOST_STREAMS, look: float = LOOK_SECONDS, heartbeat: float = HEARTBEAT_SECONDS
    ) -> None:
        self._most, self._look, self._heartbeat = most, look, heartbeat
        self.open = 0

    @property
    def is_full(self) -> bool:
        return self.open >= self._most

    async def events(self, house: House, conversation: str, mark: Mark) -> AsyncIterator[str]:
        """What came after the mark, as server-sent events, for ten minutes."""
        self.open += 1
        try:
            clock = asyncio.get_running_loop().time
            end, spoken = clock() + LONGEST_SECONDS, clock()
            yield "retry: 2000\n\n"
            with house.bell.listen(conversation) as rung:
                while clock() < end:
                    rung.clear()
                    for entry in await run_in_threadpool(_read, house, conversation, mark):
                        mark, spoken = mark.after(entry), clock()
                        yield _event(entry, mark, house.cipher)
                    if clock() - spoken >= self._heartbeat:
                        spoken = clock()
                        yield ":\n\n"
                    with suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(rung.wait(), self._look)
        finally:
            self.open -= 1


def _read(house: House, conversation: str, mark: Mark) -> list[Turn | Push]:
    """Turns and pushes in the order of time; among their own kind never out of the order of their numbers."""
    with house.database.reading() as session:
        turns = store.turns_after(session, conversation, mark.turn, most=MOST_REPLAYED)
        pushes = pushes_after(session, conversation, mark.push, most=MOST_REPLAYED)
    return list(merge(turns, pushes, key=lambda entry: entry.at))


def _event(entry: Turn | Push, mark: Mark, cipher: Cipher) -> str:
    answer = answer_of(entry, cipher)
    id, reply_to = (str(entry.id), entry.inbound.message_id) if isinstance(entry, Turn) else (f"p{entry.id}", None)
    message = {
        "id": id,
        "reply_to": reply_to,
        "text": answer.text,
        "card": {"blocks": answer.blocks, "choices": answer.choices},
    }
    return f"id: {mark}\nevent: message\ndata: {json.dumps(message, ensure_ascii=False)}\n\n"
