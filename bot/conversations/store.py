"""Conversations and their messages: begun, received once, taken up in order."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from base.answer import Outcome
from base.message import Message
from bot.conversations.models import OPEN, Conversation, Inbound, State, Turn

STALE = timedelta(seconds=40)  # well above the longest deadline of a turn: a worker that died gives its message back


def open_conversation(session: Session, channel: str, *, at: datetime) -> Conversation:
    """A new conversation under an id that nobody can guess."""
    conversation = Conversation(id=secrets.token_urlsafe(24), channel=channel, created_at=at, last_seen_at=at)
    session.add(conversation)
    session.flush()
    return conversation


def is_known(session: Session, conversation: str) -> bool:
    return session.get(Conversation, conversation) is not None


def lock(session: Session, conversation: str, *, at: datetime) -> None:
    """Note that the conversation is alive; until the transaction ends nobody else changes it."""
    session.execute(update(Conversation).where(Conversation.id == conversation).values(last_seen_at=at))


def find_inbound(session: Session, conversation: str, message_id: str) -> Inbound | None:
    """The message that came under this sender's id before, if one did."""
    return session.scalar(
        select(Inbound).where(Inbound.conversation_id == conversation, Inbound.message_id == message_id)
    )


def receive(session: Session, message: Message, *, at: datetime) -> Inbound:
    """Store a message that is new in its (locked) conversation; its text must carry tokens, not numbers."""
    inbound = Inbound(conversation_id=message.conversation, message_id=message.id, text=message.text, received_at=at)
    session.add(inbound)
    session.flush()
    return inbound


def count_open(session: Session, conversation: str) -> int:
    """How many messages of the conversation wait for their reply."""
    query = select(func.count()).where(Inbound.conversation_id == conversation, Inbound.state.in_(OPEN))
    return session.scalar(query) or 0


def claim_next(session: Session, conversation: str, *, at: datetime) -> Inbound | None:
    """Take up the oldest open message; None when there is none or somebody is at work on it.

    One message of a conversation at a time, whichever thread, process or machine asks.
    """
    lock(session, conversation, at=at)
    inbound = session.scalar(
        select(Inbound)
        .where(Inbound.conversation_id == conversation, Inbound.state.in_(OPEN))
        .order_by(Inbound.id)
        .limit(1)
    )
    if inbound is None or (inbound.claimed_at and inbound.claimed_at > at - STALE):
        return None
    inbound.state, inbound.claimed_at, inbound.claims = State.WORKING, at, inbound.claims + 1
    session.flush()
    return inbound


def left_behind(session: Session, *, before: datetime) -> Sequence[str]:
    """Conversations with a message that nobody has touched since `before`, such as after a crash."""
    touched = func.coalesce(Inbound.claimed_at, Inbound.received_at)
    query = select(Inbound.conversation_id).where(Inbound.state.in_(OPEN), touched <= before)
    return session.scalars(query.distinct()).all()


def being_answered(session: Session, conversation: str) -> str | None:
    """The whole text of the message that somebody is at work on, tokens in it; None when nobody is."""
    query = select(Inbound.text).where(Inbound.conversation_id == conversation, Inbound.state == State.WORKING)
    return session.scalar(query.order_by(Inbound.id).limit(1))


def turn_of(session: Session, inbound_id: int) -> Turn | None:
    """The reply to a message, if there is one yet."""
    return session.scalar(select(Turn).where(Turn.inbound_id == inbound_id))


def last_outcomes(session: Session, conversation: str, most: int) -> Sequence[Outcome]:
    """How the newest turns ended, newest first."""
    query = select(Turn.outcome).where(Turn.conversation_id == conversation)
    return session.scalars(query.order_by(Turn.id.desc()).limit(most)).all()


def turns_after(session: Session, conversation: str, turn_id: int, *, most: int) -> Sequence[Turn]:
    """The newest `most` turns that came after `turn_id`, oldest first."""
    query = select(Turn).where(Turn.conversation_id == conversation, Turn.id > turn_id)
    return session.scalars(query.order_by(Turn.id.desc()).limit(most)).all()[::-1]


def find_turn(session: Session, turn_id: int) -> Turn | None:
    return session.get(Turn, turn_id)


def turns_around(session: Session, turn: Turn, *, most: int) -> Sequence[Turn]:
    """The turn between up to `most` turns before and after it in its conversation, oldest first."""
    talk = select(Turn).where(Turn.conversation_id == turn.conversation_id)
    before = session.scalars(talk.where(Turn.id < turn.id).order_by(Turn.id.desc()).limit(most)).all()
    after = session.scalars(talk.where(Turn.id > turn.id).order_by(Turn.id).limit(most)).all()
    return [*reversed(before), turn, *after]
