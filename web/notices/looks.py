"""How a sheet of paper looks: its measure and its kinds of type, for A4, large print and the slip."""

from __future__ import annotations

from dataclasses import dataclass

from web.notices.pen import BLACK, Colour, Type

BLUE: Colour = (20, 82, 159)
GREY: Colour = (85, 96, 110)
FAINT: Colour = (200, 207, 216)
WARM: Colour = (176, 104, 0)


@dataclass(frozen=True)
class Look:
    """Lengths in mm. `columns`: labels and forms stand beside what they belong to, where the paper is wide enough."""

    width: float
    left: float
    top: float
    body: Type
    small: Type
    label: Type
    heading: Type
    title: Type
    name: Type
    code: Type
    foot: Type
    qr: float
    rule: Colour
    alert: Colour
    columns: bool

    @property
    def measure(self) -> float:
        """The width of the text."""
        return self.width - 2 * self.left

    @property
    def quiet(self) -> float:
        """The white that a QR code needs around it: four of its modules, of which it has 25 at the least."""
        return self.qr * 4 / 25

    @property
    def space(self) -> float:
        """The usual distance between parts: half a line."""
        return self.body.line / 2


A4 = Look(
    width=210,
    left=19,
    top=15,
    body=Type(10.5, 1.52),
    small=Type(9, 1.5, colour=GREY),
    label=Type(10.5, 1.52, colour=GREY),
    heading=Type(12.5, 1.6, bold=True, colour=BLUE),
    title=Type(21, 1.3, bold=True),
    name=Type(16, 1.45),
    code=Type(19, 1.4, bold=True),
    foot=Type(8, 1.5, colour=GREY),
    qr=31,
    rule=FAINT,
    alert=WARM,
    columns=True,
)
LARGE = Look(
    width=210,
    left=17,
    top=16,
    body=Type(16, 1.55),
    small=Type(14, 1.5),
    label=Type(16, 1.55),
    heading=Type(19, 1.5, bold=True),
    title=Type(30, 1.3, bold=True),
    name=Type(20, 1.4),
    code=Type(25, 1.35, bold=True),
    foot=Type(11, 1.4),
    qr=38,
    rule=GREY,
    alert=BLACK,
    columns=True,
)
SLIP = Look(
    width=80,  # of which a receipt printer reaches the inner 72
    left=4,
    top=4,
    body=Type(9.5, 1.45),
    small=Type(8.5, 1.4),
    label=Type(9.5, 1.45, bold=True),
    heading=Type(10.5, 1.5, bold=True),
    title=Type(16, 1.4, bold=True),
    name=Type(11.5, 1.4),
    code=Type(17.5, 1.4, bold=True),
    foot=Type(8, 1.4),
    qr=34,
    rule=BLACK,
    alert=BLACK,
    columns=False,
)
