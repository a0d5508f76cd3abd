"""告知单成效: what became of the notices of each item at each office, most wasted trips first."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from base.clock import now
from base.errors import BadRequest
from knowledge.notices.visits import REASONS, trips
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, database_of, knowledge_of, page
from web.accounts.rules import Act
from web.notices.counter import NOTICES

SPANS = (30, 90)  # days
Reader = Annotated[Visitor, Depends(allowed(Act.READ_FIGURES))]

router = APIRouter(prefix=f"{NOTICES}/figures", route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@router.get("")
def show_figures(request: Request, visitor: Reader, days: int = SPANS[0]) -> Response:
    if days not in SPANS:
        raise BadRequest("days", f"只能看最近 {'、'.join(map(str, SPANS))} 天")
    knowledge, at = knowledge_of(request), now()
    with database_of(request).reading() as session:
        rows = trips(session, at - timedelta(days=days))
    return page(
        request,
        "figures",
        visitor,
        rows=rows,
        days=days,
        spans=SPANS,
        services={head.id: head.name for head in knowledge.heads(at.date())},
        offices=knowledge.offices,
        reasons=REASONS,
        issued=sum(row.issued for row in rows),
        told=sum(row.told for row in rows),
        one_trip=sum(row.one_trip for row in rows),
    )
