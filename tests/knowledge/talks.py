"""Whole conversations in tests: what a person says, what was understood of it, and the replies."""

from datetime import datetime

from base.clock import CHINA
from knowledge.case import Case
from knowledge.guidance import guide
from knowledge.heard import Heard, Link

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)  # a Monday morning
LOST, PASSPORT, RESIDENCE = "id-card-reissue-lost", "passport-first", "residence-permit-first"


def hear(words, intent=None, *links, place=()):
    """A message, what was understood of it, and which services it may mean: `(id, confidence)` or an id for sure."""
    places = (place,) if isinstance(place, str) else tuple(place)
    sure = [Link(*link) if isinstance(link, tuple) else Link(link, 0.95) for link in links]
    return Heard(words, intent, tuple(sure), places)


def talk(knowledge, *messages, case=None, at=AT):
    """The replies, and the case in the end."""
    case, replies = case or Case(), []
    for message in messages:
        answer, case = guide(message, case, knowledge, at)
        replies.append(answer)
    return replies, case


def material_ids(answer):
    return [item["id"] for block in answer.blocks if block["type"] == "materials" for item in block["items"]]


def offices(answer):
    return [item["id"] for block in answer.blocks if block["type"] == "offices" for item in block["items"]]


ASKED = hear("身份证丢了怎么补", "ask_how_to", LOST)
DOUBTFUL = [(LOST, 0.4), ("id-card-loss-report", 0.3), ("id-card-found", 0.2), ("temp-id-card", 0.15), (PASSPORT, 0.12)]
UNSURE = hear("证丢了怎么办呢", "ask_how_to", *DOUBTFUL)
