"""What is asked of the database in its own words is answered alike by both."""

import pytest

from knowledge.notices import store, visits
from knowledge.notices.notice import PersonCase
from knowledge.notices.telling import holders_to_tell
from knowledge.store import fill_empty
from tests.knowledge.conftest import AT
from tests.knowledge.notices.conftest import Desk

LOST, PASSPORT, EAST = "id-card-reissue-lost", "passport-first", "990102"
ADULT = {"age": "adult", "place": "local", "pickup": "self"}
PASSPORT_CASE = {"age": "adult", "identity": "ordinary"}


@pytest.fixture
def desk(database, documents):
    with database.writing() as session:
        fill_empty(session, documents, at=AT)
    return Desk(database)


def test_holders_are_found_and_trips_counted(desk):
    child = PersonCase(PASSPORT, PASSPORT_CASE, "孩子")
    alone = desk.issue(LOST, ADULT, region=EAST, conversation="c1")
    family = desk.issue(LOST, ADULT, also=(child,), conversation="c2")
    desk.set(PASSPORT, phone="000-1")
    with desk.database.writing() as session:
        assert [one.code for one, _ in holders_to_tell(session, desk.knowledge, AT)] == [family.code]
    desk.change("region", EAST, lambda body: body | {"streets": []})
    with desk.database.writing() as session:
        assert holders_to_tell(session, desk.knowledge, AT) == []
    desk.do(lambda _, one: visits.report(one, "not_done", at=AT), alone)
    desk.do(lambda _, one: visits.explain(one, "wrong_place"), alone)
    desk.do(store.demand, alone, "证明", reason="要看", by="li", at=AT, office="demo-crj")
    with desk.database.reading() as session:
        rows = {row.office: row for row in visits.trips(session, AT)}
    assert (rows[None].issued, rows[None].told, rows[None].reasons) == (2, 1, {"wrong_place": 1})
    assert (rows["demo-crj"].issued, rows["demo-crj"].demanded) == (0, 1)
