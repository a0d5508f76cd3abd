"""What is kept of a conversation: who spoke where, what came in, what was answered, what stays hidden."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Enum as EnumColumn
from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from base.answer import Outcome
from base.db import Base, Instant


class State(str, Enum):
    """How far an inbound message has come."""

    RECEIVED = "received"  # stored, nobody works on it
    WORKING = "working"  # claimed; a claim that has gone stale may be taken over
    ANSWERED = "answered"  # by the assistant
    FAILED = "failed"  # the assistant was down: the person got the guides and a phone number


OPEN = (State.RECEIVED, State.WORKING)


class Gap(str, Enum):
    """Why a question stayed without an answer."""

    NOT_COVERED = "not_covered"  # the knowledge lacks it
    UNDECIDED = "undecided"  # no guide decides it: it was passed on to a person
    NONE_FITS = "none_fits"  # the person took none of the items that were offered


def _column(words: type[Enum]) -> EnumColumn:
    return EnumColumn(words, native_enum=False, length=16, values_callable=lambda all: [one.value for one in all])


class Conversation(Base):
    """One person on one channel; `id` is random and says nothing about them."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant, index=True)
    region: Mapped[str | None] = mapped_column(String(6))


class Inbound(Base):
    """One message of the person, its personal numbers already swapped for tokens.

    `message_id` is the sender's: a repeat finds this row. `claims` counts who took it up, so that a worker
    which was slow learns that another one has answered meanwhile.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        Index("ix_inbound_open", "conversation_id", "state"),
        Index("ix_inbound_state", "state", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[State] = mapped_column(_column(State), default=State.RECEIVED)
    claims: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)


class Turn(Base):
    """One message and its reply, as every figure counts it; written with the reply, never changed.

    `question` carries tokens, `answer` the reply as the person read it, personal numbers masked and a ticket's
    secret sealed. `understood` tells staff why it came out so (see `Reply`), None where Rasa was not asked.
    `unanswered_id` is the question of the pool that this turn left open.
    """

    __tablename__ = "turn"
    __table_args__ = (Index("ix_turn_order", "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    channel: Mapped[str] = mapped_column(String(16))
    question: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome] = mapped_column(_column(Outcome), index=True)
    intent: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None]
    understood: Mapped[dict[str, Any] | None]
    service: Mapped[str | None] = mapped_column(String(64), index=True)
    aspects: Mapped[list[Any]]
    asks: Mapped[str | None] = mapped_column(String(64))
    candidates: Mapped[list[Any]]
    region: Mapped[str | None] = mapped_column(String(6))
    ticket: Mapped[str | None] = mapped_column(String(32))
    answer: Mapped[dict[str, Any]]
    ms: Mapped[int]
    knowledge_version: Mapped[int]
    unanswered_id: Mapped[int | None] = mapped_column(ForeignKey("unanswered_question.id"), index=True)

    inbound: Mapped[Inbound] = relationship(lazy="joined", innerjoin=True)


class Push(Base):
    """A message that nobody asked for, such as "your list has changed"; `answer` as in `Turn`.

    `key` is the sender's: whatever is delivered twice stands here once.
    """

    __tablename__ = "push"
    __table_args__ = (Index("ix_push_order", "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(128), unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[dict[str, Any]]


class UnansweredQuestion(Base):
    """One question that found no answer, however often and by whomever it was asked; `key` digests its clean text.

    The turns point here and nothing points back, so the row outlives every conversation and tells of none.
    `text` carries tokens, as it was asked first; `gap`, `service` (the likeliest) and `region` are of the last asking.
    `closed_by` and `note` are those of the last closing, also while it is open again.
    """

    __tablename__ = "unanswered_question"
    __table_args__ = (Index("ix_unanswered_question_work", "is_open", "times"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    times: Mapped[int]
    first_asked_at: Mapped[datetime] = mapped_column(Instant)
    last_asked_at: Mapped[datetime] = mapped_column(Instant)
    channels: Mapped[list[Any]]
    gap: Mapped[Gap] = mapped_column(_column(Gap))
    service: Mapped[str | None] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(6))
    is_open: Mapped[bool]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")


class PersonalNumber(Base):
    """What stands behind one token of a conversation, encrypted."""

    __tablename__ = "personal_number"
    __table_args__ = (UniqueConstraint("conversation_id", "token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    token: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    ciphertext: Mapped[str] = mapped_column(Text)
