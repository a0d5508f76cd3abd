"""Files into the store: read whole, compared with what holds, taken over all or not at all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from knowledge.export import Held, Key, held
from knowledge.loader import KINDS, Document, check_together, read_file, references
from knowledge.models import Revision
from knowledge.revisions import Change, Publication
from knowledge.rows import check_references, read_documents
from knowledge.tables import SERVICES

WORKBOOKS = (".xlsx", ".xlsm", ".xltm", ".xltx", ".xlsb", ".xlam", ".xls", ".csv")


@dataclass(frozen=True)
class Step:
    """One document that the file changes; `newest` is the number of its newest revision, None without any."""

    document: Document
    newest: int | None
    is_new: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Plan:
    """What an import would do; `same` documents are left alone, `warnings` do not stand in its way."""

    steps: tuple[Step, ...]
    same: int
    warnings: tuple[str, ...]


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

    Raises `BadTable` or `BadContent`, naming places, when anything in it is wrong.
    """
    store = held(session, on)
    rows: list[Row] = []
    if file.suffix.lower() in WORKBOOKS:
        rows = read_rows(file, progress)
        offices = {key: one.body for (kind_, key), one in store.items() if kind_ == "office"}
        documents = read_documents(rows, file, offices)
        check_references(documents, rows, file, set(store))
    else:
        documents = _read_yaml(file, kind)
    check_together(_with_neighbours(documents, store))
    newest = _newest(session)
    steps = [
        Step(document, newest.get(key), key not in store, changes)
        for document in documents
        if (changes := _changes(document, store.get(key := (document.kind, document.key)))) or key not in store
    ]
    return Plan(tuple(steps), len(documents) - len(steps), tuple(_warnings(documents, rows, store)))


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
    for step in plan.steps:
        document = step.document
        proposed = revisions.propose(
            session,
            document.kind,
            document.key,
            document.body(),
            based_on=step.newest,
            author=author,
            reason=reason,
            at=at,
            origin="import",
        )
        publications.append(Publication((document.kind, document.key), proposed.number, on))
        progress()
    revisions.publish_together(session, publications, by=author, at=at, progress=progress)


def _read_yaml(path: Path, kind: str | None) -> list[Document]:
    if path.is_dir():
        files = [
            (kind_, file)
            for kind_, (_, _, pattern) in KINDS.items()
            for file in sorted(path.glob(pattern))
            if kind in (None, kind_)
        ]
        if not files:
            raise BadRequest(str(path), f"holds none of {', '.join(pattern for _, _, pattern in KINDS.values())}")
        return [document for kind_, file in files for document in read_file(kind_, file)]
    if path.suffix not in (".yaml", ".yml"):
        raise BadRequest(path.name, "must be a folder, a .yaml, .xlsx or .csv file")
    named = [kind_ for kind_, (_, _, pattern) in KINDS.items() if path.match(pattern)]
    if kind is None and not named:
        raise BadRequest("--kind", f"the name of {path.name} does not say what it holds: {', '.join(KINDS)}")
    return list(read_file(kind or named[0], path))


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
