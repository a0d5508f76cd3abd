"""`banshi knowledge`: what the guide knows, from a terminal: in and out of files, checked, compared, published."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer

from base.clock import now
from base.db import Database
from base.errors import BadRequest, RevisionNotFound
from base.settings import load_settings
from cli.prepare import prepare_database
from knowledge import check as checks
from knowledge import export as exports
from knowledge import imports, revisions, store
from knowledge.excel import write_workbook
from knowledge.loader import KINDS, read_content
from knowledge.models import Revision

app = typer.Typer(
    no_args_is_help=True, help="what the guide knows: into files and out of them, compared, published, retired"
)

By = Annotated[str, typer.Option(help="who does it; stands in the history", default_factory=getuser)]
Id = Annotated[str, typer.Argument(help="id of a service, or of a document of --kind")]
Kind = Annotated[str, typer.Option(help=" ".join(KINDS), callback=lambda value: _kind(value))]
AnyKind = Annotated[
    str | None, typer.Option(help="only this kind: " + " ".join(KINDS), callback=lambda value: _kind(value))
]
OnDay = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="first day; without it at once")]

Reason = Annotated[str, typer.Option(help="stands in the history")]


@app.command("list")
def list_services(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """The services and bundles in force today, one a line: id, name, domain, revision, confidence."""
    today = now().date()
    with _database() as database, database.reading() as session:
        knowledge = store.load(session)
        for head in knowledge.heads(today):
            row = {
                "id": head.id,
                "name": head.name,
                "domain": head.domain,
                "revision": knowledge.find(head.id, today).revision,
                "confidence": head.confidence,
            }
            print(json.dumps(row, ensure_ascii=False) if as_json else "\t".join(map(str, row.values())))


@app.command()
def check() -> None:
    """Whether the shipped content and the store are sound; exit 1 and every error if not, warnings beside."""
    read_content(demo=True)
    with _database() as database, database.reading() as session:
        today = now().date()
        errors = list(checks.find_errors(session, today))
        held = exports.held(session, today)
        for warning in checks.find_warnings(held):
            print(f"提醒：{warning}")
        for error in errors:
            print(f"错误：{error}")
    if errors:
        raise typer.Exit(1)
    print(f"没有错误：{len(held)} 份文档")


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="an empty folder, a .yaml file (with --kind) or an .xlsx file")],
    kind: AnyKind = None,
    on: OnDay = None,
) -> None:
    """Write what is in force. A folder loses nothing: what is to hold later stands in a folder named by its first day.

    A single .yaml file holds one kind and Excel services and offices, both only as they are on that day.
    """
    with _database() as database, database.reading() as session:
        later = exports.find_later(session, _day(on))
        count = exports.export(exports.held(session, _day(on)), target, kind, later)
    print(f"{target}：{count} 份文档")
    if later:
        days = "、".join(map(str, later))
        print(f"另有定于 {days} 起生效的修改" + ("，只有导出到文件夹才会带上" if target.suffix else "，一并导出"))


@app.command()
def template(file: Annotated[Path, typer.Argument(help="an .xlsx file to be made")]) -> None:
    """Make an empty workbook with all columns, drop-downs and an example."""
    if file.suffix != ".xlsx":
        raise BadRequest(file.name, "文件名要以 .xlsx 结尾")
    write_workbook(file)
    print(f"{file}：模板")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, help="a folder, a .yaml, .xlsx or .csv file")],
    author: By,
    dry_run: Annotated[bool, typer.Option(help="show what would change, and stop")] = False,
    yes: Annotated[bool, typer.Option(help="do not ask before publishing")] = False,
    reason: Annotated[str, typer.Option(help="stands in the history")] = "",
    kind: AnyKind = None,
    on: OnDay = None,
) -> None:
    """Take over a file, all of it or nothing: shows what changes, asks, publishes.

    In a folder a folder named by a day, such as 2027-01-01, holds what is to hold from that day on.
    """
    with _database() as database:
        with database.reading() as session:
            plan = imports.plan_import(session, file, on=_day(on), kind=kind, progress=_show_row)
        if not plan.steps and not plan.same:
            print(f"{file}：里面一份文档都没有", file=sys.stderr)
            raise typer.Exit(2)
        _show_plan(plan)
        if dry_run or not plan.steps:
            return
        if not yes:
            typer.confirm("发布这些修改？", abort=True, err=True)
        with (
            typer.progressbar(length=2 * len(plan.steps), label="写入", file=sys.stderr) as bar,
            database.writing() as session,
        ):
            imports.apply_plan(
                session,
                plan,
                author=author,
                reason=reason or f"导入 {file.name}",
                at=now(),
                on=on.date() if on else None,
                progress=lambda: bar.update(1),
            )
    print(f"已发布 {len(plan.steps)} 份文档")


@app.command()
def diff(
    id: Id,
    a: Annotated[int | None, typer.Argument(help="the older revision; without it the one in force")] = None,
    b: Annotated[int | None, typer.Argument(help="the newer revision; without it the newest")] = None,
    kind: Kind = "service",
) -> None:
    """What differs between two revisions."""
    with _database() as database, database.reading() as session:
        all_ = _history(session, kind, id)
        held = exports.held(session, now().date()).get((kind, id))
        newest = all_[-1] if b is None else _numbered(all_, b, id)
        older = held.number if held and held.number != newest.number else newest.number - 1
        if a is not None:
            older = _numbered(all_, a, id).number
        before = _numbered(all_, older, id).body if older else {}
        print(f"{id} 第 {older} 版 → 第 {newest.number} 版")
        changes = revisions.diff(before, newest.body)
        for change in changes:
            print(_change_words(change))
        if not changes:
            print("没有差别")


@app.command()
def history(id: Id, kind: Kind = "service") -> None:
    """All revisions, oldest first: number, state today, from when, by whom, when written, why."""
    with _database() as database, database.reading() as session:
        all_ = _history(session, kind, id)
        present, later = revisions.find_turns(session, kind, id, now().date())
        for revision in all_:
            print(
                revision.number,
                _state(revision, present, later),
                _validity(revision),
                revision.author,
                f"{revision.at:%Y-%m-%d %H:%M}",
                revision.reason,
                sep="\t",
            )


@app.command()
def publish(
    id: Id,
    by: By,
    number: Annotated[int | None, typer.Argument(help="which proposal; without it the newest")] = None,
    kind: Kind = "service",
    on: OnDay = None,
) -> None:
    """Let a proposed revision hold, at once or from a day on."""
    with _database() as database:
        with database.writing() as session:
            waiting = [one.number for one in _history(session, kind, id) if one.status == "proposed"]
            if number is None and not waiting:
                raise RevisionNotFound(f"{id} 没有待发布的版本")
            revision = revisions.publish(
                session,
                kind,
                id,
                waiting[-1] if number is None else number,
                by=by,
                at=now(),
                effective_from=on.date() if on else None,
            )
        print(f"{id} 第 {revision.number} 版：{_done(revision)}，{_validity(revision)}")


@app.command()
def retire(id: Id, by: By, reason: Reason, kind: Kind = "service", on: OnDay = None) -> None:
    """Let a document hold no more, at once or from a day on; what it said stays in the history."""
    with _database() as database:
        with database.writing() as session:
            _history(session, kind, id)
            day = on.date() if on else None
            revision = revisions.retire(session, kind, id, by=by, reason=reason, at=now(), on=day)
        print(f"{id} 第 {revision.number} 版：{_done(revision)}，{_validity(revision)}")


@app.command("roll-back")
def roll_back(
    id: Id,
    number: Annotated[int, typer.Argument(help="the revision that is to hold once more")],
    by: By,
    reason: Reason,
    kind: Kind = "service",
) -> None:
    """Publish an earlier revision once more, from today on; what was to come later falls away."""
    with _database() as database:
        with database.writing() as session:
            _numbered(_history(session, kind, id), number, id)
            revision = revisions.roll_back(session, kind, id, number, by=by, reason=reason, at=now())
        print(f"{id} 第 {revision.number} 版（内容同第 {number} 版）：{_done(revision)}，{_validity(revision)}")


@contextmanager
def _database() -> Iterator[Database]:
    settings = load_settings()
    prepare_database(settings)
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def _kind(value: str | None) -> str | None:
    if value is not None and value not in KINDS:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(KINDS)}")
    return value


def _day(on: datetime | None) -> date:
    return on.date() if on else now().date()


def _history(session: Any, kind: str, id: str) -> list[Revision]:
    found = revisions.history(session, kind, id)
    if not found:
        raise RevisionNotFound(f"没有编号为 {id} 的{'事项' if kind == 'service' else ' ' + kind}")
    return found


def _numbered(all_: list[Revision], number: int, id: str) -> Revision:
    found = next((revision for revision in all_ if revision.number == number), None)
    if found is None:
        raise RevisionNotFound(f"{id} 没有第 {number} 版")
    return found


def _validity(revision: Revision) -> str:
    first = f"{revision.effective_from} 起" if revision.effective_from else "即时生效"
    return f"{first}，到 {revision.effective_to} 前" if revision.effective_to else first


def _done(revision: Revision) -> str:
    return "已停用" if revision.status == "retired" else "已发布"


def _state(revision: Revision, present: int | None, later: set[int]) -> str:
    """What a revision is today, when `present` has its turn and those of `later` will have it."""
    if revision.status == "proposed":
        return "待发布"
    ends = revision.status == "retired"
    if revision.number == present:
        return "已停用" if ends else "现行"
    if revision.number in later:
        return "待停用" if ends else "待生效"
    return "已失效"


def _show_row(sheet: str, row: int) -> None:
    if row % 500 == 0 and sys.stderr.isatty():
        sys.stderr.write(f"\r读取 {sheet} 第 {row} 行")
        sys.stderr.flush()


def _show_plan(plan: imports.Plan) -> None:
    for step in plan.steps:
        sign = "+" if step.is_new else "~" if step.document else "-"
        name = getattr(step.document.fact, "name", "") if step.document else ""
        day = f"（{step.day} 起）" if step.day else ""
        print(f"{sign} {' '.join(step.key)} {name}".rstrip() + day)
        for change in step.changes:
            print(f"    {_change_words(change)}")
    for warning in plan.warnings:
        print(f"提醒：{warning}")
    new = sum(step.is_new for step in plan.steps)
    ended = sum(step.document is None for step in plan.steps)
    print(f"新增 {new}，修改 {len(plan.steps) - new - ended}，不变 {plan.same}" + (f"，停用 {ended}" if ended else ""))


def _change_words(change: revisions.Change) -> str:
    return f"{change.path}: {_value(change.before)} → {_value(change.after)}"


def _value(value: Any) -> str:
    if value is None:
        return "（无）"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
