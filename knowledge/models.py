"""Tables of the knowledge base: immutable revisions of every fact document, the holidays, one counter.

A revision holds a whole document (service, overlay, office, region …) as JSON in the shape of its pydantic model;
what is in force on a day is derived from status and dates, never overwritten.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import DDL, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base, Instant


class Revision(Base):
    """One revision of one document.

    `kind` names the model (service, overlay, office …), `key` its id; `number` counts from 1 within both.
    `status` is proposed, published, or retired: the revision that ends a document. One that is not proposed holds from
    `effective_from` (None: always) to the day before `effective_to`. Of those that hold, the one that began last wins,
    and of these the highest number; but one that `clears` hides every older one from its first day on.
    `author` wrote it at `at` for `reason`; `origin` is content, staff or import. `version` is that of the knowledge
    that first had it. The database itself refuses to change what was published.
    """

    __tablename__ = "knowledge_revision"
    __table_args__ = (
        UniqueConstraint("kind", "key", "number"),
        Index("ix_knowledge_revision_status_kind", "status", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(160))
    number: Mapped[int]
    body: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    clears: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)
    published_by: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int | None] = mapped_column(index=True)


class Holiday(Base):
    """What the public calendar says of one day: `kind` is holiday or make_up."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(64))


class KnowledgeState(Base):
    """One row: `version` grows with every change, so that each process sees that its copy is old.

    `shipped` is the digest of the content files that were last taken in.
    """

    __tablename__ = "knowledge_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    shipped: Mapped[str] = mapped_column(String(64), default="")


IMMUTABLE = {
    "sqlite": (
        "CREATE TRIGGER knowledge_revision_is_immutable BEFORE UPDATE ON knowledge_revision "
        "WHEN OLD.status <> 'proposed' OR NEW.kind <> OLD.kind OR NEW.key <> OLD.key OR NEW.number <> OLD.number "
        "OR NEW.body <> OLD.body "
        "BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION knowledge_revision_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a revision never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER knowledge_revision_is_immutable BEFORE UPDATE ON knowledge_revision FOR EACH ROW "
        "WHEN (OLD.status <> 'proposed' OR NEW.kind <> OLD.kind OR NEW.key <> OLD.key OR NEW.number <> OLD.number "
        "OR NEW.body::text <> OLD.body::text) "
        "EXECUTE FUNCTION knowledge_revision_is_immutable()",
    ),
}
"""What guards the revisions in each database: a proposal may be published, nothing else ever changes."""

for dialect, statements in IMMUTABLE.items():
    for statement in statements:
        event.listen(Revision.__table__, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
