"""A correction names two things, and only one is meant: 不是身份证，是居住证. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from knowledge.heard import Heard, Link
from knowledge.service import Service
from knowledge.store import Knowledge

_LONGEST = 100  # characters of a correction; more is a story, and denies many things in passing
_CORRECTS = ("correct", "deny", "inform")
_DENIAL = re.compile(
    r"(?<!是)(?:不是|并非|不要|不办|不问)([^，。,；;！!？?\s]{1,15}?)(?=(?:而|只)?是|[，。,；;！!？?\s]|$)"
)
_PUNCTUATION = re.compile(r"[，。,；;！!？?\s]+")
_AROUND = re.compile(r"^(?:我|要|去|办|问|说)+|[了的吧呀啊呢哦啦]+$")


def denies(heard: Heard, service: Service) -> bool:
    """Whether the message says that this service is not what was meant."""
    denied, meant = _denied_and_meant(heard)
    return any(map(service.is_called, denied)) and not (meant and meant in service.name)


def as_corrected(heard: Heard, subject: Service | None, knowledge: Knowledge, on: date) -> Heard:
    """The message without the items that it denies; as it is where it denies nothing.

    What is left is as likely as it is when those are out of the question. Where the meant words stand in names, only
    these items are left; of them, where the subject is denied, its own kin (不是丢了，是过期了 said of an identity card).
    """
    denied, meant = _denied_and_meant(heard)
    if not denied:
        return heard
    services = {link.service: knowledge.find(link.service, on).service for link in heard.links}
    kept = [link for link in heard.links if not denies(heard, services[link.service])]
    left = 1 - sum(link.confidence for link in heard.links if link not in kept)
    kept = [Link(link.service, min(1.0, link.confidence / left)) for link in kept] if left > 0 else []
    named = [link for link in kept if meant and services[link.service].is_called(meant)]
    if subject is not None and denies(heard, subject):
        named = [link for link in named if services[link.service].domain == subject.domain] or named
    return replace(heard, links=tuple(named or kept))


def _denied_and_meant(heard: Heard) -> tuple[list[str], str]:
    """What is said not to be meant, and what is; of the latter nothing where it is not said."""
    if heard.intent not in _CORRECTS or len(heard.text) > _LONGEST:
        return [], ""
    denied = [core for found in _DENIAL.findall(heard.text) if (core := _AROUND.sub("", found))]
    clauses = _PUNCTUATION.split(_DENIAL.sub("，", heard.text))
    said = [core for clause in clauses if (core := _AROUND.sub("", clause.rpartition("是")[2]))]
    return denied, said[-1] if said else ""
