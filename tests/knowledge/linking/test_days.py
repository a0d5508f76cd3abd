"""Which day a person speaks of, seen from a Saturday in November."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.days import asked_day

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


@given(st.text("今明后天大下周末一二三日月号12 3", max_size=12), st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_no_day_of_the_past_is_meant(text, today):
    day = asked_day(text, today)
    assert day is None or day > today - timedelta(days=1)
