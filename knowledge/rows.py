"""Rows of tables into documents and back: every slip named with sheet, row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from base.errors import BadTable
from knowledge.excel import Row
from knowledge.loader import KINDS, Document, references
from knowledge.place import Office
from knowledge.service import Fact, Service
from knowledge.tables import COORDINATES, OFFICES, SERVICES, TABLES, Column

PARTS = {table.part: table for table in TABLES if table.part}
_Path = tuple[str | int, ...]


@dataclass
class Draft:
    """A document in the making: its body so far, and the cell that each part of it came from."""

    kind: str
    key: str
    row: Row
    body: dict[str, Any]
    cells: dict[_Path, tuple[Row, Column]] = field(default_factory=dict)
    unread: set[_Path] = field(default_factory=set)

    def near(self, path: _Path) -> _Path:
        """The path of the cell that holds `path`; () when no single cell does."""
        while path and path not in self.cells:
            path = path[:-1]
        return path

    def at(self, path: _Path, problem: str) -> str:
        """The problem with the place of the cell that holds `path`, else with that of the document's id."""
        row, column = self.cells.get(self.near(path), (self.row, self.row.table.columns[0]))
        return row.at(column, problem)


def read_documents(rows: Iterable[Row], file: Path, offices: Mapping[str, Mapping[str, Any]]) -> list[Document]:
    """The documents that the rows describe; `offices` are the bodies of those that coordinates may be added to.

    Raises `BadTable` with every slip.
    """
    problems: list[str] = []
    drafts: dict[tuple[str, str], Draft] = {}
    for row in rows:
        draft = _draft_of(row, drafts, offices, problems)
        if draft is not None:
            _take(row, draft, problems)
    documents = []
    for draft in drafts.values():
        slips = [*_twice(draft), *_unknown_conditions(draft)]
        fact = None if slips else _validated(draft, slips)
        problems += slips
        if fact is not None:
            documents.append(Document(draft.kind, draft.key, fact, file, draft.row.number))
    if problems:
        raise BadTable(file, problems)
    return documents


def check_references(
    documents: Sequence[Document], rows: Sequence[Row], file: Path, known: set[tuple[str, str]]
) -> None:
    """Everything that the documents lead to is among them or `known`; raises `BadTable` with the cells that do not."""
    known = known | {(document.kind, document.key) for document in documents}
    unknown = {
        (document.kind, document.key, key)
        for document in documents
        for kind, key in references(document.fact)
        if (kind, key) not in known
    }
    problems = [
        row.at(column, f"没有编号为“{key}”的{NAMES.get(column.fact, '内容')}")
        for row in rows
        for column in row.table.columns
        for key in sorted(_leads_to(row, column))
        if (row.table.kind, row.id, key) in unknown
    ]
    if problems:
        raise BadTable(file, problems)


NAMES = {
    "bundle.members": "事项", "region": "行政区划", "matters": "办理业务", "part_of": "网点", "document": "规范材料",
}  # fmt: skip
"""Columns that lead to another document → what it is called."""


def _leads_to(row: Row, column: Column) -> set[str]:
    return set(row.words.get(column.header, "").split("\n")) if column.fact in NAMES else set()


def _draft_of(
    row: Row, drafts: dict[tuple[str, str], Draft], offices: Mapping[str, Mapping[str, Any]], problems: list[str]
) -> Draft | None:
    """The document that a row belongs to: a new one, or that of an earlier row."""
    table, first = row.table, row.table.columns[0]
    draft = drafts.get((table.kind, row.id))
    if not row.id:
        problems.append(row.at(first, "必填（合并的单元格只算第一格，请取消合并，每行都填）"))
    elif table.part and draft is None:
        problems.append(row.at(first, f"“{SERVICES.name}”表里没有编号为“{row.id}”的事项"))
    elif table is COORDINATES and draft is None and row.id not in offices:
        problems.append(row.at(first, f"没有编号为“{row.id}”的网点"))
    elif table.part or (table is COORDINATES and draft is not None and draft.row.table is OFFICES):
        return draft
    elif draft is not None:
        problems.append(row.at(first, f"编号“{row.id}”重复，第 {draft.row.number} 行已有"))
    else:
        body = {"time_limit": {}} if table is SERVICES else dict(offices[row.id]) if table is COORDINATES else {}
        drafts[table.kind, row.id] = Draft(table.kind, row.id, row, body)
        return drafts[table.kind, row.id]
    return None


def _take(row: Row, draft: Draft, problems: list[str]) -> None:
    """Put the row's cells into the document."""
    table, target, columns = row.table, draft.body, row.table.columns
    path: _Path = ()
    if table.part:
        elements = draft.body.setdefault(table.part, [])
        path, columns = (table.part, len(elements)), table.columns[1:]
        target = {}
        elements.append(target)
    for column in columns:
        draft.cells[path + column.path] = (row, column)
        words = row.words.get(column.header)
        if words is None:
            if table is COORDINATES:
                draft.unread.add(column.path)
                problems.append(row.at(column, "必填"))
            continue
        try:
            _put(target, column.path, column.cell.read(words))
        except ValueError as error:
            draft.unread.add(path + column.path)
            problems.append(row.at(column, str(error)))


def _put(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        target = target.setdefault(name, {})
    target[path[-1]] = value


def _twice(draft: Draft) -> Iterator[str]:
    """Ids of situations and materials that stand twice in the service."""
    for part in ("situations", "materials"):
        seen: dict[str, int] = {}
        for index, element in enumerate(draft.body.get(part, ())):
            first = seen.setdefault(element.get("id", ""), index)
            if first != index:
                row, _ = draft.cells[part, first, "id"]
                yield draft.at((part, index, "id"), f"编号“{element.get('id', '')}”重复，第 {row.number} 行已有")


def _unknown_conditions(draft: Draft) -> Iterator[str]:
    situations = {s["id"]: s.get("options") for s in draft.body.get("situations", ()) if "id" in s}
    for place, condition in _conditions(draft.body):
        for situation, options in condition.items():
            if situation not in situations:
                yield draft.at(place, f"这个事项没有编号为“{situation}”的情形")
            elif not options:
                yield draft.at(place, f"情形“{situation}”没有写选项")
            for option in options:
                if option not in (situations.get(situation) or options):
                    yield draft.at(place, f"情形“{situation}”没有编号为“{option}”的选项")


def _conditions(body: Mapping[str, Any]) -> Iterator[tuple[_Path, Mapping[str, Sequence[str]]]]:
    """Every condition of a service, with its path."""
    for part in ("materials", "fees"):
        for index, element in enumerate(body.get(part, ())):
            yield (part, index, "when"), element.get("when", {})
    for condition in body.get("bundle", {}).get("when", {}).values():
        yield ("bundle", "when"), condition


def _validated(draft: Draft, slips: list[str]) -> Fact | None:
    model, _, _ = KINDS[draft.kind]
    try:
        return model.model_validate(draft.body)
    except ValidationError as error:
        found = error.errors(include_url=False)
        inside = {slip["loc"][:length] for slip in found for length in range(1, len(slip["loc"]))}
        # Not what was said already: of a cell that could not be read, or of a list whose elements are wrong;
        # nor of a whole that lacks what could not be read.
        for slip in found:
            half_read = draft.unread and not slip["loc"]
            if slip["loc"] not in inside and draft.near(slip["loc"]) not in draft.unread and not half_read:
                words, path = _words(slip)
                slips.append(draft.at(path, words))
        return None


WORDS = {
    "missing": "必填",
    "string_too_short": "必填",
    "too_short": "至少要有 {min_length} 项",
    "string_too_long": "太长，最多 {max_length} 字",
    "too_long": "最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "string_pattern_mismatch": "写法不对：{how}",
}
PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]*$": "编号用小写字母、数字、- 和 _，以字母或数字开头",
    r"^[0-9]{6}$": "行政区划代码是六位数字",
    r"^[0-9]{2}-[0-9]{2}$": "日子写作 07-01",
}
"""What the models want a value to look like → the same for the editor."""
SAID: tuple[tuple[str, str, _Path], ...] = (
    ("negative amount", "金额不能是负数", ()),
    ("seasons overlap", "季节办公时间互相重叠", ("seasons",)),
    ("overlap", "时间段互相重叠，或者没有按先后写", ()),
    ("cannot read", "应写作 1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00（半角字符，1 是周一，时刻用四位数字）", ()),
    ("no time of the day", "一天是从 00:00 到 24:00", ()),
    ("run backwards", "星期要从前往后写，如 1-5", ()),
    ("has hours twice", "同一天写了两次时间", ()),
    ("day is out of range", "没有这一天", ()),
    ("month must be in", "没有这个月份", ()),
    ("before it begins", "结束早于开始", ()),
    ("outside China", "不在中国范围内，纬度和经度是不是填反了？", ("latitude",)),
    ("belong together", "纬度和经度要一起填", ("latitude",)),
    ("open all day", "全天开放的不填办公时间", ("all_day",)),
    ("seasons need", "有季节办公时间的，也要填平时的办公时间", ("hours",)),
    ("unseen character", "有看不见的字符，请删掉这一格重新输入", ()),
    ("read the same", "有两个选项的文字一样，第二个谁也选不到", ()),
    ("before verified_on", "复核期限早于核验日期", ("review_by",)),
    ("stands twice", "同一个成员写了两次", ("bundle", "members")),
    ("which is no member", "适用情形写了不是成员的事项", ("bundle", "when")),
)
"""What the models say of a value → the same for the editor, and the cell where it belongs if they name none.

Whatever else they say is quoted.
"""


def _words(slip: Any) -> tuple[str, _Path]:
    """What a slip is called, and the path that it is about."""
    kind, path, context = slip["type"], slip["loc"], slip.get("ctx", {})
    if kind == "missing" and len(path) == 1 and path[0] in PARTS:
        return f"“{PARTS[path[0]].name}”表里至少要有这个事项的一行", path
    if kind in WORDS:
        return WORDS[kind].format(**context, how=PATTERNS.get(context.get("pattern", ""), "")), path
    said = str(context.get("error") or slip["msg"])
    for part, words, place in SAID:
        if part in said:
            return words, place if path in ((), place[:-1]) else path
    return f"填写有误（{said}）", path


def write_rows(services: Iterable[Service], offices: Iterable[Office]) -> dict[str, list[list[Any]]]:
    """Rows by table, as `write_workbook` takes them; reading them again gives the same documents."""
    rows: dict[str, list[list[Any]]] = {table.name: [] for table in TABLES}
    for service in services:
        body = service.model_dump(mode="json")
        rows[SERVICES.name].append(_row(SERVICES.columns, body))
        for part, table in PARTS.items():
            rows[table.name] += [[service.id, *_row(table.columns[1:], element)] for element in body[part]]
    rows[OFFICES.name] = [_row(OFFICES.columns, office.model_dump(mode="json")) for office in offices]
    return rows


def _row(columns: Sequence[Column], body: Mapping[str, Any]) -> list[Any]:
    return [_written(column, body) for column in columns]


def _written(column: Column, body: Mapping[str, Any]) -> Any:
    value: Any = body
    for name in column.path:
        value = value.get(name) if value is not None else None
    return "" if value is None else column.cell.write(value)
