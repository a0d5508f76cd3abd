"""查询: from a few words to an item's whole card, the same facts that the bot tells, and from there to a notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from base.clock import now
from base.errors import BadRequest
from knowledge.answers import item_answer
from knowledge.aspects import NOTICE
from knowledge.checklist import Answers, check_answers
from knowledge.inquiry import Inquiry
from knowledge.notices import store as notices
from knowledge.offices import find_offices
from knowledge.place import Office
from knowledge.search import by_domain
from knowledge.service import Service, Situation
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, database_of, house_of, knowledge_of, page
from web.accounts.rules import Act
from web.notices.counter import Counter
from web.notices.holder import LONGEST_NAME

MOST_FOUND = 12
LONGEST_QUERY = 200
RELATIVES = ("孩子", "爱人", "父亲", "母亲")
Reader = Annotated[Visitor, Depends(allowed(Act.LOOK_UP))]

router = APIRouter(prefix="/staff/look-up", route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@dataclass(frozen=True)
class Case:
    """Whose card it is: the answers so far, the office they will go to (none: empty; not said: None).

    For one more person of a family also the notice that they join, and who they are.
    """

    told: Answers
    office: str | None = None
    joins: str = ""
    who: str = ""

    @classmethod
    def of(cls, given: Iterable[str], office: str | None, joins: str, who: str) -> Case:
        """From the parts `situation:option` of an address or a form."""
        return cls(dict(part.partition(":")[::2] for part in given), office, joins, who)

    def link(self, service_id: str, told: Answers) -> str:
        """The card of this person with these answers."""
        parts = [("given", f"{situation}:{option}") for situation, option in told.items()]
        parts += [("office", self.office)] if self.office is not None else []
        parts += [(name, value) for name, value in (("joins", self.joins), ("who", self.who)) if value]
        query = urlencode(parts, safe=":")
        return f"{router.prefix}/{service_id}" + (f"?{query}" if query else "")


@router.get("")
def search(request: Request, visitor: Reader, q: str = "") -> Response:
    knowledge, query = knowledge_of(request), q.strip()[:LONGEST_QUERY]
    found = house_of(request).search.search(knowledge, query, now().date(), MOST_FOUND) if query else []
    return page(request, "look_up", visitor, query=query, count=len(found), found=by_domain(found))


@router.get("/{service_id}")
def show_card(
    request: Request,
    visitor: Reader,
    service_id: str,
    given: Annotated[tuple[str, ...], Query()] = (),
    office: str | None = None,
    joins: str = "",
    who: str = "",
) -> Response:
    """The whole card; `given` holds the answers so far, each as `situation:option`."""
    return card_page(request, visitor, service_id, Case.of(given, office, joins, who))


def card_page(
    request: Request,
    visitor: Visitor,
    service_id: str,
    case: Case,
    *,
    typed: Mapping[str, str] | None = None,
    error: BadRequest | None = None,
) -> Response:
    """The card; `typed` and `error` are what was wrong in the form below it."""
    at_work, at = Counter.of(request, visitor), now()
    knowledge = at_work.knowledge
    offices = _offices(at_work, service_id)
    office, region = _place(request, at_work, case, offices)
    resolved = knowledge.resolve(service_id, at.date(), region, office)
    service = resolved.service
    check_answers(service, case.told)
    inquiry = Inquiry(
        knowledge=knowledge, resolved=resolved, answers=case.told, aspects=NOTICE, region=region, at=at
    )  # fmt: skip
    answer = item_answer(inquiry)
    asked = service.situation(answer.asks or "")
    return page(
        request,
        "card",
        visitor,
        422 if error else 200,
        service=service,
        blocks=[block for block in answer.blocks if block["type"] != "question" and block.get("tone") != "title"],
        told=_told(service, case),
        question=asked.ask if asked else "",
        options=_options(service.id, case, asked) if asked else [],
        complete=inquiry.question is None,
        case=case,
        offices=offices,
        typed=typed or {"office": office or "", "name": "", "last4": ""},
        error=error,
        longest_name=LONGEST_NAME,
    )


def _offices(at_work: Counter, service_id: str) -> list[Office]:
    """The offices around the visitor's unit that deal with the item."""
    national = at_work.knowledge.find(service_id, now().date()).service
    return find_offices(at_work.knowledge, national, at_work.region) if at_work.region else []


def _place(request: Request, at_work: Counter, case: Case, offices: list[Office]) -> tuple[str | None, str | None]:
    """The office and the division by whose rules the card is; nothing said, it is the office where one sits."""
    if case.joins:
        with database_of(request).reading() as session:
            notice = notices.find(session, case.joins)
        return notice.office, notice.region
    office = case.office
    if office is None and at_work.here in offices:
        office = at_work.here.id
    return (office, at_work.knowledge.office(office).region) if office else (None, at_work.region)


def _told(service: Service, case: Case) -> list[tuple[str, str]]:
    """Each answer so far in words, and the card without it."""
    situations = [situation for situation in service.situations if situation.id in case.told]
    return [
        (one.options[case.told[one.id]], case.link(service.id, {id: o for id, o in case.told.items() if id != one.id}))
        for one in situations
    ]


def _options(service_id: str, case: Case, asked: Situation) -> list[tuple[str, str]]:
    """Each option of the open question in words, and the card with it."""
    return [(words, case.link(service_id, {**case.told, asked.id: option})) for option, words in asked.options.items()]
