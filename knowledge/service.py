"""A service (事项) as data: the elements of the national 实施清单 and the situations that decide its list.

These are the shapes of `knowledge/content/services/*.yaml` and of every stored revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

Words = Annotated[str, Field(min_length=1, max_length=2000)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Condition = dict[Id, tuple[Id, ...]]
"""Situation id → the options under which something applies; all must hold, {} always holds."""

NEGATIVE = re.compile(r"(?:^|[：:，,；;（(为约¥￥币]|(?<![0-9０-９元\s])\s)\s*[-−－负]\s*[¥￥]?\s*[0-9０-９]")
"""A price below nothing; a minus after a figure (10-20元, 10元 - 20元) is a range."""
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""What nobody sees and everything stumbles over: control characters, spaces without width, changes of direction."""

Confidence = Literal["high", "medium", "low"]
DOMAINS = (
    "户政", "身份证", "居住证", "出入境", "车辆", "驾驶证", "治安", "社保", "医保", "税务", "市场监管", "民政",
    "卫健", "档案", "不动产", "公积金", "教育", "就业", "住房", "司法", "交通运输", "农业农村", "其他", "一件事",
)  # fmt: skip


class Fact(BaseModel):
    """Frozen data; an unknown key is an error, so that a slip in a file never goes unseen."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _shows_all_it_holds(cls, value: Any) -> Any:
        for words in _strings(value):
            if unseen := UNSEEN.search(words):
                raise ValueError(f"unseen character U+{ord(unseen[0]):04X} after {words[: unseen.start()][-20:]!r}")
        return value


def _strings(value: Any) -> Iterator[str]:
    """The strings of a field, without those of the facts in it, which look after themselves."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from _strings(element)
    elif isinstance(value, dict):
        for key, element in value.items():
            yield from _strings(key)
            yield from _strings(element)


def problem_words(error: ValidationError) -> str:
    """What is wrong first with a fact, and where in it."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = str(first.get("ctx", {}).get("error") or first["msg"])
    return f"{where}: {said}" if where else said


class Situation(Fact):
    """A question (情形) whose answer changes the list; options map id → words."""

    id: Id
    ask: Words
    options: dict[Id, Words] = Field(min_length=2)

    @field_validator("options")
    @classmethod
    def _can_be_told_apart(cls, options: dict[str, str]) -> dict[str, str]:
        met: dict[str, str] = {}
        for id, words in options.items():
            if (first := met.setdefault("".join(words.split()), id)) != id:
                raise ValueError(f"options {first!r} and {id!r} read the same, so nobody can reach the second")
        return options


class Material(Fact):
    """A thing to bring (材料); `id` is stable within the service and never used again.

    `document` is the canonical document that it is, `obtain` where it is to be had, `commitment` whether a signed
    promise (告知承诺) may stand in for it.
    """

    id: Id
    name: Words
    form: Literal["原件", "复印件", "原件及复印件", "电子证照", "现场填写", "现场采集"]
    copies: int = Field(1, ge=1, le=20)
    when: Condition = {}
    note: str = ""
    waivable: bool = False
    document: Id | None = None
    obtain: str = ""
    commitment: bool = False


class Fee(Fact):
    """One price in words (金额); `when` decides it by situations, `note` says in words what it is for."""

    amount: Words
    when: Condition = {}
    note: str = ""
    basis: str = ""

    @field_validator("amount")
    @classmethod
    def _is_not_negative(cls, amount: str) -> str:
        if NEGATIVE.search(amount):
            raise ValueError(f"negative amount {amount!r}")
        return amount


class TimeLimit(Fact):
    """法定时限 and what is promised or usual."""

    statutory: str = ""
    promised: str = ""


class Faq(Fact):
    q: Words
    a: Words


class LegalBasis(Fact):
    law: Words
    article: str = ""


class Bundle(Fact):
    """A 一件事: several services as one trip, in the order of `members`.

    `when` says of a member under which answers it is part of the trip (not named: always); `others` are members
    without an entry of their own.
    """

    lead: Words
    members: tuple[Id, ...] = Field(min_length=1)
    when: dict[Id, Condition] = {}
    others: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _knows_its_members(self) -> Bundle:
        for member in self.members:
            if self.members.count(member) > 1:
                raise ValueError(f"member {member!r} stands twice")
        for member in self.when:
            if member not in self.members:
                raise ValueError(f"condition for {member!r}, which is no member")
        return self


class Service(Fact):
    """One service or 一件事 bundle; texts are Chinese and made for citizens.

    `verified_on` and `verified_by` say who last held it against its sources and when; after `review_by` nobody vouches
    for it, and answers say so.
    """

    id: Id
    name: Words
    code: str = ""
    domain: Literal[DOMAINS]  # type: ignore[valid-type]
    aliases: tuple[Words, ...] = ()
    authority: Words
    handled_at: tuple[Words, ...] = Field(min_length=1)
    scope: Literal["全国通办", "全省通办", "全市通办", "属地办理"]
    audience: Words
    eligibility: Words
    bundle: Bundle | None = None
    situations: tuple[Situation, ...] = ()
    materials: tuple[Material, ...] = ()
    fees: tuple[Fee, ...] = Field(min_length=1)
    time_limit: TimeLimit
    steps: tuple[Words, ...] = Field(min_length=1, max_length=12)
    online: Words
    online_depth: str = ""
    visits: int | None = Field(None, ge=0, le=20)
    result: Words
    appointment: Words
    agent: Words
    phone: Words
    faq: tuple[Faq, ...] = ()
    pitfalls: tuple[Words, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    varies_locally: tuple[Words, ...] = ()
    confidence: Confidence
    sources: tuple[Words, ...] = ()
    verified_on: date | None = None
    verified_by: str = ""
    review_by: date | None = None

    def situation(self, id: str) -> Situation | None:
        return next((situation for situation in self.situations if situation.id == id), None)

    def is_called(self, words: str) -> bool:
        """Whether these words stand in its name, or in what people call it."""
        return any(words in name for name in (self.name, *self.aliases))

    def is_review_due(self, on: date) -> bool:
        """Whether its review was to be done before that day."""
        return self.review_by is not None and self.review_by < on

    @property
    def conditions(self) -> list[Condition]:
        """The conditions of all materials and fees, in their order."""
        return [material.when for material in self.materials] + [fee.when for fee in self.fees]

    @model_validator(mode="after")
    def _holds_together(self) -> Service:
        for kind, ids in (
            ("situation", [situation.id for situation in self.situations]),
            ("material", [material.id for material in self.materials]),
        ):
            for id in ids:
                if ids.count(id) > 1:
                    raise ValueError(f"{kind} id {id!r} stands twice")
        for material in self.materials:
            self._check_condition(f"material {material.id!r}", material.when)
        for fee in self.fees:
            self._check_condition(f"fee {fee.amount!r}", fee.when)
        for member, when in self.bundle.when.items() if self.bundle else ():
            self._check_condition(f"member {member!r}", when)
        if self.verified_on and self.review_by and self.review_by < self.verified_on:
            raise ValueError(f"review_by {self.review_by} lies before verified_on {self.verified_on}")
        return self

    def _check_condition(self, where: str, when: Condition) -> None:
        for situation_id, options in when.items():
            situation = self.situation(situation_id)
            if situation is None:
                raise ValueError(f"{where}: condition on unknown situation {situation_id!r}")
            if not options:
                raise ValueError(f"{where}: condition on situation {situation_id!r} names no option, so it never holds")
            for option in options:
                if option not in situation.options:
                    raise ValueError(f"{where}: condition on unknown option {option!r} of situation {situation_id!r}")
