"""QR codes of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import segno

DOTS = 8  # pixels of one module: sharp on a phone's screen
QUIET = 4  # modules of white around it, as the standard asks for


def qr_png(url: str) -> bytes:
    """The code as a picture, with the white around it that a scanner needs."""
    picture = BytesIO()
    _code(url).save(picture, kind="png", scale=DOTS, border=QUIET)
    return picture.getvalue()


def qr_size(url: str) -> int:
    """How many modules the code is wide and high, without the white around it."""
    return len(_code(url).matrix)


def qr_bars(url: str) -> Iterator[tuple[int, int, int]]:
    """The dark modules as horizontal bars: row, first column, length."""
    for row, modules in enumerate(_code(url).matrix):
        column = 0
        while column < len(modules):
            length = next((at for at, dark in enumerate(modules[column:]) if not dark), len(modules) - column)
            if length:
                yield row, column, length
            column += length + 1


def _code(url: str) -> segno.QRCode:
    return segno.make_qr(url, error="m")
