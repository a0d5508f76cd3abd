"""Which offices deal with a service in a division or near a point, and when they open. Pure, over the knowledge in memory."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from base.answer import OfficeLine
from knowledge.hours import Day, Spans, hours_words, is_open, next_opening, parse_hours, spans_words
from knowledge.nearest import Point, distance, position
from knowledge.place import Office, Season
from knowledge.service import Service
from knowledge.store import Knowledge

SHOWN = 3  # offices named in one answer
CITY_CODE = "00"  # how the codes of cities end; the districts of 北京 lie in no city below it
CITY = ("市", "州", "盟", "地区")  # how the names of cities end; a province's offices are too far from each other
# How the names of streets (in the sense of a division), towns and roads end, and what these are called.
STREETS = {"街道": "街道", "镇": "乡镇", "乡": "乡镇", "路": "条路", "大道": "条路", "街": "条路", "巷": "条路"}
# At every place in a text, so that 我在晨光路 gives 晨光路 too.
ROAD = re.compile(r"(?=([一-龥]{2,4}?(?:路|大道|街(?!道)|巷)))")
# How a service's `handled_at` words name the kinds of office.
KIND_WORDS = {
    "派出所": ("派出所", "户籍"),
    "公安局": ("公安机关", "治安部门"),
    "出入境大厅": ("出入境",),
    "车管所": ("车管", "车辆管理所"),
    "交警大队": ("交警", "交通违法", "交通事故"),
    "婚姻登记处": ("婚姻登记",),
    "政务服务中心": ("政务服务中心", "户政办证大厅"),
    "综窗": ("派出所", "综合窗口"),
    "人社中心": ("社保", "人社", "人才服务"),
    "税务大厅": ("办税", "税务"),
    "不动产登记中心": ("不动产",),
    "公积金中心": ("公积金",),
    "便民服务中心": ("便民", "社区"),
    "医保大厅": ("医保",),
    "自助办证区": ("自助",),
}


@dataclass(frozen=True)
class Nearby:
    """An office and why it is named: how far it is (`metres` as the crow flies), in the same street, in the division."""

    office: Office
    reason: str
    metres: float | None = None


def nearby(
    knowledge: Knowledge, service: Service | None, adcode: str, *, point: Point | None = None, words: str = ""
) -> list[Nearby]:
    """The offices of the division that deal with the service, nearest first; its city's when it has none itself.

    From `point` the distance decides. Without it, or where an office has no coordinates, no distance is told: offices
    in the street or on the road that `words` name come first, then the likeliest. Without a service, all offices of the
    division.
    """
    offices = find_offices(knowledge, service, adcode)
    street = _street_named(knowledge, offices, words) if words else ""
    found = [
        Nearby(office, _reason(knowledge, office, adcode, street, metres), metres)
        for office in offices
        for metres in [_metres(office, point)]
    ]
    farthest = float("inf")
    return sorted(
        found,
        key=lambda one: (one.metres if one.metres is not None else farthest, not _stands_in(one.office, street)),
    )


def nearest(
    knowledge: Knowledge,
    service: Service | None,
    point: Point,
    *,
    count: int = SHOWN,
    open_at: datetime | None = None,
) -> list[Nearby]:
    """The offices nearest to a point, in whatever division; with `open_at` only those that are open then."""
    found = knowledge.office_map.nearest(
        point,
        count,
        matters=_matters(knowledge, service),
        is_open=(lambda office: opens_at(knowledge, office, open_at)) if open_at else None,
    )
    return [Nearby(office, distance_words(metres), metres) for metres, office in found]


def find_offices(knowledge: Knowledge, service: Service | None, adcode: str) -> list[Office]:
    """The offices of the division that deal with the service, likeliest first; its city's when it has none itself.

    A division's offices are its own and those of the divisions below it. Inferred places are never among them.
    """
    wanted = _wanted(knowledge, service)
    for region in knowledge.ancestors(adcode)[:2]:
        if region.adcode != adcode and not region.name.endswith(CITY):
            break
        found = [office for office in knowledge.office_map.within(region.adcode) if wanted(office)]
        if found:
            return sorted(found, key=lambda office: (office.region != adcode, _distance_of_kind(office, service)))
    return []


def _matters(knowledge: Knowledge, service: Service | None) -> frozenset[str] | None:
    """The matters of which an office that deals with the service has one; None where every office will do."""
    if service is None:
        return None
    return frozenset(
        matter.name
        for matter in knowledge.matters.values()
        if service.id in matter.services or service.domain in matter.domains
    )


def _wanted(knowledge: Knowledge, service: Service | None) -> Callable[[Office], bool]:
    """Whether an office deals with the service; without one, every office does."""
    matters = _matters(knowledge, service)
    return lambda office: matters is None or not matters.isdisjoint(office.matters)


def _street_named(knowledge: Knowledge, offices: list[Office], words: str) -> str:
    """The street, town or road that the words name, if one of the offices stands there; else an empty string."""
    regions = {office.region for office in offices}
    streets = {street for adcode in regions for street in knowledge.region(adcode).streets if street in words}
    named = streets.union(ROAD.findall(words))
    found = (street for street in named if any(_stands_in(office, street) for office in offices))
    return max(found, key=lambda street: (len(street), street), default="")


def _stands_in(office: Office, street: str) -> bool:
    """Whether the office is in that street or town, or on that road; it may be called after a road far from it."""
    called = street in office.name and not ROAD.match(street)
    return bool(street) and (called or street == office.street or street in office.address)


def _metres(office: Office, point: Point | None) -> float | None:
    place = position(office)
    return None if point is None or place is None else distance(point, place)


def _reason(knowledge: Knowledge, office: Office, adcode: str, street: str, metres: float | None) -> str:
    if metres is not None:
        return distance_words(metres)
    if _stands_in(office, street):
        what = next((what for ending, what in STREETS.items() if street.endswith(ending)), "片区")
        return f"同一{what}（{street}）"
    where = f"在{knowledge.region(office.region).name}"
    of_it = lies_in(knowledge, office.region, adcode) or lies_in(knowledge, adcode, office.region)
    return where if of_it else f"同城，{where}"


def distance_words(metres: float) -> str:
    """距离约 350 米 or 距离约 1.2 公里, as the crow flies."""
    if metres < 995:
        return f"距离约 {max(10, round(metres, -1)):.0f} 米"
    return f"距离约 {metres / 1000:.1f} 公里"


def lies_in(knowledge: Knowledge, inner: str, outer: str) -> bool:
    """Whether the division `inner` is `outer` or a part of it."""
    return any(region.adcode == outer for region in knowledge.ancestors(inner))


def is_too_wide(knowledge: Knowledge, adcode: str) -> bool:
    """Whether the division is a province with cities: a list of its offices would help nobody."""
    if knowledge.region(adcode).parent is not None:
        return False
    return any(other.parent == adcode and other.adcode.endswith(CITY_CODE) for other in knowledge.regions.values())


def _distance_of_kind(office: Office, service: Service | None) -> int:
    """The place of the office's kind among the places that the guide names; unnamed kinds come last."""
    if service is None:
        return 0
    words = KIND_WORDS.get(office.kind, (office.kind,))
    places = (i for i, place in enumerate(service.handled_at) if any(word in place for word in words))
    return next(places, len(service.handled_at))


def deals_with(knowledge: Knowledge, office: Office, service: Service) -> bool:
    """Whether one of the office's matters covers the service."""
    return _wanted(knowledge, service)(office)


def opens_at(knowledge: Knowledge, office: Office, at: datetime) -> bool:
    """Whether the office is open at that moment: season, lunch, closures and the public calendar considered."""
    return is_open(at, lambda day: office.spans_on(day, knowledge.calendar))


def office_line(
    knowledge: Knowledge, office: Office, at: datetime, day: date | None = None, reason: str = ""
) -> OfficeLine:
    """One office as an answer shows it; with `day` the opening speaks of that day, else of now."""
    return {
        "id": office.id,
        "name": office.name,
        "address": office.address,
        "phone": "、".join(office.phone),
        "hours": _hours_words(office, day or at.date()),
        "opening": _opening(knowledge, office, at, day) if office.has_hours else "开放时间未收录，请先打 12345 确认",
        "open_now": opens_at(knowledge, office, at) if office.has_hours else None,
        "note": "；".join(note for note in (reason, *_notes(office, at.date(), day or at.date())) if note),
        "demo": office.basis == "demo",
    }


def _hours_words(office: Office, day: date) -> str:
    if office.all_day:
        return "全天24小时"
    season = office.season(day)
    return hours_words(office.weekly_hours(day)) + (f"（{_span_of(season)}）" if season else "")


def _span_of(season: Season) -> str:
    first, last = (f"{int(day[:2])}月{int(day[3:])}日" for day in (season.first, season.last))
    return f"{first}至{last}"


def _notes(office: Office, today: date, day: date) -> list[str]:
    notes = [office.note, office.hours_note]
    if office.confidence == "low" and office.basis == "sourced":
        notes.insert(0, "信息未经官方核实，去前请先打电话确认")
    if office.self_service:
        notes.append("自助办理，节假日照常开放")
    notes += [
        f"{_span_of(season)}改为{hours_words(parse_hours(season.hours))}"
        for season in office.seasons
        if season != office.season(day)
    ]
    notes += [f"{_date(c.first)}至{_date(c.last)}{c.reason}，不开放" for c in office.closures if c.last >= today]
    return notes


def _date(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _opening(knowledge: Knowledge, office: Office, at: datetime, day: date | None) -> str:
    def timetable(date_: date) -> Spans:
        return office.spans_on(date_, knowledge.calendar)

    if day is not None:
        return _opening_on(knowledge, office, day)
    if is_open(at, timetable):
        return "现在开放" + _unsure(knowledge, office, at.date())
    opening = next_opening(at, timetable)
    if opening is None:
        return "近期不开放"
    return f"现在不开放，下次开放 {_date(opening)} {opening:%H:%M}" + _unsure(knowledge, office, opening.date())


def _opening_on(knowledge: Knowledge, office: Office, day: date) -> str:
    calendar = knowledge.calendar
    words = f"{_date(day)}（周{'一二三四五六日'[day.weekday()]}）"
    if reason := office.closed_for(day):
        return f"{words}不开放（{reason}）"
    spans = office.spans_on(day, calendar)
    festival = f"，{calendar.festival(day)}" if calendar(day) is Day.HOLIDAY else ""
    opening = f"{words}开放 {spans_words(spans)}" if spans else f"{words}不开放{festival}"
    return opening + _unsure(knowledge, office, day)


def _unsure(knowledge: Knowledge, office: Office, day: date) -> str:
    """What is added where days off that nobody has announced yet may still change when the office opens."""
    if office.all_day or office.self_service or knowledge.calendar.is_announced(day.year):
        return ""
    return "（该年放假安排尚未公布，以公告为准）"
