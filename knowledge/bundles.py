"""一件事 bundles: several items as one trip — who takes part, what to bring once, in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from base.errors import ServiceNotFound
from knowledge.checklist import Answers, Checklist, Need, checklist, next_question
from knowledge.documents import Document
from knowledge.service import Bundle, Condition, Material, Service, Situation
from knowledge.store import Knowledge

Documents = Mapping[str, Document]
COPIED = ("复印件", "原件及复印件")  # every item keeps its own copy
ON_PAPER = {"原件", *COPIED}


@dataclass(frozen=True)
class Member:
    """An item of the trip; `applies` is None while that hangs on an open answer, `why_not` the answers that left it out."""

    service: Service
    applies: bool | None
    why_not: str = ""


@dataclass(frozen=True)
class SharedNeed:
    """A paper that is brought once, and the items of the trip that ask for it."""

    need: Need
    members: tuple[Service, ...]


@dataclass(frozen=True)
class BundleChecklist:
    """The trip: who leads it, its items in their order, what to bring for all of them, and what is still to be asked.

    While `question` is set, `undecided` may still join the list; it is a situation of the service `asked_by`.
    """

    lead: str
    members: tuple[Member, ...]
    others: tuple[str, ...]
    needs: tuple[SharedNeed, ...]
    undecided: tuple[Material, ...]
    question: Situation | None
    asked_by: str

    @property
    def taking_part(self) -> list[Service]:
        return [member.service for member in self.members if member.applies]


def bundle_checklist(
    knowledge: Knowledge,
    service_id: str,
    answers: Answers,
    *,
    on: date,
    region: str | None = None,
    of_members: Mapping[str, Answers] | None = None,
) -> BundleChecklist:
    """The bundle for these answers in that division on that day; `of_members` are answers to the members' own questions.

    A bundle's own list of papers is the whole list: it stands for an agreement of the authorities on one set for all
    items, and what a member asks for by itself may only come into being on the trip (出生医学证明). Without such a list
    the members' lists are joined, each paper once.

    Raises `ServiceNotFound`, also for a service that is no bundle, and `UnknownAnswer`.
    """
    service = knowledge.resolve(service_id, on, region).service
    if service.bundle is None:
        raise ServiceNotFound(f"{service_id} is no bundle")
    own = checklist(service, answers)
    members = tuple(_members(knowledge, service, service.bundle, answers, on, region))
    part = [_Part(m.service, _answers_of(m.service, service, answers, of_members or {})) for m in members if m.applies]
    question = own.question or next_question(service, answers, service.bundle.when.values())
    asked_by = service_id
    if service.materials:
        needs = [SharedNeed(need, _asking(knowledge.documents, need, part)) for need in own.needs]
        undecided = list(own.undecided)
    else:
        needs = _joined(knowledge.documents, part)
        undecided = [material for one in part for material in one.checklist.undecided]
        if question is None:
            open_ = ((one.service.id, asked) for one in part if (asked := one.checklist.question))
            asked_by, question = next(open_, (service_id, None))
    return BundleChecklist(
        lead=service.bundle.lead,
        members=members,
        others=service.bundle.others,
        needs=tuple(needs),
        undecided=tuple(undecided),
        question=question,
        asked_by=asked_by,
    )


@dataclass(frozen=True)
class _Part:
    """A member that takes part, and what is known of its own situations."""

    service: Service
    answers: Answers

    @cached_property
    def checklist(self) -> Checklist:
        return checklist(self.service, self.answers)

    @property
    def materials(self) -> list[Material]:
        """What its own list has, and what may still join it."""
        return [*(need.material for need in self.checklist.needs), *self.checklist.undecided]


def _members(
    knowledge: Knowledge, service: Service, bundle: Bundle, answers: Answers, on: date, region: str | None
) -> Iterable[Member]:
    """The members that are in force, each with whether it takes part."""
    for id in bundle.members:
        try:
            member = knowledge.resolve(id, on, region).service
        except ServiceNotFound:  # retired since
            continue
        yield _member(service, member, bundle.when.get(id, {}), answers)


def _member(service: Service, member: Service, when: Condition, answers: Answers) -> Member:
    against = [id for id, options in when.items() if id in answers and answers[id] not in options]
    if against:
        told = (service.situation(id) for id in against)
        why_not = "、".join(situation.options[answers[situation.id]] for situation in told if situation)
        return Member(member, applies=False, why_not=why_not)
    return Member(member, applies=True if all(id in answers for id in when) else None)


def _answers_of(
    member: Service, bundle: Service, answers: Answers, of_members: Mapping[str, Answers]
) -> dict[str, str]:
    """What is known of a member's situations: what was told of it, and what the bundle asked in the very same words."""
    same = {
        situation.id: answers[situation.id]
        for situation in bundle.situations
        if situation.id in answers and situation == member.situation(situation.id)
    }
    return {**same, **of_members.get(member.id, {})}


# --- papers ---------------------------------------------------------------------------------------------------------


def _asking(documents: Documents, need: Need, part: Sequence[_Part]) -> tuple[Service, ...]:
    """The members whose own list names this paper, or part of it, for certain or as far as is known."""
    papers = set(papers_of(documents, need.material))
    return tuple(
        one.service for one in part if any(papers & set(papers_of(documents, asked)) for asked in one.materials)
    )


def papers_of(documents: Documents, material: Material) -> tuple[str, ...]:
    """What a material consists of: its document's parts, else its document, else its own name."""
    document = documents.get(material.document or "")
    if document is None:
        return (f"name:{material.name}",)
    return document.parts or (document.id,)


def _joined(documents: Documents, part: Sequence[_Part]) -> list[SharedNeed]:
    """The members' certain lists as one, each paper once, in the order in which they are first asked for."""
    joined: dict[str, SharedNeed] = {}
    for one in part:
        for need in one.checklist.needs:
            for paper in papers_of(documents, need.material):
                own = single(documents, need, paper)
                if (before := joined.get(paper)) is None:
                    numbered = replace(own, material=_with_id(own.material, len(joined) + 1))
                    joined[paper] = SharedNeed(numbered, (one.service,))
                else:
                    members = before.members if one.service in before.members else (*before.members, one.service)
                    joined[paper] = SharedNeed(merged(documents, before.need, own), members)
    return list(joined.values())


def single(documents: Documents, need: Need, paper: str) -> Need:
    """One part of a material that consists of several, as a material of its own."""
    material = need.material
    document = documents.get(paper)
    if document is None or document.id == material.document:
        return need
    return replace(need, material=material.model_copy(update={"name": document.name, "document": document.id}))


def _with_id(material: Material, number: int) -> Material:
    return material.model_copy(update={"id": f"m{number}"})


def merged(documents: Documents, before: Need, need: Need) -> Need:
    """Both as one paper: each item keeps its own copies unless one serves all, and only what all waive is waived."""
    old, new = before.material, need.material
    document = documents.get(old.document or "")
    is_copied = old.form in COPIED and new.form in COPIED and not (document and document.shared)
    material = old.model_copy(
        update={
            "form": "原件及复印件" if old.form != new.form and {old.form, new.form} <= ON_PAPER else old.form,
            "copies": old.copies + new.copies if is_copied else max(old.copies, new.copies),
            "note": "；".join(dict.fromkeys(filter(None, (old.note, new.note)))),
            "waivable": old.waivable and new.waivable,
            "commitment": old.commitment and new.commitment,
        }
    )
    return Need(material, tuple(dict.fromkeys((*before.because, *need.because))))
