"""窗口要的和清单不一样: a notice's holder reports a counter that asks for something else, with one tap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.vault import Cipher
from knowledge.notices.codes import shown
from knowledge.notices.models import Notice
from knowledge.notices.store import content_of, note
from tickets.ledger import Draft, open_ticket
from tickets.models import Ticket
from tickets.workflow import CITIZEN, OPEN

KIND = "beyond_notice"


@dataclass(frozen=True)
class Reported:
    """The ticket that stands for the report; `secret` is None where an earlier report had filed it."""

    ticket: Ticket
    secret: str | None


def report_notice(
    session: Session,
    notice: Notice,
    words: str = "",
    *,
    channel: str,
    conversation: str | None = None,
    at: datetime,
    cipher: Cipher,
) -> Reported:
    """File a ticket that carries the notice, unless one about it is still open; `words` are what the holder adds.

    Raises `BadRequest` for words that are too long.
    """
    session.refresh(notice, with_for_update=True)  # of two taps at once the second finds the ticket of the first
    if (ticket := _open_report(session, notice)) is not None:
        return Reported(ticket, None)
    draft = Draft(
        kind=KIND,
        text="\n".join(filter(None, (words.strip(), _story(notice)))),
        channel=channel,
        conversation=conversation,
        service=notice.service,
        office=notice.presented_office or notice.office,
        region=notice.region,
        notice=notice.code,
    )
    opened = open_ticket(session, draft, at=at, cipher=cipher)
    note(session, notice, "reported", by=CITIZEN, at=at, office=draft.office, ticket=opened.ticket.number)
    return Reported(opened.ticket, opened.secret)


def _open_report(session: Session, notice: Notice) -> Ticket | None:
    query = select(Ticket).where(Ticket.notice == notice.code, Ticket.kind == KIND, Ticket.status.in_(OPEN))
    return session.scalars(query.order_by(Ticket.id).limit(1)).first()


def _story(notice: Notice) -> str:
    """What was promised, from which revisions, for which answers: enough to look into it without asking back."""
    content = content_of(notice)
    revisions = "、".join(f"{source.rstrip('@')} 第{number}版" for source, number in notice.revisions.items())
    told = "；".join(f"{line['label']}：{line['value']}" for line in content.told)
    lines = (f"窗口要的和告知单 {shown(notice.code)} 不一样。", f"事项：{content.name}", told, f"依据版本：{revisions}")
    return "\n".join(filter(None, lines))
