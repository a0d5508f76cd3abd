"""Which day a person speaks of: 明天, 这周六, 下周三, 10月1日, 下个月5号, 2026年春节."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.linking.numbers import number

_NEAR = {
    "大后天": 3, "大前天": -3, "今天": 0, "今儿": 0, "今日": 0, "今早": 0, "今晚": 0, "明天": 1, "明儿": 1, "明日": 1,
    "明早": 1, "明晚": 1, "后天": 2, "昨天": -1, "昨日": -1, "前天": -2,
}  # fmt: skip
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6}
_SUNDAY = 7
# The first days; of those that move with the moon or the sun, as far ahead as anybody asks.
_FESTIVALS = {"元旦": (1, 1), "劳动节": (5, 1), "五一": (5, 1), "国庆": (10, 1), "十一": (10, 1)}
_MOVING = {
    "春节": {2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)},
    "清明": {2026: (4, 5), 2027: (4, 5), 2028: (4, 4), 2029: (4, 4), 2030: (4, 5)},
    "端午": {2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5)},
    "中秋": {2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12)},
}
_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_DAY = re.compile(
    rf"(?P<near>{'|'.join(_NEAR)})"
    # 看一下周三 is no 下周三, 网上周六 no 上周六, and 一周一次 and 两个星期三次 name no day.
    r"|(?:(?P<week>(?:(?<![网线早晚])上|这|本|(?<!一)下{1,3})一?个?)(?:周|星期|礼拜)"
    r"|(?<![一两三四五几半\d])周|(?<![一两三四五几半个\d])(?:星期|礼拜))(?P<weekday>[一二三四五六日天末])"
    rf"|(?<!\d)(?:(?P<year>\d{{4}})年)?(?P<month>{_NUMBER})月份?(?P<day>{_NUMBER})[日号]"
    r"|(?<!\d)(?P<iso>\d{4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2})(?!\d)"
    rf"|(?P<moon>[这本下]个?月)(?P<day_of_month>{_NUMBER})[日号]"
    r"|(?:(?P<festival_year>\d{4}|今|明)年的?)?"
    r"(?P<festival>元旦|劳动节|五一(?![路街大广])|国庆|(?<![二三四五六七八九第])十一(?=期间|假期|长假|放假|上班|那天|当天)|春节|清明|端午|中秋)节?"
)


@dataclass(frozen=True)
class DayMention:
    """`text[start:end]` names `day`."""

    start: int
    end: int
    day: date


def asked_day(text: str, today: date) -> date | None:
    """The first day that `text` names, today or later; None where it names none."""
    return next((named.day for named in find_days(text, today) if named.day >= today), None)


def find_days(text: str, today: date) -> Iterator[DayMention]:
    """The days that `text` names, past ones too, in its order; one that no calendar has (2月30日) is none."""
    for match in _DAY.finditer(text):
        day = _named(match, today)
        if day is not None:
            yield DayMention(match.start(), match.end(), day)


def _named(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"]])
    if match["weekday"]:
        return _weekday(match["weekday"], today, match["week"] or "")
    if match["festival"]:
        return _festival(match["festival"], today, match["festival_year"])
    if match["iso"]:
        return _date(*map(int, re.split(r"\D", match["iso"])))
    if match["moon"]:
        year, month = divmod(today.year * 12 + today.month - 1 + (match["moon"][0] == "下"), 12)
        return _date(year, month + 1, int(number(match["day_of_month"])))
    month, day = int(number(match["month"])), int(number(match["day"]))
    return _date(int(match["year"]), month, day) if match["year"] else _coming(month, day, today)


def _weekday(name: str, today: date, week: str) -> date:
    """周六 is the coming one (today included); 这周三, 上周三 and 下周三 lie in this week, the last and the next."""
    ahead = _WEEKDAYS[name] - today.isoweekday()
    if week:
        return today + timedelta(days=ahead + 7 * (week.count("下") - week.count("上")))
    return today if name == "末" and today.isoweekday() == _SUNDAY else today + timedelta(days=ahead % 7)


def _festival(name: str, today: date, year: str | None) -> date | None:
    if year:
        named = today.year + (year == "明") if year in "今明" else int(year)
        month_day = _FESTIVALS.get(name) or _MOVING[name].get(named)
        return _date(named, *month_day) if month_day else None
    coming = (_festival(name, today, str(near)) for near in (today.year, today.year + 1))
    return next((day for day in coming if day is not None and day >= today), None)


def _coming(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        named = _date(year, month, day)
        if named is not None and named >= today:
            return named
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
