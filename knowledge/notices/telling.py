"""Whom a published change concerns: the notices in use that a chat asked for are held against what holds now.

There may be tens of thousands of them and a change every minute, so only those are read that a changed document may
touch, and so many a time as do not hold up other writers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from base.clock import CHINA
from knowledge.models import Revision
from knowledge.notices.coming import items_of
from knowledge.notices.models import Notice
from knowledge.notices.notice import PersonCase
from knowledge.notices.store import cases_of, changes_since, content_of
from knowledge.store import Knowledge

_WIDE = ("document", "region")  # kinds of which one change may touch any notice; a matter changes nothing that is told
_FEW = 100  # offices whose surroundings are looked up
_SIEVED = 5  # times as many are read as are looked at: to see that a notice is not touched takes little
MOST = 100  # notices looked at a time; an eighth of a second of work
AS_IT_WAS = "之前告诉您的变化已经取消，原来的清单照样有效"


def holders_to_tell(
    session: Session, knowledge: Knowledge, at: datetime, most: int = MOST
) -> list[tuple[Notice, tuple[str, ...]]]:
    """The notices that a change touches of which their holder was not told, each with all that is otherwise now.

    They are marked as told: whoever calls sends the messages in the same transaction, and comes again, since no more
    than `most` are looked at. What was decided to change on a later day is told when it is published.
    """
    found = []
    for notice in _touched(session, knowledge, at, most):
        changes = changes_since(notice, knowledge, at)
        digest = digest_of_changes(changes)
        if digest != notice.told:
            notice.told = digest
            found.append((notice, changes or (AS_IT_WAS,)))
        notice.knowledge_version = knowledge.version
    return found


def digest_of_changes(changes: Sequence[str]) -> str:
    """An empty string where nothing has changed."""
    return hashlib.sha256("\n".join(changes).encode()).hexdigest() if changes else ""


@dataclass
class _Changed:
    """What was published since some version, each with the version that changed it last.

    `services` by id, local rules counting as their service, `offices` by id; `anything` may touch every notice.
    """

    services: dict[str, int] = field(default_factory=dict)
    offices: dict[str, int] = field(default_factory=dict)
    anything: int = 0

    def last_of(self, services: Iterable[str], offices: Iterable[str]) -> int:
        versions = [self.services.get(one, 0) for one in services] + [self.offices.get(one, 0) for one in offices]
        return max(versions, default=0)


def _touched(session: Session, knowledge: Knowledge, at: datetime, most: int) -> list[Notice]:
    """Some of the notices that something published since touches; what was only near them counts as looked at."""
    day = at.astimezone(CHINA).date()
    waiting = _waiting(knowledge, day)
    oldest = session.scalar(select(func.min(Notice.knowledge_version)).where(*waiting))
    if oldest is None:
        return []
    changed = _changed(session, knowledge, oldest)
    services = session.scalars(select(Notice.service).where(*waiting).distinct())
    items = {service: items_of(knowledge, [PersonCase(service, {})], day) for service in services}
    near = or_(*_near(knowledge, changed, items))
    touched: list[Notice] = []
    for notice in session.scalars(select(Notice).where(*waiting, near).order_by(Notice.id).limit(most * _SIEVED)):
        if len(touched) == most:
            break
        last = changed.last_of(items_of(knowledge, cases_of(notice), day), _offices_of(notice))
        if notice.knowledge_version < max(last, changed.anything):
            touched.append(notice)
        else:
            notice.knowledge_version = knowledge.version
    return touched


def _waiting(knowledge: Knowledge, day: date) -> tuple[ColumnElement[bool], ...]:
    """Held by somebody in a chat who has not been to the counter, and last looked at before the last change."""
    return (
        Notice.conversation.is_not(None),
        Notice.valid_until >= day,
        Notice.replaced_by.is_(None),
        Notice.withdrawn_at.is_(None),
        Notice.presented_at.is_(None),
        or_(Notice.visit.is_(None), Notice.visit == "not_done"),
        Notice.knowledge_version < knowledge.version,
    )


def _changed(session: Session, knowledge: Knowledge, since: int) -> _Changed:
    published = select(Revision.kind, Revision.key, func.max(Revision.version)).where(
        Revision.version > since, Revision.kind.in_(("service", "overlay", "office", *_WIDE))
    )
    changed = _Changed()
    for kind, key, version in session.execute(published.group_by(Revision.kind, Revision.key)):
        if kind == "service":
            changed.services[key] = max(version, changed.services.get(key, 0))
        elif kind == "overlay":
            for service in knowledge.services_of_rule(key):
                changed.services[service] = max(version, changed.services.get(service, 0))
        elif kind == "office":
            changed.offices[key] = version
        else:
            changed.anything = max(version, changed.anything)
    return changed


def _near(
    knowledge: Knowledge, changed: _Changed, items: Mapping[str, Collection[str]]
) -> Iterator[ColumnElement[bool]]:
    """Notices that a change may touch, as the database finds them: a few too many, never one too few."""
    version = Notice.knowledge_version
    yield version < changed.anything
    for service, all_ in items.items():
        if last := changed.last_of(all_, ()):
            yield and_(Notice.service == service, version < last)
    # Of a family's notice only the first one's item stands in a column.
    yield and_(func.json_array_length(Notice.cases) > 1, version < changed.last_of(changed.services, ()))
    if last := changed.last_of((), changed.offices):
        yield and_(_round(knowledge, changed.offices), version < last)


def _round(knowledge: Knowledge, offices: Collection[str]) -> ColumnElement[bool]:
    """Made for a division whose notices may name one of the offices: its own, those above, and those of the same city."""
    known = [knowledge.offices[one] for one in offices if one in knowledge.offices]
    if len(known) < len(offices) or len(known) > _FEW:  # one that is no more lay nobody knows where
        return Notice.region.is_not(None)
    above = {region.adcode for one in known for region in knowledge.ancestors(one.region)}
    cities = {region.adcode for one in known for region in knowledge.ancestors(one.region)[:2]}
    beside = {region.adcode for region in knowledge.regions.values() if region.parent in cities}
    return Notice.region.in_(above | beside)


def _offices_of(notice: Notice) -> set[str]:
    blocks = content_of(notice).blocks
    return {line["id"] for block in blocks if block["type"] == "offices" for line in block["items"]}
