"""Changing what is known: proposed, published from a day on, retired, rolled back; nothing is ever overwritten.

Whoever opens the session commits; every change that can be seen moves the version on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from knowledge.loader import Document
from knowledge.models import Revision


@dataclass(frozen=True)
class Change:
    """One difference of two bodies; `path` is written `materials.m3.note`, None stands for what is not there."""

    path: str
    before: Any
    after: Any


def propose(
    session: Session,
    kind: str,
    key: str,
    body: Mapping[str, Any],
    *,
    based_on: int | None,
    author: str,
    reason: str,
    at: datetime,
    origin: str = "staff",
) -> Revision:
    """A new revision that waits for its publication; `based_on` is the newest number its author saw (None: none).

    Raises `BadContent` when the body does not hold together, `EditConflict` when there is a newer one.
    """
    raise NotImplementedError


def publish(
    session: Session,
    kind: str,
    key: str,
    number: int,
    *,
    by: str,
    at: datetime,
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> Revision:
    """Let a proposed revision hold from a day on (None: at once) to the day before `effective_to`."""
    raise NotImplementedError


def retire(
    session: Session, kind: str, key: str, *, by: str, reason: str, at: datetime, on: date | None = None
) -> Revision:
    """Let the document hold no more from `on` (today if none is given); what it said before stays on record."""
    raise NotImplementedError


def roll_back(session: Session, kind: str, key: str, to_number: int, *, by: str, reason: str, at: datetime) -> Revision:
    """Publish an earlier body once more, as a new revision."""
    raise NotImplementedError


def history(session: Session, kind: str, key: str) -> list[Revision]:
    """All revisions of a document, oldest first; [] for an unknown one."""
    raise NotImplementedError


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between two bodies, in their order; lists of things with ids are compared by id."""
    raise NotImplementedError


def propose_shipped(session: Session, documents: Iterable[Document], *, at: datetime) -> list[Revision]:
    """What a release ships beside what is there: new and untouched documents published, others proposed.

    Returns the revisions made; nothing is ever put over what an editor has written.
    """
    raise NotImplementedError
