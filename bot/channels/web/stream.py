"""The event stream of a conversation: its record, read on whenever the bell rings or some time has passed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from starlette.concurrency import run_in_threadpool

from bot.channels.house import House
from bot.conversations import store
from bot.conversations.models import Turn
from bot.conversations.turns import answer_of
from bot.conversations.vault import Cipher

MOST_STREAMS = 1000
MOST_REPLAYED = 100
# The bell is heard at once; a reply that another process made is found at the next look.
LOOK_SECONDS = 1.5
HEARTBEAT_SECONDS = 15.0  # below the idle limits of common proxies
LONGEST_SECONDS = 600.0  # then the client connects anew and is where it was


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

    async def events(self, house: House, conversation: str, after: int) -> AsyncIterator[str]:
        """The replies after the turn `after`, as server-sent events, for ten minutes."""
        self.open += 1
        try:
            clock = asyncio.get_running_loop().time
            end, spoken = clock() + LONGEST_SECONDS, clock()
            yield "retry: 2000\n\n"
            with house.bell.listen(conversation) as rung:
                while clock() < end:
                    rung.clear()
                    for turn in await run_in_threadpool(_read, house, conversation, after):
                        after, spoken = turn.id, clock()
                        yield _event(turn, house.cipher)
                    if clock() - spoken >= self._heartbeat:
                        spoken = clock()
                        yield ":\n\n"
                    with suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(rung.wait(), self._look)
        finally:
            self.open -= 1


def _read(house: House, conversation: str, after: int) -> Sequence[Turn]:
    with house.database.reading() as session:
        return store.turns_after(session, conversation, after, most=MOST_REPLAYED)


def _event(turn: Turn, cipher: Cipher) -> str:
    answer = answer_of(turn, cipher)
    message = {
        "id": str(turn.id),
        "reply_to": turn.inbound.message_id,
        "text": answer.text,
        "card": {"blocks": answer.blocks, "choices": answer.choices},
    }
    return f"id: {turn.id}\nevent: message\ndata: {json.dumps(message, ensure_ascii=False)}\n\n"
