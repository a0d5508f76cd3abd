"""The public calendar: festivals, days worked in their place, and years that nobody has announced."""

from datetime import date, timedelta

import pytest

from knowledge.calendar import LIBRARY, PublicCalendar, known_holidays
from knowledge.hours import FARTHEST_LOOK, Day

CALENDAR = PublicCalendar.of(known_holidays())


@pytest.mark.parametrize(
    ("day", "kind", "festival", "working"),
    [
        ("2026-11-23", Day.NORMAL, "", True),
        ("2026-11-21", Day.NORMAL, "", False),
        ("2026-10-01", Day.HOLIDAY, "国庆节", False),
        ("2026-10-10", Day.MAKE_UP, "国庆节", True),
        ("2026-02-17", Day.HOLIDAY, "春节", False),
        ("2026-02-14", Day.MAKE_UP, "春节", True),
        ("2026-02-28", Day.MAKE_UP, "春节", True),
        ("2024-02-10", Day.HOLIDAY, "春节", False),
        ("2027-02-06", Day.HOLIDAY, "春节", False),
        ("2027-05-02", Day.HOLIDAY, "劳动节", False),
        ("2027-10-08", Day.NORMAL, "", True),
    ],
)
def test_a_day_is_what_the_state_council_says(day, kind, festival, working):
    day = date.fromisoformat(day)
    assert (CALENDAR(day), CALENDAR.festival(day), CALENDAR.is_working_day(day)) == (kind, festival, working)


def test_the_library_tells_which_years_are_announced():
    assert [year for year in range(2020, 2035) if CALENDAR.is_announced(year)] == [2024, 2025, 2026]


def test_the_law_alone_gives_thirteen_days_to_a_year_that_is_not_announced():
    rows = [row for row in known_holidays() if row.day.year == 2027]
    assert len(rows) == 13
    assert {(row.kind, row.source) for row in rows} == {("holiday", "国务院令第795号")}


def test_every_day_stands_once_and_has_a_chinese_name():
    rows = known_holidays()
    assert len({row.day for row in rows}) == len(rows)
    assert not [row.name for row in rows if row.name.isascii()]


def test_a_made_up_day_is_a_weekend_of_an_announced_year():
    made_up = [row for row in known_holidays() if row.kind == "make_up"]
    assert {row.source for row in made_up} == {LIBRARY}
    assert all(row.day.isoweekday() > 5 for row in made_up)


def test_no_run_of_days_off_is_longer_than_the_farthest_look():
    day, off = date(2024, 1, 1), 0
    while day < date(2028, 1, 1):
        off = 0 if CALENDAR.is_working_day(day) else off + 1
        assert off < FARTHEST_LOOK
        day += timedelta(days=1)
