"""Which day a person speaks of, seen from a Saturday in November."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calendar import LEGAL_DAYS
from knowledge.linking.days import asked_day, find_days

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天开门吗", "2026-11-21"),
        ("明天能去吗", "2026-11-22"),
        ("后天呢", "2026-11-23"),
        ("大后天呢", "2026-11-24"),
        ("周六能去吗", "2026-11-21"),
        ("星期天上班不", "2026-11-22"),
        ("周日", "2026-11-22"),
        ("礼拜一去行吗", "2026-11-23"),
        ("周末开不开", "2026-11-21"),
        ("下周三呢", "2026-11-25"),
        ("下个星期五", "2026-11-27"),
        ("下下周一", "2026-11-30"),
        ("10月1日开吗", "2027-10-01"),
        ("12月5号", "2026-12-05"),
        ("11月21日", "2026-11-21"),
        ("明早去行吗", "2026-11-22"),
        ("这周日呢", "2026-11-22"),
        ("这周三", None),
        ("上周三去过", None),
        ("看一下周三能不能去", "2026-11-25"),
        ("那个周六上班吗", "2026-11-21"),
        ("网上周六能办吗", "2026-11-21"),
        ("看一下下个星期三", "2026-11-25"),
        ("三月五号", "2027-03-05"),
        ("12月份5号", "2026-12-05"),
        ("2027年3月5日", "2027-03-05"),
        ("2026-12-01", "2026-12-01"),
        ("2015年12月31日前出生，明天去", "2026-11-22"),
        ("下个月5号", "2026-12-05"),
        ("这个月30号", "2026-11-30"),
        ("春节开门吗", "2027-02-06"),
        ("2026年春节", None),
        ("明年元旦", "2027-01-01"),
        ("国庆节放假吗", "2027-10-01"),
        ("十一期间办吗", "2027-10-01"),
        ("五一路派出所", None),
        ("二十一点", None),
        ("一周一次", None),
        ("两个星期三次", None),
        ("后天去还是明天去", "2026-11-23"),
        ("周一或者明天", "2026-11-23"),
        ("2月30日", None),
        ("13月1日", None),
        ("2月29日", None),
        ("几点开门", None),
        ("昨天去过了", None),
        ("一周要几天", None),
        ("", None),
    ],
)
def test_the_first_day_that_is_named_counts(said, day):
    assert asked_day(said, TODAY) == (day and date.fromisoformat(day))


def test_on_sunday_it_is_the_weekend():
    assert asked_day("周末开吗", date(2026, 11, 22)) == date(2026, 11, 22)


def test_the_past_is_read_but_never_asked_about():
    (named,) = find_days("昨天去过了", TODAY)
    assert (named.start, named.end, named.day) == (0, 2, date(2026, 11, 20))


@pytest.mark.parametrize("day", [day for days in LEGAL_DAYS.values() for day in days])
def test_festivals_are_where_the_public_calendar_has_them(day):
    name = "春节" if day == "春节" else day.removesuffix("节") if day != "劳动节" else day
    for year, festivals in LEGAL_DAYS.items():
        (named,) = find_days(f"{year}年{name}", TODAY)
        assert f"{named.day:%m-%d}" in festivals[day]


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from("一二三四五六日"))
def test_a_weekday_is_the_coming_one_today_included(today, weekday):
    this, next_ = asked_day(f"周{weekday}", today), asked_day(f"下周{weekday}", today)
    assert this.isoweekday() == next_.isoweekday() == "一二三四五六日".index(weekday) + 1
    assert today <= this < today + timedelta(days=7)
    # 下周 is the week after this one, whatever day it is.
    assert next_.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 360))
def test_a_date_is_the_next_of_its_name(today, ahead):
    day = today + timedelta(days=ahead)
    assert asked_day(f"{day.month}月{day.day}日能办吗", today) == day


@given(
    st.text("今明后昨天大下上这个周末一二三日年月号春节元旦12 3-", max_size=12),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)
def test_no_day_of_the_past_is_meant(text, today):
    day = asked_day(text, today)
    assert day is None or day > today - timedelta(days=1)
