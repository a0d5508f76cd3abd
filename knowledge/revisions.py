"""Changing what is known: proposed, published from a day on, retired, rolled back; nothing is ever overwritten.

Whoever opens the session commits. Who changes something waits until nobody else does, and every change that can be
seen moves the version of the knowledge on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from base.clock import CHINA
from base.errors import BadContent, BadOverlay, BadRequest, EditConflict, RevisionNotFound, UnknownKind
from knowledge.loader import KINDS, Document, content_digest, read_content, references
from knowledge.models import KnowledgeState, Revision
from knowledge.overlay import Overlay, check_overlays
from knowledge.place import Office, Region
from knowledge.service import Fact, Service, problem_words
from knowledge.store import digest, fill_empty, find_published, in_force, touch

CONTENT = "content"  # the origin of what is shipped, and its author


@dataclass(frozen=True)
class Change:
    """One difference of two bodies; `path` is written `materials.m3.note`, None stands for what is not there."""

    path: str
    before: Any
    after: Any


def propose(
    session: Session,
    kind: str,
    key: str,
    body: Mapping[str, Any],
    *,
    based_on: int | None,
    author: str,
    reason: str,
    at: datetime,
    origin: str = "staff",
) -> Revision:
    """A new revision that waits for its publication; `based_on` is the newest number its author saw (None: none).

    Raises `BadContent` when the body does not hold together, `EditConflict` when there is a newer one.
    """
    _wait_for_turn(session)
    newest = _newest(session, kind, key)
    if newest is not None and newest.number != based_on:
        raise EditConflict(key, by=newest.author, at=newest.at)
    plain = _body(_fact(kind, key, body))
    revision = Revision(
        kind=kind,
        key=key,
        number=newest.number + 1 if newest else 1,
        body=plain,
        digest=digest(plain),
        status="proposed",
        origin=origin,
        author=author,
        reason=reason,
        at=at,
    )
    session.add(revision)
    session.flush()
    return revision


def publish(
    session: Session,
    kind: str,
    key: str,
    number: int,
    *,
    by: str,
    at: datetime,
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> Revision:
    """Let a proposed revision hold from a day on (None: today, the first one always) to the day before `effective_to`.

    A correction of today's text does not undo what was scheduled for later. Raises `RevisionNotFound`, `EditConflict` when it or a newer one is published already, `BadContent` when it leads to
    what is not there, and `BadOverlay` when a local rule does not fit.
    """
    _wait_for_turn(session)
    revision = _find(session, kind, key, number)
    public = _newest(session, kind, key, public=True)
    if public is not None and public.number >= number:
        raise EditConflict(key, by=public.published_by or public.author, at=public.published_at or public.at)
    if public is not None and effective_from is None:
        effective_from = _day(at)  # what held until yesterday still did
    first = effective_from or _day(at)
    if public is not None and first < _day(at):
        raise BadRequest("effective_from", f"{first} is past, and what was said then stays on record")
    if effective_to is not None and effective_to <= first:
        raise BadRequest("effective_to", f"{effective_to} is not after the day from which it holds")
    _check(session, _fact(kind, key, revision.body), first)
    revision.effective_from, revision.effective_to = effective_from, effective_to
    return _let_hold(session, revision, status="published", by=by, at=at)


def retire(
    session: Session, kind: str, key: str, *, by: str, reason: str, at: datetime, on: date | None = None
) -> Revision:
    """Let the document hold no more from `on` (today if none is given); what it said before stays on record.

    Raises `RevisionNotFound` when it is not published.
    """
    _wait_for_turn(session)
    public = _newest(session, kind, key, public=True)
    if public is None or public.status == "retired":
        raise RevisionNotFound(f"{kind} {key} is not published")
    revision = _clearing(session, public, by=by, reason=reason, at=at)
    revision.effective_from = on or _day(at)
    return _let_hold(session, revision, status="retired", by=by, at=at)


def roll_back(session: Session, kind: str, key: str, to_number: int, *, by: str, reason: str, at: datetime) -> Revision:
    """Publish an earlier body once more, as a new revision that holds from today; what was scheduled falls away.

    Raises like `publish`.
    """
    _wait_for_turn(session)
    earlier = _find(session, kind, key, to_number)
    _check(session, _fact(kind, key, earlier.body), _day(at))
    revision = _clearing(session, earlier, by=by, reason=reason, at=at)
    revision.effective_from = _day(at)
    return _let_hold(session, revision, status="published", by=by, at=at)


def history(session: Session, kind: str, key: str) -> list[Revision]:
    """All revisions of a document, oldest first; [] for an unknown one."""
    rows = select(Revision).where(Revision.kind == kind, Revision.key == key).order_by(Revision.number)
    return list(session.scalars(rows))


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between two bodies, in their order; lists of things with ids are compared thing by thing."""
    return list(_diff("", old, new))


def take_in_content(session: Session, *, demo: bool, at: datetime) -> None:
    """Fill an empty store with the content; lay what a later release ships beside what is there."""
    shipped = content_digest(demo=demo)
    state = session.get(KnowledgeState, 1, with_for_update=True)
    if state is not None and state.shipped == shipped:
        return
    documents = read_content(demo=demo)
    if state is None:
        fill_empty(session, documents, at=at)
    else:
        propose_shipped(session, documents, at=at)
    session.get_one(KnowledgeState, 1).shipped = shipped


def propose_shipped(session: Session, documents: Iterable[Document], *, at: datetime) -> list[Revision]:
    """Bring in what a release ships: published where nobody has touched the document, else proposed beside it.

    Returns the revisions made. What was shipped last is not brought in again, nor what an editor has written already;
    and nothing that an editor has written is replaced.
    """
    _wait_for_turn(session)
    known: dict[tuple[str, str], list[Any]] = {}
    columns = Revision.kind, Revision.key, Revision.number, Revision.digest, Revision.origin
    for row in session.execute(select(*columns).order_by(Revision.number)):
        known.setdefault((row.kind, row.key), []).append(row)
    made = []
    for document in documents:
        earlier = known.get((document.kind, document.key), [])
        body = document.body()
        sum_ = digest(body)
        shipped = [row.digest for row in earlier if row.origin == CONTENT]
        if sum_ in (*shipped[-1:], *(row.digest for row in earlier[-1:])):
            continue
        revision = Revision(
            kind=document.kind,
            key=document.key,
            number=earlier[-1].number + 1 if earlier else 1,
            body=body,
            digest=sum_,
            status="proposed",
            origin=CONTENT,
            author=CONTENT,
            reason="随软件新版本发布的内容",
            at=at,
        )
        if all(row.origin == CONTENT for row in earlier):
            revision.effective_from = _day(at) if earlier else None
            _let_hold(session, revision, status="published", by=CONTENT, at=at)
        made.append(revision)
    session.add_all(made)
    session.flush()
    return made


# --- the parts ------------------------------------------------------------------------------------------------------


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _wait_for_turn(session: Session) -> None:
    """Nobody else changes anything until this transaction ends, so what is read now stays true."""
    session.get(KnowledgeState, 1, with_for_update=True)


def _newest(session: Session, kind: str, key: str, *, public: bool = False) -> Revision | None:
    """The revision with the highest number; with `public` of those that are not mere proposals."""
    rows = select(Revision).where(Revision.kind == kind, Revision.key == key).order_by(Revision.number.desc()).limit(1)
    return session.scalar(rows.where(Revision.status != "proposed") if public else rows)


def _find(session: Session, kind: str, key: str, number: int) -> Revision:
    wanted = select(Revision).where(Revision.kind == kind, Revision.key == key, Revision.number == number)
    revision = session.scalar(wanted)
    if revision is None:
        raise RevisionNotFound(f"{kind} {key} has no revision {number}")
    return revision


def _clearing(session: Session, revision: Revision, *, by: str, reason: str, at: datetime) -> Revision:
    """A new revision of the same document with the same body, which hides all older ones from its first day on."""
    newest = _newest(session, revision.kind, revision.key) or revision
    return Revision(
        kind=revision.kind,
        key=revision.key,
        number=newest.number + 1,
        body=revision.body,
        digest=revision.digest,
        clears=True,
        origin="staff",
        author=by,
        reason=reason,
        at=at,
    )


def _let_hold(session: Session, revision: Revision, *, status: str, by: str, at: datetime) -> Revision:
    version = touch(session)  # first: it writes what is pending, and a published row is never written again
    revision.status, revision.published_by, revision.published_at, revision.version = status, by, at, version
    session.add(revision)
    session.flush()
    return revision


def _fact(kind: str, key: str, body: Mapping[str, Any]) -> Fact:
    """The document that the body is; raises `BadContent` like the reading of a file."""
    if kind not in KINDS:
        raise UnknownKind(kind)
    model, key_field, _ = KINDS[kind]
    where = Path(f"{kind} {key}")
    try:
        fact = model.model_validate(body)
    except ValidationError as error:
        raise BadContent(where, 1, problem_words(error)) from None
    if (named := str(getattr(fact, key_field))) != key:
        raise BadContent(where, 1, f"{key_field}: is {named!r}, and the document is {key!r}")
    return fact


def _body(fact: Fact) -> dict[str, Any]:
    return fact.model_dump(mode="json", exclude_defaults=True)


def _check(session: Session, fact: Fact, on: date) -> None:
    """What a document cannot know by itself: what it leads to is there, and a local rule fits on its first day."""
    wanted = set(references(fact))
    columns = tuple_(Revision.kind, Revision.key)
    there = {
        (kind, key) for kind, key in session.execute(select(Revision.kind, Revision.key).where(columns.in_(wanted)))
    }
    for kind, key in sorted(wanted - there):
        raise BadContent(Path("store"), 1, f"no {kind} {key!r}")
    if isinstance(fact, Overlay):
        _check_overlay(session, fact, on)


def _check_overlay(session: Session, overlay: Overlay, on: date) -> None:
    """The local rule fits its service and the other rules for it, as all of them are on that day."""

    def known(kind: str, key: str) -> Fact | None:
        published = in_force(find_published(session, kind, key).get(key, ()), on)
        return published.fact if published else None

    def way_to(at: str) -> list[str]:
        office = known("office", at)
        way, region = ([at], office.region) if isinstance(office, Office) else ([], at)
        while region:
            way.insert(0, region)
            division = known("region", region)
            region = (division.parent or "") if isinstance(division, Region) else ""
        return way

    service = known("service", overlay.service)
    if not isinstance(service, Service):
        raise BadOverlay(overlay.id, f"{overlay.service} is not in force on {on}")
    mentioned = find_published(session, "overlay", saying=overlay.service)
    found = (in_force(all_, on) for key, all_ in mentioned.items() if key != overlay.id)
    others = [one.fact for one in found if one is not None]
    rules = [one for one in others if isinstance(one, Overlay) and one.service == overlay.service]
    check_overlays(service, [*rules, overlay], way_to)


def _diff(path: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from _diff(f"{path}.{key}".lstrip("."), old.get(key), new.get(key))
    elif old != new:
        before, after = _by_id(old), _by_id(new)
        if before is None or after is None:
            yield Change(path, old, new)
            return
        yield from _diff(path, before, after)
        kept = [id for id in after if id in before]
        if kept != [id for id in before if id in after]:
            yield Change(path, list(before), list(after))


def _by_id(things: Any) -> dict[str, Any] | None:
    """A list of things with ids by these; None for any other list."""
    if not isinstance(things, list) or not all(isinstance(thing, Mapping) and "id" in thing for thing in things):
        return None
    return {thing["id"]: thing for thing in things}
