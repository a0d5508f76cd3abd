"""Several persons' lists as one: what the family has once is brought once, what each has is brought by each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from base.answer import Block, FactsBlock, MaterialLine
from knowledge.bundles import Documents, merged, papers_of, single
from knowledge.checklist import Need
from knowledge.inquiry import Inquiry
from knowledge.papers import detailed, material_line

People = Sequence[tuple[str, Inquiry]]


def joined_blocks(people: People, blocks_of: Callable[[Inquiry], list[Block]]) -> list[Block]:
    """One list for all: cautions, what to bring once each, then what is the same for all, and what differs by whose."""
    each = [(who, blocks_of(inquiry)) for who, inquiry in people]
    before = [block for _, blocks in each for block in _until_materials(blocks)]
    rest: list[tuple[str, list[Block]]] = [
        (who, [block for block in blocks if block["type"] != "materials" and block not in before])
        for who, blocks in each
    ]
    materials: list[Block] = [{"type": "materials", "title": "一共要带这些：", "items": list(_lines(people))}]
    return [*_once(before), *materials, *_joined(rest)]


def _until_materials(blocks: list[Block]) -> Iterator[Block]:
    if all(block["type"] != "materials" for block in blocks):
        return
    for block in blocks:
        if block["type"] == "materials":
            return
        yield block


def _once(blocks: Iterable[Block]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        if block not in found:
            found.append(block)
    return found


def _joined(each: list[tuple[str, list[Block]]]) -> list[Block]:
    """Equal blocks once; facts of one label are told by person where they differ, and so are steps."""
    facts: list[Block] = [_joined_facts(each)]
    steps = _once(block for _, blocks in each for block in blocks if block["type"] == "steps")
    if len(steps) > 1:
        steps = [
            {**block, "title": f"{who}：{block['title']}"}
            for who, blocks in each
            for block in blocks
            if block["type"] == "steps"
        ]
    others = _once(block for _, blocks in each for block in blocks if block["type"] not in ("facts", "steps"))
    return [*facts, *steps, *others]


def _joined_facts(each: list[tuple[str, list[Block]]]) -> FactsBlock:
    by_label: dict[str, dict[str, str]] = {}
    for who, blocks in each:
        for block in blocks:
            if block["type"] == "facts":
                for line in block["items"]:
                    by_label.setdefault(line["label"], {})[who] = line["value"]
    items = []
    for label, values in by_label.items():
        if len(values) == len(each) and len(set(values.values())) == 1:
            items.append({"label": label, "value": next(iter(values.values()))})
        else:
            items += [{"label": f"{label}（{who}）", "value": value} for who, value in values.items()]
    return {"type": "facts", "items": items}  # type: ignore[typeddict-item]


# --- papers ---------------------------------------------------------------------------------------------------------


def _lines(people: People) -> Iterator[MaterialLine]:
    documents = people[0][1].knowledge.documents
    needs: dict[tuple[str, str], Need] = {}
    bringing: dict[tuple[str, str], list[str]] = {}
    for number, (who, inquiry) in enumerate(people, 1):
        for need in inquiry.needs:
            for paper in papers_of(documents, need.material):
                own = _of_person(single(documents, need, paper), number)
                key = _whose(documents, paper, who, people)
                needs[key] = merged(documents, needs[key], own) if key in needs else own
                if who not in bringing.setdefault(key, []):
                    bringing[key].append(who)
    for key, need in needs.items():
        line = detailed(material_line(need), need.material, documents)
        if len(bringing[key]) > 1:
            yield {**line, "why": f"{'、'.join(bringing[key])}共用一份"}
        else:
            yield {**line, "why": "；".join(filter(None, (line["why"], f"{bringing[key][0]}的事要用")))}


def _of_person(need: Need, number: int) -> Need:
    """The need with an id that no other person's has; ids stay the same while the list does."""
    document = need.material.document or ""
    return replace(need, material=need.material.model_copy(update={"id": f"p{number}-{need.material.id}-{document}"}))


def _whose(documents: Documents, paper: str, who: str, people: People) -> tuple[str, str]:
    """A paper and whose it is: the family's, of the parent who applies as well, or the person's own."""
    document = documents.get(paper)
    if document is None:
        return paper, who
    if document.family:
        return paper, ""
    if document.own is not None and document.holder in ("guardian", "parents", "spouse", "agent"):
        other = next((name for name, _ in people if name != who), who)
        return document.own, other
    return paper, who
