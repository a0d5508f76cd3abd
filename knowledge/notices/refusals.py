"""否定答复: a counter says no, names why, and is told at once whether the guide agrees. Pure.

The person gets the reason in writing; where the guide disagrees, both see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from base.answer import MaterialLine
from base.errors import BadRequest
from knowledge.bundles import Documents
from knowledge.notices.notice import Content, materials_of
from knowledge.notices.store import LONGEST_PAPER, LONGEST_REASON
from knowledge.offices import deals_with, opens_at
from knowledge.sections import SCOPES
from knowledge.service import Service
from knowledge.store import Knowledge


class Verdict(str, Enum):
    """What the guide says to a refusal."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    LEFT = "left"  # no rule in the guide decides it: whoever refuses answers for it


VERDICT_WORDS = {
    Verdict.AGREES: "与办事指南一致",
    Verdict.DISAGREES: "与办事指南不一致",
    Verdict.LEFT: "办事指南没有写明，由窗口负责解释",
}
GROUNDS = {
    "papers_missing": "材料不齐",
    "not_here": "不归本窗口受理",
    "not_qualified": "不符合办理条件",
    "in_person": "须本人到场",
    "closed": "不在受理时间",
    "other": "其他原因",
}


@dataclass(frozen=True)
class Refusal:
    """A no in writing: the ground (a key of GROUNDS), the counter's words, the guide's rule and its verdict."""

    ground: str
    words: str
    papers: tuple[str, ...]
    rule: str
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"papers": list(self.papers), "verdict": self.verdict.value}


def judge(
    knowledge: Knowledge,
    service: Service,
    content: Content,
    ground: str,
    *,
    words: str = "",
    papers: Sequence[str] = (),
    office: str | None = None,
    at: datetime,
) -> Refusal:
    """The refusal with the guide's rule on that ground; `papers` are the names of what the counter misses.

    Raises `BadRequest` for an unknown ground, for missing papers that are not named, for another reason without words,
    and for words that are too long.
    """
    if ground not in GROUNDS:
        raise BadRequest("ground", f"只有：{'、'.join(GROUNDS.values())}")
    words, papers = " ".join(words.split()), [" ".join(name.split()) for name in papers if name.strip()]
    if len(words) > LONGEST_REASON or any(len(name) > LONGEST_PAPER for name in papers):
        raise BadRequest("words", f"原因最多 {LONGEST_REASON} 个字，材料名最多 {LONGEST_PAPER} 个字")
    if ground == "papers_missing" and not papers:
        raise BadRequest("papers", "请写明缺哪样材料")
    if ground in ("other", "not_qualified") and not words:
        raise BadRequest("words", "请写明具体原因")
    if ground == "papers_missing":
        verdict, rule = _on_papers(knowledge.documents, content, papers)
    elif ground == "not_here":
        verdict, rule = _on_place(knowledge, service, office)
    elif ground == "closed":
        verdict, rule = _on_hours(knowledge, office, at)
    else:
        verdict = Verdict.LEFT
        rule = {"in_person": service.agent, "not_qualified": service.eligibility}.get(ground, "")
    return Refusal(ground, words, tuple(papers), rule, verdict)


def _on_papers(documents: Documents, content: Content, papers: Sequence[str]) -> tuple[Verdict, str]:
    lines = materials_of(content)
    found = {name: _line_called(documents, lines, name) for name in papers}
    asked = [name for name, line in found.items() if line and not line["waivable"]]
    waived = [name for name, line in found.items() if line and line["waivable"]]
    strange = [name for name, line in found.items() if line is None]
    rules = (("上写了要带", asked), ("写明可免交或容缺", waived), ("上没有要", strange))
    rule = "；".join(f"告知单{words}：{'、'.join(names)}" for words, names in rules if names)
    return (Verdict.AGREES if asked else Verdict.DISAGREES), rule


def _line_called(documents: Documents, lines: Sequence[MaterialLine], name: str) -> MaterialLine | None:
    """The line of a paper that the counter may call by an everyday name."""
    called = {name, *(one for document in documents.values() if name in document.names for one in document.names)}
    return next((line for line in lines if line["name"] == name), None) or next(
        (line for line in lines if line["name"] in called), None
    )


def _on_place(knowledge: Knowledge, service: Service, office: str | None) -> tuple[Verdict, str]:
    rule = f"{'、'.join(service.handled_at)}（{SCOPES[service.scope]}）"
    place = knowledge.offices.get(office or "")
    if place is None:
        return Verdict.LEFT, rule
    if not deals_with(knowledge, place, service):
        return Verdict.AGREES, f"{place.name}的受理范围里没有这一项；{rule}"
    if service.scope == "属地办理":
        return Verdict.LEFT, rule
    return Verdict.DISAGREES, f"{place.name}的受理范围里有这一项；{rule}"


def _on_hours(knowledge: Knowledge, office: str | None, at: datetime) -> tuple[Verdict, str]:
    place = knowledge.offices.get(office or "")
    if place is None or not place.has_hours:
        return Verdict.LEFT, "这个网点的开放时间没有收录"
    if opens_at(knowledge, place, at):
        return Verdict.DISAGREES, f"{place.name}此刻在开放时间内"
    return Verdict.AGREES, f"{place.name}此刻不在开放时间内"
