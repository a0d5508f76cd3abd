"""Nothing is published that would lie in itself, today or on a later day."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from base.clock import CHINA
from base.errors import BadContent
from knowledge import revisions, store
from knowledge.check import find_errors
from knowledge.models import Revision

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
TODAY, NEW_YEAR, SPRING = AT.date(), date(2027, 1, 1), date(2027, 3, 1)


@pytest.fixture
def session(database, documents):
    """The divisions of the invented city and a few services without bundles."""
    services = [one for one in documents if one.kind == "service" and one.fact.bundle is None][:3]
    papers = [one for one in documents if one.kind == "document"]
    regions = [one for one in documents if one.kind == "region" and one.fact.demo]
    with database.writing() as session:
        store.fill_empty(session, [*papers, *services, *regions], at=AT - timedelta(30))
    with database.reading() as session:
        yield session


def publish(session, document, since=None, **changes):
    kind, key = document
    earlier = revisions.history(session, kind, key)
    body = (dict(earlier[-1].body) if earlier else {}) | changes
    told = {"based_on": earlier[-1].number if earlier else None, "author": "wang", "reason": "核对", "at": AT}
    number = revisions.propose(session, kind, key, body, **told).number
    revisions.publish(session, kind, key, number, by="li", at=AT, effective_from=since)


def bundle(session, key, *members, since=None):
    publish(session, ("service", key), since, bundle={"lead": "市政府", "members": list(members)} if members else None)


def hall(session, key, part_of=None):
    told = {"name": "大厅", "kind": "大厅", "region": "990100", "basis": "demo", "confidence": "low"}
    publish(session, ("office", key), id=key, part_of=part_of, **told)


@pytest.fixture
def three(session):
    return [id for (id,) in session.execute(select(Revision.key).where(Revision.kind == "service"))]


def test_bundles_are_no_members_of_each_other(session, three):
    a, b, c = three
    bundle(session, a, b)
    bundle(session, b, c)
    for members in ([a], [b], [c]):
        with pytest.raises(BadContent, match=f"service {c} 绕了一圈又包含自己（{TODAY}）"):
            bundle(session, c, *members)
    assert list(find_errors(session, TODAY)) == []


def test_a_circle_that_comes_about_later_is_refused_now(session, three):
    a, b, _ = three
    bundle(session, a, b, since=NEW_YEAR)
    with pytest.raises(BadContent, match=f"包含自己（{NEW_YEAR}）"):
        bundle(session, b, a)


def test_who_was_a_member_before_may_have_the_other_one_afterwards(session, three):
    a, b, _ = three
    bundle(session, a, b)
    bundle(session, a, since=NEW_YEAR)
    bundle(session, b, a, since=SPRING)
    for day in (TODAY, NEW_YEAR, SPRING):
        assert list(find_errors(session, day)) == []
    with pytest.raises(BadContent, match=f"service {a} 绕了一圈又包含自己（{SPRING}）"):
        revisions.roll_back(session, "service", a, 2, by="li", reason="改错了", at=AT)


def test_a_circle_of_two_proposals_is_refused(session, three):
    proposed = []
    for key, member in (three[:2], three[1::-1]):
        body = revisions.history(session, "service", key)[0].body | {"bundle": {"lead": "市政府", "members": [member]}}
        told = {"based_on": 1, "author": "wang", "reason": "核对", "at": AT}
        number = revisions.propose(session, "service", key, body, **told).number
        proposed.append(revisions.Publication(("service", key), number))
    with pytest.raises(BadContent, match="包含自己"):
        revisions.publish_together(session, proposed, by="li", at=AT)


def test_no_hall_stands_in_its_own_room_and_no_division_lies_in_itself(session):
    hall(session, "hall")
    hall(session, "room", part_of="hall")
    with pytest.raises(BadContent, match="office hall 绕了一圈又包含自己"):
        hall(session, "hall", part_of="room")
    with pytest.raises(BadContent, match="region 990000 绕了一圈又包含自己"):
        publish(session, ("region", "990000"), parent="990100")
