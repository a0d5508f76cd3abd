"""How old and how long, as people say it: 8岁, 七十多岁, 未满16周岁, 十七八岁, 一年半, 3个月, 125cc; each is a range."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.linking.numbers import DIGITS, NUMBER, number

_DAY = 1 / 365
_YEARS = {"岁": 1.0, "周岁": 1.0, "年": 1.0, "月": 1 / 12, "星期": 7 * _DAY, "礼拜": 7 * _DAY, "周": 7 * _DAY,
          "天": _DAY, "工作日": _DAY, "小时": _DAY / 24, "分钟": _DAY / 1440}  # fmt: skip
_MILLILITRES = ("毫升", "ml", "cc")
_WEEKDAY = "一二三四五六日天末"
# 10岁时 speaks of another time, and 三年级 and 两个星期三 of no length at all.
_UNIT = (
    r"周?岁(?!之?前|以前|那年|时|的时候)|年(?![级度检审末初底])|个月|天|个?工作日|个?小时|分钟"
    rf"|个?(?:星期|礼拜)(?![{_WEEKDAY}])|周(?![岁{_WEEKDAY}])|{'|'.join(_MILLILITRES)}"
)
_BELOW, _ABOVE = ("未满", "不满", "不到", "不足", "没满", "没到", "未到"), ("已满", "年满", "满", "超过", "过了")
_MEASURE = re.compile(
    rf"(?P<before>{'|'.join(_BELOW + _ABOVE)})?"
    rf"(?<![\d.第{''.join(DIGITS)}十百千万])(?:(?P<least>{NUMBER})(?:周?岁|年)?[至到~-])?"
    rf"(?P<number>{NUMBER})(?P<some>[多几])?(?P<unit>{_UNIT})(?P<half>半)?"
    r"(?P<after>及?以上|及?以下|[以之]?内)?(?P<infant>大|的?(?:孩子|宝宝|娃|婴儿|小孩))?",
    re.IGNORECASE,
)
_OLDEST_YEARS = 70  # 95年 is the year of a birth, not a length
_PAIR = re.compile(
    r"(?P<tens>[二三四五六七八九]?十)?(?P<first>[一二两三四五六七八九])(?P<second>[二三四五六七八九])(?P<ten>十)?"
)


@dataclass(frozen=True)
class Measure:
    """`text[start:end]` says a range from `least` to just under `below`.

    Ages and durations count in years, volumes in millilitres. `number` and `unit` are as they were said. `is_line`
    marks one that bounds (未满16周岁, 60至69周岁), as the options of a question do.
    """

    start: int
    end: int
    kind: str
    number: float
    unit: str
    least: float
    below: float
    is_line: bool

    def lies_in(self, line: Measure) -> bool:
        return line.least <= self.least and self.below <= line.below

    def lies_outside(self, line: Measure) -> bool:
        return self.below <= line.least or line.below <= self.least


def find_measures(text: str) -> Iterator[Measure]:
    """The ages (`age`), lengths of time (`duration`) and volumes (`volume`) that `text` names, in its order."""
    for match in _MEASURE.finditer(text):
        said, (least, below) = _spoken(match)[0], _range(match)
        unit = match["unit"].lower().removeprefix("个")
        if unit == "年" and said >= _OLDEST_YEARS:
            continue
        kind = "volume" if unit in _MILLILITRES else "age" if "岁" in unit or _is_infant(match) else "duration"
        years = _YEARS.get(unit, 1.0)
        yield Measure(
            start=match.start(),
            end=match.end() - len(match["infant"] or ""),
            kind=kind,
            number=said,
            unit=match["unit"],
            least=least * years,
            below=below * years,
            is_line=bool(match["before"] or match["after"] or match["least"]),
        )


def _is_infant(match: re.Match[str]) -> bool:
    return bool(match["infant"]) and match["unit"] in ("个月", "天")


def _range(match: re.Match[str]) -> tuple[float, float]:
    """What was said with its bounds, in the unit it was said in: 未满16 from 0 to under 16."""
    least, below = _spoken(match)
    after = match["after"] or ""
    if match["least"]:
        return number(match["least"]), below
    if match["before"] in _BELOW or after.endswith("内"):
        return 0.0, least
    if match["before"] in _ABOVE or after.endswith("上"):
        return least, math.inf
    return (0.0, below) if after.endswith("下") else (least, below)


def _spoken(match: re.Match[str]) -> tuple[float, float]:
    """8 is from 8 to under 9, 七十多 from 70 to under 80, 七八 from 7 to under 9, 半 from a half to under one."""
    words = match["number"]
    pair = _PAIR.fullmatch(words)
    if pair and DIGITS[pair["second"]] == DIGITS[pair["first"]] + 1:
        scale = 10 if pair["ten"] else 1
        tens = number(pair["tens"]) if pair["tens"] else 0
        return tens + DIGITS[pair["first"]] * scale, tens + (DIGITS[pair["second"]] + 1) * scale
    least = number(words)
    if match["some"]:
        return least, least + next((size for size in (1000, 100, 10) if least % size == 0), 1)
    if match["half"]:
        return least + 0.5, least + 1
    return least, least + (0.5 if words == "半" else 1)
