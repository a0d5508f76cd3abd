"""What is done with a notice from its page: issue it, add one of the family, see the name, report, tell of the visit."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from base.clock import now
from base.errors import BadRequest, QuestionOpen, UnknownAnswer
from knowledge.notices import visits
from knowledge.notices.codes import read_code, shown
from knowledge.notices.notice import MYSELF, PersonCase
from knowledge.notices.store import State, Wanted, cases_of, find, issue, replace, state_of
from tickets.reports import report_notice
from web.notices import guesses
from web.notices.holder import unlock
from web.notices.page import NoticeRoute, View, show
from web.routes.api import InHouse, Known
from web.routes.pages import FAMILY_CODE, FAMILY_WHO, page

CHANNEL = "web"
LONGEST_WHO = 6  # characters of 孩子, 二女儿; what is longer is likely to be a name
LONGEST_WORDS = 500
WRONG_DIGITS = "后四位对不上，请看看是不是开单时留的那个手机号。"

Text = Annotated[str, Form()]
Given = Annotated[tuple[str, ...], Form()]

router = APIRouter(prefix="/n", include_in_schema=False, route_class=NoticeRoute)


@router.post("")
def issue_notice(
    house: InHouse, knowledge: Known, service: Text, given: Given = (), adcode: Text = "", office: Text = ""
) -> Response:
    """The notice for a case that the guide has asked through; `given` holds the answers, each as `situation:option`."""
    case = _case(service, given)
    wanted = Wanted((case,), region=adcode or None, office=office or None, channel=CHANNEL)
    try:
        with house.database.writing() as session:
            code = issue(session, knowledge, wanted, at=now()).code
    except (QuestionOpen, UnknownAnswer):  # the guide has changed since it was read
        return _to_guide(case, adcode)
    return _to_page(code)


@router.get("/{code}/family")
def begin_family(
    request: Request, code: str, house: InHouse, knowledge: Known, who: str = "", other: str = ""
) -> Response:
    """To the guide's questions for somebody else of the family, who then joins this notice."""
    with house.database.reading() as session:
        notice = find(session, code)
        try:
            name = _checked_who(other or who, {case.who for case in cases_of(notice)})
        except BadRequest as error:
            view = View(wrong_who=error.problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            return show(request, house, knowledge, notice, view)
        family = {FAMILY_CODE: shown(notice.code), FAMILY_WHO: name}
        return _to_guide(PersonCase(notice.service, {}), notice.region or "", family)


@router.post("/{code}/family")
def add_family(house: InHouse, knowledge: Known, code: str, service: Text, who: Text, given: Given = ()) -> Response:
    """A new notice for all of them; the old code leads to it, unless staff gave their word for the old one."""
    at = now()
    case = _case(service, given, who)
    try:
        with house.database.writing() as session:
            old = find(session, code)
            if state_of(old, at) is not State.IN_USE:
                return _to_page(old.code)
            cases = cases_of(old)
            _checked_who(who, {one.who for one in cases})
            wanted = Wanted(
                (*cases, case), region=old.region, office=old.office, channel=old.channel, conversation=old.conversation
            )
            if old.issued_by:
                new = issue(session, knowledge, wanted, at=at)
            else:
                new = replace(session, old, knowledge, wanted, at=at)
            return _to_page(new.code)
    except (QuestionOpen, UnknownAnswer):  # one of the older cases fits no more, as the page says
        return _to_page(read_code(code))


@router.post("/{code}/holder")
def show_holder(request: Request, code: str, house: InHouse, knowledge: Known, last4: Text = "") -> Response:
    """The page with the whole name, for whoever knows the last four digits of the holder's phone."""
    with house.database.reading() as session:
        notice = find(session, code)
        if notice.holder_sealed is None:
            return _to_page(notice.code)
        tries = guesses.of(request)
        tries.begin_try(notice.code)
        name = unlock(house.cipher, notice.holder_sealed, last4)
        if name is None:
            view = View(wrong_digits=WRONG_DIGITS, status=HTTPStatus.FORBIDDEN)
        else:
            tries.end_tries(notice.code)
            view = View(holder=name)
        return show(request, house, knowledge, notice, view)


@router.post("/{code}/report")
def report(request: Request, code: str, house: InHouse, words: Text = "") -> Response:
    """The ticket about a counter that asks for something else, said once it is stored."""
    if len(words) > LONGEST_WORDS:
        raise BadRequest("words", f"最多 {LONGEST_WORDS} 个字")
    with house.database.writing() as session:
        notice = find(session, code)
        done = report_notice(session, notice, words, channel=CHANNEL, at=now(), cipher=house.cipher)
        written, number = shown(notice.code), done.ticket.number
    response = page(request, "notice_reported", code=written, number=number, secret=done.secret)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/{code}/visit")
def tell_of_visit(code: str, house: InHouse, outcome: Text = "", reason: Text = "") -> Response:
    """How the visit went, then why; what was told once stays."""
    with house.database.writing() as session:
        notice = find(session, code)
        if visits.wants_reason(notice):
            visits.explain(notice, reason)
        elif notice.visit is None:
            visits.report(notice, outcome, at=now())
        return _to_page(notice.code, "#visit")


def _case(service: str, given: Collection[str], who: str = MYSELF) -> PersonCase:
    return PersonCase(service, dict(part.partition(":")[::2] for part in given), who)


def _checked_who(who: str, known: Collection[str]) -> str:
    """What the family calls the person; raises `BadRequest` for a name, a number, and somebody who is on it already."""
    who = "".join(who.split())
    if not who:
        raise BadRequest("who", "请选一个家里人")
    if len(who) > LONGEST_WHO or not who.isprintable() or any(letter.isdigit() for letter in who):
        raise BadRequest("who", f"请写称呼，比如“老二”，不写姓名和号码，最多 {LONGEST_WHO} 个字")
    if who in known:
        raise BadRequest("who", f"告知单上已经有“{who}”了，请换一个称呼，比如“老二”")
    return who


def _to_page(code: str, place: str = "") -> RedirectResponse:
    return RedirectResponse(f"/n/{shown(code)}{place}", HTTPStatus.SEE_OTHER)


def _to_guide(case: PersonCase, adcode: str, family: dict[str, str] | None = None) -> RedirectResponse:
    query = {**case.answers, **({"adcode": adcode} if adcode else {}), **(family or {})}
    return RedirectResponse(f"/guide/{case.service}?{urlencode(query)}", HTTPStatus.SEE_OTHER)
