"""Tables of the notices: what was promised, and what happened to it since."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from base.db import Base, Instant


class Notice(Base):
    """One notice; what it says (`content`) never changes, only what has become of it does.

    `code` is plain (twelve characters). `cases` are the persons' cases [{who, service, answers}], `service` the first
    one's item, by which figures count. `revisions` names the revisions that it was made from (`<service>@<place>` →
    number), `knowledge_version` is that of the whole when the notice was made, or last held
    against what was published since. `conversation` is who asked for it in a chat
    (no foreign key: conversations are deleted before), `issued_by` the staff login of who issued it in person, `card`
    their 警民联系卡. `holder` is a name that staff typed, masked; `holder_sealed` the whole of it with the last four
    digits of the phone, sealed by whoever keeps the key. `told` digests the last change that its holder was told of.
    `visit` is how it went by the holder's own words (a key of `visits.OUTCOMES`), asked at `visit_due_at`.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_service_use", "service", "valid_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    service: Mapped[str] = mapped_column(String(64))
    cases: Mapped[list[Any]]
    region: Mapped[str | None] = mapped_column(String(6))
    office: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    revisions: Mapped[dict[str, Any]]
    knowledge_version: Mapped[int]

    issued_at: Mapped[datetime] = mapped_column(Instant, index=True)
    valid_until: Mapped[date]
    channel: Mapped[str] = mapped_column(String(16))
    conversation: Mapped[str | None] = mapped_column(String(64), index=True)
    issued_by: Mapped[str | None] = mapped_column(String(40))
    card: Mapped[list[Any]]
    holder: Mapped[str] = mapped_column(String(40), default="")
    holder_sealed: Mapped[str | None] = mapped_column(Text)

    replaced_by: Mapped[str | None] = mapped_column(String(12))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_for: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[str] = mapped_column(String(64), default="")
    presented_at: Mapped[datetime | None] = mapped_column(Instant)
    presented_office: Mapped[str | None] = mapped_column(String(64))
    visit_due_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    visit_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    visit: Mapped[str | None] = mapped_column(String(16))
    visit_reason: Mapped[str | None] = mapped_column(String(32))

    events: Mapped[list[NoticeEvent]] = relationship(back_populates="notice", order_by="NoticeEvent.id")


class NoticeEvent(Base):
    """One thing that happened to a notice; rows are only ever added.

    `kind` is presented, demanded (二次告知), refused (否定答复), reported or withdrawn; `by` a staff login or
    `citizen`. `office` is where it happened, `data` what, without anything personal.
    """

    __tablename__ = "notice_event"
    __table_args__ = (Index("ix_notice_event_kind", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    office: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]

    notice: Mapped[Notice] = relationship(back_populates="events")
