"""工单台: tickets in the order of receipt, and one ticket with its entries. Read only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from base import audit
from base.clock import now
from knowledge.store import Knowledge
from tickets import store
from tickets.models import KINDS
from tickets.workflow import STATUS_WORDS, Status
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, house_of, page
from web.accounts.rules import Act

ON_A_PAGE = 50
Reader = Annotated[Visitor, Depends(allowed(Act.READ_TICKETS))]

router = APIRouter(prefix="/staff/tickets", route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@router.get("")
def list_tickets(request: Request, visitor: Reader, status: Status | None = None, after: str | None = None) -> Response:
    with house_of(request).database.reading() as session:
        found = store.open_tickets(session, status=status, after=after, most=ON_A_PAGE + 1)
        services = _service_names(house_of(request).knowledge.current(session))
    tickets, more = found[:ON_A_PAGE], len(found) > ON_A_PAGE
    return page(
        request,
        "tickets",
        visitor,
        tickets=tickets,
        services=services,
        kinds=KINDS,
        states=STATUS_WORDS,
        chosen=status,
        next_page=tickets[-1].number if more else None,
    )


@router.get("/{number}")
def show_ticket(request: Request, visitor: Reader, number: str) -> Response:
    """One ticket; a case is personal even with its numbers masked, so who read it is written down."""
    house = house_of(request)
    with house.database.reading() as session:  # not below: reading it anew may take a second, and writers wait
        knowledge = house.knowledge.current(session)
    with house.database.writing() as session:
        ticket = store.find_ticket(session, number)
        entries = list(ticket.entries)
        audit.record(session, at=now(), actor=visitor.staff.login, action="read_ticket", subject=number)
    office = knowledge.offices.get(ticket.office or "")
    return page(
        request,
        "ticket",
        visitor,
        ticket=ticket,
        entries=entries,
        service=_service_names(knowledge).get(ticket.service or ""),
        office=office.name if office else None,
        region=knowledge.region_words(ticket.region or ""),
        kinds=KINDS,
    )


def _service_names(knowledge: Knowledge) -> dict[str, str]:
    return {service.id: service.name for service in knowledge.services(now().date())}
