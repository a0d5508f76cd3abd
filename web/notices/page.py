"""The page of a notice as a response, and what is said to codes that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from fastapi.routing import APIRoute

from base.answer import Block, FactLine, OfficeLine
from base.clock import CHINA, now
from base.errors import MistypedCode, NoticeNotFound, ServiceNotFound
from bot.channels.house import House
from knowledge.notices import visits
from knowledge.notices.codes import shown
from knowledge.notices.models import Notice
from knowledge.notices.notice import MOST_CASES
from knowledge.notices.refusals import GROUNDS, VERDICT_WORDS, Verdict
from knowledge.notices.sheet import Sheet
from knowledge.notices.store import State, cases_of, sheet_of, state_of
from knowledge.offices import office_line
from knowledge.store import Knowledge
from web.notices import guesses
from web.problems import STATUS
from web.routes.pages import page

NOT_HELD = {State.EXPIRED: "已过期", State.REPLACED: "已换成新的一份", State.WITHDRAWN: "已收回"}
KIN = ("孩子", "爱人", "父亲", "母亲")
TAPS = {id: words for id, words in visits.OUTCOMES.items() if id != visits.NOT_GONE}


class NoticeRoute(APIRoute):
    """Has whoever guesses wait, and says kindly that a code leads nowhere, with the field to type it again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            if "code" in request.path_params or "code" in request.query_params:
                guesses.check(request)
            try:
                return await handle(request)
            except (MistypedCode, NoticeNotFound) as error:
                guesses.missed(request)
                return await run_in_threadpool(_form_again, request, error)

        return answer


def _form_again(request: Request, error: MistypedCode | NoticeNotFound) -> Response:
    typed = request.path_params.get("code") or request.query_params.get("code", "")
    return show_form(request, typed=typed, problem=str(error), status=STATUS[type(error)])


def show_form(request: Request, *, typed: str = "", problem: str = "", status: int = 200) -> Response:
    return page(request, "notice_form", status, typed=typed[:60], problem=problem)


@dataclass(frozen=True)
class View:
    """What differs between two views of one page: `holder` is the whole name for whoever told the right digits."""

    large: bool = False
    holder: str = ""
    wrong_digits: str = ""
    wrong_who: str = ""
    status: HTTPStatus = HTTPStatus.OK


def show(request: Request, house: House, knowledge: Knowledge, notice: Notice, view: View) -> Response:
    """The page of this notice as things stand now."""
    at = now()
    sheet = sheet_of(notice, knowledge, site=house.settings.site, at=at, holder=view.holder)
    state = state_of(notice, at)
    response = page(
        request,
        "notice",
        view.status,
        view=view,
        sheet=sheet,
        path=f"/n/{sheet.code}",
        newer=shown(notice.replaced_by) if notice.replaced_by else "",
        void=NOT_HELD.get(state, ""),
        again=list(_again(notice, knowledge, at)) if sheet.banner else [],
        masked=notice.holder if notice.holder_sealed and not view.holder else "",
        parts=_parts(replace(sheet, blocks=tuple(_live(knowledge, block, at) for block in sheet.blocks))),
        kin=_kin(notice) if state is State.IN_USE else [],
        notice=notice,
        tap=_tap(notice, state),
        taps=TAPS,
        reasons=visits.REASONS,
        refusals=list(_refusals(notice, knowledge)),
    )
    # A kept copy is shown by the service worker alone, which says that it is one.
    response.headers["Cache-Control"] = "no-store" if view != View(large=view.large) else "no-cache"
    return response


def _live(knowledge: Knowledge, block: Block, at: datetime) -> Block:
    """The block, its offices with whether they are open now; the rest stays as it was promised."""
    if block["type"] != "offices":
        return block
    lines: list[OfficeLine] = []
    for line in block["items"]:
        office = knowledge.offices.get(line["id"])
        today = office_line(knowledge, office, at) if office and line["hours"] else line
        lines.append({**line, "opening": today["opening"], "open_now": today["open_now"]})
    return {"type": "offices", "title": block["title"], "items": lines}


def _parts(sheet: Sheet) -> dict[str, Any]:
    """The blocks where the page wants them: cautions first, the list with what is waived, small print last."""
    places = ("before", "materials", "beside", "steps", "offices", "warning", "small")
    of: dict[str, list[Any]] = {place: [] for place in places}
    facts: list[FactLine] = []
    for block in sheet.blocks:
        if block["type"] == "text" and block["tone"] == "warning":
            of["warning" if of["materials"] or facts else "before"].append(block)
        elif block["type"] == "text":
            of["small" if facts else "beside"].append(block)
        elif block["type"] == "facts":
            facts += block["items"]
        else:
            of[block["type"]].append(block)
    return {**of, "facts": facts}


def _refusals(notice: Notice, knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """What counters refused and why (否定答复), each with what the guide says to it."""
    for event in notice.events:
        if event.kind == "refused":
            office = knowledge.offices.get(event.office or "")
            yield event.data | {
                "day": event.at.astimezone(CHINA).date(),
                "office": office.name if office else "",
                "ground": GROUNDS[event.data["ground"]],
                "verdict": VERDICT_WORDS[Verdict(event.data["verdict"])],
            }


def _again(notice: Notice, knowledge: Knowledge, at: datetime) -> Iterator[tuple[str, str]]:
    """For each person whose item is still there: who, and the guide with the answers of then."""
    for case in cases_of(notice):
        try:
            knowledge.find(case.service, at.date())
        except ServiceNotFound:
            continue
        query = urlencode({**case.answers, **({"adcode": notice.region} if notice.region else {})})
        yield case.who, f"/guide/{case.service}" + (f"?{query}" if query else "")


def _kin(notice: Notice) -> list[str]:
    """Who of the family may still be added; nobody once the sheet is full."""
    known = {case.who for case in cases_of(notice)}
    return [] if len(known) >= MOST_CASES else [who for who in KIN if who not in known]


def _tap(notice: Notice, state: State) -> str:
    """What is asked about the visit: how it went, then why; `told` thanks for it."""
    if state in (State.REPLACED, State.WITHDRAWN):
        return ""
    if visits.wants_reason(notice):
        return "reason"
    return "outcome" if notice.visit is None else "told"
