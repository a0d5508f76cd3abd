"""Broad wishes: 我想办证 names no item at all, 孩子出生了要办什么 a whole event of life. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from base.errors import ServiceNotFound
from knowledge.heard import SURE, WORTH_OFFERING, Heard, Link
from knowledge.service import Service
from knowledge.store import Knowledge

# What is offered to whoever names nothing, at most eight: an editor's choice among the 一件事, in the order of a life.
# An id that the store lacks is passed over.
LIFE_EVENTS = (
    "bundle-newborn",
    "bundle-school-enroll",
    "bundle-marriage-birth",
    "bundle-job-change",
    "bundle-secondhand-house",
    "bundle-restaurant",
    "bundle-retire",
    "bundle-deceased",
)
_NAMES_NOTHING = re.compile(
    r"(?:你好|您好|请问|那个|麻烦)?(?:我们?|俺|咱)?(?:现在|今天)?(?:就是)?(?:想|要|需要|得|过来|来|是来|打算|准备)*"
    r"(?:办理?|弄|搞)(?:一下|一?点|一?个|一?些|几个)?(?:儿)?(?:证件?|事情?|业务|手续)"
)
_LONGEST_WISH = 30  # characters of a sentence that names nothing
_NOISE = re.compile(r"[\s，。,.!！?？、；;~～]|[吧呀啊呢哦嗯的了吗]+$")
_EVERYTHING = re.compile(
    r"(?:都|要|得|该|需要|必须|应该|可以)(?:去)?(?:办理?|跑|弄|准备)(?:一?[点些])?(?:什么|啥|哪些|哪几)"
    r"|(?:什么|啥|哪些|多少)(?:事情?|手续|证件?)[^，。？]{0,2}(?:要|得|需要|该)(?:去)?(?:办|跑|弄)"
    r"|(?:事情?|手续|证件?).{0,2}(?:一起|一次|一块儿?|全部|都)办"
)


def names_nothing(text: str) -> bool:
    """Whether somebody wants to do something, and says no more than that."""
    return len(text) <= _LONGEST_WISH and _NAMES_NOTHING.fullmatch(_NOISE.sub("", text)) is not None


def asks_for_everything(text: str) -> bool:
    """Whether all that an event brings with it is asked for, not one item."""
    return _EVERYTHING.search(text) is not None


def life_events(knowledge: Knowledge, on: date) -> list[Service]:
    """The events of life that are offered, as far as they are in force."""
    return [found for id in LIFE_EVENTS if (found := _bundle(id, knowledge, on)) is not None]


def as_a_wish(heard: Heard, knowledge: Knowledge, on: date) -> Heard:
    """The message, if it asks for all that an event brings, as a question how to do the 一件事; else as it is.

    The likelihoods of a bundle and its items together say how likely the event is meant. Where that is not enough
    to be sure, bundles come before single items in what is offered.
    """
    if not asks_for_everything(heard.text):
        return heard
    events = [(link, found) for link in heard.links if (found := _bundle(link.service, knowledge, on)) is not None]
    for link, service in events:
        parts = {service.id, *(service.bundle.members if service.bundle else ())}
        likely = sum(other.confidence for other in heard.links if other.service in parts)
        if likely >= SURE and heard.sure in (None, service.id) and link.confidence >= WORTH_OFFERING:
            ranking = (("ask_how_to", 1.0), *heard.ranking)
            return replace(heard, intent="ask_how_to", ranking=ranking, links=(Link(service.id, likely),))
    if heard.sure:
        return heard
    first = tuple(link for link, _ in events)
    return replace(heard, links=(*first, *(link for link in heard.links if link not in first)))


def _bundle(service_id: str, knowledge: Knowledge, on: date) -> Service | None:
    """The 一件事 of that id; None for what is none, or no longer in force."""
    try:
        found = knowledge.find(service_id, on)
    except ServiceNotFound:
        return None
    return found.service if found.head.is_bundle else None
