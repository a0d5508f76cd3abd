"""The notice in a talk: which reply brings one, and how what is said later changes the one that the person holds.

Whoever opens the session commits, before anything is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from base.answer import Answer, Outcome
from base.errors import NoticeNotFound, QuestionOpen, UnknownAnswer
from knowledge.aspects import NOTICE
from knowledge.case import Case, in_force
from knowledge.guidance import guide
from knowledge.heard import Heard, Link
from knowledge.linking.choices import situations_told
from knowledge.notices import answers, store
from knowledge.notices.changes import differences
from knowledge.notices.models import Notice
from knowledge.notices.notice import MOST_CASES, MYSELF, PersonCase
from knowledge.store import Knowledge

CHANNEL = "chat"
SHORT = 12  # characters within which somebody tells one thing of themselves
_REMEMBERS = re.compile("想起来|忘了说|忘记说|说错|搞错|改一下|改成|换成|其实")
_ASKS = re.compile("[？?吗呢]|要不要|能不能|可不可以|怎么|多少|什么")
_NAMES_A_MATTER = re.compile("办|补|换|申请|申领|登记|证|[？?吗]")
_KIN = {
    "孩子": "娃儿?|宝宝|小孩|小朋友|孩子",
    "儿子": "儿子",
    "女儿": "女儿|闺女",
    "老大": "老大|大宝",
    "老二": "老二|二宝|二孩",
    "爱人": "爱人|老公|老婆|丈夫|妻子|媳妇",
    "妈妈": "妈妈?|母亲",
    "爸爸": "爸爸?|父亲",
    "老人": "老人",
}
_WHO = "|".join(f"(?P<{who}>{words})" for who, words in _KIN.items())
_DO = "(?:办|补|换|申请|开|打|弄|要|来)"
_JOINS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:再|也|还要?|顺便)(?:给|帮|替)(?:我们?|俺)?家?(?:{_WHO}).{{0,4}}{_DO}",
        rf"(?:{_WHO})(?:的)?(?:也|跟着|顺便).{{0,4}}{_DO}",
        rf"(?:和|跟|同|与|带着?|连)(?:我们?|俺)?家?(?:{_WHO})(?:的|都|也)?(?:一起|一块儿?|一并|一同|同时){_DO}",
    )
)
# 我妈替我办 and 要和孩子一起来吗 speak of one case, and who comes to the counter.
_NO_JOIN = re.compile(r"代|替我|帮我|本人|一起(?:去|来|到)|(?:去|来|到场)[吗么？?]")


@dataclass(frozen=True)
class Held:
    """The notice that the person holds, and whose case is spoken of; plain data, kept in Rasa's slot `notice`."""

    code: str
    service: str
    who: str = MYSELF

    @classmethod
    def read(cls, slot: Mapping[str, str] | None) -> Held | None:
        return cls(**slot) if slot else None

    def as_slot(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Talk:
    """One turn of the guide: what was heard, the case before and after it, what is answered, and what is held."""

    heard: Heard
    before: Case
    after: Case
    answer: Answer
    held: Held | None

    @property
    def is_of_held(self) -> bool:
        return self.held is not None and self.held.service == self.after.service == self.before.service

    @property
    def is_changed(self) -> bool:
        """Whether the message told another answer, or another place, for the case of the notice that is held."""
        told = (self.before.answers, self.before.region) != (self.after.answers, self.after.region)
        return self.is_of_held and told

    @property
    def is_due(self) -> bool:
        """Whether the reply brings a notice: nothing is open, and the whole list is told or changed."""
        answer = self.answer
        if answer.outcome is not Outcome.ANSWER or answer.service is None or answer.asks is not None:
            return False
        return self.is_changed or set(NOTICE) <= set(answer.aspects)


def joining(words: str) -> str | None:
    """Whose case is to come to the notice that is held: 孩子也一起办 → 孩子; None where the words add nobody."""
    if _NO_JOIN.search(words):
        return None
    for pattern in _JOINS:
        if (match := pattern.search(words)) is not None:
            return next(who for who, said in match.groupdict().items() if said)
    return None


def converse(heard: Heard, case: Case, held: Held | None, knowledge: Knowledge, at: datetime) -> Talk:
    """The guide's turn, where a change to what the person holds is told by the whole list, and somebody may join it."""
    if held is not None and (who := joining(heard.text)) is not None:
        return _for_another(heard, case, replace(held, who=who), knowledge, at)
    if held is not None and held.service == case.service:
        heard = _of_the_case(heard, case, knowledge, at)
    answer, after = guide(heard, case, knowledge, at)
    talk = Talk(heard, case, after, answer, held)
    if not talk.is_changed or after.answers == case.answers:
        return talk
    # 是我妈去办 may pass for a question, and so may 我又想起来，是亲属代领, which says itself that it is none.
    is_told = _REMEMBERS.search(heard.text) and not _ASKS.search(heard.text)
    told = replace(heard, intent="affirm" if is_told else "inform", ranking=()) if heard.asked else heard
    if told.asked:
        return talk
    answer, after = guide(told, replace(case, aspects=NOTICE), knowledge, at)
    return _only_the_question(Talk(told, case, after, answer, held))


def _of_the_case(heard: Heard, case: Case, knowledge: Knowledge, at: datetime) -> Heard:
    """The message without another item that its words may name, where they tell another answer for the present one.

    未满16周岁 after a notice for a passport is whose passport it is, and no identity card for a child.
    """
    found = in_force(case.service, knowledge, at, case.region) if case.service else None
    if found is None or not heard.links:
        return heard
    told = situations_told(heard.text, {one.id: one.options for one in found.service.situations})
    is_short = len(heard.text) <= SHORT and not _NAMES_A_MATTER.search(heard.text)
    return replace(heard, links=()) if told and (is_short or _REMEMBERS.search(heard.text)) else heard


def _for_another(heard: Heard, case: Case, held: Held, knowledge: Knowledge, at: datetime) -> Talk:
    """The first turn of the case of somebody else, about the same item in the same place."""
    wish = replace(heard, intent="request_notice", ranking=(), links=(Link(held.service, 1.0),))
    fresh = Case(service=held.service, region=case.region, aspects=NOTICE, previous=case.previous)
    answer, after = guide(wish, fresh, knowledge, at)
    return _only_the_question(Talk(wish, fresh, after, answer, held))


def _only_the_question(talk: Talk) -> Talk:
    if talk.held is None or talk.answer.asks is None:
        return talk
    return replace(talk, answer=answers.first_asked(talk.answer, talk.held.who))


def bring(
    session: Session, knowledge: Knowledge, talk: Talk, *, conversation: str, site: str, at: datetime
) -> tuple[Answer, Held | None]:
    """What is said where a notice is due, and what the person holds then."""
    old = _in_use(session, talk, at)
    who = talk.held.who if talk.held and old else MYSELF
    assert talk.after.service is not None
    own = PersonCase(talk.after.service, talk.after.answers, who)
    before = store.cases_of(old) if old else ()
    cases = tuple(own if case.who == who else case for case in before)
    cases = cases if own in cases else (*cases, own)
    if len(cases) > MOST_CASES:
        return answers.too_many(own.service), talk.held
    is_same = old is not None and (cases, old.region) == (before, talk.after.region)
    if old is not None and is_same and not store.changes_since(old, knowledge, at):
        return answers.with_notice(talk.answer, old, site), Held(old.code, own.service, who)
    wanted = store.Wanted(cases, region=talk.after.region, channel=CHANNEL, conversation=conversation)
    try:
        new = (
            store.replace(session, old, knowledge, wanted, at=at)
            if old
            else store.issue(session, knowledge, wanted, at=at)
        )
    except (QuestionOpen, UnknownAnswer):  # something else was asked about a case that is not told to its end
        return talk.answer, talk.held
    return _told(talk, old, new, site), Held(new.code, own.service, who)


def _in_use(session: Session, talk: Talk, at: datetime) -> Notice | None:
    """The notice that is held, or what took its place on its page, if it is of the item spoken of and still holds."""
    if talk.held is None or talk.held.service != talk.after.service:
        return None
    try:
        notice = store.find(session, talk.held.code)
        while notice.replaced_by is not None:
            notice = store.find(session, notice.replaced_by)
    except NoticeNotFound:
        return None
    return notice if store.state_of(notice, at) is store.State.IN_USE else None


def _told(talk: Talk, old: Notice | None, new: Notice, site: str) -> Answer:
    if old is None or talk.held is None:
        return answers.with_notice(talk.answer, new, site)
    joined = len(new.cases) > len(old.cases)
    asks_itself = talk.heard.asked or talk.before.region != talk.after.region
    if joined or asks_itself or not talk.is_changed:
        return answers.with_notice(talk.answer, new, site)
    lines = differences(store.content_of(old), store.content_of(new))
    return answers.changed(talk.answer, new, lines, talk.held.who, site)
