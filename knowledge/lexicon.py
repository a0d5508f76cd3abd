"""The names under which people know services, places and papers, as the bot reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from knowledge.store import Knowledge

_TELLING = ("eligibility", "result", "online", "agent", "steps", "pitfalls", "faq")
"""Where a guide speaks in words of its own; prices, laws and addresses tell no service from its neighbours."""


def revision(knowledge: Knowledge, on: date) -> str:
    """What changes whenever the lexicon may have changed; costs nothing."""
    return f"{knowledge.version}-{on.isoformat()}"


def lexicon(knowledge: Knowledge, on: date) -> dict[str, Any]:
    """Plain data for `var/lexicon.json` and `GET /api/v1/lexicon`; `revision` changes with any of it."""
    return {
        "revision": revision(knowledge, on),
        "services": [
            {
                "id": service.head.id,
                "name": service.head.name,
                "aliases": list(service.head.aliases),
                "domain": service.head.domain,
                "bundle": service.head.is_bundle,
                "guide": guide_text(service.plain()),
            }
            for service in knowledge.published(on)
        ],
        "places": [
            {
                "adcode": region.adcode,
                "name": region.name,
                "names": [*region.names, *region.former, *region.zones, *region.streets],
                "parent": region.parent,
            }
            for region in knowledge.regions.values()
        ],
        "documents": [{"id": document.id, "names": list(document.names)} for document in knowledge.documents.values()],
    }


def guide_text(body: Mapping[str, Any]) -> str:
    """What the guide of a service says of it, in one text: who it is for, the questions, the papers, what goes wrong."""
    told = [body.get(key) for key in _TELLING]
    told += [(one["ask"], one["options"]) for one in body.get("situations", ())]
    told += [(one["name"], one.get("note")) for one in body.get("materials", ())]
    return " ".join(_strings(told))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value:
        for element in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(element)
