"""Divisions, offices (网点) and the matters they deal with, as data."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from knowledge.hours import WeeklyHours, parse_hours
from knowledge.service import Confidence, Fact, Id, Words

Adcode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


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


class Office(Fact):
    """A place that people go to; absent fields were not found, `inferred` ones are never shown to a citizen.

    `hours` is written `1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00` (1 = Monday), coordinates are WGS-84 degrees.
    """

    id: Id
    name: Words
    kind: Words
    region: Adcode
    address: str = ""
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    phone: tuple[Words, ...] = ()
    hours: str = ""
    hours_note: str = ""
    closures: tuple[Closure, ...] = ()
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
    def weekly_hours(self) -> WeeklyHours:
        """Opening hours by weekday; {} where none are known."""
        return parse_hours(self.hours) if self.hours else {}

    @field_validator("hours")
    @classmethod
    def _hours_can_be_read(cls, hours: str) -> str:
        if hours:
            parse_hours(hours)
        return hours
