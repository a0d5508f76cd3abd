"""What a conversation is about, and what one message changes in it. Pure: no Rasa, no store, no clock."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from base.errors import ServiceNotFound
from knowledge.answers import WHOLE_LIST
from knowledge.aspects import HOW_TO, NOTICE
from knowledge.correcting import denies
from knowledge.heard import POSSIBLE, WORTH_OFFERING, Heard
from knowledge.linking.choices import chosen, situations_told
from knowledge.linking.days import asked_day
from knowledge.overlay import Resolved
from knowledge.precheck import without_papers
from knowledge.service import Service
from knowledge.store import Knowledge
from knowledge.wishes import names_nothing

_WHAT_ABOUT = re.compile(r"(?:那么?|换成)?([^，。？?]{2,8})呢[？?。！!]*")


@dataclass(frozen=True)
class Case:
    """What a conversation is about; plain data, kept in Rasa's slots of the same names.

    `asks` is what the last reply asked for (a situation id, `region`, `service`), `choices` what it offered,
    each {words, …}, `day` (ISO) what 周六能去吗 asked about, `previous` the case before this one, for 回到刚才.
    """

    service: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    region: str | None = None
    asks: str | None = None
    choices: tuple[dict[str, Any], ...] = ()
    aspects: tuple[str, ...] = ()
    day: str | None = None
    previous: dict[str, Any] | None = None


def after_hearing(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Case:
    """The case with what the message says, as it holds today."""
    return _as_of_today(_with_what_was_said(heard, case, knowledge, at), knowledge, at)


def _with_what_was_said(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Case:
    if heard.intent == "go_back" and case.previous:
        lists = {name: tuple(case.previous[name]) for name in ("choices", "aspects")}
        # Where somebody is does not go back with the subject.
        return Case(**case.previous | lists | {"region": case.region or case.previous["region"]})
    if (picked := picked_choice(heard, case)) is not None:
        return _with_pick(case, picked)
    case = _with_subject(heard, case, knowledge, at)
    if len(places := places_meant(heard, case)) == 1 and places[0] in knowledge.regions:
        case = replace(case, region=places[0])
    day = asked_day(heard.text, at.date())
    if asked := heard.asked:
        case = replace(case, aspects=asked, day=day.isoformat() if day else None)
    elif not case.aspects:
        case = replace(case, aspects=HOW_TO)
    return _with_told_situations(heard, case, knowledge, at)


def places_meant(heard: Heard, case: Case) -> tuple[str, ...]:
    """The divisions that the place may be: of several with one name, the one in the city or province spoken of."""
    here = case.region or heard.home or ""
    for shared in (4, 2) if here else ():
        near = tuple(adcode for adcode in heard.places if adcode[:shared] == here[:shared])
        if len(near) == 1:
            return near
    return heard.places


def _as_of_today(case: Case, knowledge: Knowledge, at: datetime) -> Case:
    """The case without what was published away since: the whole service, or answers that it no longer asks for."""
    if case.service is None:
        return case
    found = in_force(case.service, knowledge, at, case.region)
    if found is None:
        return replace(case, service=None, answers={}, asks=None, choices=())
    options = {situation.id: situation.options for situation in found.service.situations}
    return replace(case, answers={id: option for id, option in case.answers.items() if option in options.get(id, ())})


def picked_choice(heard: Heard, case: Case) -> dict[str, Any] | None:
    """The choice of the last reply that this message means.

    A sentence that names another item for sure is a new subject, even where an option's words occur in it.
    """
    if not case.choices:
        return None
    if case.asks != "service" and heard.sure and len(heard.text) > 4:
        exact = [choice for choice in case.choices if choice["words"] == heard.text.strip()]
        return exact[0] if exact else None
    index = chosen(heard.text, [choice["words"] for choice in case.choices])
    return case.choices[index] if index is not None else None


def _with_pick(case: Case, picked: dict[str, Any]) -> Case:
    if "service" in picked:
        subject = _new_subject(case, picked["service"])
        return replace(subject, aspects=subject.aspects or HOW_TO)
    if "option" in picked and case.asks:
        return replace(case, answers={**case.answers, case.asks: picked["option"]})
    if "region" in picked:
        return replace(case, region=picked["region"])
    return replace(case, aspects=NOTICE) if picked["words"] == WHOLE_LIST else case


def _with_subject(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Case:
    """A new item named for sure replaces the subject; one named doubtfully clears it, so that it is asked back."""
    if names_nothing(heard.text):
        return _new_subject(case, None)
    if case.service is None and heard.may_be_told:
        return case
    subject = in_force(case.service, knowledge, at) if case.service else None
    if subject is not None and _is_an_option(heard.text, subject.service):
        return case
    if heard.sure:
        return case if heard.sure == case.service else _new_subject(case, heard.sure)
    if subject is not None and denies(heard, subject.service):
        return _new_subject(case, None)
    if not heard.links:
        return case
    best = heard.links[0]
    if subject is not None and _turns_to_another(heard, subject.service, knowledge, at):
        return _new_subject(case, None)
    still_meant = any(link.service == case.service for link in heard.links if link.confidence >= WORTH_OFFERING)
    if best.confidence < POSSIBLE or case.service is None or still_meant:
        return case
    if heard.intent == "check_materials" and not _is_named(best.service, heard, knowledge, at):
        return case
    return _new_subject(case, None)


def _is_an_option(words: str, subject: Service) -> bool:
    """Whether these are the very words of an answer, to whichever question: another may stand in between."""
    return any(words.strip() in situation.options.values() for situation in subject.situations)


def _turns_to_another(heard: Heard, subject: Service, knowledge: Knowledge, at: datetime) -> bool:
    """Whether 那身份证呢 names a thing that other items are about, and the subject is not; 那小孩呢 tells a situation."""
    match = _WHAT_ABOUT.fullmatch(heard.text)
    if match is None or heard.places:
        return False
    if situations_told(heard.text, {situation.id: situation.options for situation in subject.situations}):
        return False
    offered = (link.service for link in heard.links if link.confidence >= WORTH_OFFERING)
    others = (knowledge.find(id, at.date()).service for id in offered)
    return not subject.is_called(match[1]) and any(other.is_called(match[1]) for other in others)


def _is_named(service_id: str, heard: Heard, knowledge: Knowledge, at: datetime) -> bool:
    """Whether the words speak of the item beside the papers: 我有驾照和身份证 names papers, and no other item."""
    service = knowledge.find(service_id, at.date()).service
    left = without_papers(knowledge.documents, heard.text)
    pairs = {left[start : start + 2] for start in range(len(left) - 1)} - {"什么", "材料"}
    return any(pair in name for name in (service.name, *service.aliases) for pair in pairs)


def without_subject(case: Case) -> Case:
    """The case once its subject was dropped: the place stays, and the way back to it."""
    return replace(_new_subject(case, None), aspects=())


def _new_subject(case: Case, service: str | None) -> Case:
    previous = case.previous if case.service is None else asdict(replace(case, previous=None))
    # 那护照呢 after a fee asks for the fee; after a whole notice it asks how to do it, not for another notice.
    aspects = () if case.aspects == NOTICE else case.aspects
    return Case(service=service, region=case.region, aspects=aspects, previous=previous)


def _with_told_situations(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Case:
    if case.service is None:
        return case
    found = in_force(case.service, knowledge, at, case.region)
    if found is None:
        return case
    told = situations_told(heard.text, {s.id: s.options for s in found.service.situations})
    return replace(case, answers={**case.answers, **told})


def in_force(service_id: str, knowledge: Knowledge, at: datetime, region: str | None = None) -> Resolved | None:
    """The service as it is today in the person's place; None when it was retired since it was spoken of."""
    try:
        return knowledge.resolve(service_id, at.date(), region)
    except ServiceNotFound:
        return None
