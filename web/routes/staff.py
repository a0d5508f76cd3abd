"""The staff console: sign-in, password, home; the other rooms' pages hang below."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from base.clock import now
from base.errors import BadRequest, SignInRefused
from bot.conversations import pool
from tickets import store as ticket_store
from web.accounts import people, sign_in, store
from web.accounts.door import (
    COOKIE,
    StaffRoute,
    Visitor,
    check_csrf,
    database_of,
    house_of,
    page,
    set_cookie,
    settled,
    signed_in,
)
from web.accounts.passwords import SHORTEST
from web.accounts.rules import LONGEST, Act
from web.routes import (
    staff_figures,
    staff_issuing,
    staff_lookup,
    staff_notices,
    staff_people,
    staff_questions,
    staff_refusals,
    staff_tickets,
)

START = "/staff"
FORM_COOKIE = "banshi_staff_form"
MOST_COUNTED = 99  # beyond it the home page says "more than"; the desk's own figures come with its queues
FORM_SECONDS = 3600  # how long a sign-in page may stay open before it is sent

door = APIRouter(prefix=START, route_class=StaffRoute)
inside = APIRouter(prefix=START, route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@door.get("/sign-in")
def show_sign_in(request: Request, next: str = START, expired: bool = False) -> Response:
    return _sign_in_page(request, next=next, problem="登录已过期，请重新登录" if expired else "")


@door.post("/sign-in")
def do_sign_in(
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = START,
    ticket: Annotated[str, Form()] = "",
) -> Response:
    if not _is_own_form(request, ticket):
        return _sign_in_page(request, next=next, login=login, problem="页面已过期，请再登录一次", status=403)
    address = request.client.host if request.client else "?"
    try:
        token = sign_in.sign_in(database_of(request), login, password, address=address, at=now())
    except SignInRefused as refused:
        status = 429 if str(refused) == sign_in.WAIT else 403
        return _sign_in_page(request, next=next, login=login, problem=str(refused), status=status)
    return _enter(request, token, _inside_only(next))


@door.post("/sign-out", dependencies=[Depends(check_csrf)])
def do_sign_out(request: Request) -> Response:
    sign_in.sign_out(database_of(request), request.cookies[COOKIE], now())
    response = RedirectResponse("/staff/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, path=START)
    return response


@inside.get("/password")
def show_password(request: Request, visitor: Annotated[Visitor, Depends(signed_in)]) -> Response:
    return page(request, "password", visitor, shortest=SHORTEST, field="", problem="")


@inside.post("/password")
def do_change_password(
    request: Request,
    visitor: Annotated[Visitor, Depends(signed_in)],
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    at = now()
    try:
        if new != again:
            raise BadRequest("again", "两次输入的新密码不一致")
        with database_of(request).writing() as session:
            staff = store.find_staff(session, visitor.staff.login)
            people.change_password(session, staff, old=old, new=new, at=at)
            token = sign_in.open_session(session, staff, at)
    except BadRequest as error:
        return page(request, "password", visitor, 422, shortest=SHORTEST, field=error.field, problem=error.problem)
    return _enter(request, token, START)


@inside.get("")
def show_home(request: Request, visitor: Annotated[Visitor, Depends(settled)]) -> Response:
    waiting = unanswered = None
    with database_of(request).reading() as session:
        if visitor.may(Act.READ_TICKETS):
            waiting = len(ticket_store.open_tickets(session, most=MOST_COUNTED + 1))
        if visitor.may(Act.READ_QUESTIONS):
            unanswered = pool.count_open(session)
    return page(request, "home", visitor, waiting=waiting, most=MOST_COUNTED, unanswered=unanswered)


def _sign_in_page(request: Request, *, next: str, login: str = "", problem: str = "", status: int = 200) -> Response:
    """The form with a ticket bound to a cookie of this browser, so that no other site can sign anybody in."""
    nonce = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
    ticket = _signer(request).dumps(nonce)
    response = page(
        request,
        "sign_in",
        status=status,
        next=_inside_only(next),
        login=login,
        problem=problem,
        ticket=ticket,
    )
    set_cookie(request, response, FORM_COOKIE, nonce, FORM_SECONDS)
    return response


def _is_own_form(request: Request, ticket: str) -> bool:
    try:
        nonce = _signer(request).loads(ticket, max_age=FORM_SECONDS)
    except BadSignature:
        return False
    return secrets.compare_digest(nonce.encode(), request.cookies.get(FORM_COOKIE, "").encode())


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house_of(request).settings.secret, salt="staff sign-in form")


def _inside_only(path: str) -> str:
    """A path of the console, whatever address somebody put into the link."""
    return path if path == START or path.startswith((f"{START}/", f"{START}?")) else START


def _enter(request: Request, token: str, to: str) -> Response:
    response = RedirectResponse(to, HTTPStatus.SEE_OTHER)
    set_cookie(request, response, COOKIE, token, int(LONGEST.total_seconds()))
    return response


ROOMS = (
    door,
    inside,
    staff_lookup.router,
    staff_figures.router,  # before the notices: no code is called "figures"
    staff_issuing.router,
    staff_notices.router,
    staff_refusals.router,
    staff_tickets.router,
    staff_questions.router,
    staff_people.router,
)
router = APIRouter(include_in_schema=False)
for room in ROOMS:
    router.include_router(room)
