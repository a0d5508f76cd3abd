"""Which offices deal with a service in a division, and when they open. Pure, over the knowledge in memory."""

from __future__ import annotations

from datetime import date, datetime

from base.answer import OfficeLine
from knowledge.hours import Calendar, Day, hours_words, is_open, next_opening, spans_on, spans_words
from knowledge.place import Office
from knowledge.service import Service
from knowledge.store import Knowledge

SHOWN = 3  # offices named in one answer
CITY = ("市", "州", "盟", "地区")  # how the names of cities end; a province's offices are too far from each other
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


def find_offices(knowledge: Knowledge, service: Service, adcode: str) -> list[Office]:
    """The offices of the division that deal with the service, likeliest first; its city's when it has none itself.

    A division's offices are its own and those of the divisions below it. Inferred places are never among them.
    """
    for region in knowledge.ancestors(adcode)[:2]:
        if region.adcode != adcode and not region.name.endswith(CITY):
            break
        found = [office for office in _offices_in(knowledge, region.adcode) if deals_with(knowledge, office, service)]
        if found:
            return sorted(found, key=lambda office: (office.region != adcode, _distance_of_kind(office, service)))
    return []


def _offices_in(knowledge: Knowledge, adcode: str) -> list[Office]:
    return [
        office
        for office in knowledge.offices.values()
        if office.basis != "inferred" and lies_in(knowledge, office.region, adcode)
    ]


def lies_in(knowledge: Knowledge, inner: str, outer: str) -> bool:
    """Whether the division `inner` is `outer` or a part of it."""
    return any(region.adcode == outer for region in knowledge.ancestors(inner))


def is_too_wide(knowledge: Knowledge, adcode: str) -> bool:
    """Whether the division is a province with cities: a list of its offices would help nobody."""
    region = knowledge.region(adcode)
    return region.parent is None and any(other.parent == adcode for other in knowledge.regions.values())


def deals_with(knowledge: Knowledge, office: Office, service: Service) -> bool:
    """Whether one of the office's matters covers the service."""
    matters = (knowledge.matters[name] for name in office.matters)
    return any(service.id in matter.services or service.domain in matter.domains for matter in matters)


def _distance_of_kind(office: Office, service: Service) -> int:
    """The place of the office's kind among the places that the guide names; unnamed kinds come last."""
    words = KIND_WORDS.get(office.kind, (office.kind,))
    places = (i for i, place in enumerate(service.handled_at) if any(word in place for word in words))
    return next(places, len(service.handled_at))


def office_line(knowledge: Knowledge, office: Office, at: datetime, day: date | None = None) -> OfficeLine:
    """One office as an answer shows it; with `day` the opening speaks of that day, else of now."""
    hours = office.weekly_hours
    notes = [office.note, office.hours_note]
    notes += [
        f"{c.first:%m月%d日}至{c.last:%m月%d日}{c.reason}，不开放" for c in office.closures if c.last >= at.date()
    ]
    if office.confidence == "low" and office.basis == "sourced":
        notes.insert(0, "信息未经官方核实，去前请先打电话确认")
    return {
        "id": office.id,
        "name": office.name,
        "address": office.address,
        "phone": "、".join(office.phone),
        "hours": hours_words(hours),
        "opening": _opening(knowledge, office, at, day) if hours else "开放时间未收录，请先打 12345 确认",
        "open_now": _is_open(knowledge, office, at) if hours else None,
        "note": "；".join(note for note in notes if note),
        "demo": office.basis == "demo",
    }


def _closure(office: Office, day: date) -> str:
    return next((c.reason for c in office.closures if c.first <= day <= c.last), "")


def _is_open(knowledge: Knowledge, office: Office, at: datetime) -> bool:
    return not _closure(office, at.date()) and is_open(at, office.weekly_hours, knowledge.calendar)


def _opening(knowledge: Knowledge, office: Office, at: datetime, day: date | None) -> str:
    calendar = knowledge.calendar
    if day is not None:
        words = f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
        festival = f"，{calendar.festival(day)}" if calendar(day) is Day.HOLIDAY else ""
        if reason := _closure(office, day):
            return f"{words}不开放（{reason}）"
        spans = spans_on(day, office.weekly_hours, calendar)
        unsure = "" if calendar.is_announced(day.year) else "（该年放假安排尚未公布，以公告为准）"
        return (f"{words}开放 {spans_words(spans)}" if spans else f"{words}不开放{festival}") + unsure
    if _is_open(knowledge, office, at):
        return "现在开放"
    opening = next_opening(at, office.weekly_hours, _with_closures(knowledge, office))
    return f"现在不开放，下次开放 {opening:%m月%d日 %H:%M}" if opening else "近期不开放"


def _with_closures(knowledge: Knowledge, office: Office) -> Calendar:
    return lambda day: Day.HOLIDAY if _closure(office, day) else knowledge.calendar(day)
