"""A notice made to last: what is decided already to change before it expires stands in it from the beginning. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from base.answer import TextBlock, text
from base.clock import CHINA
from base.errors import OfficeNotFound, QuestionOpen, RegionNotFound, ServiceNotFound, UnknownAnswer
from knowledge.notices.changes import differences
from knowledge.notices.notice import Assembled, Content, PersonCase, assemble
from knowledge.store import Knowledge, turning_days

GONE = "这个事项已经停办或改名，请先打 12345 问清楚再去"
OTHERWISE_ASKED = "这个事项现在要分的情形和您当时选的不一样了，请重新要一份清单"
ELSEWHERE = "您选的办理地区或网点有调整，请重新要一份清单"


def make(
    knowledge: Knowledge,
    cases: Sequence[PersonCase],
    *,
    region: str | None = None,
    office: str | None = None,
    at: datetime,
    until: date,
) -> Assembled:
    """What `assemble` makes, headed by warnings of what will be otherwise from some later day up to `until`."""
    made = assemble(knowledge, cases, region=region, office=office, at=at)
    told: tuple[str, ...] = ()
    warnings: list[TextBlock] = []
    for day in turnings(knowledge, cases, at.astimezone(CHINA).date(), until):
        noon = datetime.combine(day, time(12), CHINA)
        later = changes(made.content, knowledge, cases, region=region, office=office, at=noon)
        if later and later != told:
            words = f"从{day.year}年{day.month}月{day.day}日起规定有变，那天以后去办：{'；'.join(later)}"
            warnings.append(text(words, "warning"))
        told = later
    return replace(made, content=replace(made.content, blocks=(*warnings, *made.content.blocks)))


def changes(
    before: Content,
    knowledge: Knowledge,
    cases: Sequence[PersonCase],
    *,
    region: str | None,
    office: str | None,
    at: datetime,
    until: date | None = None,
) -> tuple[str, ...]:
    """What holds for the cases at `at` otherwise than `before`, one line each, also that they are no more.

    With `until` also what is decided to change up to that day.
    """
    knowledge = knowledge.on(at.astimezone(CHINA).date())
    try:
        if until is None:
            now = assemble(knowledge, cases, region=region, office=office, at=at)
        else:
            now = make(knowledge, cases, region=region, office=office, at=at, until=until)
    except ServiceNotFound:
        return (GONE,)
    except (QuestionOpen, UnknownAnswer):
        return (OTHERWISE_ASKED,)
    except (OfficeNotFound, RegionNotFound):
        return (ELSEWHERE,)
    return (*differences(before, now.content), *_closed(before, knowledge))


def turnings(knowledge: Knowledge, cases: Sequence[PersonCase], after: date, until: date) -> list[date]:
    """The days, later than `after` and up to `until`, from which one of the items or its local rules may be another."""
    revisions = [knowledge.revisions.get(service, ()) for service in items_of(knowledge, cases, after)]
    revisions += [rule for case in cases for rule in knowledge.rules_for(case.service)]
    return sorted({day for one in revisions for day in turning_days(one, after) if day <= until})


def items_of(knowledge: Knowledge, cases: Sequence[PersonCase], on: date) -> set[str]:
    """The services of the cases, and of those that are a 一件事 the items."""
    services = {case.service for case in cases}
    for service in tuple(services):
        try:
            bundle = knowledge.find(service, on).service.bundle
        except ServiceNotFound:
            continue
        services |= set(bundle.members) if bundle else set()
    return services


def _closed(before: Content, knowledge: Knowledge) -> Iterator[str]:
    """The offices that the notice names and that are no more; others are only not among the nearest."""
    for block in before.blocks:
        if block["type"] == "offices":
            gone = (line["name"] for line in block["items"] if line["id"] not in knowledge.offices)
            yield from (f"{name}已经撤并，请不要再去" for name in gone)
