"""What people type into a search field: by hand for the shipped services, from the names themselves for large stores."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from knowledge.store import Head

TYPED = Path(__file__).parent / "questions" / "typed.tsv"
# Of the same sound, as keyboards offer them.
SLIPS = str.maketrans("证营照变注补换审转查", "正赢找遍柱捕唤身专茶")


@dataclass(frozen=True)
class Typed:
    """A query, how it is typed (words, pinyin, initials, slip, code), and the services of which one is right."""

    kind: str
    query: str
    services: frozenset[str]


def read_typed(file: Path = TYPED) -> list[Typed]:
    """Kind, query and ids, a tab between them, a line each."""
    lines = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    return [Typed(kind, query, frozenset(ids.split())) for kind, query, ids in lines]


def make_typed(heads: Sequence[Head], count: int, seed: int) -> list[Typed]:
    """`count` queries for some of the services: an alias as it is, mistyped, in pinyin, by initials, or the code."""
    dice = random.Random(seed)
    typed = []
    for number in range(count):
        head = dice.choice(heads)
        name = dice.choice(head.aliases or (head.name,))
        kind, query = (
            ("words", name),
            ("slip", name.translate(SLIPS)),
            ("pinyin", "".join(lazy_pinyin(name))),
            ("initials", "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))),
            ("code", head.code or name),
        )[number % 5]
        typed.append(Typed(kind, query, frozenset({head.id})))
    return typed


def shares_found(typed: Sequence[Typed], found: Sequence[Sequence[str]], among: int = 3) -> str:
    """By how it was typed, how many queries have a right service among the first ids found for them."""
    right: dict[str, list[bool]] = {}
    for one, ids in zip(typed, found, strict=True):
        right.setdefault(one.kind, []).append(bool(one.services & set(ids[:among])))
    return ", ".join(f"{kind} {sum(counts)} of {len(counts)}" for kind, counts in right.items())
