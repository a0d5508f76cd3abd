"""The anonymous API on notices: made by anybody for a case that is clear, seen by whoever has the code."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from base.clock import now
from base.errors import MistypedCode, NoticeNotFound
from knowledge.notices import store
from knowledge.notices.codes import shown
from knowledge.notices.models import Notice
from knowledge.notices.notice import MOST_CASES, MYSELF, PersonCase
from knowledge.notices.store import State
from web.idempotency import write_once
from web.notices import guesses
from web.problems import PROBLEMS
from web.routes.api import Case, Id, InHouse, Known


class GuessedRoute(APIRoute):
    """Has whoever guesses at codes wait."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            if "code" in request.path_params:
                guesses.check(request)
            try:
                return await handle(request)
            except (MistypedCode, NoticeNotFound):
                guesses.missed(request)
                raise

        return answer


router = APIRouter(prefix="/api/v1/notices", tags=["notices"], responses=PROBLEMS, route_class=GuessedRoute)

Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=128)]


class OtherCase(BaseModel):
    """The case of one more of the family; `who` is a short word for the person (孩子), never a name."""

    service: Id
    answers: dict[Id, Id] = Field(default_factory=dict, max_length=50)
    who: str = Field(max_length=8, examples=["孩子"])


class NewNotice(Case):
    """A case without an open question; `also` are those of the family, each paper then stands on it once.

    `on` is the day whose rules are asked for, from today to the last on which the notice holds.
    """

    also: list[OtherCase] = Field(default_factory=list, max_length=MOST_CASES - 1)


class NoticeMade(BaseModel):
    """`code` is written as people read it; `pdf` is the A4 sheet."""

    code: str
    url: str
    pdf: str
    service: str
    name: str
    state: State
    issued_at: datetime
    valid_until: date


class NoticeShown(NoticeMade):
    """What the page of the notice shows; a holder's name is masked, blocks are those of an answer.

    `changes` is what holds today otherwise than the notice says, one line each; `revisions` are those that it was made
    from, `<service>@<place>` → number; `replaced_by` is the code of the notice that holds in its place.
    """

    head: list[dict[str, Any]]
    banner: list[dict[str, Any]]
    blocks: list[dict[str, Any]]
    card: list[dict[str, Any]]
    changes: list[str]
    revisions: dict[str, int]
    replaced_by: str | None


@router.post("", status_code=201)
def make_notice(wanted: NewNotice, house: InHouse, knowledge: Known, idempotency_key: Key = None) -> NoticeMade:
    """Make a notice; it is stored when the reply is sent. An open question comes back as a problem, 409, with it."""
    cases = [PersonCase(wanted.service, wanted.answers, MYSELF)]
    cases += [PersonCase(one.service, one.answers, one.who) for one in wanted.also]
    region = wanted.region or house.settings.region

    def make(session: Session) -> NoticeMade:
        notice = store.Wanted(tuple(cases), region=region, office=wanted.office, on=wanted.on)
        return NoticeMade(**_made(store.issue(session, knowledge, notice, at=now()), house.settings.site))

    request = f"notices {wanted.model_dump_json()}"
    return write_once(house, make, NoticeMade, key=idempotency_key, request=request)


@router.get("/{code}")
def show_notice(code: str, house: InHouse, knowledge: Known, response: Response) -> NoticeShown:
    """The notice as it stands now, for whoever has its code."""
    response.headers["Cache-Control"] = "no-cache"  # it may be withdrawn at any time
    at, site = now(), house.settings.site
    with house.database.reading() as session:
        notice = store.find(session, code)
    sheet = store.sheet_of(notice, knowledge, site=site, at=at)
    is_in_use = store.state_of(notice, at) is State.IN_USE
    return NoticeShown(
        **_made(notice, site),
        head=list(sheet.head),
        banner=list(sheet.banner),
        blocks=list(sheet.blocks),
        card=list(sheet.card),
        changes=list(store.changes_since(notice, knowledge, at)) if is_in_use else [],
        revisions=notice.revisions,
        replaced_by=shown(notice.replaced_by) if notice.replaced_by else None,
    )


def _made(notice: Notice, site: str) -> dict[str, Any]:
    url = store.page_url(site, notice.code)
    return {
        "code": shown(notice.code),
        "url": url,
        "pdf": f"{url}.pdf",
        "service": notice.service,
        "name": store.content_of(notice).name,
        "state": store.state_of(notice, now()),
        "issued_at": notice.issued_at,
        "valid_until": notice.valid_until,
    }
