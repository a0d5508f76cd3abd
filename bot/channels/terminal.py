"""The terminal as a channel: one line in, one reply out, in a store that may vanish afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import uuid4

from base.clock import now
from base.message import Message
from bot.channels.house import House
from bot.channels.turn import handle
from bot.conversations import store
from bot.conversations.models import State, Turn
from bot.conversations.turns import answer_of

CHANNEL = "terminal"


@dataclass(frozen=True)
class Said:
    """One line and what came back: its record, all that the person reads, and the wall time `ms`."""

    question: str
    turn: Turn
    text: str
    ms: float

    @property
    def got_reply(self) -> bool:
        """Whether the assistant itself replied."""
        return self.turn.inbound.state is State.ANSWERED

    def as_json(self) -> dict[str, Any]:
        """The line of `banshi ask --json`; `outcome` is None where the assistant did not reply."""
        turn = self.turn
        return {
            "question": self.question,
            "outcome": turn.outcome.value if self.got_reply else None,
            "intent": turn.intent,
            "confidence": turn.confidence,
            "service": turn.service,
            "aspects": turn.aspects,
            "asks": turn.asks,
            "candidates": turn.candidates,
            "region": turn.region,
            "ticket": turn.ticket,
            "text": self.text,
            "ms": round(self.ms, 1),
        }


def open_conversation(house: House) -> str:
    """A new conversation's id."""
    with house.database.writing() as session:
        return store.open_conversation(session, CHANNEL, at=now()).id


def converse(house: House, conversation: str, question: str) -> Said:
    """Hand one line to the assistant, through the same door as every channel."""
    began = time.perf_counter()
    turn = handle(house, Message(conversation, uuid4().hex, question, CHANNEL))
    return Said(question, turn, answer_of(turn, house.cipher).text, (time.perf_counter() - began) * 1000)


def lines_of(stream: BinaryIO) -> Iterator[str]:
    """Lines end at \\n only, a \\r before it is dropped; invalid UTF-8 is replaced, an empty line is a message."""
    for line in stream:
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
