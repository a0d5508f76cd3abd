"""The way of one turn about a service: what was heard changes the case, then one list of steps decides the reply.

Pure: no Rasa, no store, no clock. The bot's actions, the console and the terminal call the same function.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from base.answer import Answer, Outcome
from base.errors import ServiceNotFound
from knowledge import answers as words
from knowledge.answers import HOW_TO, NONE_OF_THESE, NOTICE, Inquiry
from knowledge.linking.choices import chosen, situations_told
from knowledge.linking.days import asked_day
from knowledge.overlay import Resolved
from knowledge.precheck import without_papers
from knowledge.service import Situation
from knowledge.store import Knowledge

SURE = 0.75  # a link at least this sure names the item without asking back; below, one in four was wrong
SURE_WHEN_SHORT = 0.6  # enough for a short question in which nothing else is nearly as likely:
SHORT = 15  # characters; what goes wrong below SURE are long sentences that name two items
POSSIBLE = 0.3  # a link at least this sure may be a new subject, so it is asked about
WORTH_OFFERING = 0.03  # less than this does not come into a menu
FAR_BEHIND = 12  # nor does what is so many times less likely than the best
MENU = 4  # items in a menu, at most
ASPECTS_OF = {
    "ask_materials": ("materials",),
    "ask_location": ("location",),
    "ask_hours": ("hours",),
    "ask_fee": ("fee",),
    "ask_time_limit": ("time_limit",),
    "ask_process": ("process",),
    "ask_how_to": HOW_TO,
    "ask_eligibility": ("eligibility",),
    "ask_online": ("online",),
    "ask_agent": ("agent",),
    "ask_validity": ("validity",),
    "ask_phone": ("phone",),
    "ask_appointment": ("appointment",),
    "ask_progress": ("progress",),
    "check_materials": ("check", "materials"),
    "request_notice": NOTICE,
}


@dataclass(frozen=True)
class Link:
    """A service that the text may mean, with a calibrated confidence."""

    service: str
    confidence: float


@dataclass(frozen=True)
class Heard:
    """What was understood of one message; `links` best first, `places` the divisions that its place may be.

    `home` is the institution's own division: of several places with one name, the one near it is meant.
    """

    text: str
    intent: str | None
    links: tuple[Link, ...] = ()
    places: tuple[str, ...] = ()
    home: str | None = None

    @property
    def sure(self) -> str | None:
        """The item that the message names without a doubt worth asking about."""
        if not self.links:
            return None
        best, second = self.links[0], self.links[1].confidence if len(self.links) > 1 else 0.0
        alone = best.confidence >= SURE_WHEN_SHORT and second * 4 <= best.confidence
        return best.service if best.confidence >= SURE or (alone and len(self.text) <= SHORT) else None


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


@dataclass(frozen=True)
class _Turn:
    heard: Heard
    case: Case
    before: Case
    knowledge: Knowledge
    at: datetime

    def resolved(self) -> Resolved | None:
        if self.case.service is None:
            return None
        return _in_force(self.case.service, self.knowledge, self.at, self.case.region)


def guide(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> tuple[Answer, Case]:
    """The reply to one message and the case after it."""
    heard = replace(heard, links=tuple(link for link in heard.links if _in_force(link.service, knowledge, at)))
    after_hearing = _as_of_today(_after_hearing(heard, case, knowledge, at), knowledge, at)
    turn = _Turn(heard, after_hearing, case, knowledge, at)
    answer = next(reply for step in STEPS if (reply := step(turn)) is not None)
    return answer, _after_reply(turn, answer)


def _in_force(service_id: str, knowledge: Knowledge, at: datetime, region: str | None = None) -> Resolved | None:
    """The service as it is today in the person's place; None when it was retired since it was spoken of."""
    try:
        return knowledge.resolve(service_id, at.date(), region)
    except ServiceNotFound:
        return None


# --- what a message changes -----------------------------------------------------------------------------------------


def _after_hearing(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Case:
    if heard.intent == "go_back" and case.previous:
        lists = {name: tuple(case.previous[name]) for name in ("choices", "aspects")}
        return Case(**case.previous | lists)
    if (picked := _picked(heard, case)) is not None:
        return _with_pick(case, picked)
    case = _with_subject(heard, case, knowledge, at)
    if len(places := _places_meant(heard, case)) == 1 and places[0] in knowledge.regions:
        case = replace(case, region=places[0])
    aspects = ASPECTS_OF.get(heard.intent or "")
    day = asked_day(heard.text, at.date())
    if aspects:
        case = replace(case, aspects=aspects, day=day.isoformat() if day else None)
    elif not case.aspects:
        case = replace(case, aspects=HOW_TO)
    return _with_told_situations(heard, case, knowledge, at)


def _places_meant(heard: Heard, case: Case) -> tuple[str, ...]:
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
    found = _in_force(case.service, knowledge, at, case.region)
    if found is None:
        return replace(case, service=None, answers={}, asks=None, choices=())
    options = {situation.id: situation.options for situation in found.service.situations}
    return replace(case, answers={id: option for id, option in case.answers.items() if option in options.get(id, ())})


def _picked(heard: Heard, case: Case) -> dict[str, Any] | None:
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
    return replace(case, aspects=NOTICE) if picked["words"] == words.WHOLE_LIST else case


def _with_subject(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Case:
    """A new item named for sure replaces the subject; one named doubtfully clears it, so that it is asked back."""
    if not heard.links:
        return case
    best = heard.links[0]
    if heard.sure:
        return case if heard.sure == case.service else _new_subject(case, heard.sure)
    still_meant = any(link.service == case.service for link in heard.links if link.confidence >= WORTH_OFFERING)
    if best.confidence < POSSIBLE or case.service is None or still_meant:
        return case
    if heard.intent == "check_materials" and not _is_named(best.service, heard, knowledge, at):
        return case
    return _new_subject(case, None)


def _is_named(service_id: str, heard: Heard, knowledge: Knowledge, at: datetime) -> bool:
    """Whether the words speak of the item beside the papers: 我有驾照和身份证 names papers, and no other item."""
    service = knowledge.find(service_id, at.date()).service
    left = without_papers(knowledge.documents, heard.text)
    pairs = {left[start : start + 2] for start in range(len(left) - 1)} - {"什么", "材料"}
    return any(pair in name for name in (service.name, *service.aliases) for pair in pairs)


def _new_subject(case: Case, service: str | None) -> Case:
    previous = None if case.service is None else asdict(replace(case, previous=None))
    # 那护照呢 after a fee asks for the fee; after a whole notice it asks how to do it, not for another notice.
    aspects = () if case.aspects == NOTICE else case.aspects
    return Case(service=service, region=case.region, aspects=aspects, previous=previous)


def _with_told_situations(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Case:
    if case.service is None:
        return case
    found = _in_force(case.service, knowledge, at, case.region)
    if found is None:
        return case
    told = situations_told(heard.text, {s.id: s.options for s in found.service.situations})
    return replace(case, answers={**case.answers, **told})


# --- the steps, in order --------------------------------------------------------------------------------------------


def _give_up(turn: _Turn) -> Answer | None:
    if turn.heard.intent == "cancel":
        return words.plain(words.CANCELLED, Outcome.SMALLTALK)
    if turn.heard.intent == "go_back" and turn.before.previous is None:
        return words.plain(words.NOTHING_BEFORE, Outcome.SMALLTALK)
    return None


def _admit_none_of_these(turn: _Turn) -> Answer | None:
    picked = _picked(turn.heard, turn.before)
    if picked is not None and picked["words"] == NONE_OF_THESE:
        return not_covered()
    return None


def _ask_which_item(turn: _Turn) -> Answer | None:
    if turn.case.service is not None:
        return None
    floor = max(WORTH_OFFERING, turn.heard.links[0].confidence / FAR_BEHIND) if turn.heard.links else 1.0
    likely = [link for link in turn.heard.links if link.confidence >= floor][:MENU]
    if not likely:
        return None
    today = turn.at.date()
    return words.which_item((turn.knowledge.find(link.service, today).service for link in likely), turn.case.region)


def _ask_which_place(turn: _Turn) -> Answer | None:
    if _picked(turn.heard, turn.before) is not None or len(_places_meant(turn.heard, turn.before)) < 2:
        return None
    return words.which_place(turn.knowledge, turn.heard.places, turn.case.service)


def _ask_for_an_item(turn: _Turn) -> Answer | None:
    """A bare aspect (要多少钱) with no subject is a question without its first half, not a gap in the knowledge."""
    if turn.case.service is None and turn.heard.intent != "nlu_fallback" and len(turn.heard.text) <= 12:
        return words.plain(words.NAME_THE_ITEM, Outcome.CLARIFY)
    return None


def _admit_not_covered(turn: _Turn) -> Answer | None:
    return not_covered() if turn.case.service is None else None


def _ask_again(turn: _Turn) -> Answer | None:
    """A reply to a situation question that fits no option and says nothing else: asked again, then a person."""
    situation = _asked_situation(turn)
    said_nothing_else = turn.heard.intent in ("inform", "nlu_fallback", "affirm", "deny")
    if situation is None or not said_nothing_else or turn.case != turn.before:
        return None
    return words.situation_again(_inquiry(turn), situation, tries=_tries(turn.before) + 1)


def _tell(turn: _Turn) -> Answer | None:
    return words.item_answer(_inquiry(turn))


STEPS = (
    _give_up,
    _admit_none_of_these,
    _ask_which_item,
    _ask_for_an_item,
    _ask_which_place,
    _admit_not_covered,
    _ask_again,
    _tell,
)


def not_covered() -> Answer:
    """The honest sentence; the caller adds the offer of a ticket."""
    return words.plain(words.NOT_COVERED, Outcome.NOT_COVERED)


def _asked_situation(turn: _Turn) -> Situation | None:
    found = turn.resolved()
    return found.service.situation(turn.before.asks) if found and turn.before.asks else None


def _inquiry(turn: _Turn) -> Inquiry:
    resolved = turn.resolved()
    assert resolved is not None
    return Inquiry(
        knowledge=turn.knowledge,
        resolved=resolved,
        answers=turn.case.answers,
        aspects=_aspects_to_tell(turn),
        region=turn.case.region,
        at=turn.at,
        day=date.fromisoformat(turn.case.day) if turn.case.day else None,
        words=turn.heard.text,
    )


def _aspects_to_tell(turn: _Turn) -> tuple[str, ...]:
    """What was asked; after an answer to a situation, the list it was asked for; with a new place, the offices."""
    aspects = turn.case.aspects
    named_aspect = turn.heard.intent in ASPECTS_OF
    if turn.case.region != turn.before.region and turn.before.service == turn.case.service and not named_aspect:
        return ("location", "hours")
    told_more = turn.case.answers != turn.before.answers and turn.before.service == turn.case.service
    if told_more and not {"materials", "check", "fee"} & set(aspects):
        return (*aspects, "materials") if named_aspect else ("materials",)
    return aspects


def _after_reply(turn: _Turn, answer: Answer) -> Case:
    case = Case(region=turn.case.region) if turn.heard.intent == "cancel" else turn.case
    if answer.outcome is Outcome.CLARIFY:
        choices = [{"words": w, "service": id} for w, id in zip(answer.choices, answer.candidates, strict=False)]
        choices += [{"words": w} for w in answer.choices[len(choices) :]]
        return replace(case, asks="service", choices=tuple(choices))
    if answer.asks == "region" and answer.choices:
        places = zip(answer.choices, turn.heard.places, strict=True)
        return replace(case, asks="region", choices=tuple({"words": w, "region": code} for w, code in places))
    found = turn.resolved()
    asked = found.service.situation(answer.asks) if found and answer.asks else None
    if asked is not None:
        again = {"tries": _tries(turn.before) + 1} if answer.outcome is Outcome.SITUATION else {}
        options = tuple({"words": w, "option": id} | again for id, w in asked.options.items())
        return replace(case, asks=asked.id, choices=options)
    return replace(case, asks=answer.asks, choices=tuple({"words": w} for w in answer.choices))


def _tries(case: Case) -> int:
    """How often the question of the last reply had been asked again."""
    return max((choice.get("tries", 0) for choice in case.choices), default=0)
