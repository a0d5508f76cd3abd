"""The neutral Answer: one list of blocks that every channel renders in its own form.

The text is made from the same blocks as the card, so that a terminal, a phone and a counter never read different
facts. Everything in it is plain data (dicts, lists, strings), ready for JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, Literal, TypedDict

ASPECTS = (
    "materials", "location", "hours", "fee", "time_limit", "process", "eligibility", "online", "agent",
    "validity", "phone", "appointment", "progress", "check",
)  # fmt: skip


class Outcome(str, Enum):
    """How a turn ended; counted in every figure."""

    ANSWER = "answer"  # facts that were asked for are given
    SITUATION = "situation"  # only a question about the person's case or place
    CLARIFY = "clarify"  # which item is meant
    TICKET = "ticket"  # one was filed, is being filed or is shown
    HANDOFF = "handoff"  # passed on to a person
    NOT_COVERED = "not_covered"  # the knowledge lacks it, said honestly
    EMERGENCY = "emergency"  # the right number at once
    SMALLTALK = "smalltalk"  # the rest


class TextBlock(TypedDict):
    """A paragraph; `tone` is plain, title, or warning (what may cost a wasted trip)."""

    type: Literal["text"]
    text: str
    tone: Literal["plain", "title", "warning", "small"]


class MaterialLine(TypedDict):
    """One material: form (原件 …), number of copies, why it is asked for, a note, whether it can be waived."""

    id: str
    name: str
    form: str
    copies: int
    why: str
    note: str
    waivable: bool


class MaterialsBlock(TypedDict):
    type: Literal["materials"]
    title: str
    items: list[MaterialLine]


class FactLine(TypedDict):
    label: str
    value: str


class FactsBlock(TypedDict):
    type: Literal["facts"]
    items: list[FactLine]


class StepsBlock(TypedDict):
    type: Literal["steps"]
    title: str
    items: list[str]


class OfficeLine(TypedDict):
    """One office; `hours` and `opening` are words, `open_now` None where no hours are known."""

    id: str
    name: str
    address: str
    phone: str
    hours: str
    opening: str
    open_now: bool | None
    note: str
    demo: bool


class OfficesBlock(TypedDict):
    type: Literal["offices"]
    title: str
    items: list[OfficeLine]


class TicketBlock(TypedDict):
    """A ticket as its owner sees it; `secret` only in the reply that created it."""

    type: Literal["ticket"]
    number: str
    secret: str | None
    status: str
    url: str


class QuestionBlock(TypedDict):
    """A question back: `id` is the situation's id, `region`, or empty for a menu."""

    type: Literal["question"]
    id: str
    ask: str


class NoticeBlock(TypedDict):
    """A notice as its holder gets it: the code as it is read out, its page, the picture of the page's address.

    `valid_until` is the last day in words.
    """

    type: Literal["notice"]
    code: str
    url: str
    qr: str
    valid_until: str


Block = TextBlock | MaterialsBlock | FactsBlock | StepsBlock | OfficesBlock | TicketBlock | QuestionBlock | NoticeBlock


@dataclass(frozen=True)
class Answer:
    """What a person is told, and what it was about.

    `choices` are words: what a button shows is what it sends. `service` is the id answered about, `asks` the
    situation id (or `region`) that is asked for, `candidates` the ids offered in a menu, `region` an adcode.
    """

    outcome: Outcome
    blocks: tuple[Block, ...]
    choices: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    service: str | None = None
    asks: str | None = None
    candidates: tuple[str, ...] = ()
    region: str | None = None
    ticket: str | None = None

    @property
    def body(self) -> str:
        """The words without the choices, for surfaces that show buttons."""
        return "\n".join(line for block in self.blocks for line in _lines(block))

    @property
    def text(self) -> str:
        """All that the person reads, choices as numbered lines."""
        numbered = (f"{number}. {words}" for number, words in enumerate(self.choices, 1))
        return "\n".join([self.body, *numbered])

    def as_json(self) -> dict[str, Any]:
        """Plain data for a wire or a row; `from_json` reads it back."""
        return asdict(self) | {"outcome": self.outcome.value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Answer:
        """The Answer that `as_json` wrote; raises KeyError, TypeError or ValueError on anything else."""
        lists: dict[str, Any] = {n: tuple(data[n]) for n in ("blocks", "choices", "aspects", "candidates")}
        single: dict[str, Any] = {n: data[n] for n in ("service", "asks", "region", "ticket")}
        return cls(outcome=Outcome(data["outcome"]), **lists, **single)


def text(words: str, tone: Literal["plain", "title", "warning", "small"] = "plain") -> TextBlock:
    return {"type": "text", "text": words, "tone": tone}


def question(id: str, ask: str) -> QuestionBlock:
    return {"type": "question", "id": id, "ask": ask}


def _lines(block: Block) -> Iterable[str]:
    if block["type"] == "text":
        yield {"title": "【{}】", "warning": "⚠ {}"}.get(block["tone"], "{}").format(block["text"])
    elif block["type"] == "materials":
        yield block["title"]
        for number, item in enumerate(block["items"], 1):
            yield f"{number}. {_material(item)}"
    elif block["type"] == "facts":
        yield from (f"{item['label']}：{item['value']}" for item in block["items"])
    elif block["type"] == "steps":
        yield block["title"]
        yield from (f"{number}. {step}" for number, step in enumerate(block["items"], 1))
    elif block["type"] == "offices":
        yield block["title"]
        for office in block["items"]:
            yield from _office(office)
    elif block["type"] == "ticket":
        yield f"工单号：{block['number']}（{block['status']}）"
        if block["secret"]:
            yield f"查询码：{block['secret']}（查进度时要用，请保存）"
        yield f"查询：{block['url']}"
    elif block["type"] == "notice":
        yield f"告知单编号：{block['code']}（有效期至{block['valid_until']}）"
        yield f"打开、打印：{block['url']}"
    else:
        yield block["ask"]


def _material(item: MaterialLine) -> str:
    form = item["form"] + (f"{item['copies']}份" if item["copies"] > 1 else "")
    note = "；".join(part for part in (item["why"], item["note"], "可免交或容缺" * item["waivable"]) if part)
    return f"{item['name']}（{form}）" + (f"：{note}" if note else "")


def _office(office: OfficeLine) -> Iterable[str]:
    yield (
        f"· {office['name']}"
        + "（演示数据）" * office["demo"]
        + (f"：{office['address']}" if office["address"] else "")
    )
    parts = (office["opening"], office["hours"], office["phone"] and f"电话 {office['phone']}", office["note"])
    if any(parts):
        yield "  " + "；".join(part for part in parts if part)
