"""Text, rules and boxes on paper, in millimetres from the upper left corner; the only place that knows fpdf2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from io import BytesIO
from tempfile import NamedTemporaryFile

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.output import OutputProducer, PDFInfo

from web.notices.fonts import cut
from web.notices.qr import qr_bars, qr_size

POINT = 25.4 / 72  # mm
ASCENT = 0.88  # of the size, from the top of a line of its own height to the baseline
BOLDER = 0.02  # of the size: the outline that stands in for the bold font that there is none of

Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)


@dataclass(frozen=True)
class Type:
    """How text is set; `size` in points, `leading` the height of a line as a multiple of it."""

    size: float
    leading: float = 1.5
    bold: bool = False
    colour: Colour = BLACK

    @property
    def line(self) -> float:
        """The height of a line in mm."""
        return self.size * self.leading * POINT


class _Undated(OutputProducer):
    """Leaves the date out, so that the same sheet is the same file."""

    def _add_info(self) -> PDFInfo:
        info = super()._add_info()
        info.creation_date = None
        return info


class Pen:
    """Writes one document with a font that has `characters` and no others."""

    def __init__(self, characters: Iterable[str], *, title: str) -> None:
        self._pdf = FPDF(unit="mm")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_lang("zh-CN")
        self._pdf.set_title(title)
        self._pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=timezone.utc))  # for the file's id alone
        data = cut(characters)
        with NamedTemporaryFile(suffix=".otf") as file:
            file.write(data)
            file.flush()
            self._pdf.add_font("notice", "", file.name)
        font = self._pdf.fonts["notice"]
        reader = font.ttfont.reader  # fpdf2 closes the file in `finish` alone; from here on it reads from memory
        reader.file.close()
        reader.file = BytesIO(data)
        font.ttfont.recalcBBoxes = False  # fpdf2 cuts once more; the extents of the letters would take half of its time
        self._widths = font.cw

    def width(self, text: str, kind: Type) -> float:
        thousandths: float = sum(self._widths[ord(character)] for character in text)
        return thousandths * kind.size * POINT / 1000

    def new_page(self, width: float, height: float) -> None:
        self._pdf.add_page(format=(width, height))

    def text(self, x: float, y: float, text: str, kind: Type) -> None:
        """One line; `y` is the upper edge of the line, in which the text stands in the middle."""
        baseline = y + (kind.line - kind.size * POINT) / 2 + kind.size * POINT * ASCENT
        self._pdf.set_font("notice", size=kind.size)
        self._pdf.set_text_color(*kind.colour)
        if not kind.bold:
            self._pdf.text(x, baseline, text)
            return
        self._pdf.set_draw_color(*kind.colour)
        with self._pdf.local_context(text_mode=TextMode.FILL_STROKE):
            self._pdf.line_width = kind.size * BOLDER  # in points here
            self._pdf.text(x, baseline, text)

    def line(self, start: tuple[float, float], end: tuple[float, float], thick: float, colour: Colour = BLACK) -> None:
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(thick)
        self._pdf.line(*start, *end)

    def area(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self._pdf.set_fill_color(*colour)
        self._pdf.rect(x, y, width, height, style="F")

    def square(self, x: float, y: float, size: float, thick: float = 0.3) -> None:
        """A box to tick."""
        self._pdf.set_draw_color(*BLACK)
        self._pdf.set_line_width(thick)
        self._pdf.rect(x, y, size, size)

    def qr(self, x: float, y: float, size: float, url: str) -> None:
        """The code as shapes, sharp at any size, and a link where paper is read on a screen."""
        module = size / qr_size(url)
        self._pdf.set_fill_color(*BLACK)
        for row, column, length in qr_bars(url):
            # A hair taller than the module, or viewers show white seams between the rows.
            self._pdf.rect(x + column * module, y + row * module, length * module, module * 1.04, style="F")
        self._pdf.link(x, y, size, size, url)

    def finish(self) -> bytes:
        return bytes(self._pdf.output(output_producer_class=_Undated))
