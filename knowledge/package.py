"""The package of a workbook (.xlsx) before anything reads it: of bearable size, and without code in it."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from base.errors import BadTable

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 100 * 2**20  # 10,000 services with all their materials stay below it
MOST_TOGETHER = 200_000  # elements in one row; five bytes of one take 300 bytes of memory
MOST_PARTS = 10_000
CHUNK = 2**20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every workbook that is locked by a password
WITH_MACROS = (".xlsm", ".xltm", ".xlam", ".xlsb")
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, LookupError, OSError,
)  # fmt: skip
"""What the parts of a broken package raise when they are unpacked."""


def read_bytes(file: Path) -> bytes:
    """The whole file, read once, so that what is checked is what is used; raises `BadTable` for what is too large."""
    if not file.is_file():
        raise BadTable(file, ["不是文件"])
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        size = f"{file.stat().st_size // 2**20} MB，最多 {MOST_BYTES // 2**20} MB"
        raise BadTable(file, [f"文件有 {size}；请分成几个文件"])
    return data


def check_package(file: Path, data: bytes) -> None:
    """Raises `BadTable` for what is no workbook, has macros, or would burst the memory."""
    if file.suffix.lower() in WITH_MACROS:
        raise BadTable(file, [f"是带宏的工作簿（{file.suffix}），不导入；请另存为不带宏的 .xlsx"])
    if data.startswith(OLE):
        raise BadTable(file, ["是旧版 .xls 或加了密码的工作簿；请去掉密码，另存为 .xlsx"])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(file, package)
    except UNREADABLE:
        raise broken(file) from None


def broken(file: Path) -> BadTable:
    return BadTable(file, ["不是完好的 .xlsx 工作簿（文件损坏，或只是改了扩展名）；请用 Excel 或 WPS 重新另存"])


def _check_parts(file: Path, package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        size = f"{unpacked // 2**20} MB，最多 {MOST_UNPACKED // 2**20} MB"
        raise BadTable(file, [f"解压后有 {size}；可能是压缩炸弹，没有打开"])
    if len(parts) > MOST_PARTS:
        raise BadTable(file, [f"里面有 {len(parts)} 个文件；可能是压缩炸弹，没有打开"])
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in package.namelist() else b""
    if b"macroEnabled" in types or any("vbaproject" in part.filename.lower() for part in parts):
        raise BadTable(file, ["带有宏，不导入；请另存为不带宏的 .xlsx"])
    if any(part.filename.startswith("xl/chartsheets/") for part in parts):
        raise BadTable(file, ["有只放图表的工作表；请删掉它"])
    for part in parts:
        if part.file_size >= MOST_TOGETHER and _is_crowded(package, part):
            raise BadTable(file, [f"“{part.filename}”的一行里有太多内容；可能是压缩炸弹，没有打开"])


def _is_crowded(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether one row of a sheet, or one word of the shared ones, has more in it than memory should hold at once."""
    depth = together = 0
    row_depth = 2  # of a word in the shared ones

    def begin(name: str, attributes: list[str]) -> None:
        nonlocal depth, together, row_depth
        depth += 1
        if depth == 1 and name.rpartition(":")[2] == "worksheet":
            row_depth = 3
        together = 0 if depth <= row_depth else together + 1

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*entity: object) -> None:
        raise ValueError("an entity can stand for a text without end")

    parser = expat.ParserCreate()
    parser.ordered_attributes = True  # quicker, and nobody looks at them
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = begin, end, refuse
    with package.open(part) as opened:
        while chunk := opened.read(CHUNK):
            try:
                parser.Parse(chunk)
            except expat.ExpatError:  # not XML, or broken: whoever needs the part says so
                return False
            if together > MOST_TOGETHER:
                return True
    return False
