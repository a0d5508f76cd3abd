"""否定答复: a counter that says no names the reason, hears what the guide says to it, and gives it in writing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from base.clock import now
from base.errors import BadRequest
from base.privacy import mask_text
from knowledge.notices import counter, store
from knowledge.notices.models import Notice
from knowledge.notices.notice import materials_of
from knowledge.notices.refusals import GROUNDS, VERDICT_WORDS, Refusal, Verdict, judge
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, database_of, page
from web.accounts.rules import Act, checked_words
from web.notices.counter import NOTICES, Counter, address_of, remember_office

LONGEST_WORDS = 300
Reader = Annotated[Visitor, Depends(allowed(Act.READ_NOTICES))]
Issuer = Annotated[Visitor, Depends(allowed(Act.ISSUE_NOTICES))]

router = APIRouter(prefix=f"{NOTICES}/{{code}}/refusal", route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@dataclass(frozen=True)
class Typed:
    """The form as it was filled in: `papers` are names from the list, `others` names of what is not on it."""

    service: str = ""
    ground: str = ""
    papers: tuple[str, ...] = ()
    others: str = ""
    words: str = ""
    office: str = ""

    @property
    def all_papers(self) -> tuple[str, ...]:
        others = (mask_text(name.strip()) for name in re.split(r"[、，,；;\n]", self.others))
        return tuple(dict.fromkeys((*self.papers, *filter(None, others))))


def typed_of(
    service: Annotated[str, Form()] = "",
    ground: Annotated[str, Form()] = "",
    papers: Annotated[tuple[str, ...], Form()] = (),
    others: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
    office: Annotated[str, Form()] = "",
) -> Typed:
    return Typed(service, ground, papers, others, words, office)


@router.get("")
def show_form(request: Request, visitor: Issuer, code: str, change: bool = False) -> Response:
    """The form, filled in with what was missing when the papers were last looked at."""
    with database_of(request).reading() as session:
        notice = store.find(session, code)
        brought = counter.brought_last(list(notice.events))
    missing = tuple(line["name"] for line in counter.missing_of(notice, brought)) if brought is not None else ()
    return _form_page(
        request, visitor, code, Typed(ground="papers_missing" if missing else "", papers=missing), change=change
    )


@router.post("")
def do_refuse(
    request: Request,
    visitor: Issuer,
    code: str,
    typed: Annotated[Typed, Depends(typed_of)],
    confirmed: Annotated[str, Form()] = "",
) -> Response:
    """First what the guide says to it; once `confirmed`, the refusal stands and is given in writing."""
    at_work, at = Counter.of(request, visitor), now()
    try:
        with database_of(request).writing() as session:
            notice, place = at_work.open_notice(session, code, typed.office)
            refusal = _judged(at_work, notice, typed, place, at)
            if confirmed:
                card = list(at_work.card(place, at))
                data = refusal.as_json() | {"service": typed.service, "card": card}
                event = store.note(session, notice, "refused", by=visitor.staff.login, at=at, office=place, **data)
                session.flush()
    except BadRequest as error:
        return _form_page(request, visitor, code, typed, error=error)
    if not confirmed:
        return remember_office(request, _form_page(request, visitor, code, typed, refusal=refusal), typed.office)
    return remember_office(request, RedirectResponse(f"{address_of(notice)}/refusal/{event.id}", 303), typed.office)


@router.get("/{number}")
def show_paper(
    request: Request, visitor: Reader, code: str, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> Response:
    """The written reason, to be printed and handed over."""
    at_work = Counter.of(request, visitor)
    with database_of(request).reading() as session:
        notice = store.find(session, code)
        event = counter.find_refusal(session, notice, number)
    office = at_work.knowledge.offices.get(event.office or "")
    return page(
        request,
        "refusal_paper",
        visitor,
        notice=notice,
        address=address_of(notice),
        item=_names(at_work, notice).get(event.data["service"], store.content_of(notice).name),
        event=event,
        ground=GROUNDS[event.data["ground"]],
        verdict=VERDICT_WORDS[Verdict(event.data["verdict"])],
        office=office.name if office else "",
    )


def _judged(at_work: Counter, notice: Notice, typed: Typed, office: str | None, at: datetime) -> Refusal:
    """The refusal of one of the notice's items, with what the guide says to it; raises `BadRequest`."""
    if typed.service not in {case.service for case in store.cases_of(notice)}:
        raise BadRequest("service", "请选择不能办的是哪一项")
    resolved = at_work.knowledge.resolve(typed.service, at.date(), notice.region, office)
    words = checked_words("words", mask_text(typed.words), most=LONGEST_WORDS, needed=False)
    checked_words("others", typed.others, most=LONGEST_WORDS, needed=False)
    return judge(
        at_work.knowledge,
        resolved.service,
        store.content_of(notice),
        typed.ground,
        words=words,
        papers=typed.all_papers if typed.ground == "papers_missing" else (),
        office=office,
        at=at,
    )


def _names(at_work: Counter, notice: Notice) -> dict[str, str]:
    """The notice's items by id, with what they are called today."""
    heads = {head.id: head.name for head in at_work.knowledge.heads(now().date())}
    services = dict.fromkeys(case.service for case in store.cases_of(notice))
    return {id: heads[id] for id in services if id in heads}


def _form_page(
    request: Request,
    visitor: Visitor,
    code: str,
    typed: Typed,
    *,
    change: bool = False,
    refusal: Refusal | None = None,
    error: BadRequest | None = None,
) -> Response:
    at_work = Counter.of(request, visitor)
    with database_of(request).reading() as session:
        notice = store.find(session, code)
    papers = [line["name"] for line in materials_of(store.content_of(notice))]
    return page(
        request,
        "refusal",
        visitor,
        422 if error else 200,
        notice=notice,
        address=address_of(notice),
        title=store.content_of(notice).name,
        services=_names(at_work, notice),
        papers=list(dict.fromkeys(papers)),
        office_here=None if change else at_work.knowledge.offices.get(typed.office, at_work.here),
        around=at_work.offices_around(notice),
        grounds=GROUNDS,
        verdicts=VERDICT_WORDS,
        typed=typed,
        refusal=refusal,
        error=error,
        longest=LONGEST_WORDS,
    )
