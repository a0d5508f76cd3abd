"""The audit trail: who did or read what, when. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from base.db import Base, Instant


class AuditRow(Base):
    """One act: `actor` is a staff login, `citizen` or `system`; `action` such as `sign_in`, `read_contact`."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128), index=True)
    detail: Mapped[dict[str, Any]]


def record(session: Session, *, at: datetime, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Add one row in the caller's transaction; `detail` must hold no personal numbers."""
    session.add(AuditRow(at=at, actor=actor, action=action, subject=subject, detail=detail))
