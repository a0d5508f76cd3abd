"""What holds on a day, written as files: YAML loses nothing, Excel holds services and offices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from base.errors import BadRequest
from knowledge.excel import write_workbook
from knowledge.loader import KINDS
from knowledge.models import Revision
from knowledge.place import Office
from knowledge.rows import write_rows
from knowledge.service import Service

Key = tuple[str, str]
"""Kind and key of a document."""


@dataclass(frozen=True)
class Held:
    """What the store holds of one document on a day."""

    number: int
    body: Mapping[str, Any]


def held(session: Session, on: date) -> dict[Key, Held]:
    """Every document in force on that day, in the order in which it first came in."""
    rows = session.execute(
        select(Revision.kind, Revision.key, Revision.number, Revision.status, Revision.body)
        .where(
            Revision.status != "proposed",
            Revision.effective_from.is_(None) | (Revision.effective_from <= on),
            Revision.effective_to.is_(None) | (Revision.effective_to > on),
        )
        .order_by(Revision.number, Revision.id)
    )
    # A dict keeps the place of a document's first revision and what its last one says; a retired one says nothing.
    found = {
        (kind, key): Held(number, body) if status == "published" else None for kind, key, number, status, body in rows
    }
    return {key: held for key, held in found.items() if held is not None}


def export(documents: Mapping[Key, Held], target: Path, kind: str | None = None) -> int:
    """Write documents of one kind, or all, into a folder, a .yaml or an .xlsx file; returns how many."""
    chosen = {key: one.body for key, one in documents.items() if kind in (None, key[0])}
    if target.suffix == ".xlsx":
        chosen = {key: body for key, body in chosen.items() if key[0] in ("service", "office")}
        write_workbook(
            target,
            write_rows(
                [Service.model_validate(body) for (kind, _), body in chosen.items() if kind == "service"],
                [Office.model_validate(body) for (kind, _), body in chosen.items() if kind == "office"],
            ),
        )
    elif target.suffix in (".yaml", ".yml"):
        if kind is None:
            raise BadRequest("--kind", f"a YAML file holds one kind: {', '.join(KINDS)}; a folder holds all")
        target.write_text(to_yaml(chosen.values()), "utf-8")
    elif target.suffix:
        raise BadRequest(target.name, "must be a folder, a .yaml or an .xlsx file")
    else:
        _write_folder(chosen, target)
    return len(chosen)


def to_yaml(bodies: Iterable[Mapping[str, Any]]) -> str:
    """Documents as `read_file` reads them."""
    return yaml.dump(
        [dict(body) for body in bodies], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120
    )  # fmt: skip


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True  # the loader refuses them


def _write_folder(bodies: Mapping[Key, Mapping[str, Any]], folder: Path) -> None:
    """Files as in `knowledge/content/`, services by domain."""
    if folder.exists() and any(folder.iterdir()):
        raise BadRequest(str(folder), "is not empty; old files in it would be read as well")
    files: dict[str, list[Mapping[str, Any]]] = {}
    for (kind, _), body in bodies.items():
        files.setdefault(KINDS[kind][2].replace("*", body.get("domain", "")), []).append(body)
    for name, documents in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(to_yaml(documents), "utf-8")
