"""Changing what is known: proposed, published from a day on, retired, rolled back; nothing is ever overwritten.

Whoever opens the session commits. Who changes something waits until nobody else does, and every change that can be
seen moves the version of the knowledge on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from base.clock import CHINA
from base.errors import BadContent, BadRequest, EditConflict, RevisionNotFound, UnknownKind
from knowledge.circles import check_circles
from knowledge.loader import ABOVE, KINDS, Document, content_digest, read_content, references
from knowledge.local_rules import JUDGED, Misfit, find_misfits
from knowledge.models import Revision
from knowledge.service import Fact, problem_words
from knowledge.store import (
    Key,
    Published,
    Revisions,
    digest,
    fill_empty,
    find_holding,
    find_published,
    pack,
    portions,
    touch,
    turning_days,
    wait_for_turn,
)

CONTENT = "content"  # the origin of what is shipped, and its author


@dataclass(frozen=True)
class Publication:
    """A proposal that is to hold from a day on (None: today, a first revision always) to the day before another.

    One that `ends` its document is such as `propose_end` makes.
    """

    key: Key
    number: int
    effective_from: date | None = None
    effective_to: date | None = None
    ends: bool = False


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
    wait_for_turn(session)
    earlier = history(session, kind, key)
    newest = earlier[-1] if earlier else None
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

    A correction of today's text does not undo what was scheduled for later. Raises `RevisionNotFound`, `EditConflict`
    when it or a newer one is published already, `BadContent` when it leads to what is not there or to itself, and `BadOverlay` when
    a local rule that holds then or later would not fit.
    """
    (revision,) = publish_together(
        session, [Publication((kind, key), number, effective_from, effective_to)], by=by, at=at
    )  # fmt: skip
    return revision


def propose_end(session: Session, kind: str, key: str, *, by: str, reason: str, at: datetime) -> Revision:
    """A revision that ends the document, to be published together with others.

    Raises `RevisionNotFound` when there is no such document.
    """
    wait_for_turn(session)
    earlier = history(session, kind, key)
    if not earlier:
        raise RevisionNotFound(f"没有 {kind} {key}")
    revision = _clearing(earlier[-1], earlier, by=by, reason=reason, at=at)
    revision.status = "proposed"
    session.add(revision)
    session.flush()
    return revision


def publish_together(
    session: Session,
    publications: Sequence[Publication],
    *,
    by: str,
    at: datetime,
    progress: Callable[[], None] = lambda: None,
) -> list[Revision]:
    """Publish proposals that may lead to each other: judged as they hold together, published all or none.

    Raises like `publish`; one call of `progress` for each.
    """
    wait_for_turn(session)
    histories = _histories(session, {one.key for one in publications})
    steps = [_step(one, histories.get(one.key, []), at) for one in publications]
    _check_facts(session, steps, _day(at))
    return _let_hold(session, steps, by=by, at=at, progress=progress)


def retire(
    session: Session, kind: str, key: str, *, by: str, reason: str, at: datetime, on: date | None = None
) -> Revision:
    """Let the document hold no more from `on` (today if none is given); what it said before stays on record.

    Raises `RevisionNotFound` when it is not published, `BadRequest` for a day that is past, and `BadOverlay` when a
    local rule would be left without it.
    """
    wait_for_turn(session)
    earlier = history(session, kind, key)
    public = _newest_public(earlier)
    if public is None or public.status == "retired":
        raise RevisionNotFound(f"{kind} {key} 没有发布，或者已经停用、已定停用")
    first = on or _day(at)
    _check_not_past(first, at)
    revision = _clearing(public, earlier, by=by, reason=reason, at=at)
    return _let_hold(session, [_Step(revision, "retired", first)], by=by, at=at)[0]


def roll_back(session: Session, kind: str, key: str, to_number: int, *, by: str, reason: str, at: datetime) -> Revision:
    """Publish an earlier body once more, as a new revision that holds from today; what was scheduled falls away.

    Raises like `publish`.
    """
    wait_for_turn(session)
    all_ = history(session, kind, key)
    earlier = _numbered(all_, kind, key, to_number)
    step = _Step(_clearing(earlier, all_, by=by, reason=reason, at=at), "published", _day(at))
    _check_facts(session, [step], _day(at))
    return _let_hold(session, [step], by=by, at=at)[0]


def history(session: Session, kind: str, key: str) -> list[Revision]:
    """All revisions of a document, oldest first; [] for an unknown one."""
    rows = select(Revision).where(Revision.kind == kind, Revision.key == key).order_by(Revision.number)
    return list(session.scalars(rows))


def find_turns(session: Session, kind: str, key: str, on: date) -> tuple[int | None, set[int]]:
    """The number of the revision that has its turn on that day, be it a retirement, and of those that come later."""
    published = find_published(session, kind, key).get(key, ())
    holding = [find_holding(published, day) for day in (on, *turning_days(published, on))]
    present, *later = [one.revision if one else None for one in holding]
    return present, {number for number in later if number not in (None, present)}


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between two bodies, in their order; lists of things with ids are compared thing by thing."""
    return list(_diff("", old, new))


def take_in_content(session: Session, *, demo: bool, at: datetime) -> None:
    """Fill an empty store with the content; lay what a later release ships beside what is there."""
    shipped = content_digest(demo=demo)
    state = wait_for_turn(session)
    if state.shipped == shipped:
        return
    documents = read_content(demo=demo)
    if not fill_empty(session, documents, at=at):
        propose_shipped(session, documents, at=at)
    state.shipped = shipped


def propose_shipped(session: Session, documents: Iterable[Document], *, at: datetime) -> list[Revision]:
    """Bring in what a release ships: published where nobody has touched the document, else proposed beside it.

    Returns the revisions made. What was shipped last is not brought in again, nor what an editor has written already;
    nothing that an editor has written is replaced, and what would break a local rule is only proposed as well.
    """
    wait_for_turn(session)
    known: dict[tuple[str, str], list[Any]] = {}
    columns = Revision.kind, Revision.key, Revision.number, Revision.digest, Revision.origin
    for row in session.execute(select(*columns).order_by(Revision.number)):
        known.setdefault((row.kind, row.key), []).append(row)
    made, steps = [], []
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
            steps.append(_Step(revision, "published", _day(at) if earlier else None))
        made.append(revision)
    _write(session, _without_misfits(session, steps, _day(at)), by=CONTENT, at=at)
    session.add_all(made)
    session.flush()
    return made


# --- the parts ------------------------------------------------------------------------------------------------------


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _histories(session: Session, keys: Iterable[Key]) -> dict[Key, list[Revision]]:
    """All revisions of several documents, oldest first."""
    found: dict[Key, list[Revision]] = {}
    for some in portions(keys):
        wanted = tuple_(Revision.kind, Revision.key).in_(some)
        for revision in session.scalars(select(Revision).where(wanted).order_by(Revision.number)):
            found.setdefault((revision.kind, revision.key), []).append(revision)
    return found


def _newest_public(revisions: Sequence[Revision]) -> Revision | None:
    return next((revision for revision in reversed(revisions) if revision.status != "proposed"), None)


def _numbered(revisions: Iterable[Revision], kind: str, key: str, number: int) -> Revision:
    for revision in revisions:
        if revision.number == number:
            return revision
    raise RevisionNotFound(f"{kind} {key} 没有第 {number} 版")


def _clearing(body_of: Revision, earlier: Sequence[Revision], *, by: str, reason: str, at: datetime) -> Revision:
    """A new revision of the same document with the same body, which hides all older ones from its first day on."""
    return Revision(
        kind=body_of.kind,
        key=body_of.key,
        number=earlier[-1].number + 1,
        body=body_of.body,
        digest=body_of.digest,
        clears=True,
        origin="staff",
        author=by,
        reason=reason,
        at=at,
    )


@dataclass(frozen=True)
class _Step:
    """A revision that is to hold, or to retire its document, from `first` to the day before `until`."""

    revision: Revision
    status: str
    first: date | None
    until: date | None = None

    @property
    def key(self) -> Key:
        return self.revision.kind, self.revision.key

    def published(self) -> Published:
        body = pack(self.revision.body) if self.status == "published" else None
        clears = bool(self.revision.clears)
        return Published(self.revision.kind, body, self.revision.number, self.first, self.until, clears)


def _step(wanted: Publication, revisions: Sequence[Revision], at: datetime) -> _Step:
    """The publication of a proposal, when its turn and its days are right."""
    revision = _numbered(revisions, *wanted.key, wanted.number)
    public, first = _newest_public(revisions), wanted.effective_from
    if public is not None and public.number >= wanted.number:
        raise EditConflict(
            wanted.key[1], by=public.published_by or public.author, at=public.published_at or public.at
        )  # fmt: skip
    if public is not None and first is None:
        first = _day(at)  # what held until yesterday still did
    if public is not None and first is not None:
        _check_not_past(first, at)
    if wanted.effective_to is not None and wanted.effective_to <= (first or _day(at)):
        raise BadRequest("effective_to", f"{wanted.effective_to} 不晚于生效的那一天")
    return _Step(revision, "retired" if wanted.ends else "published", first, wanted.effective_to)


def _check_not_past(first: date, at: datetime) -> None:
    if first < _day(at):
        raise BadRequest("effective_from", f"{first} 已经过去，当时怎么说的不能再改")


def _let_hold(
    session: Session, steps: Sequence[_Step], *, by: str, at: datetime, progress: Callable[[], None] = lambda: None
) -> list[Revision]:
    for misfit in _misfits(session, steps, _day(at)):
        raise misfit.error()
    return _write(session, steps, by=by, at=at, progress=progress)


def _write(
    session: Session, steps: Sequence[_Step], *, by: str, at: datetime, progress: Callable[[], None] = lambda: None
) -> list[Revision]:
    version = touch(session) if steps else 0
    for step in steps:
        revision = step.revision
        revision.effective_from, revision.effective_to = step.first, step.until
        revision.status, revision.published_by, revision.published_at, revision.version = step.status, by, at, version
        session.add(revision)
        session.flush()
        progress()
    return [step.revision for step in steps]


def _misfits(session: Session, steps: Iterable[_Step], on: date) -> list[Misfit]:
    planned: dict[Key, Revisions] = {}
    for step in steps:
        if step.revision.kind in JUDGED:
            planned[step.key] = (*planned.get(step.key, ()), step.published())
    return find_misfits(session, planned, on)


def _without_misfits(session: Session, steps: Sequence[_Step], on: date) -> Sequence[_Step]:
    """The steps that break no local rule, neither together nor with what is published already."""
    while misfits := _misfits(session, steps, on):
        blamed = {key for misfit in misfits for key in misfit.because}
        steps = [step for step in steps if step.key not in blamed]
    return steps


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
        raise BadContent(where, 1, f"{key_field}：写的是 {named}，这份文档却是 {key}")
    return fact


def _body(fact: Fact) -> dict[str, Any]:
    return fact.model_dump(mode="json", exclude_defaults=True)


def _check_facts(session: Session, steps: Iterable[_Step], on: date) -> None:
    """What the documents lead to is there, whether it holds on a day or not, and never they themselves."""
    facts = [(step, _fact(*step.key, step.revision.body)) for step in steps]
    _check_references(session, [fact for _, fact in facts])
    planned: dict[Key, Revisions] = {}
    for step, fact in facts:
        if step.key[0] in ABOVE and any(ABOVE[step.key[0]](fact)):
            planned[step.key] = (*planned.get(step.key, ()), step.published())
    check_circles(session, planned, on)


def _check_references(session: Session, facts: Iterable[Fact]) -> None:
    wanted = {key for fact in facts for key in references(fact)}
    columns = Revision.kind, Revision.key
    there: set[Key] = set()
    for some in portions(wanted):
        there |= {(kind, key) for kind, key in session.execute(select(*columns).where(tuple_(*columns).in_(some)))}
    for kind, key in sorted(wanted - there):
        raise BadContent(Path("store"), 1, f"没有 {kind} {key}")


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
