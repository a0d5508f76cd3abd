"""Opening hours: read exactly, and the same whether asked of a day, of a moment or of the next opening."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.clock import CHINA
from knowledge.hours import (
    ALL_DAY,
    FARTHEST_LOOK,
    Day,
    hours_words,
    is_open,
    next_opening,
    parse_hours,
    spans_on,
    spans_words,
)

HALL = parse_hours("1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00")
MONDAY = date(2026, 11, 23)


def normal(day):
    return Day.NORMAL


def timetable(hours, calendar=normal):
    return lambda day: spans_on(day, hours, calendar)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_hours_are_read_by_weekday():
    morning, afternoon = (time(9), time(12)), (time(13, 30), time(17, 30))
    assert parse_hours("1-3,5 09:00-12:00,13:30-17:30;6 09:00-12:00") == {
        **dict.fromkeys((1, 2, 3, 5), (morning, afternoon)),
        6: (morning,),
    }


def test_a_span_may_last_until_midnight():
    assert parse_hours("1-7 00:00-24:00") == dict.fromkeys(range(1, 8), ALL_DAY)
    assert hours_words(parse_hours("1-7 00:00-24:00")) == "周一至周日 全天"
    late = parse_hours("5 00:00-06:00,18:00-24:00; 6 00:00-02:00")
    assert hours_words(late) == "周五 00:00-06:00、18:00-24:00；周六 00:00-02:00"
    for moment, open_ in {
        "2026-11-27T17:59": False,
        "2026-11-27T23:59:59.999999": True,
        "2026-11-28T00:00": True,
        "2026-11-28T02:00": False,
    }.items():
        assert is_open(at(moment), timetable(late)) is open_
    assert next_opening(at("2026-11-28T02:00"), timetable(late)) == at("2026-12-04T00:00")


def test_spaces_after_a_comma_change_nothing():
    assert parse_hours(" 1-5  09:00-12:00, 13:30-17:30 ;6 09:00-12:00") == HALL


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "cannot read hours"),
        ("  ", "cannot read hours ''"),
        ("1-5", "cannot read hours '1-5'; write for example"),
        ("every day", "cannot read the weekdays 'every'"),
        ("周一至周五 09:00-12:00", "cannot read the weekdays '周一至周五'; write 1 for Monday"),
        ("１-５ 09:00-12:00", "cannot read the weekdays '１-５'"),
        ("1, 3 09:00-12:00", "cannot read the weekdays ''"),
        ("1-5 9:00-12:00", "cannot read the span '9:00-12:00'"),
        ("1-5 ０９:00-12:00", "cannot read the span"),
        (
            "1-5 09:00-12:00，13:30-17:30",
            "cannot read the span '09:00-12:00，13:30-17:30'; .* nothing of it full-width",
        ),
        ("1-5 09:00-12:00 13:30-17:30", "cannot read the span '09:00-12:00 13:30-17:30'"),
        ("1-5 09:00-12:00,", "cannot read the span ''"),
        ("1-8 09:00-12:00", "cannot read the weekdays '1-8'"),
        ("0 09:00-12:00", "cannot read the weekdays '0'"),
        ("1-3-5 09:00-12:00", "cannot read the weekdays '1-3-5'"),
        ("5-1 09:00-12:00", "weekdays 5-1 run backwards"),
        ("1 12:00-09:00", "12:00-09:00 ends before it begins"),
        ("1 09:00-09:00", "09:00-09:00 ends before it begins"),
        ("1 22:00-06:00", "22:00-06:00 ends before it begins; past midnight write until 24:00"),
        ("1 09:00-25:00", "09:00-25:00 names no time of the day"),
        ("1 09:00-24:30", "09:00-24:30 names no time of the day"),
        ("1 24:00-24:00", "24:00-24:00 names no time of the day"),
        ("1 09:60-12:00", "09:60-12:00 names no time of the day"),
        ("1 09:00-24:00,13:00-15:00", "hours overlap or stand out of order"),
        ("1 09:00-12:00,11:00-15:00", "hours overlap or stand out of order"),
        ("1 13:00-15:00,09:00-12:00", "hours overlap or stand out of order"),
        ("1-5 09:00-12:00; 3 13:00-15:00", "weekday 3 has hours twice"),
        ("1,1 09:00-12:00", "weekday 1 has hours twice"),
        ("1-5 09:00-12:00;", "cannot read hours"),
    ],
)
def test_what_cannot_hold_is_refused_in_words(text, problem):
    with pytest.raises(ValueError, match=problem):
        parse_hours(text)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T11:59:59", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:30", True),
        ("2026-11-23T17:30", False),
        ("2026-11-28T10:00", True),
        ("2026-11-28T14:00", False),
        ("2026-11-29T10:00", False),
    ],
)
def test_a_counter_is_open_from_the_first_minute_to_before_the_last(moment, open_):
    assert is_open(at(moment), timetable(HALL)) is open_


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T08:00", "2026-11-23T09:00"),
        ("2026-11-23T09:00", "2026-11-23T13:30"),
        ("2026-11-23T18:00", "2026-11-24T09:00"),
        ("2026-11-27T18:00", "2026-11-28T09:00"),
        ("2026-11-28T12:00", "2026-11-30T09:00"),
    ],
)
def test_the_next_opening_is_the_first_one_to_come(moment, opening):
    assert next_opening(at(moment), timetable(HALL)) == at(opening)


def test_a_holiday_is_closed_and_a_made_up_sunday_keeps_mondays_hours():
    sunday = MONDAY - timedelta(days=1)
    assert spans_on(MONDAY, HALL, lambda day: Day.HOLIDAY) == ()
    assert spans_on(sunday, HALL, lambda day: Day.MAKE_UP) == HALL[1]
    assert spans_on(sunday, parse_hours("2-5 09:00-12:00"), lambda day: Day.MAKE_UP) == ()


def test_a_place_that_stays_shut_has_no_next_opening():
    assert next_opening(at("2026-11-23T08:00"), timetable(HALL, lambda day: Day.HOLIDAY)) is None
    assert next_opening(at("2026-11-23T08:00"), timetable({})) is None


@pytest.mark.parametrize("moment", ["2026-11-23T00:00", "2026-11-23T12:30", "2026-11-23T23:59:59.999999"])
def test_what_is_open_all_day_is_open_to_its_last_moment(moment):
    assert is_open(at(moment), lambda day: ALL_DAY)
    assert spans_words(ALL_DAY) == "全天"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00", "周一至周五 09:00-12:00、13:30-17:30；周六 09:00-12:00"),
        ("1-3,5 09:00-17:00; 4 09:00-20:00", "周一至周三 09:00-17:00；周四 09:00-20:00；周五 09:00-17:00"),
        ("6-7 09:00-12:00", "周六、周日 09:00-12:00"),
        ("1,3 09:00-12:00", "周一 09:00-12:00；周三 09:00-12:00"),
    ],
)
def test_hours_are_told_in_few_words(hours, words):
    assert hours_words(parse_hours(hours)) == words


# --- any hours, calendar and moment ----------------------------------------------------------------------------------


@st.composite
def spans(draw):
    edges = sorted(draw(st.sets(st.integers(0, 24 * 12), min_size=2, max_size=6)))
    times = [time(edge // 12, edge % 12 * 5) if edge < 24 * 12 else time.max for edge in edges]
    return tuple(zip(times[::2], times[1::2], strict=False))


weekly_hours = st.dictionaries(st.integers(1, 7), spans(), max_size=7)
calendars = st.dictionaries(st.integers(0, FARTHEST_LOOK + 2), st.sampled_from(Day), max_size=20).map(
    lambda days: lambda day: days.get((day - MONDAY).days, Day.NORMAL)
)
moments = st.integers(0, 8 * 24 * 60).map(lambda m: datetime(2026, 11, 23, tzinfo=CHINA) + timedelta(minutes=m))


@given(weekly_hours)
def test_what_is_written_is_read_back(hours):
    def span(first, last):
        return f"{first:%H:%M}-{'24:00' if last == time.max else f'{last:%H:%M}'}"

    text = "; ".join(f"{day} {','.join(span(*one) for one in all_)}" for day, all_ in hours.items())
    if hours:
        assert parse_hours(text) == hours


@given(moments, weekly_hours, calendars)
def test_a_moment_is_open_exactly_within_a_span_of_its_day(moment, hours, calendar):
    within = [first <= moment.time() < last for first, last in spans_on(moment.date(), hours, calendar)]
    assert is_open(moment, timetable(hours, calendar)) is any(within)
    assert sum(within) <= 1


@given(moments, weekly_hours, calendars)
def test_the_next_opening_opens_and_none_comes_before_it(moment, hours, calendar):
    days = timetable(hours, calendar)
    opening = next_opening(moment, days)
    ahead = (moment.date() + timedelta(days=days) for days in range(FARTHEST_LOOK))
    beginnings = [datetime.combine(day, first, CHINA) for day in ahead for first, _ in days(day)]
    assert opening == min((one for one in beginnings if one > moment), default=None)
    if opening is not None:
        assert opening > moment
        assert is_open(opening, days)
        if not is_open(moment, days):
            halfway = moment + (opening - moment) / 2
            assert not is_open(halfway, days)
            assert not is_open(opening - timedelta(seconds=1), days)
