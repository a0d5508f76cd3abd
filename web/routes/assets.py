"""Files as they are: the widget for every website, and style sheets for our own pages."""

from __future__ import annotations

import os

from fastapi import APIRouter
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from base.settings import ROOT

# Asked for again each time and mostly answered with 304: modules of two releases never meet on one page.
HEADERS = {"Cache-Control": "no-cache"}


class Files(StaticFiles):
    """A folder of files, each with HEADERS."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(HEADERS)
        return response


router = APIRouter(include_in_schema=False)
router.mount("/static", Files(directory=ROOT / "web" / "static"))
router.mount("/widget", Files(directory=ROOT / "widget"))


@router.get("/widget.js")
def widget() -> FileResponse:
    return FileResponse(ROOT / "widget" / "widget.js", headers=HEADERS)
