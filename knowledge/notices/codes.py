"""The code of a notice: read out over the phone, typed at a counter, not to be guessed. Pure.

Twelve characters of ALPHABET, shown XXXX-XXXX-XXXX: eleven by chance (31¹¹ ≈ 2.5·10¹⁶ codes) and one that checks them.
The character at place i counts i times, and the sum is divisible by 31, a prime: so every single wrong character and
every swap of two neighbours shows.
"""

from __future__ import annotations

import secrets
import unicodedata

from base.errors import MistypedCode

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L: they are taken for each other
LENGTH = 12
LONGEST_TYPED = 100  # characters that are looked at
_BETWEEN = "ZPCS"  # blanks, punctuation, what nobody sees, signs: phones make three kinds of minus out of a hyphen
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_PRIME = len(ALPHABET)
_LAST_INVERSE = pow(LENGTH, -1, _PRIME)


def new_code() -> str:
    """A fresh code, in its plain form of twelve characters."""
    number, body = secrets.randbelow(_PRIME ** (LENGTH - 1)), ""
    for _ in range(LENGTH - 1):
        number, value = divmod(number, _PRIME)
        body += ALPHABET[value]
    return body + ALPHABET[-_sum(body) * _LAST_INVERSE % _PRIME]


def shown(code: str) -> str:
    """The code as people read it: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(typed: str) -> str:
    """The plain code behind what was typed, in any case and width; blanks and marks between do not count.

    Raises `MistypedCode`, which says in Chinese what is wrong.
    """
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    letters = [one for one in plain if unicodedata.category(one)[0] not in _BETWEEN]
    strange = [one for one in letters if one not in _VALUE]
    if strange:
        raise MistypedCode(f"编号里没有“{strange[0]}”这个字符（不用数字 0、1 和字母 O、I、L），请再核对一下")
    if len(letters) != LENGTH:
        raise MistypedCode(f"编号是 {LENGTH} 位，您输入了 {len(letters)} 位，请再核对一下")
    code = "".join(letters)
    if _sum(code) % _PRIME:
        raise MistypedCode("编号有一位输错了，或者两位颠倒了，请再核对一下")
    return code


def _sum(letters: str) -> int:
    return sum(place * _VALUE[letter] for place, letter in enumerate(letters, 1))
