"""Tables of the knowledge base: immutable revisions of every fact document, the holidays, one counter.

A revision holds a whole document (service, office, region, matter, later overlay and canonical document) as JSON in
the shape of its pydantic model; what is in force on a day is derived from status and dates, never overwritten.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base, Instant


class Revision(Base):
    """One revision of one document.

    `kind` names the model (service, office, region, matter …), `key` its id; `number` counts from 1 within both.
    `status` is proposed, published or retired; a published one holds from `effective_from` (None: at once) to the
    day before `effective_to`, and the highest number that holds wins. `origin` is content, staff or import.
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
    origin: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)


class Holiday(Base):
    """What the public calendar says of one day: `kind` is holiday or make_up."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(64))


class KnowledgeState(Base):
    """One row: `version` grows with every change, so that each process sees that its copy is old."""

    __tablename__ = "knowledge_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
