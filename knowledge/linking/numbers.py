"""Numbers as people write them: 16, 十六, 两, 三百五, 2万, 1.5, 半."""

from __future__ import annotations

DIGITS = {digit: value for value, digits in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
          for digit in digits}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
NUMBER = rf"(?:\d+(?:\.\d+)?[{''.join(_UNITS)}]?|[{''.join(DIGITS)}{''.join(_UNITS)}]+|半)"
"""A regular expression for what `number` reads."""


def number(words: str) -> float:
    """The number that `words` (which match `NUMBER`) mean; a whole one is an int."""
    if words == "半":
        return 0.5
    if words[0].isdigit():
        unit = _UNITS.get(words[-1], 1)
        value = float(words.rstrip("".join(_UNITS))) * unit
        return int(value) if value.is_integer() else value
    if not set(words) & set(_UNITS):
        return int("".join(str(DIGITS[digit]) for digit in words))  # 二〇二六
    return _with_units(words)


def _with_units(words: str) -> int:
    """三百五 leaves its last unit out: 350, but 三百零五 is 305."""
    whole = section = 0
    digit: int | None = None
    for char in words:
        if char == "万":
            whole, section, digit = whole + (section + (digit or 0) or 1) * _UNITS[char], 0, None
        elif char in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        else:
            digit = DIGITS[char]
    if digit and len(words) > 1 and words[-2] in _UNITS and words[-2] != "十":
        digit *= _UNITS[words[-2]] // 10
    return whole + section + (digit or 0)
