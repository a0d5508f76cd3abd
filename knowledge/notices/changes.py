"""What differs between two notices of one case, in words that whoever holds the older one understands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from base.answer import Block, FactLine, MaterialLine, OfficeLine
from knowledge.notices.notice import Content, materials_of

OTHER_HOURS = "改为"  # stands in an office's note between a season and its hours


def differences(before: Content, after: Content) -> tuple[str, ...]:
    """One line for each difference that may cost a trip or money; nothing where the two ask for the same."""
    return (
        *_of_materials(_materials(before), _materials(after)),
        *_of_facts(_facts(before), _facts(after)),
        *_of_steps(before, after),
        *_of_offices(_offices(before), _offices(after)),
        *_of_warnings(before, after),
    )


def _of_materials(before: dict[str, MaterialLine], after: dict[str, MaterialLine]) -> Iterator[str]:
    for id, line in after.items():
        if id not in before:
            yield f"多带一样：{_material(line)}"
    for id, line in before.items():
        if id not in after:
            yield f"不用再带：{line['name']}"
    for id, line in after.items():
        if id in before and _asked(line) != _asked(before[id]):
            yield f"“{before[id]['name']}”改为：{_material(line)}"


def _of_facts(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for label, value in after.items():
        if label not in before:
            yield f"新增“{label}”：{value}"
        elif before[label] != value:
            yield f"“{label}”改为：{value}（原来是：{before[label]}）"
    yield from (f"不再有“{label}”这一条" for label in before if label not in after)


def _of_steps(before: Content, after: Content) -> Iterator[str]:
    old, new = (
        [block["items"] for block in one.blocks if block["type"] == "steps"] for one in (before, after)
    )  # fmt: skip
    if old != new:
        yield "办理步骤有变化：" + "；".join(step for items in new for step in items)


def _of_offices(before: dict[str, OfficeLine], after: dict[str, OfficeLine]) -> Iterator[str]:
    for id, line in after.items():
        if id not in before:
            continue
        for field, words in (("address", "地址"), ("phone", "电话"), ("hours", "开放时间")):
            if line[field] != before[id][field]:  # type: ignore[literal-required]
                yield f"{line['name']}的{words}改为：{line[field] or '没有收录，请先打电话确认'}"  # type: ignore[literal-required]
        yield from (f"{line['name']}：{note}" for note in _new_notes(before[id], line))


def _new_notes(before: OfficeLine, after: OfficeLine) -> Iterator[str]:
    """What is told of an office now and was not: a closure, say, but not the other season's hours when a season turns."""
    known = before["note"].split("；")
    for note in after["note"].split("；"):
        is_other_season = OTHER_HOURS in note and before["hours"] != after["hours"]
        if note and note not in known and not is_other_season:
            yield note


def _of_warnings(before: Content, after: Content) -> Iterator[str]:
    known = [block["text"] for block in before.blocks if block["type"] == "text"]
    for block in after.blocks:
        if block["type"] == "text" and block["tone"] == "warning" and block["text"] not in known:
            yield f"新增提醒：{block['text']}"


def _material(line: MaterialLine) -> str:
    copies = f"{line['copies']}份" if line["copies"] > 1 else ""
    return f"{line['name']}（{line['form']}{copies}）" + (f"：{line['note']}" if line["note"] else "")


def _asked(line: MaterialLine) -> tuple[str, str, int, str, bool]:
    return line["name"], line["form"], line["copies"], line["note"], line["waivable"]


def _materials(content: Content) -> dict[str, MaterialLine]:
    return {line["id"]: line for line in materials_of(content)}


def _facts(content: Content) -> dict[str, str]:
    return {line["label"]: line["value"] for line in _fact_lines(content.blocks)}


def _fact_lines(blocks: Iterable[Block]) -> Iterator[FactLine]:
    for block in blocks:
        if block["type"] == "facts":
            yield from block["items"]


def _offices(content: Content) -> dict[str, OfficeLine]:
    return {line["id"]: line for block in content.blocks if block["type"] == "offices" for line in block["items"]}
