"""What an office may say of itself, and when it is open: seasons, closures, machines and the public calendar."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from base.clock import CHINA
from knowledge.hours import ALL_DAY, Day, is_open, next_opening, parse_hours
from knowledge.place import Closure, Office, Season

FACTS = {
    "id": "hall",
    "name": "大厅",
    "kind": "政务服务中心",
    "region": "320400",
    "basis": "sourced",
    "confidence": "high",
}
WINTER = "1-5 09:00-12:00,13:30-17:30"
SUMMER = "1-5 08:30-12:00,14:30-18:00"


def office(**fields):
    return Office(**FACTS | fields)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def normal(day):
    return Day.NORMAL


def holiday(day):
    return Day.HOLIDAY


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"latitude": 31.8}, "belong together"),
        ({"longitude": 119.9}, "belong together"),
        ({"latitude": 119.9, "longitude": 31.8}, "119.9 lies outside China; are latitude and longitude exchanged"),
        ({"latitude": 31.8, "longitude": 31.8}, "31.8 lies outside China"),
        ({"latitude": 0, "longitude": 0}, "outside China"),
        ({"latitude": float("nan"), "longitude": 119.9}, "nan lies outside China"),
        ({"latitude": float("inf"), "longitude": 119.9}, "inf lies outside China"),
        ({"latitude": "北纬31度", "longitude": 119.9}, "valid number"),
        ({"all_day": True, "hours": WINTER}, "leaves no room"),
        ({"seasons": [{"first": "07-01", "last": "08-31", "hours": SUMMER}]}, "seasons need the hours"),
        ({"region": "32040"}, "match pattern"),
        (
            {
                "hours": WINTER,
                "seasons": [
                    {"first": "06-01", "last": "07-31", "hours": SUMMER},
                    {"first": "07-31", "last": "09-30", "hours": SUMMER},
                ],
            },
            "seasons overlap: one ends on 07-31, another begins on 07-31",
        ),
    ],
)
def test_what_cannot_hold_is_refused_in_words(fields, problem):
    with pytest.raises(ValidationError, match=problem):
        office(**fields)


@pytest.mark.parametrize(
    ("first", "last", "hours", "problem"),
    [
        ("08-31", "07-01", SUMMER, "season ends on 07-01, before it begins on 08-31; over New Year write two"),
        ("02-30", "03-31", SUMMER, "day is out of range"),
        ("7-1", "08-31", SUMMER, "match pattern"),
        ("07-01", "08-31", "1-5 12:00-09:00", "ends before it begins"),
    ],
)
def test_a_season_that_cannot_be_is_refused(first, last, hours, problem):
    with pytest.raises(ValidationError, match=problem):
        Season(first=first, last=last, hours=hours)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-06-30T08:45", False),
        ("2026-07-01T08:45", True),
        ("2026-08-31T08:45", True),
        ("2026-09-01T08:45", False),
        ("2026-09-01T17:15", True),
        ("2027-07-01T08:45", True),
    ],
)
def test_a_season_holds_from_its_first_day_to_its_last_every_year(moment, open_):
    hall = office(hours=WINTER, seasons=[Season(first="07-01", last="08-31", hours=SUMMER)])
    assert is_open(at(moment), lambda day: hall.spans_on(day, normal)) is open_


def test_machines_work_on_holidays_and_counters_do_not():
    day = date(2026, 10, 1)
    assert office(hours="1-7 06:00-23:00", self_service=True).spans_on(day, holiday) == parse_hours("4 06:00-23:00")[4]
    assert office(hours="1-7 06:00-23:00").spans_on(day, holiday) == ()


def test_an_area_that_never_closes_closes_only_for_a_closure():
    closure = Closure(first=date(2026, 12, 10), last=date(2026, 12, 11), reason="检修")
    area = office(all_day=True, closures=[closure])
    assert area.spans_on(date(2026, 10, 1), holiday) == ALL_DAY
    assert area.spans_on(date(2026, 12, 10), normal) == ()
    assert next_opening(at("2026-12-10T10:00"), lambda day: area.spans_on(day, normal)) == at("2026-12-12T00:00")


# --- any season, closure, holiday and moment -------------------------------------------------------------------------

FIRST = date(2026, 6, 1)
days = st.integers(0, 120).map(lambda number: FIRST + timedelta(days=number))
weeks = st.sampled_from(["1-5 09:00-12:00,13:30-17:30", "1-7 08:00-20:00", "6-7 10:00-11:00", "3 00:00-23:59"])
moments = st.integers(0, 100 * 24 * 12).map(lambda n: datetime(2026, 6, 1, tzinfo=CHINA) + timedelta(minutes=5 * n))


@st.composite
def offices(draw):
    bounds = sorted(draw(st.lists(days, min_size=4, max_size=4, unique=True)))
    seasons = [
        Season(first=f"{first:%m-%d}", last=f"{last:%m-%d}", hours=draw(weeks))
        for first, last in ((bounds[0], bounds[1]), (bounds[2], bounds[3]))
    ]
    first = draw(days)
    closures = [Closure(first=first, last=first + timedelta(days=draw(st.integers(0, 20))), reason="装修")]
    if draw(st.booleans()):
        return office(all_day=True, closures=closures)
    return office(
        hours=draw(weeks),
        seasons=draw(st.sampled_from([[], seasons[:1], seasons])),
        closures=draw(st.sampled_from([[], closures])),
        self_service=draw(st.booleans()),
    )


@given(offices(), moments, st.sets(days), st.sets(days))
def test_open_now_and_the_next_opening_agree(place, moment, off, worked):
    def calendar(day):
        return Day.HOLIDAY if day in off else Day.MAKE_UP if day in worked else Day.NORMAL

    def timetable(day):
        return place.spans_on(day, calendar)

    opening = next_opening(moment, timetable)
    if place.closed_for(moment.date()):
        assert not is_open(moment, timetable)
    if opening is not None:
        assert opening > moment
        assert is_open(opening, timetable)
        assert not place.closed_for(opening.date())
        if not is_open(moment, timetable):  # nothing opens in between
            minutes = range(5, int((opening - moment).total_seconds() / 60), 60)
            assert not any(is_open(moment + timedelta(minutes=m), timetable) for m in minutes)
    elif not is_open(moment, timetable):
        assert all(timetable(moment.date() + timedelta(days=ahead)) == () for ahead in range(1, 40))


@given(offices(), days)
def test_the_hours_of_a_day_are_those_of_its_season(place, day):
    in_season = [season for season in place.seasons if season.holds(day)]
    assert len(in_season) <= 1
    if not place.all_day and not place.closed_for(day):
        hours = parse_hours(in_season[0].hours if in_season else place.hours)
        assert place.spans_on(day, normal) == hours.get(day.isoweekday(), ())
