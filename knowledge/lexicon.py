"""The names under which people know services, places and papers, as the bot reads them."""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.store import Knowledge


def revision(knowledge: Knowledge, on: date) -> str:
    """What changes whenever the lexicon may have changed; costs nothing."""
    return f"{knowledge.version}-{on.isoformat()}"


def lexicon(knowledge: Knowledge, on: date) -> dict[str, Any]:
    """Plain data for `var/lexicon.json` and `GET /api/v1/lexicon`; `revision` changes with any of it."""
    return {
        "revision": revision(knowledge, on),
        "services": [
            {
                "id": service.id,
                "name": service.name,
                "aliases": list(service.aliases),
                "domain": service.domain,
                "bundle": service.is_bundle,
            }
            for service in knowledge.heads(on)
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
