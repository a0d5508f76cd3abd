"""Reading the content files: every document checked, every error with file and line, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from base.errors import BadContent, BadOverlay
from base.settings import ROOT
from knowledge.documents import Document as Paper
from knowledge.overlay import Overlay, check_overlays
from knowledge.place import Matter, Office, Region
from knowledge.service import Fact, Service, problem_words

CONTENT = ROOT / "knowledge" / "content"
KINDS: dict[str, tuple[type[Fact], str, str]] = {
    "document": (Paper, "id", "documents.yaml"),
    "service": (Service, "id", "services/*.yaml"),
    "region": (Region, "adcode", "regions.yaml"),
    "office": (Office, "id", "offices.yaml"),
    "matter": (Matter, "name", "matters.yaml"),
    "overlay": (Overlay, "id", "overlays.yaml"),
}
"""Kind of document → its model, the field that is its key, and the files that hold it."""

MOST_BYTES = 100 * 2**20  # of one file; some 30,000 services
DEEPEST = 40  # lists and mappings inside each other; a document needs eight

AnyFact = TypeVar("AnyFact", bound=Fact)
_Path = tuple[str | int, ...]
_Lines = dict[_Path, int]


class _Loader(yaml.CSafeLoader):
    """Names the line of every value that cannot be read, and follows no nesting that would burst the stack."""

    depth = 0

    def descend_resolver(self, node: Any, index: Any) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.composer.ComposerError(None, None, "列表和字段一层套一层，太深了", node.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, TypeError) as error:  # 2026-02-30, !!int "", !!timestamp x
            problem = f"读不懂 {str(node.value)[:40]!r}（{error}）"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None


@dataclass(frozen=True)
class Document:
    """One document of the content, where it stands, and its plain data."""

    kind: str
    key: str
    fact: Fact
    file: Path
    line: int

    def body(self) -> dict[str, Any]:
        return self.fact.model_dump(mode="json", exclude_defaults=True)


def read_content(folder: Path = CONTENT, *, demo: bool) -> list[Document]:
    """All documents below `folder`, with the invented city of its `demo/` if wanted.

    Raises `BadContent` for the first thing that is wrong, naming file and line.
    """
    documents = [
        document
        for base in (folder, folder / "demo")[: 2 if demo else 1]
        for kind, (_, _, pattern) in KINDS.items()
        for file in sorted(base.glob(pattern))
        for document in read_file(kind, file)
    ]
    check_together(documents)
    return documents


def content_digest(folder: Path = CONTENT, *, demo: bool) -> str:
    """Changes with any of the files that `read_content` reads, without the work of reading them."""
    digest = hashlib.sha256()
    for base in (folder, folder / "demo")[: 2 if demo else 1]:
        for file in sorted(file for _, _, pattern in KINDS.values() for file in base.glob(pattern)):
            digest.update(f"\0{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def read_file(kind: str, file: Path) -> Iterator[Document]:
    """The documents of one file, each sound in itself; `check_together` says whether they fit others."""
    model, key_field, _ = KINDS[kind]
    for fact, line in read_facts(model, file):
        yield Document(kind, str(getattr(fact, key_field)), fact, file, line)


def read_facts(model: type[AnyFact], file: Path) -> Iterator[tuple[AnyFact, int]]:
    """Everything in a file that is a list of one kind of fact, each with its line."""
    rows, lines = _parse(file)
    if not isinstance(rows, list):
        raise BadContent(file, 1, "应是一个列表，每份文档以短横线（- ）开头")
    for index, row in enumerate(rows):
        line = lines[(index,)]
        try:
            fact = model.model_validate(row)
        except ValidationError as error:
            place = (index, *error.errors()[0]["loc"])
            raise BadContent(file, _line_of(place, lines), problem_words(error)) from None
        yield fact, line


def _parse(file: Path) -> tuple[Any, _Lines]:
    """The file's plain data and the line on which each part of it stands."""
    text = _read(file)
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            if root is None:
                raise BadContent(file, 1, "文件是空的")
            lines: _Lines = {}
            _note_lines(root, (), lines, set(), file)
            return loader.construct_document(root), lines
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problem = ", ".join(part for part in (error.context, error.problem) if part)
        raise BadContent(file, mark.line + 1 if mark else 1, f"YAML 写法有误：{problem}") from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1  # libyaml counts bytes
        raise BadContent(file, line, f"有控制字符 U+{error.character:04X}") from None


def _read(file: Path) -> str:
    if not file.is_file():
        raise BadContent(file, 1, "不是文件")
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadContent(file, 1, f"超过 {MOST_BYTES // 2**20} MB；请分成几个文件")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadContent(file, line, "不是 UTF-8 编码；请另存为 UTF-8") from None


def _note_lines(node: Any, path: _Path, lines: _Lines, met: set[int], file: Path) -> None:
    if id(node) in met:  # an alias: a few lines of them can stand for a file without end
        raise BadContent(file, node.start_mark.line + 1, "用了锚点和引用（& 和 *）；请把内容写全")
    met.add(id(node))
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _note_lines(child, (*path, index), lines, met, file)
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise BadContent(file, key.start_mark.line + 1, "字段名不是一个词")
            if key.value in seen:
                raise BadContent(file, key.start_mark.line + 1, f"字段 {key.value} 写了两次")
            seen.add(key.value)
            _note_lines(child, (*path, key.value), lines, met, file)


def _line_of(path: tuple[Any, ...], lines: _Lines) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def check_together(documents: list[Document]) -> None:
    """What no single document can know: ids stand once, and references lead somewhere; raises `BadContent`."""
    known: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
    for document in documents:
        first = known[document.kind].setdefault(document.key, document)
        if first is not document:
            raise _at(document, f"{document.kind} {document.key} 重复，{first.file.name} 第 {first.line} 行已有")
    for document in documents:
        for kind, key in references(document.fact):
            if key not in known[kind]:
                raise _at(document, f"{document.key}：没有 {kind} {key}")
    for kind, above in ABOVE.items():
        _check_circles(kind, known[kind], above)
    _check_overlays(known)


def _check_circles(kind: str, documents: Mapping[str, Document], above: Callable[[Any], Iterable[str]]) -> None:
    """No document leads back to itself; raises `BadContent` with one that does."""
    sound: set[str] = set()
    for start in documents.values():
        way, ahead = {start.key: None}, [iter(above(start.fact))]
        while ahead:
            key = next(ahead[-1], None)
            if key is None:
                ahead.pop()
                sound.add(way.popitem()[0])
            elif key in way:
                raise _at(documents[key], f"{kind} {key} 绕了一圈又包含自己")
            elif key not in sound:
                way[key] = None
                ahead.append(iter(above(documents[key].fact)))


def _check_overlays(known: Mapping[str, Mapping[str, Document]]) -> None:
    def way_to(at: str) -> list[str]:
        office = known["office"].get(at)
        below, region = ([at], _region_of(office)) if office else ([], at)
        way: list[str] = []
        while region is not None:
            way.insert(0, region)
            region = _parent(known["region"][region])
        return way + below

    by_service: dict[str, list[Overlay]] = {}
    for document in known["overlay"].values():
        if isinstance(document.fact, Overlay):
            by_service.setdefault(document.fact.service, []).append(document.fact)
    for id, overlays in by_service.items():
        service = known["service"][id].fact
        try:
            if isinstance(service, Service):
                check_overlays(service, overlays, way_to)
        except BadOverlay as error:
            raise _at(known["overlay"][error.overlay], f"{error.overlay}: {error.problem}") from None


def _region_of(office: Document) -> str | None:
    return office.fact.region if isinstance(office.fact, Office) else None


def _parent(document: Document) -> str | None:
    return document.fact.parent if isinstance(document.fact, Region) else None


ABOVE: dict[str, Callable[[Any], Iterable[str]]] = {
    "region": lambda region: [region.parent] if region.parent else [],
    "office": lambda office: [office.part_of] if office.part_of else [],
    "service": lambda service: service.bundle.members if service.bundle else [],
}
"""Kinds whose documents lie in or under others of their kind → the keys of those."""


def references(fact: Fact) -> Iterator[tuple[str, str]]:
    """Kind and key of every document that must be there for this one to hold."""
    if isinstance(fact, Service):
        yield from (("service", member) for member in (fact.bundle.members if fact.bundle else ()))
        yield from (("document", material.document) for material in fact.materials if material.document)
    elif isinstance(fact, Paper):
        yield from (
            ("document", document) for document in (*fact.parts, *fact.stand_in_documents, fact.own) if document
        )
    elif isinstance(fact, Region) and fact.parent:
        yield "region", fact.parent
    elif isinstance(fact, Matter):
        yield from (("service", service) for service in fact.services)
    elif isinstance(fact, Office):
        yield "region", fact.region
        yield from (("matter", matter) for matter in fact.matters)
        if fact.part_of:
            yield "office", fact.part_of
    elif isinstance(fact, Overlay):
        yield "service", fact.service
        yield fact.place


def _at(document: Document, problem: str) -> BadContent:
    return BadContent(document.file, document.line, problem)
