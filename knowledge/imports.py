"""Files into the store: read whole, compared with what holds, taken over all or not at all."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.errors import BadRequest
from knowledge import revisions
from knowledge.check import clash_words, clashes, folded, names, stored
from knowledge.excel import Progress, Row, read_rows
from knowledge.export import ENDED, Ended, Held, held
from knowledge.loader import KINDS, Document, check_together, read_facts, read_file, references
from knowledge.local_rules import JUDGED, find_misfits
from knowledge.models import Revision
from knowledge.revisions import Change, Publication
from knowledge.rows import check_references, read_documents
from knowledge.store import Key, Published, Revisions, pack
from knowledge.tables import SERVICES

DAY = re.compile(r"\d{4}-\d\d-\d\d")
WORKBOOKS = (".xlsx", ".xlsm", ".xltm", ".xltx", ".xlsb", ".xlam", ".xls", ".csv")


@dataclass(frozen=True)
class Step:
    """What the file makes of a document, from `day` on if not at once; without a `document` it ends.

    `newest` is the number of its newest revision in the store, None without any.
    """

    key: Key
    document: Document | None
    newest: int | None
    is_new: bool
    changes: tuple[Change, ...]
    day: date | None


@dataclass(frozen=True)
class Plan:
    """What an import would do; `same` documents are left alone, `warnings` do not stand in its way."""

    steps: tuple[Step, ...]
    same: int
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Turn:
    """What a file says of one day: the documents that are others from then on, and those that are no more."""

    documents: Sequence[Document]
    ended: Sequence[Key] = ()

    def by_key(self) -> dict[Key, Document | None]:
        return {**dict.fromkeys(self.ended), **{_key(document): document for document in self.documents}}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: of the millions of objects that a large file makes nearly all stay to the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def plan_import(
    session: Session,
    file: Path,
    *,
    on: date,
    kind: str | None = None,
    progress: Progress = lambda sheet, row: None,
) -> Plan:
    """Read a folder, a YAML, Excel or CSV file and compare it with what the store holds on that day.

    What a folder says of later days is compared with what the store holds then. Raises `BadTable` or `BadContent`,
    naming places, when anything in it is wrong, and `BadOverlay` when a published local rule would not fit any more.
    """
    store = held(session, on)
    rows: list[Row] = []
    turns: dict[date, _Turn]
    if file.suffix.lower() in WORKBOOKS:
        rows = read_rows(file, progress)
        offices = {key: one.body for (kind_, key), one in store.items() if kind_ == "office"}
        turns = {on: _Turn(read_documents(rows, file, offices))}
        check_references(turns[on].documents, rows, file, set(store))
    else:
        turns = _read_yaml(file, kind, on)
    warnings = tuple(_warnings(turns[on].documents, rows, store))
    newest, said = _newest(session), list[Document]()
    steps: list[Step] = []
    turned: set[Key] = set()
    for day, turn in turns.items():
        store = store if day == on else held(session, day)
        said = [*_without(said, map(_key, turn.documents)), *turn.documents]  # what ended can still be referred to
        check_together(_with_neighbours(said, store))
        for key, document in turn.by_key().items():
            before = store.get(key)
            changes = _changes(document, before) if document else ()
            if changes or (before is None) != (document is None) or key in turned:  # what it was before has changed
                is_new = before is None and key not in turned
                steps.append(Step(key, document, newest.get(key), is_new, changes, None if day == on else day))
                turned.add(key)
    _check_local_rules(session, steps, on)
    return Plan(tuple(steps), sum(len(turn.by_key()) for turn in turns.values()) - len(steps), warnings)


@_uncollected()
def apply_plan(
    session: Session,
    plan: Plan,
    *,
    author: str,
    reason: str,
    at: datetime,
    on: date | None = None,
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Publish every step, with two calls of `progress` for each; the caller commits, or nothing.

    Raises `EditConflict` when somebody else was quicker, and `BadOverlay` when a local rule would not fit any more.
    """
    publications = []
    newest: dict[Key, int] = {}
    for step in plan.steps:
        if step.document is None:
            proposed = revisions.propose_end(session, *step.key, by=author, reason=reason, at=at)
        else:
            proposed = revisions.propose(
                session,
                *step.key,
                step.document.body(),
                based_on=newest.get(step.key, step.newest),
                author=author,
                reason=reason,
                at=at,
                origin="import",
            )
        newest[step.key] = proposed.number
        ends = step.document is None
        publications.append(Publication(step.key, proposed.number, step.day or on, ends=ends))
        progress()
    revisions.publish_together(session, publications, by=author, at=at, progress=progress)


def _key(document: Document) -> Key:
    return document.kind, document.key


def _without(documents: Iterable[Document], keys: Iterable[Key]) -> list[Document]:
    left_out = set(keys)
    return [document for document in documents if _key(document) not in left_out]


def _read_yaml(path: Path, kind: str | None, on: date) -> dict[date, _Turn]:
    """What a file or a folder says, by the days from which it says it; that day comes first, the later ones in order."""
    if path.is_dir():
        return _read_days(path, kind, on)
    if path.suffix not in (".yaml", ".yml"):
        raise BadRequest(path.name, "只能是文件夹，或以 .yaml、.xlsx、.csv 结尾的文件")
    named = [kind_ for kind_, (_, _, pattern) in KINDS.items() if path.match(pattern)]
    if kind is None and not named:
        raise BadRequest("--kind", f"从文件名 {path.name} 看不出里面是哪一种，请写明：{'、'.join(KINDS)}")
    return {on: _Turn(list(read_file(kind or named[0], path)))}


def _read_days(folder: Path, kind: str | None, on: date) -> dict[date, _Turn]:
    first = _read_folder(folder, kind)
    days = {date.fromisoformat(one.name): _read_folder(one, kind) for one in sorted(folder.iterdir()) if _is_day(one)}
    if not first.documents and not days:
        raise BadRequest(
            str(folder), f"里面没有可以导入的文件：{'、'.join(pattern for _, _, pattern in KINDS.values())}"
        )
    for turn in (turn for day, turn in days.items() if day <= on):  # has come about since the folder was written
        ended = {*first.ended, *turn.ended} - set(map(_key, turn.documents))
        kept = _without(first.documents, (*map(_key, turn.documents), *turn.ended))
        first = _Turn([*kept, *turn.documents], sorted(ended))
    return {on: first, **{day: turn for day, turn in days.items() if day > on}}


def _is_day(folder: Path) -> bool:
    return folder.is_dir() and DAY.fullmatch(folder.name) is not None


def _read_folder(folder: Path, kind: str | None) -> _Turn:
    documents = [
        document
        for kind_, (_, _, pattern) in KINDS.items()
        if kind in (None, kind_)
        for file in sorted(folder.glob(pattern))
        for document in read_file(kind_, file)
    ]
    ended = (fact for fact, _ in read_facts(Ended, folder / ENDED)) if (folder / ENDED).exists() else ()
    return _Turn(documents, [(one.kind, one.key) for one in ended if kind in (None, one.kind)])


def _with_neighbours(documents: Sequence[Document], store: Mapping[Key, Held]) -> list[Document]:
    """The documents and, out of the store, whatever they lead to."""
    found = list(documents)
    met = {(document.kind, document.key) for document in documents}
    for document in found:  # grows while it is read
        for key in references(document.fact):
            if key not in met and key in store:
                met.add(key)
                found.append(stored(key, store[key].body))
    return found


def _check_local_rules(session: Session, steps: Sequence[Step], on: date) -> None:
    planned: dict[Key, Revisions] = {}
    with_rules = any(step.key[0] == "overlay" for step in steps)
    for step in steps:
        if step.key[0] in JUDGED and (with_rules or not step.is_new):  # nothing published depends on what is new
            earlier, body = planned.get(step.key, ()), pack(step.document.body()) if step.document else None
            number = (step.newest or 0) + len(earlier) + 1
            one = Published(step.key[0], body, number, step.day or on, clears=step.document is None)
            planned[step.key] = (*earlier, one)
    for misfit in find_misfits(session, planned, on):
        raise misfit.error()


def _newest(session: Session) -> dict[Key, int]:
    columns = Revision.kind, Revision.key
    return {
        (kind, key): number
        for kind, key, number in session.execute(select(*columns, func.max(Revision.number)).group_by(*columns))
    }


def _changes(document: Document, before: Held | None) -> tuple[Change, ...]:
    return tuple(revisions.diff(before.body, document.body())) if before else ()


def _warnings(documents: Sequence[Document], rows: Sequence[Row], store: Mapping[Key, Held]) -> Iterator[str]:
    """Names that two services claim, where one of them is in the file; with the cell, where it has cells."""
    imported = {document.key: document.fact for document in documents if document.kind == "service"}
    if not imported:
        return
    claims = {key: names(held.body) for (kind, key), held in store.items() if kind == "service"}
    claims |= {key: names(fact.model_dump()) for key, fact in imported.items()}
    for words, ids in clashes(claims).items():
        for id in ids:
            if id in imported:
                yield _placed(words, id, rows) + clash_words(words, ids)


def _placed(words: str, id: str, rows: Sequence[Row]) -> str:
    row = next((row for row in rows if row.table is SERVICES and row.id == id), None)
    if row is None:
        return f"{id}："
    name, aliases = (column for column in SERVICES.columns if column.fact in ("name", "aliases"))
    return row.at(name if folded(row.words[name.header]) == words else aliases, "")
