"""Messages that nobody asked for: on their way through the outbox, then part of the conversation's record.

Whoever opens the session commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from base import outbox
from base.answer import Answer
from bot.conversations.models import Conversation, Push

TOPIC = "push"


def enqueue_push(session: Session, *, conversation: str, answer: Answer, key: str, at: datetime) -> None:
    """Have the answer told in the conversation, with the caller's commit and once per key (128 characters at most)."""
    payload = {"conversation": conversation, "answer": answer.as_json()}
    outbox.enqueue(session, key=key, topic=TOPIC, payload=payload, at=at)


def keep_push(session: Session, *, conversation: str, answer: Answer, key: str, at: datetime) -> bool:
    """Put the message into the record, once per key; False when the conversation is no longer kept."""
    # The conversation's row is taken first, as everywhere: its messages get their numbers one after the other.
    query = select(Conversation.id).where(Conversation.id == conversation).with_for_update()
    if session.scalar(query) is None:
        return False
    if session.scalar(select(Push.id).where(Push.key == key)) is None:
        session.add(Push(conversation_id=conversation, key=key, at=at, answer=answer.as_json()))
        session.flush()
    return True


def pushes_after(session: Session, conversation: str, push_id: int, *, most: int) -> Sequence[Push]:
    """The newest `most` messages that came after `push_id`, oldest first."""
    query = select(Push).where(Push.conversation_id == conversation, Push.id > push_id)
    return session.scalars(query.order_by(Push.id.desc()).limit(most)).all()[::-1]


def pushes_between(session: Session, conversation: str, since: datetime, until: datetime | None) -> Sequence[Push]:
    """Those told from `since` on and before `until` (None: to the end), oldest first."""
    query = select(Push).where(Push.conversation_id == conversation, Push.at >= since)
    if until is not None:
        query = query.where(Push.at < until)
    return session.scalars(query.order_by(Push.id)).all()
