"""Where the offices lie: by division, and the nearest to a point on the map. Pure, over the offices in memory.

All offices are measured at once, which for 50,000 takes a fraction of a millisecond: so it needs no grid, and is as
fast where all of them stand in one city or only one far away is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.place import Office

EARTH = 6_371_008.8  # metres, mean radius
FARTHEST = 100_000  # metres; nobody travels farther to a counter, and a mistyped position finds nothing

Mask = NDArray[np.bool_]


class Point(NamedTuple):
    """WGS-84 degrees."""

    latitude: float
    longitude: float


class OfficeMap:
    """The offices that a citizen may be shown; built once for a copy of the knowledge.

    `divisions` gives the codes of a division and of all that it lies in.
    """

    def __init__(self, offices: Iterable[Office], divisions: Callable[[str], Iterable[str]]) -> None:
        self._by_division: dict[str, list[Office]] = {}
        lines: dict[str, tuple[str, ...]] = {}
        placed: list[Office] = []
        for office in offices:
            if office.basis == "inferred":
                continue
            if office.region not in lines:
                lines[office.region] = tuple(divisions(office.region))
            for code in lines[office.region]:
                self._by_division.setdefault(code, []).append(office)
            if office.latitude is not None:
                placed.append(office)
        # By id, so that of offices equally far the same ones are named in every process.
        self._placed = sorted(placed, key=lambda office: office.id)
        degrees = [(office.latitude, office.longitude) for office in self._placed]
        self._globe = _on_globe(np.array(degrees, dtype=float).reshape(-1, 2))
        by_matter: dict[str, list[int]] = {}
        numbers: dict[tuple[object, ...], int] = {}
        times: list[int] = []
        for row, office in enumerate(self._placed):
            for matter in office.matters:
                by_matter.setdefault(matter, []).append(row)
            times.append(numbers.setdefault(_timetable(office), len(numbers)))
        self._by_matter = {matter: np.array(rows) for matter, rows in by_matter.items()}
        self._times = np.array(times, dtype=np.intp)  # for each office the number of its timetable
        self._an_office = dict(zip(times, self._placed, strict=True))

    def within(self, adcode: str) -> list[Office]:
        """The offices of the division and of those below it."""
        return self._by_division.get(adcode, [])

    def nearest(
        self,
        point: Point,
        count: int,
        *,
        matters: Iterable[str] | None = None,
        is_open: Callable[[Office], bool] | None = None,
    ) -> list[tuple[float, Office]]:
        """The offices nearest to `point`, each with its distance in metres; none beyond `FARTHEST`.

        With `matters` only those that deal with one of them; with `is_open` only those of which it is true: it is asked
        of one office for all that open at the same times.
        """
        squares = ((self._globe - _on_globe(np.array([point]))) ** 2).sum(axis=0)
        wanted = squares <= (2 * sin(FARTHEST / EARTH / 2)) ** 2
        if matters is not None:
            wanted &= self._deal_with(matters)
        if is_open is not None:
            wanted &= self._open(wanted, is_open)
        rows = np.flatnonzero(wanted)
        if len(rows) > count:
            rows = rows[squares[rows] <= np.partition(squares[rows], count - 1)[count - 1]]
        best = rows[np.argsort(squares[rows], kind="stable")][:count]
        found = (self._placed[row] for row in best)
        return [(distance(point, place), office) for office in found if (place := position(office))]

    def _deal_with(self, matters: Iterable[str]) -> Mask:
        found = np.zeros(len(self._placed), dtype=bool)
        for matter in matters:
            found[self._by_matter.get(matter, [])] = True
        return found

    def _open(self, wanted: Mask, is_open: Callable[[Office], bool]) -> Mask:
        """Which offices have a timetable that a wanted one has, and by which it is open."""
        known = np.zeros(len(self._an_office), dtype=bool)
        for number in np.flatnonzero(np.bincount(self._times[wanted])):
            known[number] = is_open(self._an_office[number])
        found: Mask = known[self._times]
        return found


def position(office: Office) -> Point | None:
    """Where the office lies; None where nobody has measured it."""
    if office.latitude is None or office.longitude is None:
        return None
    return Point(office.latitude, office.longitude)


def distance(one: Point, other: Point) -> float:
    """Metres as the crow flies (haversine)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    part = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, part)))


def _on_globe(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of degrees as columns on a globe of radius 1: nearer there in a straight line is nearer on the ground."""
    north, east = np.radians(degrees).T
    return np.stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))


def _timetable(office: Office) -> tuple[object, ...]:
    """All that decides when an office is open."""
    return office.hours, office.seasons, office.closures, office.self_service, office.all_day
