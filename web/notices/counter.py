"""A counter at work on notices: who stands there, where, and what is typed or scanned."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session

from base.answer import FactLine
from base.clock import now
from base.errors import BadRequest
from knowledge.notices import store
from knowledge.notices.codes import shown
from knowledge.notices.models import Notice
from knowledge.notices.store import State
from knowledge.offices import deals_with, office_line
from knowledge.place import Office
from knowledge.store import Knowledge, in_force
from web.accounts.door import Visitor, knowledge_of, set_cookie
from web.accounts.models import Staff

NOTICES = "/staff/notices"
STATE_WORDS = {
    State.IN_USE: "有效",
    State.EXPIRED: "已过期",
    State.REPLACED: "已换新",
    State.WITHDRAWN: "已收回",
}
OFFICE_COOKIE = "banshi_staff_office"
OFFICE_SECONDS = 365 * 24 * 3600  # the machine stays at its counter, whoever signs in there
_ADDRESS = re.compile(r"/n/([^/?#]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Counter:
    """Somebody of the staff at work, by what is published now; `here` is the office of this browser, once told."""

    staff: Staff
    knowledge: Knowledge
    region: str | None
    here: Office | None

    @classmethod
    def of(cls, request: Request, visitor: Visitor) -> Counter:
        """Read before a session writes: reading the knowledge anew may take a second, and writers wait."""
        knowledge = knowledge_of(request)
        region = visitor.staff.unit.region or request.app.state.house.settings.region
        here = knowledge.offices.get(request.cookies.get(OFFICE_COOKIE, ""))
        return cls(visitor.staff, knowledge, region, here)

    def open_notice(self, session: Session, code: str, office: str) -> tuple[Notice, str | None]:
        """The notice that is worked on, and the office where; raises `BadRequest` when it holds no more."""
        notice = store.find(session, code)
        state = store.state_of(notice, now())
        if state in (State.WITHDRAWN, State.REPLACED):
            raise BadRequest("code", f"这份告知单{STATE_WORDS[state]}，不能再按它办")
        if office:
            return notice, self.knowledge.office(office).id
        if self.offices_around(notice):
            raise BadRequest("office", "请选择您所在的网点")
        return notice, None

    def offices_around(self, notice: Notice) -> dict[str, list[Office]]:
        """Where a counter may be: its region's offices, those that deal with the item first; {} where none are known."""
        region = self.region or notice.region
        published = in_force(self.knowledge.revisions.get(notice.service, ()), now().date())
        offices = list(self.knowledge.office_map.within(region)) if region else []
        dealing = [one for one in offices if published and deals_with(self.knowledge, one, published.service)]
        others = [office for office in offices if office not in dealing]
        return {words: some for words, some in (("受理这个事项的网点", dealing), ("其他网点", others)) if some}

    def seat(self, otherwise: str | None) -> str | None:
        """The office where one sits, or while that is not told the one that the citizen will go to."""
        return self.here.id if self.here else otherwise

    def card(self, office: str | None, at: datetime) -> tuple[FactLine, ...]:
        """警民联系卡: who issued it or refused, and how to reach them there; what is not known is left out."""
        place = self.knowledge.office(office) if office else None
        line = office_line(self.knowledge, place, at) if place else None
        told = (
            ("经办人", self.staff.name),
            ("警号/工号", self.staff.badge),
            ("单位", self.staff.unit.name),
            ("电话", self.staff.unit.phone or (line["phone"] if line else "")),
            ("受理时间", line["hours"] if line else ""),
        )
        return tuple({"label": label, "value": value} for label, value in told if value)


def code_in(typed: str) -> str:
    """The code in what was typed or scanned: the code itself, or the whole address of its page."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    found = _ADDRESS.search(typed)
    return re.sub(r"\.pdf$", "", found[1] if found else typed, flags=re.IGNORECASE)


def address_of(notice: Notice) -> str:
    """Where the notice stands in the console."""
    return f"{NOTICES}/{shown(notice.code)}"


def subject_of(notice: Notice) -> str:
    """The notice as the audit trail names it."""
    return f"notice:{shown(notice.code)}"


def remember_office(request: Request, response: Response, office: str) -> Response:
    """The response, after which this browser knows where it stands."""
    if office:
        set_cookie(request, response, OFFICE_COOKIE, office, OFFICE_SECONDS)
    return response
