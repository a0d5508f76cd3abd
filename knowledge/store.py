"""Queries of the knowledge base, and the copy of it that a process keeps in memory."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from base.errors import OfficeNotFound, RegionNotFound, ServiceNotFound
from knowledge.calendar import PublicCalendar, known_holidays
from knowledge.loader import Document
from knowledge.models import Holiday, KnowledgeState, Revision
from knowledge.place import Matter, Office, Region
from knowledge.service import Service


@dataclass(frozen=True)
class Published:
    """A published service with the revision that it is."""

    service: Service
    revision: int
    effective_from: date | None
    effective_to: date | None

    def holds(self, on: date) -> bool:
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on < self.effective_to
        )


@dataclass(frozen=True)
class Knowledge:
    """Everything published, in memory and never changed: one copy serves a process until the version moves on."""

    version: int
    revisions: Mapping[str, tuple[Published, ...]]
    regions: Mapping[str, Region]
    offices: Mapping[str, Office]
    matters: Mapping[str, Matter]
    calendar: PublicCalendar

    def find(self, service_id: str, on: date) -> Published:
        """The revision in force on that day; raises `ServiceNotFound`."""
        for published in reversed(self.revisions.get(service_id, ())):
            if published.holds(on):
                return published
        raise ServiceNotFound(service_id)

    def services(self, on: date) -> list[Service]:
        """All services in force on that day, in the order of the content."""
        found = (next((p for p in reversed(all_) if p.holds(on)), None) for all_ in self.revisions.values())
        return [published.service for published in found if published is not None]

    def office(self, office_id: str) -> Office:
        if office_id not in self.offices:
            raise OfficeNotFound(office_id)
        return self.offices[office_id]

    def region(self, adcode: str) -> Region:
        if adcode not in self.regions:
            raise RegionNotFound(adcode)
        return self.regions[adcode]

    def ancestors(self, adcode: str) -> list[Region]:
        """The division itself, then its city, then its province; [] for an unknown code."""
        chain: list[Region] = []
        while (region := self.regions.get(adcode)) is not None:
            chain.append(region)
            adcode = region.parent or ""
        return chain

    def region_words(self, adcode: str) -> str:
        """江苏省常州市天宁区; an empty string for an unknown code."""
        return "".join(region.name for region in reversed(self.ancestors(adcode)))

    @cached_property
    def has_demo(self) -> bool:
        return any(region.demo for region in self.regions.values())


class KnowledgeCache:
    """The process's copy of the knowledge, renewed when the version in the store has moved on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._copy: Knowledge | None = None

    def current(self, session: Session) -> Knowledge:
        version = find_version(session)
        copy = self._copy
        if copy is None or copy.version != version:
            with self._lock:
                if self._copy is None or self._copy.version != version:
                    self._copy = load(session)
                copy = self._copy
        return copy


def find_version(session: Session) -> int:
    """The version of the store; 0 while it is empty."""
    return session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0


def load(session: Session) -> Knowledge:
    """Everything published, as one copy."""
    version = find_version(session)  # before the rows: a change in between is then loaded once more, never missed
    bodies: dict[str, dict[str, dict[str, Any]]] = {"region": {}, "office": {}, "matter": {}}
    services: dict[str, list[Published]] = {}
    rows = session.execute(
        select(
            Revision.kind, Revision.key, Revision.number, Revision.body, Revision.effective_from, Revision.effective_to
        )
        .where(Revision.status == "published")
        .order_by(Revision.id)
    )
    for kind, key, number, body, effective_from, effective_to in rows:
        if kind == "service":
            published = Published(Service.model_validate(body), number, effective_from, effective_to)
            services.setdefault(key, []).append(published)
        else:
            bodies[kind][key] = body
    return Knowledge(
        version=version,
        revisions={id: tuple(sorted(all_, key=lambda p: p.revision)) for id, all_ in services.items()},
        regions={key: Region.model_validate(body) for key, body in bodies["region"].items()},
        offices={key: Office.model_validate(body) for key, body in bodies["office"].items()},
        matters={key: Matter.model_validate(body) for key, body in bodies["matter"].items()},
        calendar=PublicCalendar.of(list(session.scalars(select(Holiday)))),
    )


def fill_empty(session: Session, documents: Iterable[Document], *, at: datetime) -> int:
    """Publish the content as first revisions if the store holds none; returns how many were added."""
    if session.scalar(select(func.count()).select_from(Revision)):
        return 0
    rows = [
        {
            "kind": document.kind,
            "key": document.key,
            "number": 1,
            "body": (body := document.body()),
            "digest": digest(body),
            "status": "published",
            "origin": "content",
            "author": "content",
            "reason": "随软件发布的初始内容",
            "at": at,
        }
        for document in documents
    ]
    session.execute(insert(Revision), rows)
    session.add_all(known_holidays())
    touch(session)
    return len(rows)


def touch(session: Session) -> None:
    """Move the version on, in the transaction of the change."""
    state = session.get(KnowledgeState, 1, with_for_update=True)
    if state is None:
        session.add(KnowledgeState(id=1, version=1))
    else:
        state.version += 1


def digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of the document in one canonical spelling."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
