"""Whether what is to be published would lie in itself: a bundle in its own members, a counter in its own rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from base.errors import BadContent
from knowledge.loader import ABOVE
from knowledge.store import Key, Published, Revisions, find_revisions, in_force, turning_days


def check_circles(session: Session, planned: Mapping[Key, Revisions], on: date) -> None:
    """Raise `BadContent` if something planned would lead back to itself on that day or a later one."""
    all_ = _with_all_above(session, planned)

    def above_ever(key: Key) -> Iterator[Key]:
        return (found for one in all_.get(key, ()) for found in _above(one))

    suspects = [key for key in planned if _leads_back(key, above_ever)]
    if not suspects:
        return
    for day in (on, *turning_days(tuple(one for revisions in all_.values() for one in revisions), on)):

        def above_then(key: Key, day: date = day) -> Iterator[Key]:
            return _above(in_force(all_.get(key, ()), day))

        for key in suspects:
            if _leads_back(key, above_then):
                raise BadContent(Path("store"), 1, f"{' '.join(key)} 绕了一圈又包含自己（{day}）")


def _with_all_above(session: Session, planned: Mapping[Key, Revisions]) -> dict[Key, Revisions]:
    """The revisions of what is planned and of everything to which it leads on whatever day."""
    found: dict[Key, Revisions] = {}
    open_ = set(planned)
    while open_:
        stored = find_revisions(session, open_)
        for key in open_:
            found[key] = (*stored.get(key, ()), *planned.get(key, ()))
        open_ = {key for met in open_ for one in found[met] for key in _above(one)} - found.keys()
    return found


def _above(one: Published | None) -> Iterator[Key]:
    """The documents of its own kind in which it lies, or which lie in it."""
    if one is not None and one.body is not None and one.kind in ABOVE:
        yield from ((one.kind, key) for key in ABOVE[one.kind](one.fact))


def _leads_back(start: Key, above: Callable[[Key], Iterable[Key]]) -> bool:
    open_, met = list(above(start)), set[Key]()
    while open_:
        key = open_.pop()
        if key == start:
            return True
        if key not in met:
            met.add(key)
            open_ += above(key)
    return False
