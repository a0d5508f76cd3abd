"""The record written with each reply: every figure and chart is a query over these rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.answer import Answer, Block
from bot.conversations import pool
from bot.conversations.models import Conversation, Gap, Inbound, Push, State, Turn
from bot.conversations.vault import Cipher


@dataclass(frozen=True)
class Reply:
    """An Answer and how it came about; what was understood is None where Rasa was not asked.

    `understood` is for staff alone: {intent, probability, services: [{id, confidence, reason}]}, likeliest first.
    `gap` is set where the answer leaves the question open and its outcome alone does not say so.
    """

    answer: Answer
    intent: str | None = None
    confidence: float | None = None
    failed: bool = False
    understood: dict[str, Any] | None = None
    gap: Gap | None = None


def record(
    session: Session, inbound: Inbound, reply: Reply, *, cipher: Cipher, at: datetime, ms: int, knowledge_version: int
) -> Turn | None:
    """Close the message with its turn; None when another worker took it over meanwhile.

    A question that it leaves unanswered is in the pool with the same commit. A ticket's secret in the reply is sealed: who reads records, or has stolen them, must not act as its owner.
    """
    # The conversation's row is taken first, as everywhere: two transactions never wait for each other.
    query = select(Conversation).where(Conversation.id == inbound.conversation_id).with_for_update()
    conversation = session.scalars(query).one()
    stored = session.get(Inbound, inbound.id)
    if stored is None or stored.state != State.WORKING or stored.claims != inbound.claims:
        return None
    stored.state = State.FAILED if reply.failed else State.ANSWERED
    conversation.region = reply.answer.region or conversation.region
    turn = _turn(conversation, stored, reply)
    turn.answer = _with_secrets(reply.answer, cipher.seal).as_json()
    turn.at, turn.ms, turn.knowledge_version = at, ms, knowledge_version
    session.add(turn)
    session.flush()
    if not reply.failed:
        pool.take_in(session, turn, reply.gap)
    return turn


def _turn(conversation: Conversation, inbound: Inbound, reply: Reply) -> Turn:
    answer = reply.answer
    return Turn(
        conversation_id=conversation.id,
        inbound=inbound,
        channel=conversation.channel,
        question=inbound.text,
        outcome=answer.outcome,
        intent=reply.intent,
        confidence=reply.confidence,
        understood=reply.understood,
        service=answer.service,
        aspects=list(answer.aspects),
        asks=answer.asks,
        candidates=list(answer.candidates),
        region=answer.region,
        ticket=answer.ticket,
    )


def answer_of(entry: Turn | Push, cipher: Cipher) -> Answer:
    """What the person read, for the person alone: a ticket's secret stands in it again."""
    return _with_secrets(Answer.from_json(entry.answer), cipher.open)


def answer_for_staff(entry: Turn | Push) -> Answer:
    """What the person read, without a ticket's secret."""
    return _with_secrets(Answer.from_json(entry.answer), lambda _: None)


def _with_secrets(answer: Answer, turned: Callable[[str], str | None]) -> Answer:
    def block_with(block: Block) -> Block:
        if block["type"] == "ticket" and block["secret"]:
            return {**block, "secret": turned(block["secret"])}
        return block

    return replace(answer, blocks=tuple(map(block_with, answer.blocks)))
