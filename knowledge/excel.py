"""Workbooks and CSV files: rows in, rows out. Nothing is calculated, and nothing is read that could do harm."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from base.errors import BadRequest, BadTable
from knowledge.package import broken, check_package, read_bytes
from knowledge.tables import COORDINATES, EXAMPLE, OFFICES, TABLES, Column, Table

MOST_ROWS = 200_000  # of one sheet
MOST_COLUMNS = 64
EXCELS_ROWS = 2**20  # no sheet has more, whatever the numbers of its rows say
LONGEST_CELL = 32_767  # Excel's own limit
UNWRITABLE = re.compile(f"{ILLEGAL_CHARACTERS_RE.pattern}|\r")

NOTES = "说明"
REQUIRED, OPTIONAL = "F8CBAD", "DDEBF7"  # the colours of headers
EXPLANATION = (
    "每张工作表的第一行是表头，请不要改动表头，也不要增删列；没有内容的格空着。",
    "橙色底、粗体的表头是必填的栏；蓝色底的可以空着。",
    "一个事项在“事项”表里占一行；它的情形、材料、收费、常见问题、设定依据在各自的表里，一项一行，用事项编号对上。",
    "导入时，表里写到的事项和网点整体以表为准；表里没有写到的不受影响，也不会被删除。",
    "“坐标”表只给已有网点补坐标（WGS-84，以度为单位）。",
    f"编号为 {EXAMPLE} 的行是示例，导入时会略过，可以删掉。",
    "不要写公式；编号、电话、行政区划代码按文本填写。",
)
Progress = Callable[[str, int], None]
"""Told the sheet and the row that has just been read."""


@dataclass(frozen=True)
class Row:
    """One row of a table: its words by header, blank ones left out."""

    table: Table
    number: int
    words: Mapping[str, str]
    letters: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.words.get(self.table.columns[0].header, "")

    def at(self, column: Column, problem: str) -> str:
        """The problem with sheet, row and column before it."""
        return f"工作表“{self.table.name}”第 {self.number} 行 {self.letters[column.header]} 列（{column.header}）：{problem}"


def read_rows(file: Path, progress: Progress = lambda sheet, row: None) -> list[Row]:
    """All filled rows of a workbook (.xlsx) or a CSV file, in the order of `TABLES`; raises `BadTable`."""
    data = read_bytes(file)
    problems: list[str] = []
    if file.suffix.lower() == ".csv":
        rows = _csv_rows(file, data, problems)
    else:
        check_package(file, data)
        rows = _workbook_rows(file, data, problems, progress)
    if problems:
        raise BadTable(file, problems)
    if not rows:
        raise BadTable(file, ["没有可以导入的行"])
    return rows


def _workbook_rows(file: Path, data: bytes, problems: list[str], progress: Progress) -> list[Row]:
    rows: list[Row] = []
    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        tables = {table.name: table for table in TABLES}
        for sheet in workbook.worksheets:
            if sheet.title not in (*tables, NOTES):
                hidden = "" if sheet.sheet_state == "visible" else "（隐藏的）"
                problems.append(f"工作表“{sheet.title}”{hidden}：不认识；可以有的工作表是 {'、'.join(tables)}")
        for table in TABLES:
            if table.name in workbook.sheetnames:
                rows += _sheet_rows(workbook[table.name], table, problems, progress)
    # What a broken package makes openpyxl and the parsers below it raise; DTDs and entities are ValueErrors.
    except (
        zipfile.BadZipFile, zlib.error, EOFError, InvalidFileException, ParseError, LookupError, ValueError, TypeError,
        AttributeError, NotImplementedError, OSError,
    ) as error:  # fmt: skip
        raise broken(file) from error
    return rows


def _sheet_rows(sheet: Any, table: Table, problems: list[str], progress: Progress) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    lines = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=EXCELS_ROWS)
    letters = _letters(table, [_plain(cell.value) for cell in next(lines, ())], problems)
    if letters is None:
        return
    headers = {letter: header for header, letter in letters.items()}
    before: Any = None
    for number, cells in enumerate(lines, 2):
        if cells is before:  # openpyxl hands out one and the same empty row for all that are missing
            continue
        before = cells
        if number > MOST_ROWS + 1 and any(cell.value is not None for cell in cells):
            problems.append(f"工作表“{table.name}”：超过 {MOST_ROWS} 行；请分成几个文件")
            return
        words: dict[str, str] = {}
        for cell in cells:
            if cell.value is None:
                continue
            letter = get_column_letter(cell.column)
            try:
                text = _cell_words(cell)
                if text and letter not in headers:
                    raise ValueError("这一列没有表头")
            except ValueError as error:
                header = headers.get(letter, "没有表头")
                problems.append(f"工作表“{table.name}”第 {number} 行 {letter} 列（{header}）：{error}")
            else:
                if text:
                    words[headers[letter]] = text
        progress(table.name, number)
        row = Row(table, number, words, letters)
        if words and row.id != EXAMPLE:
            yield row


def _letters(table: Table, found: Sequence[str], problems: list[str]) -> dict[str, str] | None:
    """Header → the letter of its column; None, with the problems noted, unless every header stands once."""
    where = f"工作表“{table.name}”第 1 行"
    letters: dict[str, str] = {}
    before = len(problems)
    for index, header in enumerate(found, 1):
        letter = get_column_letter(index)
        if header and header not in table.headers:
            problems.append(f"{where} {letter} 列：不认识的表头“{header}”")
        elif header in letters:
            problems.append(f"{where} {letter} 列：表头“{header}”重复，{letters[header]} 列已有")
        elif header:
            letters[header] = letter
    if missing := [header for header in table.headers if header not in letters]:
        problems.append(f"{where}：缺少表头 {'、'.join(missing)}")
    return letters if len(problems) == before else None


def _cell_words(cell: Any) -> str:
    """What stands in the cell, as the editor sees it; raises ValueError for what only a calculation would show."""
    if cell.data_type == "f":
        raise ValueError("是公式；请改成公式算出来的文字")
    if cell.data_type == "e":
        raise ValueError(f"是出错的单元格（{cell.value}）")
    # Excel writes a carriage return in a cell so, and openpyxl leaves it.
    return _plain(cell.value.replace("_x000D_", "\r") if isinstance(cell.value, str) else cell.value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        if value.time() != datetime.min.time():
            raise ValueError("是带时刻的日期；请改成文本")
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        if abs(value) >= 1e15:
            raise ValueError("数字太长，Excel 已经丢了末几位；请把这一格设为文本后重新填写")
        return str(int(value)) if value == int(value) else repr(value)
    if not isinstance(value, str):
        raise ValueError("不是文字、数字或日期；请改成文本")
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _csv_rows(file: Path, data: bytes, problems: list[str]) -> list[Row]:
    """The rows of a CSV file that is one of the tables that stand alone; its header says which."""
    lines = [[_plain(words) for words in line] for line in _csv_lines(file, data)]
    found = lines[0] if lines else []
    table = next(
        (table for table in (OFFICES, COORDINATES) if set(table.headers) == {word for word in found if word}), None
    )
    if table is None:
        wanted = "；".join(f"{table.name}：{','.join(table.headers)}" for table in (COORDINATES, OFFICES))
        problems.append(f"第 1 行：表头不对。CSV 可以是这两种表：{wanted}")
        return []
    letters = _letters(table, found, problems)
    if letters is None:
        return []
    columns = {letter: header for header, letter in letters.items()}
    rows = []
    for number, line in enumerate(lines[1:], 2):
        words = {}
        for index, text in enumerate(line, 1):
            header = columns.get(get_column_letter(index), "没有表头")
            where = f"第 {number} 行 {get_column_letter(index)} 列（{header}）"
            if text.startswith("="):
                problems.append(f"{where}：是公式；请改成公式算出来的文字")
            elif text and header not in letters:
                problems.append(f"{where}：这一列没有表头")
            elif text:
                words[header] = text
        row = Row(table, number, words, letters)
        if words and row.id != EXAMPLE:
            rows.append(row)
    return rows


def _csv_lines(file: Path, data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadTable(file, [f"第 {line} 行：{_encoding(data)}；请另存为“CSV UTF-8（逗号分隔）”"]) from None
    if "\0" in text:
        raise BadTable(file, ["不是文本文件"])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error:
        raise BadTable(file, [f"第 {reader.line_num} 行：引号或逗号不成对，或者一格太长，读不下去"]) from None
    if len(lines) > MOST_ROWS + 1:
        raise BadTable(file, [f"超过 {MOST_ROWS} 行；请分成几个文件"])
    return lines


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        return "文件是 UTF-16 编码，不是 UTF-8"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "文件不是 UTF-8 编码"
    return "文件是 GBK 编码，不是 UTF-8"


def write_workbook(file: Path, rows: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> None:
    """A workbook with every table: with these rows by table, or as a template with examples where none are given.

    Raises `BadRequest` for what no cell can hold.
    """
    _check_fits(rows or {})  # before anything is written: openpyxl cannot leave a sheet half way
    with file.open("wb") as opened:  # first of all: no sheet is begun that nobody could finish
        _fill(Workbook(write_only=True), rows).save(opened)


def _fill(workbook: Any, rows: Mapping[str, Sequence[Sequence[Any]]] | None) -> Any:
    notes = workbook.create_sheet(NOTES)
    notes.column_dimensions["A"].width = 110
    for line in EXPLANATION:
        notes.append([line])
    for table in TABLES:
        _write_sheet(workbook, table, table.example if rows is None else rows.get(table.name, []))
    return workbook


def _write_sheet(workbook: Any, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    sheet = workbook.create_sheet(table.name)
    sheet.freeze_panes = "B2"
    for index, column in enumerate(table.columns, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        # Text, or Excel would make dates of 2024-06 and numbers of telephones; it holds for rows yet to be written.
        sheet.column_dimensions[letter].number_format = "@"
        if column.cell.choices:
            choice = DataValidation("list", formula1=f'"{",".join(column.cell.choices)}"', allow_blank=True)
            choice.error, choice.showErrorMessage = f"只能是 {'、'.join(column.cell.choices)}", True
            choice.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.data_validations.append(choice)
    sheet.append([_header(sheet, column, column.header in table.required) for column in table.columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _header(sheet: Any, column: Column, required: bool) -> Any:
    cell = WriteOnlyCell(sheet, column.header)
    cell.font = Font(bold=required)
    cell.fill = PatternFill("solid", fgColor=REQUIRED if required else OPTIONAL)
    if column.cell.how:
        cell.comment = Comment(column.cell.how, "办事通")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, None if value == "" else value)
    if isinstance(value, str) and value:
        cell.data_type = "s"  # also what begins with =: words are never a formula
        cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _check_fits(rows: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    for table in TABLES:
        for row in rows.get(table.name, ()):
            for column, value in zip(table.columns, row, strict=True):
                if isinstance(value, str) and (len(value) > LONGEST_CELL or UNWRITABLE.search(value)):
                    where = f"{table.name} {row[0]} {column.header}"
                    raise BadRequest(where, "Excel 的单元格放不下（太长或有控制字符）；请导出为 YAML")
