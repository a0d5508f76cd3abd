"""材料自查: what of a list a person has by their own words, what is missing, and what they need not bring.

Everyday names are understood (户口本, 红本本), and so is what takes a paper away again: not there (没带, 丢了), only
asked about (要不要户口本), only a copy, or somebody else's (我妈的身份证). In doubt a paper counts as missing: to be told
once too often costs a look, to be sent off without it costs a trip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.checklist import Need
from knowledge.documents import Document
from knowledge.service import Material

Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Precheck:
    """The list in two halves, in its order.

    `not_needed` are the papers the person spoke of that nothing asks for, in their words; `lacking` says of a material
    of several parts, some of which are there, which are not (material id → names).
    """

    have: tuple[Need, ...]
    missing: tuple[Need, ...]
    not_needed: tuple[str, ...]
    lacking: Mapping[str, tuple[str, ...]]


def precheck(documents: Documents, words: str, needs: Sequence[Need], undecided: Iterable[Material] = ()) -> Precheck:
    """What of `needs` the person has; what only `undecided` materials may ask for is never called unneeded."""
    materials = [*(need.material for need in needs), *undecided]
    mentions = tuple(_mentions(words, _vocabulary(documents, materials)))
    said = _Said(documents, mentions, _is_for_child(documents, materials))
    have = tuple(need for need in needs if said.has(need.material))
    missing = tuple(need for need in needs if need not in have)
    asked_for = {id for material in materials for id in _asked_for(documents, material)}
    return Precheck(
        have=have,
        missing=missing,
        not_needed=tuple(
            dict.fromkeys(
                mention.name
                for mention in mentions
                if mention.is_mine and not mention.papers & asked_for and not _resembles(mention.name, materials)
            )
        ),
        lacking={need.material.id: lacking for need in missing if (lacking := said.lacking(need.material))},
    )


def without_papers(documents: Documents, words: str) -> str:
    """What is left to say what it is about when the papers are taken out: 我有户口本，给孩子上户口 → 我有，给孩子上户口."""
    return _pattern(frozenset(_vocabulary(documents, ()))).sub("", words)


# --- the words ------------------------------------------------------------------------------------------------------

_OWNERS = {
    "self": "我自己的?|我的|我|本人|自己|申请人|当事人|车主|户主|经营者|单位|公司",
    "both": "夫妻双方|双方|夫妻|我们俩|我们两个|我们两人|我俩|两个人|我[和跟](?:老公|老婆|对象|爱人|媳妇|未婚妻|未婚夫)",
    "parents": "(?:我|他|她|孩子|宝宝)?(?:的)?(?:父母双方|父母亲|父母|爸妈|爸爸妈妈)",
    "parent": "(?:我|他|她|孩子|宝宝)?(?:的)?(?:妈妈|爸爸|母亲|父亲|老妈|老爸|妈|爸|家长|监护人)",
    "spouse": "我?(?:老公|老婆|对象|爱人|配偶|妻子|丈夫|媳妇|先生|太太)",
    "child": "我?(?:孩子|宝宝|小孩|娃娃|娃|儿子|女儿|闺女|婴儿)",
    "agent": "我?(?:代办人|代理人|受托人|代领人|朋友|同事|亲戚)",
    "other": "我?(?:房东|房主|老板|法人|卖家|买家|卖方|买方|爷爷|奶奶|外公|外婆|姥姥|姥爷|哥哥|姐姐|弟弟|妹妹|哥|姐|弟|妹)|别人|他|她",
}  # fmt: skip
_HOLDERS_OF = {
    "": ("applicant", "handler"),
    "self": ("applicant", "handler"),
    "both": ("applicant", "both", "spouse"),
    "parents": ("parents", "guardian", "agent", "other"),
    "parent": ("guardian", "agent", "other"),
    "spouse": ("spouse", "agent", "other"),
    "child": ("child", "agent"),
    "agent": ("agent", "handler"),
    "other": ("agent", "other"),
}
"""Whose paper was named → whose papers it can be: a mother's card is the guardian's, the agent's or some third
person's, never one's own; a father's death certificate is about such a third person."""

_COPY, _ELECTRONIC = "复印件|照片|扫描件|截图|拍照", "电子版|电子证照|电子证|电子件"
_JOINED = re.compile(r"[ 、和跟与及]|以及|还有|加上")
_GONE_AFTER = re.compile(
    r"(?:原件)?(?P<all>[都全])?(?:[都也还又全]|已经|被|给|我|让)*"
    r"(?:弄?丢|掉了|不见|过期|失效|作废|找不[到着]|没带|没拿|没了|没办|忘|落在|不在身边|坏|损坏|没有?(?=$|[，。,；;、！!？?\s])|被?扣)"
)
_LACKED_BEFORE = re.compile(
    r"(?:(?<!有)没有?|没带|没拿|忘了?[带拿]?了?|(?<!不)[缺差少]|弄?丢了|找不[到着]|不见了|除了|代替|替代)"
    r"(?:我|的|了|那个|一?[个本张份])*$"
)
_ASKED_BEFORE = re.compile(r"(?:有没有|[需不]?需?要|用不用|不用|不需要)(?:再|带上?|拿|提供|准备|交|我|的)*$")


@dataclass(frozen=True)
class _Mention:
    """A paper that was named: as what, whose, which papers it may be, in which form, and whether it is there."""

    name: str
    owner: str
    papers: frozenset[str]
    form: str
    is_there: bool

    @property
    def is_mine(self) -> bool:
        return self.is_there and self.owner in ("", "self")


_Vocabulary = Mapping[str, frozenset[str]]
"""What people say → the papers that it may mean: document ids, or `name:…` for what no document describes."""


def _vocabulary(documents: Documents, materials: Iterable[Material]) -> _Vocabulary:
    names: dict[str, set[str]] = {}
    for document in documents.values():
        for name in _spoken(document):
            names.setdefault(name, set()).add(document.id)
    for material in materials:
        if material.document not in documents:
            names.setdefault(_core(material.name), set()).add(_own_key(material))
    return {name: frozenset(papers) for name, papers in names.items()}


def _spoken(document: Document) -> tuple[str, ...]:
    """The names that mean this one paper; 身份证和户口簿 is two, and is heard as two."""
    if document.parts:
        return ()
    return document.everyday if document.stand_in_documents and "或" in document.name else document.names


def _core(name: str) -> str:
    return re.sub(r"（.*?）", "", name)


def _own_key(material: Material) -> str:
    return f"name:{_core(material.name)}"


def _mentions(words: str, vocabulary: _Vocabulary) -> Iterator[_Mention]:
    found = list(_pattern(frozenset(vocabulary)).finditer(words))
    gone = _gone(words, found)
    for match, is_gone in zip(found, gone, strict=True):
        owner = next((owner for owner in _OWNERS if match[owner]), "")
        form = "copy" if match["copy"] else "electronic" if match["before"] or match["electronic"] else "original"
        yield _Mention(match["name"], owner, vocabulary[match["name"]], form, not is_gone)


@lru_cache(64)
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    owners = "|".join(f"(?P<{owner}>{words})" for owner, words in _OWNERS.items())
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?:(?:{owners})的?)??(?P<before>电子)?(?P<name>{alternatives})(?:的?(?:(?P<copy>{_COPY})|(?P<electronic>{_ELECTRONIC})))?"
    )


def _gone(words: str, found: Sequence[re.Match[str]]) -> list[bool]:
    """For each paper named, whether the words around it take it away; in a row (户口本和身份证都没带) for all of it."""
    gone, start = [False] * len(found), 0
    for index, match in enumerate(found):
        before = words[start : match.start()]
        joined = index > 0 and bool(_JOINED.fullmatch(before))
        gone[index] = (joined and gone[index - 1]) or bool(
            _LACKED_BEFORE.search(before) or _ASKED_BEFORE.search(before)
        )
        start = match.end()
        end = found[index + 1].start() if index + 1 < len(found) else len(words)
        after = _GONE_AFTER.match(words, start)
        if after is not None and after.end() <= end:
            _take_back(words, found, gone, index, across_commas=bool(after["all"]))
            start = after.end()
    return gone


def _take_back(words: str, found: Sequence[re.Match[str]], gone: list[bool], last: int, *, across_commas: bool) -> None:
    gone[last] = True
    while last > 0:
        between = words[found[last - 1].end() : found[last].start()]
        if not (_JOINED.fullmatch(between) or (across_commas and between in ("，", ","))):
            return
        last -= 1
        gone[last] = True


# --- against the list -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    """What was said, asked material by material; `for_child` where the person speaks for a child."""

    documents: Documents
    mentions: tuple[_Mention, ...]
    for_child: bool

    def has(self, material: Material) -> bool:
        document = self.documents.get(material.document or "")
        if document is None:
            return self._is_there(_own_key(material), None, material)
        return self._has(document, material)

    def lacking(self, material: Material) -> tuple[str, ...]:
        """The parts that are not there, if others are."""
        document = self.documents.get(material.document or "")
        if document is None or not document.parts:
            return ()
        parts = [self.documents[id] for id in document.parts if id in self.documents]
        lacking = tuple(part.name for part in parts if not self._has(part, material))
        return lacking if len(lacking) < len(parts) else ()

    def _has(self, document: Document, material: Material, above: tuple[str, ...] = ()) -> bool:
        """Whether it is there itself, all parts of it, or one of its stand-ins; a circle of documents proves nothing."""
        if document.id in above:
            return False
        if self._is_there(document.id, document, material):
            return True
        made_of = (self._knows(id, material, (*above, document.id)) for id in document.parts)
        stand_ins = (self._knows(id, material, (*above, document.id)) for id in document.stand_in_documents)
        return all(made_of) if document.parts else any(stand_ins)

    def _knows(self, id: str, material: Material, above: tuple[str, ...]) -> bool:
        return id in self.documents and self._has(self.documents[id], material, above)

    def _is_there(self, key: str, document: Document | None, material: Material) -> bool:
        named = [m for m in self.mentions if key in m.papers and self._can_be_of(m, document)]
        return bool(named) and all(m.is_there for m in named) and any(_fits(m, document, material) for m in named)

    def _can_be_of(self, mention: _Mention, document: Document | None) -> bool:
        if document is None or (not mention.owner and len(mention.papers) == 1):
            return True  # 监护人身份证 says itself whose it is
        holders = _HOLDERS_OF[mention.owner] + ("applicant",) * (self.for_child and mention.owner == "child")
        return document.holder in holders


def _fits(mention: _Mention, document: Document | None, material: Material) -> bool:
    if mention.form == "copy":
        return material.form == "复印件"
    if mention.form == "electronic":
        return material.form == "电子证照" or "电子" in material.note or bool(document and document.electronic)
    return True


def _resembles(name: str, materials: Iterable[Material]) -> bool:
    """Whether two characters in a row stand in a material's words too: 购房合同 may well be their 网签买卖合同."""
    return any(name[start : start + 2] in m.name for m in materials for start in range(len(name) - 1))


def _is_for_child(documents: Documents, materials: Iterable[Material]) -> bool:
    papers = (documents.get(id) for material in materials for id in _asked_for(documents, material))
    return any(paper is not None and paper.holder == "guardian" for paper in papers)


def _asked_for(documents: Documents, material: Material) -> Iterator[str]:
    """Every paper that may serve for the material: its document, the parts of that, and what stands in for them."""
    if material.document not in documents:
        yield _own_key(material)
        return
    left, met = [material.document or ""], set[str]()
    while left:
        document = documents.get(left.pop())
        if document is not None and document.id not in met:
            met.add(document.id)
            yield document.id
            left += [*document.parts, *document.stand_in_documents]
