"""Failures as they leave the house: RFC 9457 problem details, or a Chinese page for whoever reads pages."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from base import errors
from base.errors import GuideError
from base.settings import ROOT

logger = logging.getLogger(__name__)

STATUS: dict[type[GuideError], HTTPStatus] = {
    errors.ServiceNotFound: HTTPStatus.NOT_FOUND,
    errors.OfficeNotFound: HTTPStatus.NOT_FOUND,
    errors.RegionNotFound: HTTPStatus.NOT_FOUND,
    errors.TicketNotFound: HTTPStatus.NOT_FOUND,
    errors.QuestionNotFound: HTTPStatus.NOT_FOUND,
    errors.NoticeNotFound: HTTPStatus.NOT_FOUND,
    errors.TicketClosedToYou: HTTPStatus.FORBIDDEN,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.SignInRefused: HTTPStatus.UNAUTHORIZED,
    errors.UnknownAnswer: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.MistypedCode: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.QuestionOpen: HTTPStatus.CONFLICT,
    errors.MoveRefused: HTTPStatus.CONFLICT,
    errors.AssistantDown: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Whatever is not named here is a fault of ours: 500."""

TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方式",
    409: "现在不能这样做",
    413: "内容太大",
    422: "填写的内容不合要求",
    429: "请稍后再试",
    503: "暂时用不了",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "code": {"type": "string", "examples": ["service_not_found"]},
                    },
                }
            }
        },
    }
}
"""For the `responses` of a router: how each of its failures looks."""

FAULT = "系统出错了"
FAULT_ADVICE = "我们已经记下这个问题。请稍后再试，或拨打政务服务热线 12345。"
_PAGES = Environment(loader=FileSystemLoader(ROOT / "web" / "templates"), autoescape=True)


def install(app: FastAPI) -> None:
    """Have every failure of `app` leave as a problem."""
    app.add_exception_handler(GuideError, _expected)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_middleware(Faults)


def problem(
    request: Request, status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """The response for a failure; `more` are extension members, which a page does not show."""
    title = TITLES.get(status, FAULT)
    if _reads_pages(request):
        page = _PAGES.get_template("problem.html").render(title=title, detail=detail)
        return HTMLResponse(page, status, headers)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _reads_pages(request: Request) -> bool:
    is_page = not request.url.path.startswith(("/api/", "/channels/"))
    return is_page and "text/html" in request.headers.get("accept", "")


async def _expected(request: Request, error: Exception) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
    if status is None:
        logger.error("%s: %s", type(error).__name__, error)
        return problem(request, 500, FAULT_ADVICE)
    code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
    more: dict[str, Any] = {"question": error.question} if isinstance(error, errors.QuestionOpen) else {}
    return problem(request, status, str(error), code=code, **more)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What was sent is not repeated: it may hold personal numbers.
    faults = [{"field": ".".join(map(str, one["loc"][1:])), "problem": one["msg"]} for one in error.errors()]
    return problem(request, 422, "；".join("{field}: {problem}".format(**one) for one in faults), errors=faults)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = "" if error.detail == HTTPStatus(error.status_code).phrase else error.detail
    return problem(request, error.status_code, detail, headers=dict(error.headers or {}))


class Faults:
    """Turns what nobody expected into a problem, with the traceback in the log alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception:
            if begun:  # half a response cannot be taken back: the server cuts the line
                raise
            logger.exception("%s %s failed", scope["method"], scope["path"])
            response = problem(Request(scope), 500, FAULT_ADVICE)
            await response(scope, receive, send)
