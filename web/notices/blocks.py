"""The blocks of a sheet as boxes on paper, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from base.answer import Block, FactLine, MaterialLine, OfficeLine
from web.notices.boxes import Box, gap, overlaid, stacked, together, with_next, without_stragglers
from web.notices.composer import Composer

CARD = "警民联系卡"
WAIVABLE = "可免交或容缺"
DEMO = "（演示数据）"
PHONE = "电话 "
WORDS = CARD + WAIVABLE + DEMO + PHONE + "；：份.（）　"  # what is written here besides the sheet's own words
MOST_AS_ONE = 8  # lines of a material's name that are never parted


def block_boxes(composer: Composer, block: Block) -> list[Box]:
    """Raises ValueError for what stands on no sheet: a ticket, an open question."""
    look = composer.look
    if block["type"] == "text":
        if block["tone"] == "title":
            return composer.heading(block["text"])
        if block["tone"] == "warning":
            return composer.framed(block["text"])
        return composer.paragraph(block["text"], look.small if block["tone"] == "small" else look.body)
    if block["type"] == "materials":
        rows = [box for number, item in enumerate(block["items"], 1) for box in _material(composer, number, item)]
        return [*composer.heading(block["title"]), composer.rule(glued=True), *rows, gap(look.space)]
    if block["type"] == "facts":
        return [gap(look.space * 0.4), *composer.facts(block["items"]), gap(look.space * 0.4)]
    if block["type"] == "steps":
        steps = [_step(composer, number, step) for number, step in enumerate(block["items"], 1)]
        steps = [with_next(step) if at in (0, len(steps) - 2) else step for at, step in enumerate(steps[:-1])] + steps[
            -1:
        ]
        return [*composer.heading(block["title"]), *(box for step in steps for box in step), gap(look.space)]
    if block["type"] == "offices":
        offices = [box for office in block["items"] for box in _office(composer, office)]
        return [*composer.heading(block["title"]), *offices, gap(look.space * 0.4)]
    raise ValueError(f"a {block['type']} stands on no sheet")


def card_boxes(composer: Composer, card: Iterable[FactLine]) -> list[Box]:
    """Whom to turn to, kept on one page between two rules."""
    space, thick = composer.look.space, 0.5
    inside = [*composer.heading(CARD), *composer.facts(card)]
    return together([gap(space), composer.rule(thick=thick), *inside, gap(space * 0.5), composer.rule(thick=thick)])


def _material(composer: Composer, number: int, item: MaterialLine) -> list[Box]:
    """A row of the table, kept on one page: a box to tick, the number, the name, its form, what there is to know."""
    look, letter = composer.look, composer.letter
    left = letter * (3.8 if look.columns else 1.7)
    room = look.measure - left - (letter * 9 if look.columns else 0)
    form = item["form"] + (f" {item['copies']}份" if item["copies"] > 1 else "")
    told = "；".join(part for part in (item["why"], item["note"], WAIVABLE * item["waivable"]) if part)
    notes = composer.lines(told, look.small, left=left) if told else []
    if look.columns:
        lines = composer.lines(item["name"], look.body, left=left, width=room)
        numbered = composer.line(f"{number}.", look.label, letter * 2)
        beside = composer.line(form, look.body, look.measure - letter * 8)
        name = [overlaid(_tick(composer), numbered, stacked(lines[:MOST_AS_ONE]), beside), *lines[MOST_AS_ONE:]]
    else:
        first, *rest = composer.lines(f"{number}. {item['name']}（{form}）", look.body, left=left)
        name = [overlaid(_tick(composer), first), *rest]
    return together([composer.air(), *name, *notes, composer.air(), composer.rule()])


def _tick(composer: Composer) -> Box:
    look, size = composer.look, composer.letter * 0.95
    return Box(size, lambda pen, y: pen.square(look.left + 0.3, y + (look.body.line - size) / 2, size))


def _step(composer: Composer, number: int, step: str) -> list[Box]:
    body, left = composer.look.body, composer.letter * 1.6
    first, *rest = without_stragglers(composer.lines(step, body, left=left))
    return [overlaid(composer.line(f"{number}.", composer.look.label), first), *rest, composer.air()]


def _office(composer: Composer, office: OfficeLine) -> list[Box]:
    look = composer.look
    name = composer.lines(office["name"] + DEMO * office["demo"], replace(look.body, bold=True))
    phone = PHONE + office["phone"] if office["phone"] else ""
    hours = "；".join(filter(None, (office["opening"], office["hours"])))
    where = ["　".join(filter(None, (office["address"], phone)))] if look.columns else [office["address"], phone]
    lines = [line for words in (*where, hours) if words for line in composer.lines(words, look.body)]
    notes = composer.lines(office["note"], look.small) if office["note"] else []
    return together([*name, *lines, *notes, gap(look.space * 0.6)])
