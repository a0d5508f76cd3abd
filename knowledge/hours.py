"""Opening hours: the compact notation, and when a counter is open in China time.

The public calendar says which days are working days; a make-up Saturday or Sunday (调休) keeps Monday's hours;
hours of a weekday never hold on a public holiday.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import pairwise

Span = tuple[time, time]
Spans = tuple[Span, ...]
WeeklyHours = dict[int, Spans]
"""ISO weekday (1 = Monday) → spans in order, never overlapping."""
ALL_DAY: Spans = ((time.min, time.max),)
"""Open from midnight to midnight, written 00:00-24:00: `time.max` as the end of a span stands for 24:00."""

_DAYS = re.compile(r"([1-7])(?:-([1-7]))?")
_SPAN = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
DAY_WORDS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
FARTHEST_LOOK = 40  # days; longer than the longest run of days off, 春节 included


class Day(Enum):
    """What the public calendar says of a date."""

    NORMAL = "normal"  # the weekday decides
    HOLIDAY = "holiday"  # a public holiday or a day off in lieu
    MAKE_UP = "make_up"  # a Saturday or Sunday that is worked


Calendar = Callable[[date], Day]
Timetable = Callable[[date], Spans]
"""The spans in which one place is open on a date: its seasons, closures and the public calendar are all in it."""


def parse_hours(text: str) -> WeeklyHours:
    """Weekly hours from `1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00`; raises ValueError in words."""
    hours: WeeklyHours = {}
    for group in text.split(";"):
        days, _, parts = group.strip().partition(" ")
        if not parts:
            raise ValueError(f"cannot read hours {group.strip()!r}; write for example 1-5 09:00-12:00,13:30-17:30")
        weekdays = list(_days(days))
        spans = tuple(_span(part.strip()) for part in parts.split(","))
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise ValueError(f"hours overlap or stand out of order: {parts}")
        for day in weekdays:
            if day in hours:
                raise ValueError(f"weekday {day} has hours twice")
            hours[day] = spans
    return hours


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        match = _DAYS.fullmatch(part)
        if match is None:
            raise ValueError(f"cannot read the weekdays {part!r}; write 1 for Monday to 7 for Sunday, as in 1-5 or 1,3")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError(f"weekdays {part} run backwards")
        yield from range(first, last + 1)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"cannot read the span {text!r}; write 09:00-12:00, nothing of it full-width")
    try:
        first = time(int(match[1]), int(match[2]))
        last = time.max if text.endswith("24:00") else time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError(f"{text} names no time of the day; a day is from 00:00 to 24:00") from None
    if last <= first:
        raise ValueError(f"{text} ends before it begins; past midnight write until 24:00, and from 00:00 the day after")
    return first, last


def spans_on(day: date, hours: WeeklyHours, calendar: Calendar) -> Spans:
    """The spans in which a place with these hours is open on `day`; () when it is closed."""
    kind = calendar(day)
    if kind is Day.HOLIDAY:
        return ()
    return hours.get(1 if kind is Day.MAKE_UP else day.isoweekday(), ())


def is_open(at: datetime, timetable: Timetable) -> bool:
    """Whether the place is open at `at` (closing time itself counts as closed)."""
    moment = at.time()
    return any(first <= moment and (moment < last or last == time.max) for first, last in timetable(at.date()))


def next_opening(at: datetime, timetable: Timetable) -> datetime | None:
    """The first moment after `at` at which the place opens; None if it stays shut for 40 days."""
    for ahead in range(FARTHEST_LOOK):
        day = at.date() + timedelta(days=ahead)
        for first, _ in timetable(day):
            opening = datetime.combine(day, first, at.tzinfo)
            if opening > at:
                return opening
    return None


def hours_words(hours: WeeklyHours) -> str:
    """周一至周五 09:00-12:00、13:30-17:30；周六 09:00-12:00."""
    groups: list[tuple[list[int], Spans]] = []
    for day, spans in sorted(hours.items()):
        if groups and groups[-1][1] == spans and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], spans))
    return "；".join(f"{_days_words(days)} {spans_words(spans)}" for days, spans in groups)


def spans_words(spans: Spans) -> str:
    if spans == ALL_DAY:
        return "全天"
    return "、".join(f"{first:%H:%M}-{'24:00' if last == time.max else f'{last:%H:%M}'}" for first, last in spans)


def _days_words(days: list[int]) -> str:
    first, last = DAY_WORDS[days[0] - 1], DAY_WORDS[days[-1] - 1]
    return first if len(days) == 1 else f"{first}至{last}" if len(days) > 2 else f"{first}、{last}"
