"""The anonymous API on the guides: what services there are, what they ask for, where they are dealt with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field

from base.clock import CHINA, now
from base.errors import BadRequest
from bot.channels.house import House
from knowledge.bundles import Member, SharedNeed, bundle_checklist
from knowledge.checklist import checklist
from knowledge.lexicon import lexicon, revision
from knowledge.nearest import Point
from knowledge.offices import SHOWN, Nearby, nearby, nearest, office_line, opens_at
from knowledge.overlay import Origin, Resolved
from knowledge.papers import material_line
from knowledge.place import check_position
from knowledge.service import Fee, Service, Situation, TimeLimit
from knowledge.store import Head, Knowledge
from web.problems import PROBLEMS

PAGE = 50
MOST_FOUND = 20
MOST_OFFICES = 100

router = APIRouter(prefix="/api/v1", tags=["guides"], responses=PROBLEMS)


def house_of(request: Request) -> House:
    return request.app.state.house  # type: ignore[no-any-return]


def knowledge_of(house: Annotated[House, Depends(house_of)]) -> Knowledge:
    with house.database.reading() as session:
        return house.knowledge.current(session)


InHouse = Annotated[House, Depends(house_of)]
Known = Annotated[Knowledge, Depends(knowledge_of)]
Adcode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Id = Annotated[str, Field(max_length=64)]


class ServiceLine(BaseModel):
    """A service in a list; `bundle` marks a 一件事 of several, `matched` is the name or code that fits a search."""

    id: str
    name: str
    domain: str
    aliases: tuple[str, ...]
    bundle: bool
    matched: str | None = None


class ServicePage(BaseModel):
    """`next` is the value of the query parameter that leads to the following page."""

    items: list[ServiceLine]
    next: str | None


class FactOrigin(BaseModel):
    """The level that decided a fact (全国, 常州市, an office's name), its code, empty for the nation, and its revision."""

    level: str
    at: str
    revision: int


class PublishedService(Service):
    """All elements of a service as it holds in the place, the national revision, and where each fact comes from.

    `origins` names fields (`fees`) and materials (`materials.m3`, also one that the place does without);
    `unverified` says that its review is due, or that a local rule no longer fits it.
    """

    revision: int
    region: str | None
    origins: dict[str, FactOrigin]
    unverified: bool


class Case(BaseModel):
    """A person's case: `answers` maps situation id → option id."""

    service: Id
    answers: dict[Id, Id] = Field(default_factory=dict, max_length=50)
    region: Adcode | None = None
    office: Id | None = None
    on: date | None = None


class MaterialNeeded(BaseModel):
    id: str
    name: str
    form: str
    copies: int
    why: str
    note: str
    waivable: bool
    commitment: bool
    obtain: str
    document: str | None
    members: list[str]
    origin: FactOrigin


class TripMember(BaseModel):
    """An item of a 一件事: `applies` is null while that hangs on an open answer, `why_not` the answers against it."""

    id: str
    name: str
    applies: bool | None
    why_not: str


class CaseList(BaseModel):
    """What is certain so far; while `question` is set, `undecided` names what may still join.

    `members` are the items of a 一件事 in their order; each of its materials names those that ask for it.
    """

    service: str
    revision: int
    region: str | None
    question: Situation | None
    materials: list[MaterialNeeded]
    members: list[TripMember]
    undecided: list[str]
    fees: list[Fee]
    undecided_fees: list[Fee]
    time_limit: TimeLimit
    unverified: bool


class OfficeFound(BaseModel):
    """An office and the `reason` why it is named; `metres`, as the crow flies, only where the request had a position.

    `open_now` is null where no hours are known, `demo` marks the invented city.
    """

    id: str
    name: str
    address: str
    phone: str
    hours: str
    opening: str
    open_now: bool | None
    note: str
    reason: str
    metres: int | None
    latitude: float | None
    longitude: float | None
    self_service: bool
    all_day: bool
    demo: bool


class OfficeList(BaseModel):
    """`region` is null where only a position was given."""

    region: str | None
    items: list[OfficeFound]


@router.get("/services")
def list_services(
    house: InHouse,
    knowledge: Known,
    q: Annotated[str, Query(max_length=500)] = "",
    region: Adcode | None = None,
    next: Annotated[str | None, Query(max_length=64)] = None,
) -> ServicePage:
    """Services that fit the words `q`, best first; without `q` all of them, page by page."""
    today = now().date()
    if region is not None:
        knowledge.region(region)
    if q.strip():
        found = house.search.search(knowledge, q, today, MOST_FOUND)
        return ServicePage(items=[_line(one.service, one.matched) for one in found], next=None)
    services = knowledge.heads(today)
    start = _position(services, next) + 1 if next else 0
    shown = services[start : start + PAGE]
    more = len(services) > start + PAGE
    return ServicePage(items=[_line(service) for service in shown], next=shown[-1].id if more else None)


@router.get("/services/{id}")
def show_service(
    id: str,
    house: InHouse,
    knowledge: Known,
    region: Adcode | None = None,
    office: Annotated[str | None, Query(max_length=64)] = None,
    on: date | None = None,
) -> PublishedService:
    """One service as it holds in a division, or at an office, on that day (today if none is given)."""
    day, place = on or now().date(), _region(house, knowledge, region)
    resolved = knowledge.resolve(id, day, place, office)
    return PublishedService(
        **resolved.service.model_dump(),
        revision=resolved.revision,
        region=place,
        origins={path: _origin(origin) for path, origin in resolved.origins.items()},
        unverified=resolved.is_unverified(day),
    )


@router.post("/checklists")
def make_checklist(case: Case, house: InHouse, knowledge: Known) -> CaseList:
    """What to bring in this case, and the next question worth asking while the case leaves one open."""
    day, place = case.on or now().date(), _region(house, knowledge, case.region)
    resolved = knowledge.resolve(case.service, day, place, case.office)
    found = checklist(resolved.service, case.answers)
    trip = None
    if resolved.service.bundle is not None:
        trip = bundle_checklist(knowledge, case.service, case.answers, on=day, region=place)
    needs = trip.needs if trip else tuple(SharedNeed(need, ()) for need in found.needs)
    return CaseList(
        service=case.service,
        revision=resolved.revision,
        region=place,
        question=trip.question if trip else found.question,
        materials=[_material(shared, resolved) for shared in needs],
        members=[_trip_member(member) for member in trip.members] if trip else [],
        undecided=[material.name for material in (trip.undecided if trip else found.undecided)],
        fees=list(found.fees),
        undecided_fees=list(found.undecided_fees),
        time_limit=resolved.service.time_limit,
        unverified=resolved.is_unverified(day),
    )


@router.get("/offices")
def list_offices(
    house: InHouse,
    knowledge: Known,
    service: Annotated[str | None, Query(max_length=64)] = None,
    region: Adcode | None = None,
    lat: float | None = None,
    lng: float | None = None,
    at: AwareDatetime | None = None,
    open: bool = False,
) -> OfficeList:
    """The offices of a division that deal with a service, or with anything, and whether they are open at `at` (or now).

    With a position (WGS-84) the three nearest: of the division if one is named, else of all. With `open` only those
    that are open then.
    """
    moment: datetime = _in_china(at) if at else now()
    wanted = knowledge.find(service, moment.date()).service if service else None
    point = _point(lat, lng)
    if point is not None and region is None:
        around = nearest(knowledge, wanted, point, open_at=moment if open else None)
        return OfficeList(region=None, items=_found(knowledge, around, moment))
    place = _region(house, knowledge, region)
    if place is None:
        raise BadRequest("region", "which division? six digits such as 320402, or a position in lat and lng")
    found = nearby(knowledge, wanted, place, point=point)
    if open:
        found = [one for one in found if opens_at(knowledge, one.office, moment)]
    return OfficeList(region=place, items=_found(knowledge, found[: SHOWN if point else MOST_OFFICES], moment))


@router.get("/lexicon")
def show_lexicon(knowledge: Known, if_none_match: Annotated[str, Header()] = "") -> Response:
    """The names of services and places, for the bot's linker; 304 while they are the same."""
    today = now().date()
    etag = f'"{revision(knowledge, today)}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if etag in if_none_match:  # asked for four times a second: the names are put together only when they have changed
        return Response(status_code=304, headers=headers)
    return JSONResponse(lexicon(knowledge, today), headers=headers)


def _in_china(at: datetime) -> datetime:
    if not 1900 <= at.year <= 9000:  # at the ends of the calendar there is no day before, or none after
        raise BadRequest("at", "must be a moment in the years 1900 to 9000")
    return at.astimezone(CHINA)


def _line(service: Head, matched: str | None = None) -> ServiceLine:
    return ServiceLine(
        id=service.id,
        name=service.name,
        domain=service.domain,
        aliases=service.aliases,
        bundle=service.is_bundle,
        matched=matched,
    )


def _trip_member(member: Member) -> TripMember:
    return TripMember(id=member.service.id, name=member.service.name, applies=member.applies, why_not=member.why_not)


def _material(shared: SharedNeed, resolved: Resolved) -> MaterialNeeded:
    material = shared.need.material
    # What a 一件事 without a list of its own takes from its items stands in no list of its own either.
    origin = resolved.origins.get(f"materials.{material.id}", resolved.origins["bundle"])
    return MaterialNeeded(
        **material_line(shared.need),
        members=[member.id for member in shared.members],
        commitment=material.commitment,
        obtain=material.obtain,
        document=material.document,
        origin=_origin(origin),
    )


def _origin(origin: Origin) -> FactOrigin:
    return FactOrigin(level=origin.level, at=origin.at, revision=origin.revision)


def _position(services: list[Head], id: str) -> int:
    for position, service in enumerate(services):
        if service.id == id:
            return position
    raise BadRequest("next", "is no value that a page gave")


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    try:
        check_position(latitude, longitude)
    except ValueError as error:
        raise BadRequest("lat, lng", str(error)) from None
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def _found(knowledge: Knowledge, found: list[Nearby], at: datetime) -> list[OfficeFound]:
    return [
        OfficeFound(
            **office_line(knowledge, one.office, at),
            reason=one.reason,
            metres=None if one.metres is None else round(one.metres),
            latitude=one.office.latitude,
            longitude=one.office.longitude,
            self_service=one.office.self_service,
            all_day=one.office.all_day,
        )
        for one in found
    ]


def _region(house: House, knowledge: Knowledge, wanted: str | None) -> str | None:
    """The division that was asked for, else the institution's own; raises RegionNotFound."""
    adcode = wanted or house.settings.region
    return knowledge.region(adcode).adcode if adcode else None
