"""Which day a person speaks of: 明天, 周六, 下周三, 10月1日."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NEAR = {"大后天": 3, "今天": 0, "今儿": 0, "今日": 0, "明天": 1, "明儿": 1, "明日": 1, "后天": 2}
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6}
_WEEKDAY = re.compile(r"(下+个?)?(?:周|星期|礼拜)([一二三四五六日天末])")
_DATE = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")


def asked_day(text: str, today: date) -> date | None:
    """The first day that `text` names, today or later; None where it names none."""
    for word, ahead in _NEAR.items():
        if word in text:
            return today + timedelta(days=ahead)
    if match := _WEEKDAY.search(text):
        return _weekday(_WEEKDAYS[match[2]], today, weeks=len((match[1] or "").rstrip("个")))
    if match := _DATE.search(text):
        return _date(int(match[1]), int(match[2]), today)
    return None


def _weekday(weekday: int, today: date, weeks: int) -> date:
    """周六 is the coming one (today included); 下周三 the one in the week after this."""
    if weeks:
        return today + timedelta(days=7 * weeks + weekday - today.isoweekday())
    return today + timedelta(days=(weekday - today.isoweekday()) % 7)


def _date(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            named = date(year, month, day)
        except ValueError:
            continue
        if named >= today:
            return named
    return None
