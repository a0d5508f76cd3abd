"""The public pages: demo page, guides, a ticket's state, privacy. All of them read without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from base.answer import Block
from base.clock import now
from base.errors import MistypedCode, ServiceNotFound, TicketClosedToYou, TicketNotFound
from base.settings import ROOT
from bot.channels.house import House
from knowledge.answers import item_answer
from knowledge.aspects import NOTICE
from knowledge.checklist import Answers
from knowledge.inquiry import Inquiry
from knowledge.notices.codes import read_code, shown
from knowledge.papers import material_lines, waived
from knowledge.search import by_domain
from knowledge.sections import cautions
from knowledge.service import DOMAINS, Condition, Service
from knowledge.store import Head, Knowledge
from tickets import answers as ticket_answers
from tickets.store import check_secret, find_ticket

MOST_FOUND = 10
LONGEST_QUERY = 100
LISTED = 100  # services of one domain; a list of thousands is a heavy page in which nobody finds anything
BUNDLES = "一件事"  # comes first: whoever has one of these saves the most trips
FACTS = ("eligibility", *NOTICE)
# With these two the guide asks for somebody who joins a notice; no situation has a dot in its id.
FAMILY_CODE, FAMILY_WHO = "notice.code", "notice.who"

router = APIRouter(include_in_schema=False)
_PAGES = Environment(
    loader=FileSystemLoader(ROOT / "web" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/")
def show_home(request: Request) -> HTMLResponse:
    domains = _by_domain(_knowledge(request).heads(now().date()))
    return page(request, "home", domains=[(domain, len(services)) for domain, services in domains])


@router.get("/guide")
def show_guides(request: Request, q: str = "") -> HTMLResponse:
    knowledge, today, query = _knowledge(request), now().date(), q.strip()[:LONGEST_QUERY]
    found = _house(request).search.search(knowledge, query, today, MOST_FOUND) if query else []
    everything = [] if found else _by_domain(knowledge.heads(today))
    return page(request, "guides", query=query, found=by_domain(found), domains=everything, most=LISTED)


@router.get("/guide/{service_id}")
def show_guide(request: Request, service_id: str, adcode: str = "") -> HTMLResponse:
    """The guide as it holds in a division: the one of the address, else the institution's own."""
    knowledge, at = _knowledge(request), now()
    place = adcode if adcode in knowledge.regions else _house(request).settings.region
    try:
        resolved = knowledge.resolve(service_id, at.date(), place)
    except ServiceNotFound:
        return page(request, "missing", status=404)
    service = resolved.service
    inquiry = Inquiry(
        knowledge=knowledge,
        resolved=resolved,
        answers=_answers(service, request.query_params),
        aspects=FACTS,
        region=place,
        at=at,
    )
    return page(
        request,
        "guide",
        service=service,
        revision=resolved.revision,
        place=place or "",
        cautions=[block["text"] for block in cautions(inquiry)],
        waived=[block["text"] for block in waived(inquiry)],
        trip=inquiry.bundle,
        answers=inquiry.answers,
        question=inquiry.question,
        undecided=inquiry.undecided,
        family=_family(request.query_params),
        needs=material_lines(inquiry),
        blocks=_grouped(item_answer(inquiry).blocks),
        condition=lambda when: _condition_words(service, when),
    )


@router.get("/t")
def show_ticket_form(request: Request) -> HTMLResponse:
    return page(request, "ticket", number="", problem="")


@router.get("/t/{number}")
def show_form_of_ticket(request: Request, number: str) -> HTMLResponse:
    return page(request, "ticket", number=number, problem="")


@router.post("/t")
def show_ticket(
    request: Request, number: Annotated[str, Form()] = "", secret: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """The ticket's state for whoever knows its secret, which therefore never stands in an address."""
    house, number = _house(request), number.strip().upper()
    try:
        check_secret(house.database, number, secret, at=now(), cipher=house.cipher)
    except (TicketNotFound, TicketClosedToYou):
        problem = ticket_answers.closed_to_you().body
        return page(request, "ticket", status=403, number=number, problem=problem)
    with house.database.reading() as session:
        ticket = ticket_answers.as_public(find_ticket(session, number))
    response = page(request, "ticket_state", ticket=ticket)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/t/{number}")
def show_ticket_of_address(request: Request, number: str, secret: Annotated[str, Form()] = "") -> HTMLResponse:
    return show_ticket(request, number, secret)


@router.get("/about")
def show_about(request: Request) -> HTMLResponse:
    return page(request, "about")


def _grouped(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """The blocks of an answer by their type, to stand where the page wants them."""
    grouped: dict[str, list[Block]] = {}
    for block in blocks:
        grouped.setdefault(block["type"], []).append(block)
    return grouped


def _family(query: Mapping[str, str]) -> dict[str, str] | None:
    """Which notice the answers are to join, and whose they are; None where they are for a notice of their own."""
    try:
        code = shown(read_code(query.get(FAMILY_CODE, "")))
    except MistypedCode:
        return None
    return {"code": code, "who": query.get(FAMILY_WHO, "")}


def _answers(service: Service, query: Mapping[str, str]) -> Answers:
    """The situations told in the address; what others add to a shared link, or left of an older version, is nothing."""
    return {
        situation.id: query[situation.id]
        for situation in service.situations
        if query.get(situation.id) in situation.options
    }


def _condition_words(service: Service, when: Condition) -> str:
    """未满16周岁，并且委托他人陪同 — the options under which something applies."""
    chosen = ((service.situation(id), options) for id, options in when.items())
    parts = ("或".join(situation.options[id] for id in options) for situation, options in chosen if situation)
    return "，并且".join(parts)


def _by_domain(services: list[Head]) -> list[tuple[str, list[Head]]]:
    """The services under their domains, in the order of DOMAINS after the bundles; empty domains are left out."""
    groups: dict[str, list[Head]] = {domain: [] for domain in (BUNDLES, *DOMAINS)}
    for service in services:
        groups[service.domain].append(service)
    return [(domain, members) for domain, members in groups.items() if members]


def _house(request: Request) -> House:
    return request.app.state.house  # type: ignore[no-any-return]


def _knowledge(request: Request) -> Knowledge:
    house = _house(request)
    with house.database.reading() as session:
        return house.knowledge.current(session)


def _moment(iso: str) -> str:
    """2026-11-21T16:50:00+08:00 → 2026年11月21日 16:50."""
    return f"{datetime.fromisoformat(iso):%Y年%m月%d日 %H:%M}"


def page(request: Request, name: str, status: int = 200, **words: Any) -> HTMLResponse:
    template = _PAGES.get_template(f"public/{name}.html")
    words |= {"here": request.url.path, "demo": _knowledge(request).has_demo, "moment": _moment}
    return HTMLResponse(template.render(words), status)
