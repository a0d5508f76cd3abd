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
"""Open from midnight to midnight: `time.max` as the end of a span stands for 24:00."""

_GROUP = re.compile(r"(?P<days>[1-7](?:-[1-7])?(?:,[1-7](?:-[1-7])?)*)\s+(?P<spans>\S+)")
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
        match = _GROUP.fullmatch(group.strip())
        if match is None:
            raise ValueError(f"cannot read hours {group.strip()!r}; write for example 1-5 09:00-12:00,13:30-17:30")
        spans = tuple(_span(part) for part in match["spans"].split(","))
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise ValueError(f"hours overlap or stand out of order: {match['spans']}")
        for day in _days(match["days"]):
            if day in hours:
                raise ValueError(f"weekday {day} has hours twice")
            hours[day] = spans
    return hours


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"cannot read the span {text!r}; write 09:00-12:00")
    first, last = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if last <= first:
        raise ValueError(f"{text} ends before it begins")
    return first, last


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        if int(last or first) < int(first):
            raise ValueError(f"weekdays {part} run backwards")
        yield from range(int(first), int(last or first) + 1)


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
    return "、".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in spans)


def _days_words(days: list[int]) -> str:
    first, last = DAY_WORDS[days[0] - 1], DAY_WORDS[days[-1] - 1]
    return first if len(days) == 1 else f"{first}至{last}" if len(days) > 2 else f"{first}、{last}"
