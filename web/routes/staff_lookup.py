"""查询: from a few words to an item's whole card, the same facts that the bot tells."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from base.clock import now
from knowledge.answers import item_answer
from knowledge.aspects import NOTICE
from knowledge.checklist import Answers, check_answers
from knowledge.inquiry import Inquiry
from knowledge.search import by_domain
from knowledge.service import Service, Situation
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, house_of, page
from web.accounts.rules import Act

MOST_FOUND = 12
LONGEST_QUERY = 200
Reader = Annotated[Visitor, Depends(allowed(Act.LOOK_UP))]

router = APIRouter(prefix="/staff/look-up", route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@router.get("")
def search(request: Request, visitor: Reader, q: str = "") -> Response:
    house, query = house_of(request), q.strip()[:LONGEST_QUERY]
    with house.database.reading() as session:
        knowledge = house.knowledge.current(session)
    found = house.search.search(knowledge, query, now().date(), MOST_FOUND) if query else []
    return page(request, "look_up", visitor, query=query, count=len(found), found=by_domain(found))


@router.get("/{service_id}")
def show_card(
    request: Request, visitor: Reader, service_id: str, given: Annotated[tuple[str, ...], Query()] = ()
) -> Response:
    """The whole card; `given` holds the answers so far, each as `situation:option`."""
    house = house_of(request)
    with house.database.reading() as session:
        knowledge = house.knowledge.current(session)
    resolved = knowledge.resolve(service_id, now().date(), house.settings.region)
    service = resolved.service
    told = dict(part.partition(":")[::2] for part in given)
    check_answers(service, told)
    inquiry = Inquiry(
        knowledge=knowledge,
        resolved=resolved,
        answers=told,
        aspects=NOTICE,
        region=house.settings.region,
        at=now(),
    )
    answer = item_answer(inquiry)
    asked = service.situation(answer.asks or "")
    return page(
        request,
        "card",
        visitor,
        service=service,
        blocks=[block for block in answer.blocks if block["type"] != "question" and block.get("tone") != "title"],
        told=_told(service, told),
        question=asked.ask if asked else "",
        options=_options(service.id, told, asked) if asked else [],
    )


def _told(service: Service, told: Answers) -> list[tuple[str, str]]:
    """Each answer so far in words, and the card without it."""
    situations = [situation for situation in service.situations if situation.id in told]
    return [
        (one.options[told[one.id]], _link(service.id, {id: told[id] for id in told if id != one.id}))
        for one in situations
    ]


def _options(service_id: str, told: Answers, asked: Situation) -> list[tuple[str, str]]:
    """Each option of the open question in words, and the card with it."""
    return [(words, _link(service_id, {**told, asked.id: option})) for option, words in asked.options.items()]


def _link(service_id: str, told: Answers) -> str:
    query = urlencode([("given", f"{situation}:{option}") for situation, option in told.items()], safe=":")
    return f"{router.prefix}/{service_id}" + (f"?{query}" if query else "")
