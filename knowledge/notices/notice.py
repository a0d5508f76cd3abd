"""What a notice says: made from the checklist of a person's case, and frozen as it was made. Pure: no store, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from base.answer import Block, FactLine, MaterialLine, text
from base.clock import CHINA
from base.errors import BadRequest, QuestionOpen
from knowledge.answers import item_answer
from knowledge.aspects import NOTICE
from knowledge.checklist import check_answers
from knowledge.inquiry import Inquiry
from knowledge.notices.family import MYSELF as MYSELF
from knowledge.notices.family import joined_blocks
from knowledge.offices import SHOWN, office_line
from knowledge.papers import detailed
from knowledge.service import Situation
from knowledge.store import Knowledge

ASPECTS = (*NOTICE, "eligibility")
BRING = "要带这些："
MOST_CASES = 4  # one person and three of the family; more on one sheet is read by nobody
_SAYS_LITTLE = re.compile(r"都?不?是|否|没?有|都没有|不?需要|不?[用要]|其他|还在|[没已]过|没到期")
_CALLED = re.compile(r"[一-鿿]{1,8}")  # too short for numbers and addresses: nothing personal stands in a notice


@dataclass(frozen=True)
class PersonCase:
    """One person's case: `who` is 本人 or 孩子 as the family says it, `answers` situation id → option id."""

    service: str
    answers: Mapping[str, str]
    who: str = MYSELF

    def as_json(self) -> dict[str, Any]:
        return {"service": self.service, "answers": dict(self.answers), "who": self.who}


@dataclass(frozen=True)
class Content:
    """What stands in a notice; plain data, in the words of the day on which it was made.

    `told` are the answers in words, each under whose they are, `place` is the division; `as_of` is the day whose rules
    were asked for, where that is a later one than the day of issue.
    """

    name: str
    told: tuple[FactLine, ...]
    blocks: tuple[Block, ...]
    place: str = ""
    as_of: date | None = None

    def as_json(self) -> dict[str, Any]:
        lists = {"told": list(self.told), "blocks": list(self.blocks)}
        return {"name": self.name, **lists, "place": self.place, "as_of": self.as_of and self.as_of.isoformat()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        as_of = data["as_of"] and date.fromisoformat(data["as_of"])
        return cls(data["name"], tuple(data["told"]), tuple(data["blocks"]), data["place"], as_of or None)


@dataclass(frozen=True)
class Assembled:
    """The content, and what it was made from: `<service>@<place>` → number, the nation's place being empty."""

    content: Content
    revisions: dict[str, int]
    version: int


def assemble(
    knowledge: Knowledge,
    cases: Sequence[PersonCase],
    *,
    region: str | None = None,
    office: str | None = None,
    at: datetime,
) -> Assembled:
    """The notice for these cases in that division, or at that office, as things stand at `at`.

    Raises `BadRequest` for no case or too many, or for persons who are not called by a short word each, `QuestionOpen`
    while an answer is missing that the list depends on, and `ServiceNotFound`, `OfficeNotFound`, `RegionNotFound` and
    `UnknownAnswer`.
    """
    if not 1 <= len(cases) <= MOST_CASES:
        raise BadRequest("cases", f"一份告知单可以写 1 到 {MOST_CASES} 个人的事")
    if len({case.who for case in cases}) < len(cases):
        raise BadRequest("cases", "每个人的称呼要不一样")
    if not all(_CALLED.fullmatch(case.who) for case in cases):
        raise BadRequest("who", "称呼用 1 到 8 个汉字，例如：孩子、爱人、爸爸")
    at = at.astimezone(CHINA)
    knowledge = knowledge.on(at.date())
    if office is not None:
        region = knowledge.office(office).region
    if region is not None:
        knowledge.region(region)
    inquiries = [_inquiry(knowledge, case, region, office, at) for case in cases]
    people = [(case.who, inquiry) for case, inquiry in zip(cases, inquiries, strict=True)]
    blocks = _blocks(inquiries[0], office) if len(people) == 1 else joined_blocks(people, lambda i: _blocks(i, office))
    return Assembled(
        content=Content(
            name="；".join(dict.fromkeys(inquiry.service.name for inquiry in inquiries)),
            told=tuple(line for who, inquiry in people if (line := _told(who, inquiry, alone=len(people) == 1))),
            blocks=tuple(blocks),
            place=knowledge.region_words(region or ""),
        ),
        revisions={
            f"{inquiry.service.id}@{origin.at}": origin.revision
            for inquiry in inquiries
            for origin in inquiry.resolved.origins.values()
        },
        version=knowledge.version,
    )


def materials_of(content: Content) -> list[MaterialLine]:
    """What the notice asks for, in its order."""
    return [line for block in content.blocks if block["type"] == "materials" for line in block["items"]]


def _inquiry(knowledge: Knowledge, case: PersonCase, region: str | None, office: str | None, at: datetime) -> Inquiry:
    resolved = knowledge.resolve(case.service, at.date(), region, office)
    check_answers(resolved.service, case.answers)
    inquiry = Inquiry(
        knowledge=knowledge, resolved=resolved, answers=case.answers, aspects=ASPECTS, region=region, at=at
    )
    if (question := inquiry.question) is not None:
        raise QuestionOpen(case.service, question.model_dump(mode="json"))
    return inquiry


def _told(who: str, inquiry: Inquiry, *, alone: bool) -> FactLine | None:
    """未满16周岁、委托他人代办 under 您的情况, or of several persons each under whose it is."""
    situations = inquiry.service.situations
    words = "、".join(_answer_words(one, inquiry.answers[one.id]) for one in situations if one.id in inquiry.answers)
    if alone:
        return {"label": "您的情况", "value": words} if words else None
    return {"label": who, "value": "，".join(filter(None, (inquiry.service.name, words)))}


def _answer_words(situation: Situation, option: str) -> str:
    """The option's words, after its question where they say nothing without it (都不是, 没有)."""
    words = situation.options[option]
    return f"{situation.ask.rstrip('？?')}：{words}" if _SAYS_LITTLE.fullmatch(words) else words


def _blocks(inquiry: Inquiry, office: str | None) -> list[Block]:
    """What the guide says of the case, made to last: no heading, no question, and nothing that is true only now."""
    blocks = [block for block in item_answer(inquiry).blocks if block.get("tone") != "title"]
    if inquiry.undecided:  # of a 一件事 whose items have questions of their own
        names = "、".join(dict.fromkeys(material.name for material in inquiry.undecided))
        blocks.append(text(f"看情况可能还要带：{names}，请先打 {inquiry.service.phone} 问清楚。", "warning"))
    return [_lasting(inquiry, block, office) for block in _with_office(blocks, office)]


def _with_office(blocks: list[Block], office: str | None) -> list[Block]:
    """The blocks with a place for the office, even where the guide names none in its division."""
    if office is None or any(block["type"] == "offices" for block in blocks):
        return blocks
    return [*blocks, {"type": "offices", "title": "办理网点：", "items": []}]


def _lasting(inquiry: Inquiry, block: Block, office: str | None) -> Block:
    if block["type"] == "materials":
        materials = {need.material.id: need.material for need in inquiry.needs}
        documents = inquiry.knowledge.documents
        brought = [detailed(line, materials[line["id"]], documents) for line in block["items"]]
        # Whose case it is stands in the head.
        return {**block, "title": block["title"] if inquiry.undecided else BRING, "items": brought}
    if block["type"] == "offices":
        lines = block["items"]
        if office is not None:
            own = office_line(inquiry.knowledge, inquiry.knowledge.office(office), inquiry.at)
            lines = [own, *(line for line in lines if line["id"] != office)][:SHOWN]
        # Whether it is open is true of the moment only; the page of the notice tells it afresh.
        return {
            **block,
            "items": [
                {**line, "opening": "" if line["hours"] else line["opening"], "open_now": None} for line in lines
            ],
        }
    return block
