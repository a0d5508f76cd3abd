"""The one-time notice on paper: A4, in ordinary or large print, and a slip for a receipt printer.

Every PDF carries its text to be selected and read aloud, in a font of the characters that it uses; the same sheet always
is the same file. Why these libraries, and what they cost: docs/decisions/017-paper.md.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from knowledge.notices.sheet import Sheet
from web.notices import blocks
from web.notices.blocks import block_boxes, card_boxes
from web.notices.boxes import Box, gap, overlaid, paginate, together, write
from web.notices.composer import Composer
from web.notices.fonts import shown
from web.notices.looks import A4, LARGE, SLIP, Look
from web.notices.pen import Pen, Type
from web.notices.wrapping import wrap

TITLE = "一次性告知单"
SHOW_CODE = "凭此码在窗口出示，扫码看最新内容"
PAGE = "第 {page} 页，共 {pages} 页"
DEMO = "含演示数据：网点、电话和开放时间不是真的"
A4_HEIGHT = 297
FOOT = 16  # mm below the text of a page, for the footer
LONGEST = 5000  # mm of one page of a slip: viewers refuse more
_WORDS = TITLE + SHOW_CODE + PAGE + DEMO + blocks.WORDS + "字0123456789 "


def a4(sheet: Sheet, *, large: bool = False) -> bytes:
    """The notice as A4 pages in PDF; `large` for those who read with effort."""
    sheet = _printable(sheet)
    composer = _composer(sheet, LARGE if large else A4)
    pages = paginate(_boxes(composer, sheet), A4_HEIGHT - composer.look.top - FOOT)
    for number, page in enumerate(pages, 1):
        composer.pen.new_page(composer.look.width, A4_HEIGHT)
        write(composer.pen, page, composer.look.top)
        _foot(composer, sheet, PAGE.format(page=number, pages=len(pages)))
    return composer.pen.finish()


def slip(sheet: Sheet) -> bytes:
    """The notice in black on 80 mm paper, one page as long as its content."""
    sheet = _printable(sheet)
    composer = _composer(sheet, SLIP)
    look = composer.look
    for page in paginate([*_boxes(composer, sheet), *_slip_foot(composer, sheet)], LONGEST):
        composer.pen.new_page(look.width, sum(box.height for box in page) + 2 * look.top)
        write(composer.pen, page, look.top)
    return composer.pen.finish()


def _printable(sheet: Sheet) -> Sheet:
    """The sheet in characters that the font has."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return shown(value)
        if isinstance(value, dict):
            return {key: clean(one) for key, one in value.items()}
        return type(value)(map(clean, value)) if isinstance(value, (list, tuple)) else value

    return Sheet(**clean(asdict(sheet)))


def _composer(sheet: Sheet, look: Look) -> Composer:
    return Composer(Pen(set(repr(sheet)) | set(_WORDS), title=f"{TITLE} {sheet.name} {sheet.code}"), look)


def _boxes(composer: Composer, sheet: Sheet) -> list[Box]:
    """The whole notice from its heading to the contact card."""
    space = composer.look.space
    boxes = _head(composer, sheet) if composer.look.columns else _slip_head(composer, sheet)
    boxes += [gap(space), composer.rule(thick=0.5), gap(space)]
    for words in sheet.banner:
        boxes += block_boxes(composer, words)
    boxes += composer.facts(sheet.head)
    for block in sheet.blocks:
        boxes += block_boxes(composer, block)
    return boxes + (card_boxes(composer, sheet.card) if sheet.card else [])


def _head(composer: Composer, sheet: Sheet) -> list[Box]:
    """What this is, for which item, and its code, beside the QR code."""
    look = composer.look
    width = look.measure - look.qr - look.quiet
    lines = [
        *composer.lines(TITLE, look.title, width=width),
        *composer.lines(sheet.name, look.name, width=width),
        gap(look.space * 0.6),
        *composer.lines(sheet.code, look.code, width=width),
        *composer.lines(SHOW_CODE, look.small, width=width),
    ]
    # The QR code hangs from the first line down, beside the others.
    lines[0] = overlaid(
        lines[0], Box(0, lambda pen, y: pen.qr(look.left + look.measure - look.qr, y, look.qr, sheet.url))
    )
    below = look.qr + look.quiet - look.space - sum(box.height for box in lines)
    return together([*lines, gap(max(below, 0))])


def _slip_head(composer: Composer, sheet: Sheet) -> list[Box]:
    look = composer.look
    left = (look.width - look.qr) / 2
    lines = [
        *_centred(composer, TITLE, look.title),
        *_centred(composer, sheet.name, look.name),
        gap(look.quiet),
        Box(look.qr, lambda pen, y: pen.qr(left, y, look.qr, sheet.url)),
        gap(look.quiet),
        *_centred(composer, sheet.code, look.code),
        *_centred(composer, SHOW_CODE, look.small),
    ]
    return together(lines)


def _centred(composer: Composer, words: str, kind: Type) -> list[Box]:
    look = composer.look
    lines = wrap(words, look.measure, lambda text: composer.pen.width(text, kind))
    return [composer.line(line, kind, (look.measure - composer.pen.width(line, kind)) / 2) for line in lines]


def _foot(composer: Composer, sheet: Sheet, page: str) -> None:
    """The code and the page's number on every page, so that parted pages find together."""
    pen, look = composer.pen, composer.look
    y = A4_HEIGHT - FOOT + 5
    right = look.left + look.measure
    pen.line((look.left, y), (right, y), 0.2, look.rule)
    known = f"{TITLE} {sheet.code}" + f" {DEMO}" * _is_demo(sheet)
    pen.text(look.left, y + 1, known, look.foot)
    pen.text(right - pen.width(page, look.foot), y + 1, page, look.foot)


def _slip_foot(composer: Composer, sheet: Sheet) -> list[Box]:
    known = f"{TITLE} {sheet.code}" + f"\n{DEMO}" * _is_demo(sheet)
    return together([gap(composer.look.space), composer.rule(), gap(1), *composer.lines(known, composer.look.foot)])


def _is_demo(sheet: Sheet) -> bool:
    return any(office["demo"] for block in sheet.blocks if block["type"] == "offices" for office in block["items"])
