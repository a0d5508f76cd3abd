"""The ledger's tables: tickets, their append-only entries, and the counter that numbers them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from base.db import Base, Instant
from tickets.workflow import Status

KINDS = {
    "stuck": "办不成事",
    "complaint": "投诉",
    "suggestion": "建议",
    "praise": "表扬",
    "help": "帮办求助",
    "unanswered": "没有答上的问题",
    "beyond_notice": "要求超出告知单",
}

_STATUS = Enum(Status, native_enum=False, length=16, values_callable=lambda all: [one.value for one in all])


class Ticket(Base):
    """One matter that somebody owns until it is solved, as it stands now.

    `filed_by` is `citizen` or a staff login. `text` and `contact` are what people may read: personal numbers
    masked; the originals stand sealed in the entries' words. `secret` is sealed and never the secret itself.
    """

    __tablename__ = "ticket"
    __table_args__ = (Index("ix_ticket_desk", "status", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    secret: Mapped[str] = mapped_column(String(255))
    wrong_tries: Mapped[int] = mapped_column(default=0)
    wrong_since: Mapped[datetime | None] = mapped_column(Instant)

    kind: Mapped[str] = mapped_column(String(32))
    status: Mapped[Status] = mapped_column(_STATUS, default=Status.PENDING)
    urgency: Mapped[str] = mapped_column(String(16), default="normal")
    filed_by: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    # Conversations are deleted before tickets are, so this is no foreign key.
    conversation: Mapped[str | None] = mapped_column(String(64), index=True)
    received_at: Mapped[datetime] = mapped_column(Instant)

    service: Mapped[str | None] = mapped_column(String(64))
    office: Mapped[str | None] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(6))
    notice: Mapped[str | None] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    trips: Mapped[int | None]
    missing: Mapped[list[Any]]
    contact: Mapped[str | None] = mapped_column(String(255))
    contact_consent_at: Mapped[datetime | None] = mapped_column(Instant)

    # How many entries there are and the digest of the last one, so that a cut tail shows.
    length: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")
    entries: Mapped[list[Entry]] = relationship(back_populates="ticket", order_by="Entry.seq")


class Entry(Base):
    """One thing that happened to a ticket: who, when, what, why. Rows are only ever added.

    `digest` chains the entry to the one before. What was said in person (`words` masked, `sealed` the
    original) stands outside of the chain, which holds only its salted digest: it can be deleted and the chain
    stays whole. `data` and `reason` are inside, so they must hold nothing personal.
    """

    __tablename__ = "ticket_entry"
    __table_args__ = (UniqueConstraint("ticket_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    before: Mapped[Status | None] = mapped_column(_STATUS)
    after: Mapped[Status | None] = mapped_column(_STATUS)
    reason: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]]
    words: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    words_digest: Mapped[str] = mapped_column(String(64))  # empty where nothing was said
    digest: Mapped[str] = mapped_column(String(64))

    ticket: Mapped[Ticket] = relationship(back_populates="entries")


class DayCounter(Base):
    """The last number given on one day of China's calendar."""

    __tablename__ = "ticket_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
