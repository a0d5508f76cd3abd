"""Where the offices lie: by division, and the nearest to a point on the map. Pure, over the offices in memory."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from math import asin, ceil, cos, floor, radians, sin, sqrt
from typing import NamedTuple

from knowledge.place import Office

EARTH = 6_371_008.8  # metres, mean radius
METRES_PER_DEGREE = EARTH * radians(1)
CELL = 0.015  # degrees: about one and a half kilometres, so that a city's offices spread over many cells
FARTHEST = 100_000  # metres; nobody travels farther to a counter, and a mistyped position finds nothing


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
        self._cells: dict[tuple[int, int], list[tuple[Point, Office]]] = {}
        lines: dict[str, tuple[str, ...]] = {}
        for office in offices:
            if office.basis == "inferred":
                continue
            for code in lines.setdefault(office.region, tuple(divisions(office.region))):
                self._by_division.setdefault(code, []).append(office)
            if (point := position(office)) is not None:
                self._cells.setdefault(_cell(point), []).append((point, office))

    def within(self, adcode: str) -> list[Office]:
        """The offices of the division and of those below it."""
        return self._by_division.get(adcode, [])

    def nearest(self, point: Point, count: int, wanted: Callable[[Office], bool]) -> list[tuple[float, Office]]:
        """The wanted offices nearest to `point`, each with its distance in metres; none beyond `FARTHEST`."""
        found: list[tuple[float, Office]] = []
        for ring in range(_rings(point) + 1):
            for place, office in self._ring(_cell(point), ring):
                if wanted(office) and (metres := distance(point, place)) <= FARTHEST:
                    found.append((metres, office))
            found = heapq.nsmallest(count, found, key=lambda one: (one[0], one[1].id))
            # What lies beyond this ring is at least so far away: nothing there can be nearer.
            if len(found) == count and found[-1][0] <= ring * _narrowest(point):
                break
        return found

    def _ring(self, centre: tuple[int, int], ring: int) -> Iterator[tuple[Point, Office]]:
        """The offices in the cells that lie `ring` cells from the centre."""
        row, column = centre
        edge = range(-ring, ring + 1)
        for down in edge:
            for right in edge if abs(down) == ring else (-ring, ring):
                yield from self._cells.get((row + down, column + right), ())


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


def _cell(point: Point) -> tuple[int, int]:
    return floor(point.latitude / CELL), floor(point.longitude / CELL)


def _narrowest(point: Point) -> float:
    """The least width in metres of any cell within reach: degrees of longitude shrink towards the pole."""
    northernmost = min(89.0, abs(point.latitude) + FARTHEST / METRES_PER_DEGREE + CELL)
    return CELL * METRES_PER_DEGREE * cos(radians(northernmost))


def _rings(point: Point) -> int:
    return ceil(FARTHEST / _narrowest(point))
