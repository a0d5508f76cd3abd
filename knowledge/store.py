"""Queries of the knowledge base, and the copy of it that a process keeps in memory."""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, insert, or_, select, text, tuple_
from sqlalchemy.orm import Session

from base.clock import now
from base.errors import OfficeNotFound, RegionNotFound, ServiceNotFound, UnknownKind
from knowledge.calendar import PublicCalendar, known_holidays
from knowledge.documents import Document as Paper
from knowledge.loader import KINDS, Document
from knowledge.models import Holiday, KnowledgeState, Revision
from knowledge.nearest import OfficeMap
from knowledge.overlay import Origin, Overlay, Resolved, Step, resolve
from knowledge.place import Matter, Office, Region
from knowledge.service import Fact, Service

PORTION = 500  # documents of which one statement speaks
KEPT_READY = 2048  # facts that stay parsed, and local forms of services; beyond that, those asked for last


@dataclass(frozen=True)
class Head:
    """What a service is called and where it belongs: enough for lists, search and links."""

    id: str
    name: str
    code: str
    domain: str
    aliases: tuple[str, ...]
    confidence: str
    is_bundle: bool


@dataclass(frozen=True)
class Published:
    """A published revision: packed, because of a large store only few services are read a minute.

    One without a body is a retirement: from its first day on the document is not in force.
    """

    kind: str
    body: bytes | None = field(repr=False)
    revision: int
    effective_from: date | None = None
    effective_to: date | None = None
    clears: bool = False

    @property
    def fact(self) -> Fact:
        """The document; of those asked for most, it stays parsed."""
        assert self.body is not None
        return _parse_often(self.kind, self.body)

    @property
    def service(self) -> Service:
        assert isinstance(self.fact, Service)
        return self.fact

    def plain(self) -> dict[str, Any]:
        """The document as plain data, as it is stored."""
        assert self.body is not None
        found = json.loads(zlib.decompress(self.body))
        assert isinstance(found, dict)
        return found

    @cached_property
    def head(self) -> Head:
        """The head of a service, without the work of reading the rest of it."""
        body = self.plain()
        return Head(
            id=body["id"],
            name=body["name"],
            code=body.get("code", ""),
            domain=body["domain"],
            aliases=tuple(body.get("aliases", ())),
            confidence=body["confidence"],
            is_bundle=body.get("bundle") is not None,
        )

    @property
    def first_day(self) -> date:
        return self.effective_from or date.min

    @property
    def is_dated(self) -> bool:
        return (self.effective_from, self.effective_to) != (None, None)

    def holds(self, on: date) -> bool:
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on < self.effective_to
        )


Key = tuple[str, str]
"""Kind and key of a document."""
Revisions = tuple[Published, ...]
"""The published revisions of one document, in the order of their numbers."""


def pack(body: Mapping[str, Any] | str) -> bytes:
    """A document's body, or its JSON, in the small form in which it is kept."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return zlib.compress(text.encode(), 1)


def _parse(kind: str, body: bytes) -> Fact:
    return KINDS[kind][0].model_validate_json(zlib.decompress(body))


_parse_often = lru_cache(KEPT_READY)(_parse)


def find_holding(revisions: Revisions, on: date) -> Published | None:
    """Of the revisions that hold on that day the one that began last, be it a retirement."""
    best: Published | None = None
    for published in reversed(revisions):
        if published.holds(on):
            if best is None or published.first_day > best.first_day:
                best = published
            if published.clears:
                break
    return best


def in_force(revisions: Revisions, on: date) -> Published | None:
    """The document as it is on that day; None where it is not there yet, or no more."""
    found = find_holding(revisions, on)
    return None if found is None or found.body is None else found


@dataclass(frozen=True)
class Knowledge:
    """Everything published, in memory and never changed: one copy serves a process until the version moves on.

    `revisions` are those of the services, `others` those of all other kinds, by kind and key; `regions`, `offices`,
    `matters` and `documents` are what of these is in force on `day`.
    """

    version: int
    day: date
    revisions: Mapping[str, Revisions]
    others: Mapping[str, Mapping[str, Revisions]]
    regions: Mapping[str, Region]
    offices: Mapping[str, Office]
    matters: Mapping[str, Matter]
    documents: Mapping[str, Paper]
    calendar: PublicCalendar

    def find(self, service_id: str, on: date) -> Published:
        """The national revision in force on that day; raises `ServiceNotFound`."""
        published = in_force(self.revisions.get(service_id, ()), on)
        if published is None:
            raise ServiceNotFound(service_id)
        return published

    def resolve(self, service_id: str, on: date, region: str | None = None, office: str | None = None) -> Resolved:
        """The service as it holds in a division, or at an office, on that day; without either the national one.

        Local rules are laid over it from the province down; an office stands in its own division. Raises
        `ServiceNotFound` and `OfficeNotFound`; a division that is not known has no rules of its own.
        """
        levels = [(one.adcode, one.name) for one in reversed(self.ancestors(region or ""))]
        if office is not None:
            place = self.office(office)
            levels = [(one.adcode, one.name) for one in reversed(self.ancestors(place.region))]
            levels.append((place.id, place.name))
        rules = [(_overlay(rule), rule) for rule in self._rules(service_id, on)]
        steps = tuple(
            (rule, Origin(name, at, rule.revision))
            for at, name in levels
            for overlay, rule in rules
            if overlay.at == at
        )
        return _resolve(self.find(service_id, on), steps)

    def _rules(self, service_id: str, on: date) -> Iterator[Published]:
        """The local rules for the service that are in force on that day, in the order of their ids."""
        for id in self._rules_by_service.get(service_id, ()):
            rule = in_force(self.overlays[id], on)
            if rule is not None and _overlay(rule).service == service_id:
                yield rule

    def rules_for(self, service_id: str) -> list[Revisions]:
        """All revisions of the local rules of which some revision is for the service, whether they hold or not."""
        return [self.overlays[id] for id in self._rules_by_service.get(service_id, ())]

    def services_of_rule(self, overlay_id: str) -> set[str]:
        """The services that some revision of a local rule is for; none for an unknown rule."""
        return {_overlay(rule).service for rule in self.overlays.get(overlay_id, ()) if rule.body is not None}

    @cached_property
    def _rules_by_service(self) -> Mapping[str, list[str]]:
        """Service id → the ids of all rules of which some revision is for it."""
        found: dict[str, list[str]] = {}
        for id, revisions in sorted(self.overlays.items()):
            for service in dict.fromkeys(_overlay(rule).service for rule in revisions if rule.body is not None):
                found.setdefault(service, []).append(id)
        return found

    @property
    def overlays(self) -> Mapping[str, Revisions]:
        return self.others["overlay"]

    def services(self, on: date) -> list[Service]:
        """All services in force on that day, in the order of the content; `heads` costs far less."""
        return [published.service for published in self.published(on)]

    def heads(self, on: date) -> list[Head]:
        """What all services in force on that day are called, in the order of the content."""
        return [published.head for published in self.published(on)]

    def published(self, on: date) -> Iterator[Published]:
        """The services in force on that day, unread."""
        return (found for all_ in self.revisions.values() if (found := in_force(all_, on)) is not None)

    def on(self, day: date) -> Knowledge:
        """The same knowledge with the places and papers as they are on that day."""
        if day == self.day:
            return self
        first, last = sorted((self.day, day))
        places: dict[str, Any] = {}
        if any(first < turning <= last for turning in self._turning_days):
            places = {name: _facts(self.others[kind], day) for kind, name in _READY.items()}
        return _with_what_stays(replace(self, day=day, **places), self)

    @cached_property
    def _turning_days(self) -> tuple[date, ...]:
        """The days from which some place or paper is another one than the day before."""
        days = (
            day
            for kind in _READY
            for revisions in self.others[kind].values()
            for published in revisions
            if published.is_dated
            for day in (published.effective_from, published.effective_to)
            if day is not None
        )
        return tuple(sorted(set(days)))

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
    def office_map(self) -> OfficeMap:
        """The offices by division and by place on the map."""
        return OfficeMap(self.offices.values(), lambda adcode: (region.adcode for region in self.ancestors(adcode)))

    @cached_property
    def has_demo(self) -> bool:
        return any(region.demo for region in self.regions.values())


_READY = {"region": "regions", "office": "offices", "matter": "matters", "document": "documents"}
"""Kind → the field of `Knowledge` with what of it is in force."""


_MADE_OF = {"office_map": ("offices", "regions"), "_rules_by_service": ("overlays",)}
"""What of a `Knowledge` takes long to make, and the parts that it is made of."""


def _with_what_stays(fresh: Knowledge, before: Knowledge) -> Knowledge:
    """The fresh copy with what the older one has made already of parts that are the same."""
    for made, parts in _MADE_OF.items():
        if made in vars(before) and all(getattr(fresh, part) is getattr(before, part) for part in parts):
            vars(fresh)[made] = vars(before)[made]
    return fresh


@lru_cache(KEPT_READY)
def _resolve(national: Published, rules: tuple[tuple[Published, Origin], ...]) -> Resolved:
    return resolve(national.service, national.revision, (Step(_overlay(rule), origin) for rule, origin in rules))


def _overlay(rule: Published) -> Overlay:
    assert isinstance(rule.fact, Overlay)
    return rule.fact


class KnowledgeCache:
    """The process's copy of the knowledge, renewed when the version in the store has moved on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._copy: Knowledge | None = None

    def current(self, session: Session) -> Knowledge:
        version, today = find_version(session), now().date()
        copy = self._copy
        if copy is None or (copy.version, copy.day) != (version, today):
            with self._lock:
                if self._copy is None or self._copy.version != version:
                    self._copy = load(session, self._copy)
                copy = self._copy = self._copy.on(today)
        return copy


def find_version(session: Session) -> int:
    """The version of the store; 0 while it is empty."""
    return session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0


def load(session: Session, before: Knowledge | None = None) -> Knowledge:
    """Everything published, as one copy; with `before`, an older copy, only what came since is read.

    Raises `UnknownKind` for what a newer release wrote.
    """
    version = find_version(session)  # before the rows: a change in between is then loaded once more, never missed
    if before is not None and before.version > version:  # the store was set back
        before = None
    day = before.day if before else now().date()
    known = {"service": before.revisions, **before.others} if before else {}
    changed = _read(session, known, *([Revision.version > before.version] if before else []))
    documents = {kind: _renewed(known.get(kind, {}), changed[kind]) for kind in KINDS}
    places: dict[str, Any] = {}
    for kind, name in _READY.items():
        kept: Mapping[str, Any] = getattr(before, name) if before else {}
        if before is None or changed[kind]:
            kept = {key: fact for key, fact in kept.items() if key not in changed[kind]} | _facts(changed[kind], day)
        places[name] = kept
    fresh = Knowledge(
        version=version,
        day=day,
        revisions=documents.pop("service"),
        others=documents,
        calendar=PublicCalendar.of(list(session.scalars(select(Holiday)))),
        **places,
    )
    return _with_what_stays(fresh, before) if before else fresh


def _renewed(known: Mapping[str, Revisions], changed: Mapping[str, Revisions]) -> Mapping[str, Revisions]:
    return {**known, **changed} if changed else known


def find_published(session: Session, kind: str, key: str | None = None, *, saying: str = "") -> dict[str, Revisions]:
    """The published revisions of one kind by key: of one document, or of those that say certain words."""
    wanted = [Revision.kind == kind]
    if key is not None:
        wanted.append(Revision.key == key)
    if saying:
        wanted.append(cast(Revision.body, Text).contains(saying, autoescape=True))
    return _read(session, {}, *wanted)[kind]


def find_revisions(session: Session, keys: Iterable[Key]) -> dict[Key, Revisions]:
    """The published revisions of several documents."""
    return {
        (kind, key): revisions
        for some in portions(keys)
        for kind, documents in _read(session, {}, tuple_(Revision.kind, Revision.key).in_(some)).items()
        for key, revisions in documents.items()
    }


def portions(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """So many at a time as a statement of any database takes."""
    all_ = sorted(keys)
    return (all_[first : first + PORTION] for first in range(0, len(all_), PORTION))


def find_turning(session: Session, after: date) -> dict[str, dict[str, Revisions]]:
    """The published revisions, by kind and key, of the documents that may be other ones on a later day."""
    later = or_(Revision.effective_from > after, Revision.effective_to > after)
    turning = select(Revision.kind, Revision.key).where(Revision.status != "proposed", later)
    return _read(session, {}, tuple_(Revision.kind, Revision.key).in_(turning))


def turning_days(revisions: Revisions, after: date) -> list[date]:
    """The later days from which the document may be another one, in their order."""
    days = {day for one in revisions for day in (one.effective_from, one.effective_to)}
    return sorted(day for day in days if day is not None and day > after)


def _read(
    session: Session, known: Mapping[str, Mapping[str, Revisions]], *wanted: ColumnElement[bool]
) -> dict[str, dict[str, Revisions]]:
    """The published revisions that are wanted, by kind and key, together with those of the same documents known."""
    rows = (
        select(
            Revision.kind,
            Revision.key,
            Revision.number,
            Revision.status,
            cast(Revision.body, Text),  # as text: to be parsed only when it is asked for
            Revision.effective_from,
            Revision.effective_to,
            Revision.clears,
        )
        .where(Revision.status != "proposed", *wanted)
        .order_by(Revision.version, Revision.id)  # as in the index, or SQLite reads a large store from its beginning
    )
    found: dict[str, dict[str, Revisions]] = {kind: {} for kind in KINDS}
    with session.execute(rows.execution_options(yield_per=1000)) as result:
        for kind, key, number, status, body, *holds in result:
            if kind not in found:
                raise UnknownKind(kind)
            published = Published(kind, pack(body) if status == "published" else None, number, *holds)
            others = found[kind].get(key) or known.get(kind, {}).get(key, ())
            older = (one for one in others if one.revision != number)
            found[kind][key] = tuple(sorted((*older, published), key=lambda one: one.revision))
    return found


def _facts(documents: Mapping[str, Revisions], day: date) -> dict[str, Any]:
    """What of the documents is in force on that day, read."""
    found = ((key, in_force(revisions, day)) for key, revisions in documents.items())
    return {key: _parse(one.kind, one.body) for key, one in found if one is not None and one.body is not None}


def fill_empty(session: Session, documents: Iterable[Document], *, at: datetime) -> int:
    """Publish the content as first revisions if the store holds none; returns how many were added."""
    wait_for_turn(session)
    if session.scalar(select(Revision.id).limit(1)) is not None:
        return 0
    version = touch(session)
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
            "published_by": "content",
            "published_at": at,
            "version": version,
        }
        for document in documents
    ]
    session.execute(insert(Revision), rows)
    session.add_all(known_holidays())
    return len(rows)


_TURN = "the transaction that has its turn, and the state that it locked"
_MOVED = "the transaction that moved the version"


def wait_for_turn(session: Session) -> KnowledgeState:
    """Nobody else changes anything until this transaction ends, so what is read from now on stays true."""
    transaction, state = session.info.get(_TURN, (None, None))
    if transaction is None or transaction is not session.get_transaction():
        state = session.get(KnowledgeState, 1, with_for_update=True)
        if state is None:  # of two who begin a store at once, the second one waits here until the first is done
            session.execute(_BEGIN)
            state = session.get_one(KnowledgeState, 1, with_for_update=True)
        session.info[_TURN] = (session.get_transaction(), state)
    assert isinstance(state, KnowledgeState)
    return state


_BEGIN = text("INSERT INTO knowledge_state (id, version, shipped) VALUES (1, 0, '') ON CONFLICT DO NOTHING")


def touch(session: Session) -> int:
    """Move the version on, once a transaction, and return it; who else wants to change something waits."""
    state = wait_for_turn(session)
    if session.info.get(_MOVED) is not session.get_transaction():
        state.version += 1
        session.info[_MOVED] = session.get_transaction()
    return state.version


def digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of the document in one canonical spelling."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
