"""The store: content fills an empty one once, revisions hold by date, and every process sees a change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from base.clock import CHINA
from base.db import Database
from base.errors import OfficeNotFound, RegionNotFound, ServiceNotFound
from knowledge import revisions, store
from knowledge.lexicon import lexicon
from knowledge.models import Holiday, Revision

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
TODAY, NEW_YEAR = AT.date(), date(2027, 1, 1)
LOST = "id-card-reissue-lost"


@pytest.fixture(scope="module")
def few(documents):
    """One service, and all divisions, offices and matters of the invented city."""
    demo = [document for document in documents if document.kind == "region" and document.fact.demo]
    return [document for document in documents if document.key == LOST] + demo


@pytest.fixture
def filled(database, few):
    with database.writing() as session:
        store.fill_empty(session, few, at=AT)
    return database


def loaded(database):
    with database.reading() as session:
        return store.load(session)


def revise(database, *, number, status="published", since=None, until=None, key=LOST, **changes):
    """A further revision of the service, as an editor publishes it."""
    with database.writing() as session:
        first = session.scalars(select(Revision).where(Revision.key == LOST, Revision.number == 1)).one()
        session.add(
            Revision(
                kind="service",
                key=key,
                number=number,
                body=first.body | {"id": key} | changes,
                digest="",
                status=status,
                effective_from=since,
                effective_to=until,
                origin="staff",
                author="wang",
                at=AT,
                version=store.touch(session),
            )
        )


def test_content_fills_an_empty_store_as_first_revisions(database, few):
    with database.writing() as session:
        assert store.fill_empty(session, few, at=AT) == len(few)
    with database.reading() as session:
        rows = session.scalars(select(Revision)).all()
        assert session.scalars(select(Holiday)).first() is not None
    assert {(row.number, row.status, row.origin, row.at) for row in rows} == {(1, "published", "content", AT)}
    assert [row.digest for row in rows] == [store.digest(document.body()) for document in few]


def test_a_store_that_holds_anything_is_left_as_it_is(filled, documents):
    before = loaded(filled)
    with filled.writing() as session:
        assert store.fill_empty(session, documents, at=AT) == 0
    assert loaded(filled).version == before.version == 1
    assert list(loaded(filled).revisions) == [LOST]


def test_of_two_machines_that_begin_at_once_the_second_finds_it_filled(database, address):
    begin = Barrier(2, timeout=30)

    def take_in():
        machine = Database(address)
        begin.wait()
        with machine.writing() as session:
            revisions.take_in_content(session, demo=False, at=AT)
        machine.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(take_in) for _ in range(2)]:
            done.result()
    assert loaded(database).version == 1


def test_what_is_loaded_is_what_was_written(shipped, documents):
    for document in documents:
        kept = {
            "service": lambda key: shipped.find(key, TODAY).service,
            "region": shipped.region,
            "office": shipped.office,
            "matter": shipped.matters.__getitem__,
            "document": shipped.documents.__getitem__,
            "overlay": lambda key: shipped.others["overlay"][key][0].fact,
        }[document.kind](document.key)
        assert kept == document.fact


def test_services_come_in_the_order_of_the_content(shipped, documents):
    assert [service.id for service in shipped.services(TODAY)] == [d.key for d in documents if d.kind == "service"]


def test_an_empty_store_is_an_empty_knowledge(database):
    knowledge = loaded(database)
    assert (knowledge.version, knowledge.services(TODAY), knowledge.has_demo) == (0, [], False)


def test_a_digest_does_not_depend_on_the_order_of_keys():
    assert store.digest({"a": 1, "b": ["二"]}) == store.digest({"b": ["二"], "a": 1}) != store.digest({"a": 1})


# --- revisions by date -----------------------------------------------------------------------------------------------


def names(database, *days):
    knowledge = loaded(database)
    return [knowledge.find(LOST, day).service.name for day in days]


def test_a_revision_published_today_may_hold_from_new_year(filled):
    revise(filled, number=2, since=NEW_YEAR, name="新办法")
    assert names(filled, TODAY, date(2026, 12, 31), NEW_YEAR) == ["居民身份证丢失补领", "居民身份证丢失补领", "新办法"]
    assert loaded(filled).find(LOST, NEW_YEAR).revision == 2


def test_a_revision_holds_to_the_day_before_its_end(filled):
    revise(filled, number=2, since=date(2026, 12, 1), until=NEW_YEAR, name="十二月办法")
    days = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), NEW_YEAR)
    assert names(filled, *days) == ["居民身份证丢失补领", "十二月办法", "十二月办法", "居民身份证丢失补领"]


def test_of_those_that_hold_the_highest_number_wins(filled):
    revise(filled, number=3, name="第三稿")
    revise(filled, number=2, name="第二稿")
    assert names(filled, TODAY) == ["第三稿"]


def test_a_proposal_does_not_count(filled):
    revise(filled, number=2, status="proposed", name="草稿")
    assert names(filled, TODAY) == ["居民身份证丢失补领"]


def test_a_service_of_tomorrow_is_not_there_today(filled):
    revise(filled, number=1, key="id-card-of-tomorrow", since=NEW_YEAR)
    knowledge = loaded(filled)
    assert [service.id for service in knowledge.services(TODAY)] == [LOST]
    assert [service.id for service in knowledge.services(NEW_YEAR)] == [LOST, "id-card-of-tomorrow"]
    with pytest.raises(ServiceNotFound):
        knowledge.find("id-card-of-tomorrow", TODAY)


# --- every process sees a change -------------------------------------------------------------------------------------


def test_the_version_moves_with_every_change(filled):
    with filled.writing() as session:
        store.touch(session)
    with filled.reading() as session:
        assert store.find_version(session) == 2


def test_a_change_that_fails_moves_nothing(filled):
    with pytest.raises(ZeroDivisionError):
        touch_and_fail(filled)
    assert loaded(filled).version == 1


def touch_and_fail(database):
    with database.writing() as session:
        store.touch(session)
        session.flush()
        raise ZeroDivisionError


def test_another_process_on_the_same_store_sees_it(filled, address):
    other = Database(address)
    cache = store.KnowledgeCache()
    with other.reading() as session:
        assert cache.current(session).find(LOST, TODAY).service.name == "居民身份证丢失补领"
    revise(filled, number=2, name="新办法")
    with other.reading() as session:
        assert cache.current(session).find(LOST, TODAY).service.name == "新办法"
    other.close()


def test_one_copy_serves_until_the_version_moves_on(filled):
    cache = store.KnowledgeCache()
    with filled.reading() as session:
        first = cache.current(session)
        assert cache.current(session) is first
    with filled.writing() as session:
        store.touch(session)
    with filled.reading() as session:
        second = cache.current(session)
    assert (first.version, second.version) == (1, 2)


# --- looking up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("look_up", "error"),
    [
        (lambda knowledge: knowledge.find("no-such-service", TODAY), ServiceNotFound),
        (lambda knowledge: knowledge.office("no-such-office"), OfficeNotFound),
        (lambda knowledge: knowledge.region("000000"), RegionNotFound),
    ],
)
def test_what_is_not_there_is_named(shipped, look_up, error):
    with pytest.raises(error, match=r"no-such|000000"):
        look_up(shipped)


@pytest.mark.parametrize(
    ("adcode", "words"),
    [("320402", "江苏省常州市天宁区"), ("320400", "江苏省常州市"), ("990103", "示例省示例市示例西区"), ("000000", "")],
)
def test_a_division_is_named_with_all_above_it(shipped, adcode, words):
    assert shipped.region_words(adcode) == words


def test_the_lexicon_names_everything_in_force_and_moves_with_it(filled):
    before = lexicon(loaded(filled), TODAY)
    assert [service["id"] for service in before["services"]] == [LOST]
    assert {"adcode": "990100", "name": "示例市", "names": ["示例", "演示市"], "parent": "990000"} in before["places"]
    revise(filled, number=2, aliases=["证没了"])
    after = lexicon(loaded(filled), TODAY)
    assert after["services"][0]["aliases"] == ["证没了"]
    assert after["revision"] != before["revision"] != lexicon(loaded(filled), NEW_YEAR)["revision"]
