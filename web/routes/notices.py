"""The public page of a notice, its prints, and the field to type a code into."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from base.clock import now
from base.settings import ROOT
from knowledge.notices.codes import read_code, shown
from knowledge.notices.sheet import Sheet
from knowledge.notices.store import find, page_url, sheet_of
from web.notices.counter import code_in
from web.notices.page import NoticeRoute, View, show, show_form
from web.notices.paper import a4, slip
from web.notices.press import Press
from web.notices.qr import qr_png
from web.routes.api import InHouse, Known
from web.routes.assets import HEADERS

DAY_SECONDS = 24 * 3600

router = APIRouter(prefix="/n", include_in_schema=False, route_class=NoticeRoute)


@router.get("")
def ask_for_code(request: Request, code: str = "") -> Response:
    """The field; what was typed into it, be it the code or the whole address of its page, leads to the page."""
    if not code:
        return show_form(request)
    return RedirectResponse(f"/n/{shown(read_code(code_in(code)))}", 303)


@router.get("/sw.js")
def service_worker() -> FileResponse:
    """Stands here, not among the other files, so that it serves these pages and no others."""
    return FileResponse(ROOT / "web" / "static" / "notice-sw.js", headers=HEADERS)


def sheet_here(code: str, house: InHouse, knowledge: Known) -> Sheet:
    """What is printed: never the whole name of the holder."""
    with house.database.reading() as session:
        return sheet_of(find(session, code), knowledge, site=house.settings.site, at=now())


Here = Annotated[Sheet, Depends(sheet_here)]


@router.get("/{code}.pdf")
async def print_sheet(request: Request, sheet: Here, large: str = "") -> Response:
    is_large = large == "1"
    made = await _press(request).printed(_key(sheet, f"a4 {is_large}"), lambda: a4(sheet, large=is_large))
    return _pdf(made, sheet.code)


@router.get("/{code}/slip.pdf")
async def print_slip(request: Request, sheet: Here) -> Response:
    made = await _press(request).printed(_key(sheet, "slip"), lambda: slip(sheet))
    return _pdf(made, f"{sheet.code}-80mm")


@router.get("/{code}/qr.png")
def show_qr(code: str, house: InHouse) -> Response:
    with house.database.reading() as session:
        url = page_url(house.settings.site, find(session, code).code)
    return Response(qr_png(url), media_type="image/png", headers={"Cache-Control": f"max-age={DAY_SECONDS}"})


@router.get("/{code}")
def show_notice(request: Request, code: str, house: InHouse, knowledge: Known, large: str = "") -> Response:
    """The page under its one address, so that a phone remembers one set of ticks however the code was typed."""
    written = shown(read_code(code))
    if code != written:
        return RedirectResponse(request.url.replace(path=f"/n/{written}"), 303)
    with house.database.reading() as session:
        return show(request, house, knowledge, find(session, code), View(large=large == "1"))


def _key(sheet: Sheet, form: str) -> str:
    """Another one as soon as anything on the print is another."""
    shown = json.dumps([form, asdict(sheet)], ensure_ascii=False)
    return hashlib.sha256(shown.encode()).hexdigest()


def _press(request: Request) -> Press:
    return request.app.state.press  # type: ignore[no-any-return]


def _pdf(made: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-cache"}
    return Response(made, media_type="application/pdf", headers=headers)
