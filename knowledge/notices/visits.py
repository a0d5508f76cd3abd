"""After the visit: was one trip enough, and if not, why? Two taps, and the wasted trips of every item and office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from base.clock import CHINA
from base.errors import BadRequest
from knowledge.notices.models import Notice, NoticeEvent

ASK_AFTER = timedelta(days=1)  # after the counter had the papers
ASK_UNSEEN_AFTER = timedelta(days=14)  # after a chat was given a notice that no counter ever ticked off

NOT_GONE = "not_gone"
OUTCOMES = {"one_trip": "一趟办成了", "more_trips": "跑了不止一趟", "not_done": "没办成", NOT_GONE: "还没去"}
REASONS = {
    "beyond_notice": "窗口要的和清单不一样",
    "paper_missing": "自己漏带了材料",
    "closed_or_queue": "没开门、没号或排队太久",
    "wrong_place": "去错了地方",
    "not_qualified": "窗口说不符合条件",
    "system_down": "系统故障",
    "other": "其他原因",
}
_NEEDS_REASON = ("more_trips", "not_done")
COUNTED = ("demanded", "refused", "reported")
"""The kinds of event that are counted."""


def due(session: Session, at: datetime, most: int = 50) -> Sequence[Notice]:
    """The notices whose holders are to be asked now, in their chat, how the visit went."""
    wanted = (
        Notice.visit_due_at <= at,
        Notice.conversation.is_not(None),
        Notice.replaced_by.is_(None),
        Notice.withdrawn_at.is_(None),
    )
    return session.scalars(select(Notice).where(*wanted).order_by(Notice.visit_due_at).limit(most)).all()


def mark_asked(notice: Notice, at: datetime) -> None:
    notice.visit_asked_at, notice.visit_due_at = at, None


def open_question(session: Session, conversation: str) -> Notice | None:
    """The notice of this conversation whose holder was asked last and has not told all yet."""
    wanted = (
        Notice.conversation == conversation,
        Notice.visit_asked_at.is_not(None),
        Notice.replaced_by.is_(None),
        Notice.withdrawn_at.is_(None),
        or_(Notice.visit.is_(None), and_(Notice.visit.in_(_NEEDS_REASON), Notice.visit_reason.is_(None))),
    )
    return session.scalars(select(Notice).where(*wanted).order_by(Notice.visit_asked_at.desc()).limit(1)).first()


def report(notice: Notice, outcome: str, *, at: datetime) -> bool:
    """Note how the visit went; returns whether the reason is to be asked next. Raises `BadRequest`."""
    if outcome not in OUTCOMES:
        raise BadRequest("outcome", f"只有：{'、'.join(OUTCOMES)}")
    notice.visit_reason = None
    if outcome == NOT_GONE:
        later = at + ASK_UNSEEN_AFTER
        is_too_late = later.astimezone(CHINA).date() > notice.valid_until
        notice.visit, notice.visit_asked_at, notice.visit_due_at = None, None, None if is_too_late else later
        return False
    notice.visit, notice.visit_due_at = outcome, None
    return outcome in _NEEDS_REASON


def wants_reason(notice: Notice) -> bool:
    """Whether a visit was told of whose reason is still to be asked."""
    return notice.visit in _NEEDS_REASON and notice.visit_reason is None


def explain(notice: Notice, reason: str) -> None:
    """Note why one trip was not enough; raises `BadRequest`, also when no visit was told of that needs a reason."""
    if reason not in REASONS:
        raise BadRequest("reason", f"只有：{'、'.join(REASONS)}")
    if notice.visit not in _NEEDS_REASON:
        raise BadRequest("reason", "请先说办成了没有")
    notice.visit_reason = reason


@dataclass(frozen=True)
class Trips:
    """What became of the notices for one item at one office: counts, and reasons by how often they were named."""

    service: str
    office: str | None
    issued: int
    presented: int
    demanded: int
    refused: int
    reported: int
    told: int
    one_trip: int
    reasons: Mapping[str, int]

    @property
    def one_trip_share(self) -> float | None:
        """One-trip visits of those that were told of; None where nobody told."""
        return self.one_trip / self.told if self.told else None


_AT = func.coalesce(Notice.presented_office, Notice.office)
_HAPPENED_AT = func.coalesce(NoticeEvent.office, _AT)
_COUNTS = {
    "issued": func.count().filter(Notice.replaced_by.is_(None)),  # a list that was changed is one list
    "presented": func.count(Notice.presented_at),
    "told": func.count(Notice.visit),
    "one_trip": func.count().filter(Notice.visit == "one_trip"),
}


def trips(session: Session, since: datetime) -> list[Trips]:
    """The figures of every item and office with notices issued since then, most wasted trips first.

    A visit counts where the papers were brought, else where it was planned; an event where it happened.
    """
    found: dict[tuple[str, str | None], dict[str, int]] = {}
    columns = (column.label(name) for name, column in _COUNTS.items())
    query = select(Notice.service, _AT.label("office"), *columns).where(Notice.issued_at >= since)
    for row in session.execute(query.group_by(Notice.service, _AT)):
        found[row.service, row.office] = {name: getattr(row, name) for name in _COUNTS}
    reasons: dict[tuple[str, str | None], dict[str, int]] = {}
    told = select(Notice.service, _AT, Notice.visit_reason, func.count()).where(
        Notice.issued_at >= since, Notice.visit_reason.is_not(None)
    )
    for service, office, reason, times in session.execute(told.group_by(Notice.service, _AT, Notice.visit_reason)):
        reasons.setdefault((service, office), {})[reason] = times
    events = (
        select(Notice.service, _HAPPENED_AT, NoticeEvent.kind, func.count())
        .join(Notice, NoticeEvent.notice_id == Notice.id)
        .where(Notice.issued_at >= since, NoticeEvent.kind.in_(COUNTED))
    )
    happened = session.execute(events.group_by(Notice.service, _HAPPENED_AT, NoticeEvent.kind))
    for service, office, kind, times in happened:
        found.setdefault((service, office), {})[kind] = times
    rows = [
        Trips(
            service, office, **(dict.fromkeys((*_COUNTS, *COUNTED), 0) | counted), reasons=_of(reasons, service, office)
        )
        for (service, office), counted in found.items()
        if any(counted.values())
    ]
    return sorted(rows, key=lambda row: (row.one_trip - row.told - row.demanded, -row.issued, row.service))


def _of(
    reasons: Mapping[tuple[str, str | None], Mapping[str, int]], service: str, office: str | None
) -> dict[str, int]:
    """The reasons at that office, those named most often first."""
    named = reasons.get((service, office), {})
    return dict(sorted(named.items(), key=lambda one: -one[1]))
