"""Whether the published local rules still fit, today and on every later day, once something more is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from base.errors import BadOverlay
from knowledge.overlay import Overlay, misfits
from knowledge.place import Office, Region
from knowledge.service import Fact, Service
from knowledge.store import Key, Revisions, find_published, in_force, turning_days

JUDGED = ("service", "region", "office", "overlay")
"""Kinds on which a local rule depends."""


@dataclass(frozen=True)
class Misfit:
    """A published rule that would no longer hold together with the rest from `day` on, `because` of what is planned."""

    overlay: str
    day: date
    problem: str
    because: frozenset[Key]

    def error(self) -> BadOverlay:
        return BadOverlay(self.overlay, f"{self.problem} (on {self.day})")


def find_misfits(session: Session, planned: Mapping[Key, Revisions], on: date) -> list[Misfit]:
    """The rules that would break on that day or later if `planned` were published as well, the first day of each.

    Of the rules that are not planned themselves only those that fit without it: a rule that is broken already is no
    reason to refuse what repairs another one.
    """
    planned = {key: revisions for key, revisions in planned.items() if key[0] in JUDGED}
    if not planned:
        return []
    after, before = _Rules(session, planned), _Rules(session, {})
    found: dict[str, Misfit] = {}
    for service in after.services():
        for day in after.days(service, on):
            problems = after.problems(service, day)
            known = before.problems(service, day) if problems else {}
            for overlay, problem in problems.items():
                if overlay not in known or ("overlay", overlay) in planned:
                    because = frozenset(after.ground(service) & planned.keys())
                    found.setdefault(overlay, Misfit(overlay, day, problem, because))
    return list(found.values())


class _Rules:
    """The local rules as they are published, or would be with what is planned."""

    def __init__(self, session: Session, planned: Mapping[Key, Revisions]) -> None:
        self._session, self._planned = session, planned
        self._met: dict[Key, Revisions] = {}

    def services(self) -> list[str]:
        """Those with rules that have to do with what is planned."""
        return [service for service in self._by_service if self.ground(service) & self._planned.keys()]

    def ground(self, service: str) -> set[Key]:
        """Every document on which the rules of the service depend, on whatever day."""
        rules = self._by_service[service]
        places = {overlay.place for id in rules for overlay in self._overlays(id)}
        return {("service", service), *(("overlay", id) for id in rules), *self._with_all_above(places)}

    def days(self, service: str, on: date) -> list[date]:
        """That day, and all later ones on which anything turns that the rules of the service depend on."""
        everything = tuple(one for key in self.ground(service) for one in self._revisions(key))
        return [on, *turning_days(everything, on)]

    def problems(self, service: str, on: date) -> dict[str, str]:
        """What is wrong on that day with the rules of one service, by their ids."""
        rules = [rule for rule in self._in_force(self._by_service.get(service, ()), on) if rule.service == service]
        national = self._fact(("service", service), on)
        if not isinstance(national, Service):
            return {rule.id: f"{service} is not in force" for rule in rules}
        problems = {rule.id: f"{rule.at} is not in force" for rule in rules if self._fact(rule.place, on) is None}
        for error in misfits(national, rules, lambda at: self._way_to(at, on)):
            problems.setdefault(error.overlay, error.problem)
        return problems

    @cached_property
    def _by_service(self) -> dict[str, list[str]]:
        """Service id → the ids of all rules of which some revision is for it."""
        stored = find_published(self._session, "overlay", saying=self._only_service())
        found: dict[str, list[str]] = {}
        for id in dict.fromkeys((*stored, *(key for kind, key in self._planned if kind == "overlay"))):
            self._met["overlay", id] = stored.get(id, ())
            for service in dict.fromkeys(rule.service for rule in self._overlays(id)):
                found.setdefault(service, []).append(id)
        return found

    def _only_service(self) -> str:
        """The one service that is planned, where nothing else is: then only its rules need to be read."""
        ((kind, key), *more) = self._planned or [("", "")]
        return key if kind == "service" and not more else ""

    def _overlays(self, id: str) -> Iterator[Overlay]:
        for one in self._revisions(("overlay", id)):
            if one.body is not None and isinstance(one.fact, Overlay):
                yield one.fact

    def _in_force(self, ids: Iterable[str], on: date) -> Iterator[Overlay]:
        for id in ids:
            if isinstance(rule := self._fact(("overlay", id), on), Overlay):
                yield rule

    def _with_all_above(self, places: Iterable[Key]) -> set[Key]:
        """The places, and on whatever day the divisions in which they lie."""
        open_, met = list(places), set[Key]()
        while open_:
            if (place := open_.pop()) not in met:
                met.add(place)
                facts = (one.fact for one in self._revisions(place) if one.body is not None)
                open_ += [("region", region) for fact in facts if (region := _lies_in(fact))]
        return met

    def _way_to(self, at: str, on: date) -> list[str]:
        """The places from the province down to that one."""
        way = [at]
        place = self._fact(("office", at), on) or self._fact(("region", at), on)
        while place is not None and (region := _lies_in(place)):
            way.insert(0, region)
            place = self._fact(("region", region), on)
        return way

    def _fact(self, key: Key, on: date) -> Fact | None:
        published = in_force(self._revisions(key), on)
        return published.fact if published else None

    def _revisions(self, key: Key) -> Revisions:
        if key not in self._met:
            self._met[key] = find_published(self._session, *key).get(key[1], ())
        return (*self._met[key], *self._planned.get(key, ()))


def _lies_in(place: Fact) -> str | None:
    """The division in which an office or a division lies."""
    if isinstance(place, Office):
        return place.region
    return place.parent if isinstance(place, Region) else None
