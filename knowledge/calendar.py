"""The public calendar: holidays and make-up days, filled from the library for the years it knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import chinese_calendar

from knowledge.hours import Day
from knowledge.models import Holiday

# Legal festival days of years that nobody has announced yet: certain by the Measures on Festivals and Holidays
# (国务院令第795号); the bridging and make-up days around them are not known, so they are not here.
LEGAL_DAYS = {
    2027: {"元旦": ["01-01"], "春节": ["02-05", "02-06", "02-07", "02-08"], "清明节": ["04-05"],
           "劳动节": ["05-01", "05-02"], "端午节": ["06-09"], "中秋节": ["09-15"], "国庆节": ["10-01", "10-02", "10-03"]},
}  # fmt: skip
FESTIVALS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节",
}  # fmt: skip
LIBRARY = "chinesecalendar"


def known_holidays() -> list[Holiday]:
    """All days the library knows from 2024 on, and the legal days of later years that nobody has announced."""
    off = [(day, "holiday", name) for day, name in chinese_calendar.constants.holidays.items()]
    worked = [(day, "make_up", name) for day, name in chinese_calendar.constants.workdays.items()]
    rows = [
        Holiday(day=day, kind=kind, name=FESTIVALS.get(name, name), source=LIBRARY)
        for day, kind, name in off + worked
        if day.year >= 2024
    ]
    announced = {row.day.year for row in rows}
    for year, festivals in LEGAL_DAYS.items():
        if year not in announced:
            rows += [
                Holiday(day=date.fromisoformat(f"{year}-{day}"), kind="holiday", name=name, source="国务院令第795号")
                for name, days in festivals.items()
                for day in days
            ]
    return rows


class PublicCalendar:
    """Callable: date → what the public calendar says of it. Knows which years have been announced."""

    def __init__(self, holidays: Mapping[date, tuple[Day, str]], announced: frozenset[int]) -> None:
        self._holidays = holidays
        self._announced = announced

    @classmethod
    def of(cls, rows: list[Holiday]) -> PublicCalendar:
        announced = frozenset(row.day.year for row in rows if row.source != "国务院令第795号")
        return cls({row.day: (Day(row.kind), row.name) for row in rows}, announced)

    def __call__(self, day: date) -> Day:
        return self._holidays[day][0] if day in self._holidays else Day.NORMAL

    def festival(self, day: date) -> str:
        """The festival's name on a holiday or make-up day, else an empty string."""
        return self._holidays[day][1] if day in self._holidays else ""

    def is_announced(self, year: int) -> bool:
        return year in self._announced

    def is_working_day(self, day: date) -> bool:
        kind = self(day)
        return kind is Day.MAKE_UP or (kind is Day.NORMAL and day.isoweekday() <= 5)
