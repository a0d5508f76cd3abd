"""The console's door: who is there, what they may open, and how a page leaves the house."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from base.clock import now
from base.db import Database
from base.errors import (
    BadRequest,
    GuideError,
    MistypedCode,
    NotAllowed,
    NoticeNotFound,
    OfficeNotFound,
    PasswordDue,
    QuestionNotFound,
    QuestionOpen,
    RegionNotFound,
    ServiceNotFound,
    SignInRefused,
    TicketNotFound,
    UnknownAnswer,
)
from base.settings import ROOT
from bot.channels.house import House
from knowledge.store import Knowledge
from web.accounts import rules, store
from web.accounts.models import Staff
from web.accounts.rules import ROLE_WORDS, Act, Grant
from web.accounts.sign_in import who_is
from web.problems import STATUS, TITLES

COOKIE = "banshi_staff"
EXPECTED = (
    NotAllowed, BadRequest, ServiceNotFound, OfficeNotFound, RegionNotFound, UnknownAnswer, TicketNotFound,
    QuestionNotFound, NoticeNotFound, MistypedCode, QuestionOpen,
)  # fmt: skip
"""What a console page may fail with, for somebody to read."""

# For failures that name ids, which nobody at a counter knows.
_IN_WORDS: dict[type[GuideError], str] = {
    ServiceNotFound: "没有这个事项，或者它已经停办",
    OfficeNotFound: "没有这个网点，或者它已经不再受理",
    RegionNotFound: "没有这个地区",
    UnknownAnswer: "选的情形和现行指南对不上，请从“查询”重新选一遍",
    QuestionOpen: "还有情形没有选，请从“查询”选完再出告知单",
}
_PAGES = Environment(
    loader=FileSystemLoader(ROOT / "web" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Visitor:
    """The signed-in person; `csrf` goes into every form of the session."""

    staff: Staff
    grants: tuple[Grant, ...]
    csrf: str

    def may(self, act: Act) -> bool:
        return rules.may(self.grants, act)

    @property
    def roles(self) -> str:
        """The person's roles in words, each once."""
        return "、".join(dict.fromkeys(ROLE_WORDS[role] for role, _ in self.grants)) or "未分配角色"


def house_of(request: Request) -> House:
    return request.app.state.house  # type: ignore[no-any-return]


def database_of(request: Request) -> Database:
    return house_of(request).database


def knowledge_of(request: Request) -> Knowledge:
    """What is published now."""
    house = house_of(request)
    with house.database.reading() as session:
        return house.knowledge.current(session)


def signed_in(request: Request) -> Visitor:
    """Whoever holds a live session; raises `SignInRefused`."""
    found = who_is(database_of(request), request.cookies.get(COOKIE, ""), now())
    return Visitor(found.staff, store.grants_of(found.staff), found.csrf)


async def check_csrf(request: Request, visitor: Annotated[Visitor, Depends(signed_in)]) -> None:
    """Raise `NotAllowed` for a change that did not come from a page of this session."""
    if request.method in ("GET", "HEAD"):
        return
    sent = (await request.form()).get("csrf")
    if not isinstance(sent, str) or not secrets.compare_digest(sent.encode(), visitor.csrf.encode()):
        raise NotAllowed("页面已过期或请求并非来自本系统，请返回后刷新重试")


def settled(visitor: Annotated[Visitor, Depends(signed_in)]) -> Visitor:
    """The visitor, unless they still have to replace a password that somebody else knows."""
    if visitor.staff.must_change:
        raise PasswordDue
    return visitor


def allowed(act: Act) -> Callable[[Visitor], Visitor]:
    """A dependency: the visitor, if their roles allow the act somewhere."""

    def check(visitor: Annotated[Visitor, Depends(settled)]) -> Visitor:
        if not visitor.may(act):
            raise NotAllowed("您的角色没有打开此页面的权限，如需开通请联系系统管理员")
        return visitor

    return check


def page(request: Request, name: str, visitor: Visitor | None = None, status: int = 200, **words: Any) -> Response:
    """The template as a response; with a visitor it stands in the console's frame."""
    template = _PAGES.get_template(f"staff/{name}.html")
    return HTMLResponse(template.render(visitor=visitor, here=request.url.path, Act=Act, **words), status)


class StaffRoute(APIRoute):
    """A console page: expected failures are said in the console's own words, and no cache keeps anything."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except SignInRefused:
                response = _to_sign_in(request)
            except PasswordDue:
                response = RedirectResponse("/staff/password", HTTPStatus.SEE_OTHER)
            except EXPECTED as error:
                status = STATUS[type(error)]
                response = page(request, "refused", status=status, title=TITLES[status], detail=_words(error))
            response.headers["Cache-Control"] = "no-store"
            return response

        return answer


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie that only the console gets, and no script."""
    secure = (house_of(request).settings.public_url or "").startswith("https://")
    response.set_cookie(name, value, max_age=seconds, path="/staff", httponly=True, samesite="lax", secure=secure)


def _words(error: GuideError) -> str:
    if isinstance(error, BadRequest):
        return error.problem
    return _IN_WORDS.get(type(error), str(error))


def _to_sign_in(request: Request) -> Response:
    """To the sign-in page, and from there back to the page that was wanted; a lost POST goes to the start."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = {"next": wanted} if request.method == "GET" and wanted != "/staff" else {}
    expired = {"expired": "1"} if COOKIE in request.cookies else {}
    query = urlencode(back | expired)
    return RedirectResponse("/staff/sign-in" + (f"?{query}" if query else ""), HTTPStatus.SEE_OTHER)
