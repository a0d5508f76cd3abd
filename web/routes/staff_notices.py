"""告知单 at the counter: what was promised, what was brought, and what was asked for beyond it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from base import audit
from base.clock import now
from base.errors import BadRequest, MistypedCode, NotAllowed, NoticeNotFound
from base.privacy import mask_text
from knowledge.notices import counter, store
from knowledge.notices.codes import read_code, shown
from knowledge.notices.models import Notice
from knowledge.notices.notice import materials_of
from knowledge.notices.store import State
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, database_of, house_of, page
from web.accounts.rules import Act
from web.notices import guesses
from web.notices.counter import (
    NOTICES,
    STATE_WORDS,
    Counter,
    address_of,
    code_in,
    remember_office,
    subject_of,
)
from web.notices.holder import unlock
from web.problems import STATUS

LATEST = 20
CHANNEL_WORDS = {"web": "网页", "terminal": "终端", "counter": "窗口", "api": "其他系统"}
Reader = Annotated[Visitor, Depends(allowed(Act.READ_NOTICES))]
Issuer = Annotated[Visitor, Depends(allowed(Act.ISSUE_NOTICES))]
Words = Annotated[str, Form()]

_NOTHING_TYPED = {"what": "", "reason": "", "why": ""}
ON_THE_SPOT = ("现场填写", "现场采集")  # forms of materials that nobody brings along: ticked from the start

router = APIRouter(prefix=NOTICES, route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@router.get("")
def list_notices(request: Request, visitor: Reader, code: str = "") -> Response:
    """The field for a code, below it what this person issued last; with a code on to its notice."""
    problem, status, at = "", 200, now()
    with database_of(request).reading() as session:
        latest = counter.latest_of(session, visitor.staff.login, LATEST)
        if code.strip():
            try:
                return RedirectResponse(address_of(store.find(session, code_in(code))), 303)
            except (MistypedCode, NoticeNotFound) as error:
                problem, status = f"“{code.strip()[:40]}”：{error}", STATUS[type(error)]
    rows = [(shown(one.code), store.content_of(one).name, one, STATE_WORDS[store.state_of(one, at)]) for one in latest]
    return page(request, "notices", visitor, status, notices=rows, problem=problem)


@router.get("/{code}")
def show_notice(request: Request, visitor: Reader, code: str, change: bool = False) -> Response:
    return _notice_page(request, visitor, code, change=change)


@router.post("/{code}/present")
def do_present(
    request: Request,
    visitor: Issuer,
    code: str,
    brought: Annotated[tuple[str, ...], Form()] = (),
    complete: Words = "",
    office: Words = "",
) -> Response:
    """Note what was brought; `complete` is the one key for a whole set."""
    at_work = Counter.of(request, visitor)
    try:
        with database_of(request).writing() as session:
            notice, place = at_work.open_notice(session, code, office)
            ids = [line["id"] for line in materials_of(store.content_of(notice))] if complete else brought
            store.present(session, notice, ids, by=visitor.staff.login, at=now(), office=place)
    except BadRequest as error:
        return _notice_page(request, visitor, code, ticked=brought, error=error)
    return remember_office(request, RedirectResponse(f"{address_of(notice)}#result", 303), office)


@router.post("/{code}/demand")
def do_demand(
    request: Request, visitor: Issuer, code: str, what: Words = "", reason: Words = "", office: Words = ""
) -> Response:
    """二次告知: something that the notice did not name, and why."""
    at_work = Counter.of(request, visitor)
    try:
        with database_of(request).writing() as session:
            notice, place = at_work.open_notice(session, code, office)
            by, why = visitor.staff.login, mask_text(reason)
            store.demand(session, notice, mask_text(what), reason=why, by=by, at=now(), office=place)
    except BadRequest as error:
        return _notice_page(request, visitor, code, typed={"what": what, "reason": reason}, error=error)
    return remember_office(request, RedirectResponse(f"{address_of(notice)}#history", 303), office)


@router.post("/{code}/withdraw")
def do_withdraw(request: Request, visitor: Issuer, code: str, why: Words = "") -> Response:
    try:
        with database_of(request).writing() as session:
            notice = store.find(session, code)
            if not _may_withdraw(visitor, notice):
                raise NotAllowed("只有出单人和督办主管可以收回这份告知单")
            if notice.withdrawn_at is not None:
                raise BadRequest("why", "这份告知单已经收回过了")
            store.withdraw(session, notice, by=visitor.staff.login, reason=mask_text(why), at=now())
            subject, by = subject_of(notice), visitor.staff.login
            audit.record(session, at=now(), actor=by, action="withdraw_notice", subject=subject)
    except BadRequest as error:
        return _notice_page(request, visitor, code, typed={"why": why}, error=BadRequest("why", error.problem))
    return RedirectResponse(address_of(notice), 303)


@router.post("/{code}/holder")
def do_unlock(request: Request, visitor: Issuer, code: str, last4: Words = "") -> Response:
    """The whole name, for who knows the digits as well; every try is written down, and after five one has to wait."""
    tries, plain = guesses.of(request), read_code(code)
    tries.begin_try(plain)
    with database_of(request).writing() as session:
        notice = store.find(session, code)
        name = unlock(house_of(request).cipher, notice.holder_sealed, last4) if notice.holder_sealed else None
        action = "miss_notice_holder" if name is None else "read_notice_holder"
        audit.record(session, at=now(), actor=visitor.staff.login, action=action, subject=subject_of(notice))
    if name is None:
        return _notice_page(request, visitor, code, error=BadRequest("last4", "和出单时填的后四位不一致，请再核对"))
    tries.end_tries(plain)
    return _notice_page(request, visitor, code, holder=name)


def _notice_page(
    request: Request,
    visitor: Visitor,
    code: str,
    *,
    change: bool = False,
    holder: str = "",
    ticked: Collection[str] | None = None,
    typed: dict[str, str] | None = None,
    error: BadRequest | None = None,
) -> Response:
    """One notice with its history; `change` asks anew where the person sits, `typed` and `error` were wrong."""
    house, at_work, at = house_of(request), Counter.of(request, visitor), now()
    with house.database.reading() as session:
        notice = store.find(session, code)
        events = list(notice.events)
    brought, state = counter.brought_last(events), store.state_of(notice, at)
    materials = materials_of(store.content_of(notice))
    if ticked is None:
        ticked = brought or [line["id"] for line in materials if line["form"] in ON_THE_SPOT]
    return page(
        request,
        "notice",
        visitor,
        422 if error else 200,
        notice=notice,
        sheet=store.sheet_of(notice, at_work.knowledge, site=house.settings.site, at=at, holder=holder),
        state=STATE_WORDS[state],
        is_open=state in (State.IN_USE, State.EXPIRED),
        channel=CHANNEL_WORDS.get(notice.channel, notice.channel),
        materials=materials,
        ticked=ticked,
        missing=None if brought is None else counter.missing_of(notice, brought),
        events=events,
        office_here=None if change else at_work.here,
        around=at_work.offices_around(notice),
        offices=at_work.knowledge.offices,
        may_withdraw=_may_withdraw(visitor, notice) and notice.withdrawn_at is None,
        unlocked=bool(holder),
        typed=_NOTHING_TYPED | (typed or {}),
        error=error,
    )


def _may_withdraw(visitor: Visitor, notice: Notice) -> bool:
    own = notice.issued_by == visitor.staff.login and visitor.may(Act.ISSUE_NOTICES)
    return own or visitor.may(Act.WITHDRAW_NOTICES)
