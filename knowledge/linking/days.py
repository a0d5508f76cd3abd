"""Which day a person speaks of: 明天, 周六, 下周三, 10月1日."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NEAR = {"大后天": 3, "今天": 0, "今儿": 0, "今日": 0, "明天": 1, "明儿": 1, "明日": 1, "后天": 2}
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6}
_DAY = re.compile(
    rf"(?P<near>{'|'.join(_NEAR)})"
    r"|(?P<next>下+个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
    r"|(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
)


def asked_day(text: str, today: date) -> date | None:
    """The first day that `text` names, today or later; None where it names none."""
    match = _DAY.search(text)
    if match is None:
        return None
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"]])
    if match["weekday"]:
        return _weekday(_WEEKDAYS[match["weekday"]], today, weeks=(match["next"] or "").count("下"))
    return _date(int(match["month"]), int(match["day"]), today)


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
