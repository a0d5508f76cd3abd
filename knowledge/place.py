"""Divisions, offices (网点) and the matters they deal with, as data."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from knowledge.hours import ALL_DAY, Calendar, Day, Spans, WeeklyHours, parse_hours, spans_on
from knowledge.service import Confidence, Fact, Id, Words

CHINA_LATITUDES, CHINA_LONGITUDES = (3, 54), (73, 136)  # degrees; whatever lies outside was mistyped or exchanged

Adcode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


def _is_day_of_year(text: str) -> str:
    date.fromisoformat(f"2000-{text}")  # a leap year: 02-29 is a day too
    return text


def _check_latitude(degrees: float) -> float:
    return _check_range(degrees, CHINA_LATITUDES)


def _check_longitude(degrees: float) -> float:
    return _check_range(degrees, CHINA_LONGITUDES)


def _check_range(degrees: float, bounds: tuple[int, int]) -> float:
    if not bounds[0] <= degrees <= bounds[1]:
        raise ValueError(f"{degrees} lies outside China; are latitude and longitude exchanged?")
    return degrees


Latitude = Annotated[float, AfterValidator(_check_latitude)]
Longitude = Annotated[float, AfterValidator(_check_longitude)]
DayOfYear = Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$"), AfterValidator(_is_day_of_year)]


class Region(Fact):
    """A division by its six-digit code; `demo` marks the invented city, whose codes GB/T 2260 does not use."""

    adcode: Adcode
    name: Words
    parent: Adcode | None = None
    names: tuple[Words, ...] = ()
    former: tuple[Words, ...] = ()
    zones: tuple[Words, ...] = ()
    streets: tuple[Words, ...] = ()
    demo: bool = False


class Matter(Fact):
    """What an office says it deals with (护照, 公安 …), in services or whole domains of ours."""

    name: Words
    domains: tuple[Words, ...] = ()
    services: tuple[Id, ...] = ()


class Closure(Fact):
    """Days off of one office beside the public calendar; both ends count."""

    first: date
    last: date
    reason: Words

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Closure:
        if self.last < self.first:
            raise ValueError(f"closure ends on {self.last}, before it begins on {self.first}")
        return self


class Season(Fact):
    """Other hours from one day of the year to another, both included, every year anew; written 07-01."""

    first: DayOfYear
    last: DayOfYear
    hours: Words

    @model_validator(mode="after")
    def _can_be_read(self) -> Season:
        if self.last < self.first:
            raise ValueError(f"season ends on {self.last}, before it begins on {self.first}; over New Year write two")
        parse_hours(self.hours)
        return self

    def holds(self, day: date) -> bool:
        return self.first <= f"{day:%m-%d}" <= self.last


class Office(Fact):
    """A place that people go to; absent fields were not found, `inferred` ones are never shown to a citizen.

    `hours` is written `1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00` (1 = Monday), coordinates are WGS-84 degrees.
    `self_service` are machines, which public holidays do not close; `all_day` is open day and night.
    """

    id: Id
    name: Words
    kind: Words
    region: Adcode
    street: str = ""
    address: str = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    phone: tuple[Words, ...] = ()
    hours: str = ""
    hours_note: str = ""
    seasons: tuple[Season, ...] = ()
    closures: tuple[Closure, ...] = ()
    self_service: bool = False
    all_day: bool = False
    matters: tuple[Words, ...] = ()
    windows: tuple[Words, ...] = ()
    part_of: Id | None = None
    network: bool = False
    as_of: str = ""
    note: str = ""
    basis: Literal["sourced", "inferred", "demo"]
    confidence: Confidence
    sources: tuple[Words, ...] = ()

    @property
    def has_hours(self) -> bool:
        """Whether it is known when the place is open."""
        return self.all_day or bool(self.hours)

    def season(self, day: date) -> Season | None:
        """The season that the day falls into."""
        return next((season for season in self.seasons if season.holds(day)), None)

    def weekly_hours(self, day: date) -> WeeklyHours:
        """The hours of an ordinary week around that day; {} where none are known."""
        season = self.season(day)
        hours = season.hours if season else self.hours
        return _read_often(hours) if hours else {}

    def closed_for(self, day: date) -> str:
        """Why the place is closed on that day beside the public calendar; an empty string if it is not."""
        return next((closure.reason for closure in self.closures if closure.first <= day <= closure.last), "")

    def spans_on(self, day: date, calendar: Calendar) -> Spans:
        """The spans in which the place is open on that day."""
        if self.closed_for(day):
            return ()
        if self.all_day:
            return ALL_DAY
        return spans_on(day, self.weekly_hours(day), _every_day if self.self_service else calendar)

    @field_validator("hours")
    @classmethod
    def _hours_can_be_read(cls, hours: str) -> str:
        if hours:
            parse_hours(hours)
        return hours

    @model_validator(mode="after")
    def _is_placed_wholly_or_not(self) -> Office:
        check_position(self.latitude, self.longitude)
        return self

    @model_validator(mode="after")
    def _knows_when_it_is_open(self) -> Office:
        if self.all_day and (self.hours or self.seasons):
            raise ValueError("open all day leaves no room for hours or seasons")
        if self.seasons and not self.hours:
            raise ValueError("seasons need the hours of the rest of the year too")
        in_order = sorted(self.seasons, key=lambda season: season.first)
        for earlier, later in pairwise(in_order):
            if later.first <= earlier.last:
                raise ValueError(f"seasons overlap: one ends on {earlier.last}, another begins on {later.first}")
        return self


def check_position(latitude: float | None, longitude: float | None) -> None:
    """Raise ValueError unless both are missing or name a point in or near China."""
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        raise ValueError("latitude and longitude belong together")
    _check_latitude(latitude)
    _check_longitude(longitude)


@lru_cache(1024)
def _read_often(hours: str) -> WeeklyHours:
    return parse_hours(hours)


def _every_day(day: date) -> Day:
    return Day.NORMAL
