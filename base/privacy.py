"""Personal numbers in running text: found by exact patterns, masked for eyes, swapped for tokens.

Digits touch Chinese characters without a word border, so every pattern looks at its neighbours instead of `\\b`.
No repetition stands inside another one: the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Full-width forms count as their plain ones; each maps to one character, so positions stay.
_PLAIN = {ord("！") + i: chr(ord("!") + i) for i in range(94)}
_PLAIN |= {ord(dash): "-" for dash in "—–‐‑"} | {ord(blank): " " for blank in "\u3000\xa0"}
_SEPARATORS = str.maketrans("", "", " -)·•.")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999


@dataclass(frozen=True)
class PersonalNumber:
    """A personal number at `text[start:end]`; `value` is its plain form without gaps."""

    kind: str
    start: int
    end: int
    value: str


def find_personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """All identity, phone, bank-card and plate numbers in `text`, in order, never overlapping."""
    plain, end = text.translate(_PLAIN), 0
    for start in _START.finditer(plain):
        if start.start() >= end and (number := _number_at(plain, start.start())) is not None:
            end = number.end
            yield number


def _number_at(plain: str, start: int) -> PersonalNumber | None:
    """The first of the forms that holds here: a card is still a card when it looks like an identity number."""
    for form in _FORMS:
        match = form.pattern.match(plain, start)
        if match is not None:
            value = match.group().translate(_SEPARATORS).upper()
            if form.holds(value):
                return PersonalNumber(form.kind, start, match.end(), value)
    return None


def _is_person(value: str) -> bool:
    # A slip in one digit must not leave the other seventeen readable.
    return is_id_number(value) or _is_date(value[6:14])


def _is_old_person(value: str) -> bool:
    return _is_date("19" + value[6:12])


def _is_plate(value: str) -> bool:
    return sum(character.isdigit() for character in value) >= 2  # 新PASSAT is a car without a number


def _is_phone(value: str) -> bool:
    return True  # the form says it all


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


@dataclass(frozen=True)
class _Form:
    """How one kind of number is written, and what tells it from other numbers that are written so."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]


_GAP = "[ -]{0,2}"
_FOURS = rf"[0-9]{{3}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"  # after the first digit
_LAST = "(?:[0-9](?![0-9])|[Xx])"  # X ends an identity number, whatever follows
_SERIAL = "[A-HJ-NP-Za-hj-np-z0-9]"
# A number begins where no digit stands before it; a plate begins with its province.
_START = re.compile(rf"(?<![0-9])[+0-9]|[{_PROVINCES}](?=[A-Za-z])")
_FORMS = tuple(
    _Form(kind, re.compile(pattern), holds)
    for kind, pattern, holds in (
        (
            "身份证号",
            rf"[1-9][0-9]{{5}}{_GAP}(?:18|19|20)[0-9]{{2}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{3}}{_LAST}",
            _is_person,
        ),
        ("身份证号", rf"[1-9]{_FOURS}{_GAP}[0-9]{_LAST}", _is_person),
        ("身份证号", r"[1-9][0-9]{14}(?![0-9])", _is_old_person),
        # The last group belongs to the card only where no further one follows: that would be the next number.
        ("银行卡号", rf"[3-9]{_FOURS}{_GAP}[0-9]{{1,3}}(?!{_GAP}[0-9])", _luhn),
        ("银行卡号", rf"[3-9]{_FOURS}(?![0-9])", _luhn),
        ("手机号", rf"(?:(?:\+|00)?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])", _is_phone),
        ("电话号", rf"0[1-9][0-9]{{1,2}}[ )-]{{0,2}}[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?![0-9])", _is_phone),
        (
            "车牌号",
            rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][-·•. ]?(?:{_SERIAL}{{5,6}}(?![A-Za-z0-9])|{_SERIAL}{{4}}[挂学警港澳])",
            _is_plate,
        ),
    )
)
TOKEN = re.compile(r"〔(?:身份证号|手机号|电话号|银行卡号|车牌号)[0-9]{1,6}〕")


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
    orders = Counter(token.strip("〔〕0123456789") for token in known)

    def token_of(number: PersonalNumber) -> str:
        if number.value not in tokens:
            orders[number.kind] += 1
            tokens[number.value] = f"〔{number.kind}{orders[number.kind]}〕"
            known[tokens[number.value]] = number.value
        return tokens[number.value]

    return _replace(TOKEN.sub(lambda match: f"[{match.group()[1:-1]}]", text), token_of)


def _replace(text: str, words_for: Callable[[PersonalNumber], str]) -> str:
    parts, end = [], 0
    for number in find_personal_numbers(text):
        parts += [text[end : number.start], words_for(number)]
        end = number.end
    return "".join([*parts, text[end:]])
