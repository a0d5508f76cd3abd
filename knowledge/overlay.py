"""Local rules (overlays): what a province, city, district or office changes of a national service. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field, ValidationError

from base.errors import BadOverlay
from knowledge.service import Fact, Id, Material, Service, Words, problem_words

ADCODE = re.compile(r"[0-9]{6}")
NATIONAL = "全国"
NEVER_SET = ("id", "materials")  # the id is what an overlay hangs on; materials change one by one


class Overlay(Fact):
    """What one place changes of one service; `at` is its adcode or an office's id.

    `set` replaces whole fields, `add`, `drop` and `change` speak of single materials.
    """

    id: Id
    service: Id
    at: Id
    set: dict[Id, Any] = Field(default_factory=dict)
    add: tuple[Material, ...] = ()
    drop: tuple[Id, ...] = ()
    change: dict[Id, dict[Id, Any]] = Field(default_factory=dict)
    reason: Words
    source: Words

    @property
    def place(self) -> tuple[str, str]:
        """The kind (region or office) and the key of the document that `at` names."""
        return "region" if ADCODE.fullmatch(self.at) else "office", self.at


@dataclass(frozen=True)
class Origin:
    """Which level decided a fact: its words (全国, 常州市, an office's name), its code, and the revision there.

    `at` is the adcode or the office's id, empty for the national service.
    """

    level: str
    at: str
    revision: int

    @property
    def is_local(self) -> bool:
        return bool(self.at)


@dataclass(frozen=True)
class Resolved:
    """A service as it holds in one place on one day.

    `origins` has every field (`fees`) and every material (`materials.m3`, also a dropped one); `revision` is the
    national one. `dropped` are the materials that a local rule waives, `unfit` the rules that no longer fit the service
    and were left out: whoever answers says so.
    """

    service: Service
    revision: int
    origins: Mapping[str, Origin]
    dropped: tuple[Material, ...] = ()
    unfit: tuple[str, ...] = ()

    def is_unverified(self, on: date) -> bool:
        """Whether nobody vouches for it on that day: its review is due, or a local rule no longer fits it."""
        return bool(self.unfit) or self.service.is_review_due(on)

    def rule(self, path: str) -> str:
        """示例市规定 where a local rule decided the fact, else an empty string."""
        origin = self.origins[path]
        return f"{origin.level}规定" if origin.is_local else ""


@dataclass(frozen=True)
class Step:
    """An overlay on the way from the nation down to the office, and what to call its level."""

    overlay: Overlay
    origin: Origin


def apply(service: Service, overlay: Overlay) -> Service:
    """The service with the overlay's changes.

    Raises `BadOverlay` when that changes nothing, names what is not there, or makes no valid service.
    """
    changed = _changed(service, overlay)
    if changed == service:
        raise BadOverlay(overlay.id, "changes nothing")
    return changed


def resolve(service: Service, revision: int, steps: Iterable[Step]) -> Resolved:
    """The service after all steps, in their order, with the origin of every fact."""
    national = Origin(NATIONAL, "", revision)
    origins = dict.fromkeys(_paths(service), national)
    dropped: dict[str, Material] = {}
    unfit: list[str] = []
    for step in steps:
        try:
            changed = _changed(service, step.overlay)
        except BadOverlay:
            unfit.append(step.overlay.id)
            continue
        origins |= dict.fromkeys(changes(service, changed), step.origin)
        dropped |= {material.id: material for material in service.materials if material.id in step.overlay.drop}
        service = changed
    there = {material.id for material in service.materials}
    waived = tuple(material for id, material in dropped.items() if id not in there)
    return Resolved(service, revision, origins, waived, tuple(unfit))


def check_overlays(service: Service, overlays: Iterable[Overlay], way_to: Callable[[str], Iterable[str]]) -> None:
    """All local rules for one service fit it and each other; raises the first of `misfits`."""
    for misfit in misfits(service, overlays, way_to):
        raise misfit


def misfits(
    service: Service, overlays: Iterable[Overlay], way_to: Callable[[str], Iterable[str]]
) -> Iterator[BadOverlay]:
    """What is wrong with the local rules for one service; `way_to` names the places from the province down to one.

    Wrong are also two rules of one place that change the same fact: nobody could tell which one holds.
    """
    by_place: dict[str, list[Overlay]] = {}
    for overlay in sorted(overlays, key=lambda overlay: overlay.id):
        by_place.setdefault(overlay.at, []).append(overlay)
    for end in by_place:
        local = service
        for place in way_to(end):
            decided: dict[str, str] = {}
            for overlay in by_place.get(place, ()):
                try:
                    changed = apply(local, overlay)
                except BadOverlay as error:
                    yield error
                    continue
                for path in changes(local, changed):
                    if path in decided:
                        yield BadOverlay(overlay.id, f"changes {path}, and so does {decided[path]} in the same place")
                    decided[path] = overlay.id
                local = changed


def changes(before: Service, after: Service) -> list[str]:
    """The paths of the facts in which two forms of a service differ, as in `Resolved.origins`."""
    old, new = _paths(before), _paths(after)
    return [path for path in {**old, **new} if old.get(path) != new.get(path)]


def _paths(service: Service) -> dict[str, Any]:
    fields = {name: getattr(service, name) for name in Service.model_fields if name not in NEVER_SET}
    return {**fields, **{f"materials.{material.id}": material for material in service.materials}}


def _changed(service: Service, overlay: Overlay) -> Service:
    _check_names(service, overlay)
    kept = [
        material.model_dump() | overlay.change.get(material.id, {})
        for material in service.materials
        if material.id not in overlay.drop
    ]
    facts = service.model_dump() | overlay.set
    facts["materials"] = [*kept, *(material.model_dump() for material in overlay.add)]
    try:
        return Service.model_validate(facts)
    except ValidationError as error:
        raise BadOverlay(overlay.id, problem_words(error)) from None


def _check_names(service: Service, overlay: Overlay) -> None:
    """Everything that the overlay names is there, once, and its to change."""
    if overlay.service != service.id:
        raise BadOverlay(overlay.id, f"is for {overlay.service!r}, not for {service.id!r}")
    materials = {material.id for material in service.materials}
    for name in overlay.set:
        if name in NEVER_SET or name not in Service.model_fields:
            raise BadOverlay(overlay.id, f"set: a service has no field {name!r} to set")
    for id in (*overlay.drop, *overlay.change):
        if id not in materials:
            raise BadOverlay(overlay.id, f"{service.id} has no material {id!r}")
    for id, fields in overlay.change.items():
        if id in overlay.drop:
            raise BadOverlay(overlay.id, f"material {id!r} is changed and dropped")
        for name in fields:
            if name == "id" or name not in Material.model_fields:
                raise BadOverlay(overlay.id, f"change: a material has no field {name!r} to change")
    for material in overlay.add:
        if material.id in materials:
            raise BadOverlay(overlay.id, f"{service.id} has a material {material.id!r} already")
