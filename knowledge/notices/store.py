"""The notices that were given: issued, shown, replaced, withdrawn, and what counters and holders said of them.

Whoever opens the session commits. A notice's content never changes; what happens to it is an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.answer import FactLine, TextBlock, text
from base.clock import CHINA
from base.errors import BadRequest, MoveRefused, NoticeNotFound
from knowledge.notices import coming
from knowledge.notices.codes import new_code, read_code, shown
from knowledge.notices.models import Notice, NoticeEvent
from knowledge.notices.notice import Content, PersonCase, materials_of
from knowledge.notices.sheet import Sheet
from knowledge.notices.visits import ASK_AFTER, ASK_UNSEEN_AFTER
from knowledge.store import Knowledge

VALID_DAYS = 90  # our own rule: longer than any item takes to prepare, short enough that the law seldom moves within it
LONGEST_REASON = 500  # characters
LONGEST_PAPER = 100


class State(str, Enum):
    """What has become of a notice."""

    IN_USE = "in_use"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Wanted:
    """A notice to be: whose cases, where, for which day if not for today, and who asked for it or issues it.

    `issued_by` is a staff login with its `card` (警民联系卡), `holder` a masked name with `holder_sealed`, the whole of
    it and the last four digits of the phone, sealed.
    """

    cases: tuple[PersonCase, ...]
    region: str | None = None
    office: str | None = None
    on: date | None = None
    channel: str = "api"
    conversation: str | None = None
    issued_by: str | None = None
    card: tuple[FactLine, ...] = ()
    holder: str = ""
    holder_sealed: str | None = None


def issue(session: Session, knowledge: Knowledge, wanted: Wanted, *, at: datetime) -> Notice:
    """Store the notice for these cases; raises like `assemble`, and `BadRequest` for a day on which it does not hold."""
    until = _day(at) + timedelta(days=VALID_DAYS)
    day = wanted.on or _day(at)
    if not _day(at) <= day <= until:
        raise BadRequest("on", f"只能是今天到 {date_words(until)} 之间的一天")
    made = coming.make(
        knowledge, wanted.cases, region=wanted.region, office=wanted.office, at=_moment(day, at), until=until
    )
    content = replace_fields(made.content, as_of=day) if day > _day(at) else made.content
    region = knowledge.office(wanted.office).region if wanted.office else wanted.region
    notice = Notice(
        code=new_code(),
        service=wanted.cases[0].service,
        cases=[case.as_json() for case in wanted.cases],
        region=region,
        office=wanted.office,
        content=content.as_json(),
        revisions=made.revisions,
        knowledge_version=made.version,
        issued_at=at,
        valid_until=until,
        channel=wanted.channel,
        conversation=wanted.conversation,
        issued_by=wanted.issued_by,
        card=list(wanted.card),
        holder=wanted.holder,
        holder_sealed=wanted.holder_sealed,
        visit_due_at=at + ASK_UNSEEN_AFTER if wanted.conversation else None,
    )
    session.add(notice)
    session.flush()
    return notice


def replace(session: Session, old: Notice, knowledge: Knowledge, wanted: Wanted, *, at: datetime) -> Notice:
    """A new notice in the place of an older one of the same holder; the old code leads to the new one."""
    notice = issue(session, knowledge, wanted, at=at)
    old.replaced_by, old.visit_due_at = notice.code, None
    return notice


def find(session: Session, typed: str) -> Notice:
    """The notice of a code as it was typed; raises `MistypedCode` and `NoticeNotFound`."""
    code = read_code(typed)
    notice = session.scalar(select(Notice).where(Notice.code == code))
    if notice is None:
        raise NoticeNotFound(f"没有编号为 {shown(code)} 的告知单")
    return notice


def cases_of(notice: Notice) -> tuple[PersonCase, ...]:
    return tuple(PersonCase(**case) for case in notice.cases)


def content_of(notice: Notice) -> Content:
    return Content.from_json(notice.content)


def state_of(notice: Notice, at: datetime) -> State:
    if notice.withdrawn_at is not None:
        return State.WITHDRAWN
    if notice.replaced_by is not None:
        return State.REPLACED
    return State.EXPIRED if _day(at) > notice.valid_until else State.IN_USE


def changes_since(notice: Notice, knowledge: Knowledge, at: datetime) -> tuple[str, ...]:
    """What is asked for otherwise than the notice says, now or from a day before it expires; also that it holds no more."""
    content = content_of(notice)
    return coming.changes(
        content,
        knowledge,
        cases_of(notice),
        region=notice.region,
        office=notice.office,
        at=_moment(content.as_of or _day(at), at),
        until=notice.valid_until,
    )


def sheet_of(notice: Notice, knowledge: Knowledge, *, site: str, at: datetime, holder: str = "") -> Sheet:
    """The notice as it is shown at `at`; `holder` is the whole name for whoever proved to be entitled to it."""
    content = content_of(notice)
    return Sheet(
        code=shown(notice.code),
        url=page_url(site, notice.code),
        name=content.name,
        head=tuple(_head(notice, content, holder or notice.holder)),
        banner=tuple(_banner(notice, knowledge, site, at)),
        blocks=content.blocks,
        card=tuple(notice.card),
    )


def page_url(site: str, code: str) -> str:
    return f"{site}/n/{shown(code)}"


def _head(notice: Notice, content: Content, holder: str) -> list[FactLine]:
    offices = (line for block in content.blocks if block["type"] == "offices" for line in block["items"])
    office = next((line["name"] for line in offices if line["id"] == notice.office), "")
    lines = [
        ("持单人", holder),
        *((line["label"], line["value"]) for line in content.told),
        ("办理地区", content.place or "没有指定，按全国统一规定"),
        ("办理网点", office),
        ("开具日期", date_words(_day(notice.issued_at))),
        ("按哪天的规定", date_words(content.as_of) if content.as_of else ""),
        ("有效期至", date_words(notice.valid_until)),
        ("依据版本", "、".join(f"第{number}版" for number in dict.fromkeys(notice.revisions.values()))),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def _banner(notice: Notice, knowledge: Knowledge, site: str, at: datetime) -> list[TextBlock]:
    state = state_of(notice, at)
    if state is State.WITHDRAWN:
        return [text(f"这份告知单已经收回：{notice.withdrawn_for}。请不要再按它准备。", "warning")]
    if state is State.REPLACED:
        newer = page_url(site, notice.replaced_by or "")
        return [text(f"您后来改过情况，请看新的一份：{newer}", "warning")]
    if state is State.EXPIRED:
        words = f"这份告知单{date_words(notice.valid_until)}已经过期，规定可能变了，请重新要一份。"
        return [text(words, "warning")]
    changed = changes_since(notice, knowledge, at)
    if not changed:
        return []
    day = _day(notice.issued_at)
    return [text(f"您 {day.month} 月 {day.day} 日的清单有变化：{'；'.join(changed)}", "warning")]


# --- what happens to it ---------------------------------------------------------------------------------------------


def note(
    session: Session, notice: Notice, kind: str, *, by: str, at: datetime, office: str | None = None, **data: Any
) -> NoticeEvent:
    """Add one event in the caller's transaction; `data` must hold nothing personal."""
    event = NoticeEvent(notice_id=notice.id, at=at, by=by, kind=kind, office=office or notice.office, data=data)
    session.add(event)
    return event


def withdraw(session: Session, notice: Notice, *, by: str, reason: str, at: datetime) -> None:
    """Take a notice back that should not have been given; raises `BadRequest` without a reason, `MoveRefused` twice."""
    if notice.withdrawn_at is not None:
        raise MoveRefused("这份告知单已经收回")
    notice.withdrawn_at, notice.withdrawn_for = at, _words("reason", reason)
    note(session, notice, "withdrawn", by=by, at=at, reason=notice.withdrawn_for)


def present(
    session: Session, notice: Notice, brought: Sequence[str], *, by: str, at: datetime, office: str | None = None
) -> tuple[str, ...]:
    """Note what of the list was brought to the counter (ids of its materials); returns the names of what is missing.

    Raises `BadRequest` for an id that the list does not have, `MoveRefused` when another list holds in its place, or none.
    """
    if state_of(notice, at) in (State.WITHDRAWN, State.REPLACED):
        raise MoveRefused("这份告知单已经收回，或者已经换成新的一份，请按新的核对")
    lines = {line["id"]: line for line in materials_of(content_of(notice))}
    for id in brought:
        if id not in lines:
            raise BadRequest("brought", f"清单里没有材料 {id}")
    missing = tuple(line["name"] for id, line in lines.items() if id not in brought)
    note(session, notice, "presented", by=by, at=at, office=office, brought=list(brought), missing=list(missing))
    if notice.presented_at is None:
        notice.presented_at, notice.presented_office = at, office or notice.office
        if notice.visit is None and notice.visit_asked_at is None:
            notice.visit_due_at = at + ASK_AFTER
    return missing


def demand(
    session: Session, notice: Notice, what: str, *, reason: str, by: str, at: datetime, office: str | None = None
) -> None:
    """Record that a counter asks for something which the notice did not name (二次告知), and why.

    Raises `BadRequest` when either is missing.
    """
    words = {"what": _words("what", what, LONGEST_PAPER), "reason": _words("reason", reason)}
    note(session, notice, "demanded", by=by, at=at, office=office, **words)


def _words(field: str, words: str, most: int = LONGEST_REASON) -> str:
    words = " ".join(words.split())
    if not words:
        raise BadRequest(field, "请填写")
    if len(words) > most:
        raise BadRequest(field, f"最多 {most} 个字")
    return words


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _moment(day: date, at: datetime) -> datetime:
    """`at` itself, or the same time of that later day."""
    return max(at, datetime.combine(day, at.astimezone(CHINA).timetz()))


def date_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
