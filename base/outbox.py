"""The outbox: whatever leaves the house is first a row, written with the change that it tells of.

A worker claims what is due and hands it to the handler of its topic. Delivery is at least once: the receiver
knows a repeat by the row's key. What failed too often is a dead letter until somebody tries it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, Text, bindparam, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from base.db import Base, Database, Instant

MOST_ATTEMPTS = 8  # with the pauses below: about a day and a half
PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600))
CLAIM = timedelta(minutes=2)  # a worker that died gives its rows back after this time
AT_ONCE = 8  # rows of one claim: even if each takes 13 s to fail, the last is tried while the claim still holds

Handler = Callable[[str, dict[str, Any]], None]
"""Takes the row's key and payload; raises whatever went wrong."""


class OutboxRow(Base):
    """One thing to send; `state` is waiting, sent or dead."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    topic: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Instant, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    problem: Mapped[str] = mapped_column(Text, default="")


_ADD = text(
    "INSERT INTO outbox (key, topic, payload, state, attempts, due_at, problem)"
    " VALUES (:key, :topic, :payload, 'waiting', 0, :at, '') ON CONFLICT (key) DO NOTHING"
).bindparams(bindparam("payload", type_=JSON), bindparam("at", type_=Instant))


def enqueue(session: Session, *, key: str, topic: str, payload: dict[str, Any], at: datetime) -> None:
    """Add one row in the caller's transaction; the same key twice is one row, also from two writers at once."""
    session.execute(_ADD, {"key": key, "topic": topic, "payload": payload, "at": at})


def deliver_due(database: Database, handlers: Mapping[str, Handler], *, at: datetime, most: int = AT_ONCE) -> int:
    """Hand what is due to its handlers and note how it went; returns how many rows were tried."""
    rows = _claim(database, at, most)
    for row in rows:
        try:
            handlers[row.topic](row.key, row.payload)
        except Exception as error:  # a handler may fail in any way; the row keeps what it said
            _note(database, row.id, **_after_failure(row, error, at))
        else:
            _note(database, row.id, state="sent", sent_at=at, problem="")
    return len(rows)


def retry_dead(session: Session, key: str, *, at: datetime) -> None:
    """Give a dead letter a fresh start."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.key == key, OutboxRow.state == "dead")
        .values(state="waiting", attempts=0, due_at=at)
    )


def _claim(database: Database, at: datetime, most: int) -> list[OutboxRow]:
    with database.writing() as session:
        rows = session.scalars(
            select(OutboxRow)
            .where(OutboxRow.state == "waiting", OutboxRow.due_at <= at)
            .order_by(OutboxRow.due_at, OutboxRow.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.attempts += 1
            row.due_at = at + CLAIM
        return list(rows)


def _after_failure(row: OutboxRow, error: Exception, at: datetime) -> dict[str, Any]:
    problem = f"{type(error).__name__}: {error}"[:500]
    if row.attempts >= MOST_ATTEMPTS:
        return {"state": "dead", "problem": problem}
    return {"due_at": at + PAUSES[row.attempts - 1], "problem": problem}


def _note(database: Database, id: int, **values: Any) -> None:
    with database.writing() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == id).values(**values))
