"""出告知单: from the card of an item to a notice in somebody's hand, for people who never used the bot."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from base import audit
from base.clock import now
from base.errors import BadRequest, QuestionOpen
from bot.conversations.vault import Cipher
from knowledge.notices import store
from knowledge.notices.models import Notice
from knowledge.notices.notice import PersonCase
from knowledge.notices.store import State, Wanted
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, database_of, house_of, knowledge_of, page
from web.accounts.rules import Act, checked_words
from web.notices import holder
from web.notices.counter import NOTICES, Counter, address_of, subject_of
from web.routes.staff_lookup import RELATIVES, Case, card_page

LONGEST_WHO = 6  # characters of 孩子, 二女儿; what is longer is likely to be a name
Reader = Annotated[Visitor, Depends(allowed(Act.READ_NOTICES))]
Issuer = Annotated[Visitor, Depends(allowed(Act.ISSUE_NOTICES))]
Words = Annotated[str, Form()]

router = APIRouter(prefix=NOTICES, route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@router.post("")
def do_issue(
    request: Request,
    visitor: Issuer,
    service: Words = "",
    given: Annotated[tuple[str, ...], Form()] = (),
    office: Words = "",
    name: Words = "",
    last4: Words = "",
    joins: Words = "",
    who: Words = "",
) -> Response:
    """Issue the notice of a card; with `joins` a new one in the place of that one, with one more person on it."""
    case, typed = Case.of(given, office, joins, who), {"office": office, "name": name, "last4": last4}
    at_work = Counter.of(request, visitor)
    try:
        with database_of(request).writing() as session:
            if joins:
                notice = _add_person(session, at_work, service, case)
            else:
                wanted = _wanted(at_work, house_of(request).cipher, PersonCase(service, case.told), typed)
                notice = store.issue(session, at_work.knowledge, wanted, at=now())
            subject, by = subject_of(notice), visitor.staff.login
            audit.record(session, at=now(), actor=by, action="issue_notice", subject=subject)
    except BadRequest as error:
        return card_page(request, visitor, service, case, typed=typed, error=error)
    except QuestionOpen:  # that office asks more than the one whose card was shown
        return RedirectResponse(case.link(service, case.told), 303)
    return RedirectResponse(f"{address_of(notice)}/issued", 303)


@router.get("/{code}/issued")
def show_issued(request: Request, visitor: Reader, code: str) -> Response:
    """What to hand over: the code, its picture, the paper."""
    house = house_of(request)
    with house.database.reading() as session:
        notice = store.find(session, code)
    sheet = store.sheet_of(notice, knowledge_of(request), site=house.settings.site, at=now())
    persons = [case.who for case in store.cases_of(notice)]
    return page(
        request,
        "notice_issued",
        visitor,
        notice=notice,
        sheet=sheet,
        address=sheet.url.partition("://")[2],
        picture=segno.make(sheet.url, error="m").svg_data_uri(scale=6, border=2),
        persons=persons,
        relatives=[words for words in RELATIVES if words not in persons],
        may_add=store.state_of(notice, now()) is State.IN_USE,
    )


def _wanted(at_work: Counter, cipher: Cipher, case: PersonCase, typed: dict[str, str]) -> Wanted:
    """What the form under the card asks for; a name is sealed, and shown masked."""
    named = holder.checked_holder(typed["name"], typed["last4"])
    office = typed["office"] or None
    return Wanted(
        cases=(case,),
        region=at_work.region,
        office=office,
        channel="counter",
        issued_by=at_work.staff.login,
        card=at_work.card(at_work.seat(office), now()),
        holder=holder.masked(named[0]) if named else "",
        holder_sealed=holder.seal(cipher, *named) if named else None,
    )


def _add_person(session: Session, at_work: Counter, service: str, case: Case) -> Notice:
    """A new notice with one more person, for the same place and holder; the old code leads to it."""
    old, at = store.find(session, case.joins), now()
    if store.state_of(old, at) is not State.IN_USE:
        raise BadRequest("who", "那份告知单已经不能再加人，请另出一份")
    who = checked_words("who", case.who, most=LONGEST_WHO)
    wanted = Wanted(
        cases=(*store.cases_of(old), PersonCase(service, case.told, who)),
        region=old.region,
        office=old.office,
        channel="counter",
        conversation=old.conversation,
        issued_by=at_work.staff.login,
        card=at_work.card(at_work.seat(old.office), at),
        holder=old.holder,
        holder_sealed=old.holder_sealed,
    )
    return store.replace(session, old, at_work.knowledge, wanted, at=at)
