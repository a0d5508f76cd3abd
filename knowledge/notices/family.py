"""Several persons' lists as one: what the family has once is brought once, what each has is brought by each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from base.answer import Block, FactLine, FactsBlock, MaterialLine, MaterialsBlock
from knowledge.bundles import Documents, merged, papers_of, single
from knowledge.checklist import Need
from knowledge.inquiry import Inquiry
from knowledge.papers import detailed, material_line, rule_of

MYSELF = "本人"
SPOUSES = ("爱人", "配偶", "丈夫", "妻子", "老公", "老婆")
ACTING = ("guardian", "parents", "agent")  # whose own paper is asked for because they act for somebody

People = Sequence[tuple[str, Inquiry]]
Told = list[tuple[str, list[Block]]]
"""Whose blocks, and what they are."""


def joined_blocks(people: People, blocks_of: Callable[[Inquiry], list[Block]]) -> list[Block]:
    """One list for all: cautions, what to bring once each, then what is the same for all, and what differs by whose."""
    rests = [(who, blocks_of(inquiry)) for who, inquiry in people]
    cautions, rests = _texts_first(rests)
    waived, rests = _texts_first([(who, [one for one in rest if one["type"] != "materials"]) for who, rest in rests])
    lines, facts = list(_lines(people)), _joined_facts(rests)
    return [
        *_labelled(cautions),
        *([MaterialsBlock(type="materials", title="一共要带这些：", items=lines)] if lines else []),
        *_labelled(waived),
        *([FactsBlock(type="facts", items=facts)] if facts else []),
        *_labelled([(who, [one for one in rest if one["type"] != "facts"]) for who, rest in rests]),
    ]


def _texts_first(each: Told) -> tuple[Told, Told]:
    """Everybody's texts before the first other block, and the rest."""
    texts = [(who, list(takewhile(lambda block: block["type"] == "text", blocks))) for who, blocks in each]
    rests = [(who, blocks[len(first) :]) for (who, blocks), (_, first) in zip(each, texts, strict=True)]
    return texts, rests


def _labelled(each: Told) -> list[Block]:
    """Every block once, with the names of those whom it is about unless it is about all."""
    found: list[tuple[Block, list[str]]] = []
    for who, blocks in each:
        for block in blocks:
            whose = next((whose for other, whose in found if other == block), None)
            if whose is None:
                found.append((block, [who]))
            elif who not in whose:
                whose.append(who)
    return [block if len(whose) == len(each) else _about("、".join(whose), block) for block, whose in found]


def _about(whose: str, block: Block) -> Block:
    if block["type"] == "text":
        return {**block, "text": f"{whose}：{block['text']}"}
    if block["type"] == "steps":
        return {**block, "title": f"{block['title'].rstrip('：')}（{whose}）："}
    if block["type"] == "offices":
        return {**block, "title": f"{block['title'].rstrip('：')}（{whose}）："}
    return block


def _joined_facts(each: Told) -> list[FactLine]:
    by_label: dict[str, dict[str, list[str]]] = {}
    for who, blocks in each:
        for block in blocks:
            if block["type"] == "facts":
                for line in block["items"]:
                    by_label.setdefault(line["label"], {}).setdefault(line["value"], []).append(who)
    return [
        {"label": label if len(whose) == len(each) else f"{label}（{'、'.join(whose)}）", "value": value}
        for label, values in by_label.items()
        for value, whose in values.items()
    ]


# --- papers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Paper:
    """A paper of the joint list: what is asked of it, by whose rule, and for whom."""

    need: Need
    rule: str
    whose: list[str] = field(default_factory=list)


def _lines(people: People) -> Iterator[MaterialLine]:
    documents = people[0][1].knowledge.documents
    acting = _acting(people)
    papers: dict[tuple[str, str], _Paper] = {}
    for number, (who, inquiry) in enumerate(people, 1):
        for need in inquiry.needs:
            for paper in papers_of(documents, need.material):
                key = _whose(documents, paper, who, [name for name, _ in people], acting)
                own = _Paper(_of_person(single(documents, need, paper), number), rule_of(inquiry, need))
                papers[key] = _together(documents, papers[key], own, key[0]) if key in papers else own
                if who not in papers[key].whose:
                    papers[key].whose.append(who)
    for (_, owner), one in papers.items():
        line = detailed(material_line(one.need, one.rule), one.need.material, documents)
        yield {**line, "why": _why(line["why"], one.whose, is_familys=not owner)}


def _why(because: str, whose: Sequence[str], *, is_familys: bool) -> str:
    if len(whose) == 1:
        return "；".join(filter(None, (because, f"{whose[0]}的事要用")))
    return f"{'、'.join(whose)}共用" + "，各有各的就都带上" * is_familys


def _together(documents: Documents, before: _Paper, after: _Paper, paper: str) -> _Paper:
    """Both as one, under the paper's own name where one of the two has it; the id stays that of the first."""
    named, other = before.need, after.need
    if before.need.material.document != paper and after.need.material.document == paper:
        named, other = other, named
    need = merged(documents, named, other)
    id = before.need.material.id
    return _Paper(
        replace(need, material=need.material.model_copy(update={"id": id})), before.rule or after.rule, before.whose
    )


def _of_person(need: Need, number: int) -> Need:
    """The need with an id that no other person's has; ids stay the same while the list does."""
    document = need.material.document or ""
    return replace(need, material=need.material.model_copy(update={"id": f"p{number}-{need.material.id}-{document}"}))


def _acting(people: People) -> str:
    """Who acts for the others: the person who asks, unless somebody acts for that person as well; else nobody here."""
    for who, inquiry in people:
        if who == MYSELF:
            documents = inquiry.knowledge.documents
            papers = (paper for need in inquiry.needs for paper in papers_of(documents, need.material))
            own = (documents[paper] for paper in papers if paper in documents)
            return "" if any(one.own and one.holder in ACTING for one in own) else MYSELF
    return ""


def _whose(documents: Documents, paper: str, who: str, names: Sequence[str], acting: str) -> tuple[str, str]:
    """A paper and whose it is; the owner is empty where it is the family's, or of one person who acts for several."""
    document = documents.get(paper)
    if document is None:
        return paper, who
    if document.family:
        return paper, ""
    if document.own is not None and document.holder in ACTING:
        return (document.own, acting) if acting else (paper, "")
    if document.own is not None and document.holder == "spouse":
        couple = [name for name in names if name in (MYSELF, *SPOUSES)]
        if len(couple) == 2 and who in couple:
            return document.own, couple[who == couple[0]]
    return paper, who
