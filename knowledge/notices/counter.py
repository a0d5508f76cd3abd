"""What a counter looks up of the notices: those that it issued, what was brought last, one written refusal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.answer import MaterialLine
from base.errors import NoticeNotFound
from knowledge.notices.models import Notice, NoticeEvent
from knowledge.notices.notice import materials_of
from knowledge.notices.store import content_of


def latest_of(session: Session, login: str, most: int) -> Sequence[Notice]:
    """The notices that this person issued, the newest first."""
    query = select(Notice).where(Notice.issued_by == login).order_by(Notice.id.desc()).limit(most)
    return session.scalars(query).all()


def brought_last(events: Sequence[NoticeEvent]) -> frozenset[str] | None:
    """The ids of what was brought to the counter the last time; None before the first."""
    times = [event for event in events if event.kind == "presented"]
    return frozenset(times[-1].data["brought"]) if times else None


def missing_of(notice: Notice, brought: frozenset[str]) -> list[MaterialLine]:
    """What of the notice's list was not brought."""
    return [line for line in materials_of(content_of(notice)) if line["id"] not in brought]


def find_refusal(session: Session, notice: Notice, number: int) -> NoticeEvent:
    """One written refusal of this notice; raises `NoticeNotFound`."""
    event = session.get(NoticeEvent, number)
    if event is None or event.notice_id != notice.id or event.kind != "refused":
        raise NoticeNotFound(f"这份告知单没有第 {number} 号书面答复")
    return event
