"""Personal numbers in running text: found by exact patterns, masked for eyes, swapped for tokens.

Digits touch Chinese characters without a word border, so every pattern looks at its neighbours instead of `\\b`.
No repetition stands inside another one: the time is linear in the length of the text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[ -]?"
_PATTERN = re.compile(
    rf"""
    (?P<id>(?<![0-9])[1-9][0-9]{{5}}{_GAP}(?:18|19|20)[0-9]{{6}}{_GAP}[0-9]{{3}}[0-9Xx](?![0-9]))
  | (?P<card>(?<![0-9])[3-9][0-9]{{3}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?:{_GAP}[0-9]{{1,3}})?(?![0-9]))
  | (?P<old_id>(?<![0-9])[1-9][0-9]{{14}}(?![0-9]))
  | (?P<mobile>(?<![0-9])(?:\+?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9]))
  | (?P<landline>(?<![0-9])0[1-9][0-9]{{1,2}}{_GAP}[2-9][0-9]{{6,7}}(?![0-9]))
  | (?P<plate>[{_PROVINCES}][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9]))
    """,
    re.VERBOSE,
)
_KINDS = {
    "id": "身份证号",
    "old_id": "身份证号",
    "mobile": "手机号",
    "landline": "电话号",
    "card": "银行卡号",
    "plate": "车牌号",
}
# Full-width forms count as their plain ones; each maps to one character, so positions stay.
_PLAIN = {ord("０") + i: ord("0") + i for i in range(10)} | {ord("Ｘ"): "X", ord("－"): "-", ord("＋"): "+"}
_PLAIN |= {code: "-" for code in map(ord, "—–‐‑")} | {ord("\u3000"): " ", ord("\xa0"): " "}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
TOKEN = re.compile(r"〔(?:身份证号|手机号|电话号|银行卡号|车牌号)[0-9]{1,3}〕")


@dataclass(frozen=True)
class PersonalNumber:
    """A personal number at `text[start:end]`; `value` is its plain form without gaps."""

    kind: str
    start: int
    end: int
    value: str


def find_personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """All identity, phone, bank-card and plate numbers in `text`, in order, never overlapping."""
    for match in _PATTERN.finditer(text.translate(_PLAIN)):
        group = match.lastgroup or ""
        value = re.sub(r"[ \-·•]", "", match.group())
        if _holds(group, value):
            yield PersonalNumber(_KINDS[group], match.start(), match.end(), value.upper())


def _holds(group: str, value: str) -> bool:
    if group == "id":  # a slip in one digit must not leave the other seventeen readable
        return is_id_number(value) or _is_date(value[6:14])
    if group == "old_id":
        return _is_date("19" + value[6:12])
    if group == "card":
        return _luhn(value)
    return True


def is_id_number(value: str) -> bool:
    """Whether the 18 characters carry the right check character (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, value[:17], strict=True))
    return "10X98765432"[total % 11] == value[17].upper()


def _is_date(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= 1850
    except ValueError:
        return False


def _luhn(digits: str) -> bool:
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def mask(value: str) -> str:
    """The number with its middle hidden: 138****1234, 320*********1234, 苏A****8."""
    head, tail = (2, 1) if value[0] in _PROVINCES else (3, 4)
    return value[:head] + "*" * max(4, len(value) - head - tail) + value[-tail:]


def mask_text(text: str) -> str:
    """`text` with every personal number masked."""
    return _replace(text, lambda number: mask(number.value))


def swap(text: str, known: dict[str, str]) -> str:
    """`text` with every personal number replaced by its token 〔手机号1〕.

    `known` maps token → plain number for the whole conversation; new numbers are added to it, a number that
    came before keeps its token. Tokens that the person typed themselves are defused first.
    """
    tokens = {number: token for token, number in known.items()}

    def token_of(number: PersonalNumber) -> str:
        if number.value not in tokens:
            order = 1 + sum(token.startswith("〔" + number.kind) for token in known)
            tokens[number.value] = f"〔{number.kind}{order}〕"
            known[tokens[number.value]] = number.value
        return tokens[number.value]

    return _replace(TOKEN.sub(lambda match: match.group()[1:-1], text), token_of)


def _replace(text: str, words_for: Callable[[PersonalNumber], str]) -> str:
    parts, end = [], 0
    for number in find_personal_numbers(text):
        parts += [text[end : number.start], words_for(number)]
        end = number.end
    return "".join([*parts, text[end:]])


class MaskingFilter(logging.Filter):
    """Masks personal numbers in every log record that passes, whatever produced it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = mask_text(message)
        if masked != message:
            record.msg, record.args = masked, None
        return True
