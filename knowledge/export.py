"""What holds on a day, written as files: a folder loses nothing, Excel holds services and offices.

In a folder, what holds only from a later day on stands in a folder of its own below it, named by that day: the
documents as they are then, and in `ended.yaml` those that are no more.
"""

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
from knowledge.service import Fact, Service
from knowledge.store import Key, find_turning, in_force, turning_days

ENDED = "ended.yaml"
IN_EXCEL = ("service", "office")
Later = Mapping[date, Mapping[Key, Mapping[str, Any] | None]]
"""First day → what each document that is another one from then on says; None for one that is no more."""


@dataclass(frozen=True)
class Held:
    """What the store holds of one document on a day."""

    number: int
    body: Mapping[str, Any]


class Ended(Fact):
    """What `ended.yaml` says of a document that is no more."""

    kind: str
    key: str


def held(session: Session, on: date) -> dict[Key, Held]:
    """Every document in force on that day, in the order in which it first came in."""
    rows = session.execute(
        select(
            Revision.kind,
            Revision.key,
            Revision.number,
            Revision.status,
            Revision.body,
            Revision.effective_from,
            Revision.clears,
        )
        .where(
            Revision.status != "proposed",
            Revision.effective_from.is_(None) | (Revision.effective_from <= on),
            Revision.effective_to.is_(None) | (Revision.effective_to > on),
        )
        .order_by(Revision.number, Revision.id)
    )
    # As in `in_force`: of those that hold the one that began last. A dict keeps the place of a document's first one.
    found: dict[Key, tuple[date, Held | None]] = {}
    for kind, key, number, status, body, first, clears in rows:
        began, known = first or date.min, found.get((kind, key))
        if known is None or clears or began >= known[0]:
            found[kind, key] = began, Held(number, body) if status == "published" else None
    return {key: one for key, (_, one) in found.items() if one is not None}


def find_later(session: Session, on: date) -> Later:
    """What is published already and turns on a later day, by days."""
    found: dict[date, dict[Key, Mapping[str, Any] | None]] = {}
    for kind, documents in find_turning(session, on).items():
        for key, revisions in documents.items():
            before = in_force(revisions, on)
            for day in turning_days(revisions, on):
                then = in_force(revisions, day)
                if then is not before:
                    found.setdefault(day, {})[kind, key] = then.plain() if then else None
                before = then
    return dict(sorted(found.items()))


def export(documents: Mapping[Key, Held], target: Path, kind: str | None = None, later: Later | None = None) -> int:
    """Write documents of one kind, or all, into a folder, a .yaml or an .xlsx file; returns how many.

    `later`, which only a folder holds, does not count.
    """
    chosen = {key: one.body for key, one in documents.items() if kind in (None, key[0])}
    if target.suffix == ".xlsx":
        if kind not in (None, *IN_EXCEL):
            raise BadRequest("--kind", f"Excel 只放得下 {'、'.join(IN_EXCEL)}；{kind} 请导出为 YAML 文件或文件夹")
        chosen = {key: body for key, body in chosen.items() if key[0] in IN_EXCEL}
        write_workbook(
            target,
            write_rows(
                [Service.model_validate(body) for (kind, _), body in chosen.items() if kind == "service"],
                [Office.model_validate(body) for (kind, _), body in chosen.items() if kind == "office"],
            ),
        )
    elif target.suffix in (".yaml", ".yml"):
        if kind is None:
            raise BadRequest("--kind", f"一个 YAML 文件只放一种：{'、'.join(KINDS)}；要全部导出请写文件夹")
        target.write_text(to_yaml(chosen.values()), "utf-8")
    elif target.suffix:
        raise BadRequest(target.name, "只能是文件夹，或以 .yaml、.xlsx 结尾的文件")
    elif target.exists() and any(target.iterdir()):
        raise BadRequest(str(target), "文件夹不是空的；里面的旧文件以后会被一起导入")
    else:
        _write_folder(chosen, target)
        for day, turning in (later or {}).items():
            _write_folder({key: body for key, body in turning.items() if kind in (None, key[0])}, target / f"{day}")
    return len(chosen)


def to_yaml(bodies: Iterable[Mapping[str, Any]]) -> str:
    """Documents as `read_file` reads them."""
    return yaml.dump(
        [dict(body) for body in bodies], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120
    )  # fmt: skip


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True  # the loader refuses them


def _write_folder(bodies: Mapping[Key, Mapping[str, Any] | None], folder: Path) -> None:
    """Files as in `knowledge/content/`, services by domain."""
    files: dict[str, list[Mapping[str, Any]]] = {}
    for (kind, key), body in bodies.items():
        if body is None:
            files.setdefault(ENDED, []).append({"kind": kind, "key": key})
        else:
            files.setdefault(KINDS[kind][2].replace("*", body.get("domain", "")), []).append(body)
    for name, documents in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(to_yaml(documents), "utf-8")
