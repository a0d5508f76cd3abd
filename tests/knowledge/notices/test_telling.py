"""Holders are told of a change once, and only those whom it concerns."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from knowledge.notices import store, visits
from knowledge.notices.models import Notice
from knowledge.notices.notice import PersonCase
from knowledge.notices.telling import AS_IT_WAS, holders_to_tell
from tests.knowledge.conftest import AT

LOST, PASSPORT, BUNDLE = "id-card-reissue-lost", "passport-first", "bundle-newborn"
ADULT = {"age": "adult", "place": "local", "pickup": "self"}
PASSPORT_CASE = {"age": "adult", "identity": "ordinary"}
PHONE = "“咨询电话”改为：000-1（原来是：12345）"


@pytest.fixture
def notice(desk):
    return desk.issue(LOST, ADULT, region="990102", conversation="c1")


def told(desk, at=AT, **more):
    with desk.database.writing() as session:
        return [(notice.code, changes) for notice, changes in holders_to_tell(session, desk.knowledge, at, **more)]


def test_who_holds_it_is_told_once(desk, notice):
    assert told(desk) == []
    desk.set(LOST, phone="000-1")
    assert told(desk) == [(notice.code, (PHONE,))]
    assert told(desk) == []
    desk.set(PASSPORT, phone="000-9")
    assert told(desk) == []
    desk.set(LOST, phone="000-1", online="不能")
    ((_, changes),) = told(desk)
    assert PHONE in changes
    assert len(changes) == 2


def test_that_a_change_was_taken_back_is_told_too(desk, notice):
    before = desk.knowledge.find(LOST, AT.date()).service.phone
    desk.set(LOST, phone="000-1")
    told(desk)
    desk.set(LOST, phone=before)
    assert told(desk) == [(notice.code, (AS_IT_WAS,))]
    assert told(desk) == []


def test_what_is_taken_back_before_anybody_was_told_is_not_told(desk, notice):
    before = desk.knowledge.find(LOST, AT.date()).service.phone
    desk.set(LOST, phone="000-1")
    desk.set(LOST, phone=before)
    assert told(desk) == []


def test_what_is_decided_for_later_is_told_ahead_and_not_again(desk, notice):
    desk.set(LOST, phone="000-1", since=date(2027, 1, 1))
    ((_, (line,)),) = told(desk)
    assert "从2027年1月1日起" in line
    assert told(desk, AT.replace(year=2027, month=1, day=2)) == []


@pytest.mark.parametrize(
    "leave",
    [
        lambda session, one: store.withdraw(session, one, by="li", reason="开错了", at=AT),
        lambda session, one: store.present(session, one, [], by="li", at=AT),
        lambda session, one: setattr(one, "replaced_by", "2" * 12),
        lambda session, one: setattr(one, "conversation", None),
        lambda session, one: setattr(one, "valid_until", AT.date() - timedelta(1)),
        lambda session, one: visits.report(one, "one_trip", at=AT),
    ],
)
def test_who_has_no_use_for_it_any_more_is_not_told(desk, notice, leave):
    desk.do(leave, notice)
    desk.set(LOST, phone="000-1")
    assert told(desk) == []


def test_who_was_sent_home_is_still_told(desk, notice):
    desk.do(lambda _, one: visits.report(one, "not_done", at=AT), notice)
    desk.set(LOST, phone="000-1")
    assert len(told(desk)) == 1


def test_a_local_rule_concerns_who_goes_there(desk, notice):
    desk.issue(LOST, ADULT, region="320402", conversation="c2")
    desk.retire("overlay", "demo-east-id-card-days")
    assert [code for code, _ in told(desk)] == [notice.code]


def test_an_office_concerns_who_was_sent_there(desk, notice):
    beside = desk.issue(PASSPORT, PASSPORT_CASE, region="990102", conversation="c2")
    assert "demo-crj" in str(beside.content)
    assert "demo-crj" not in str(notice.content)
    desk.change("office", "demo-crj", lambda body: body | {"address": "新街1号"})
    assert [code for code, _ in told(desk)] == [beside.code]
    desk.retire("overlay", "demo-exit-entry-hall-passport")
    desk.retire("office", "demo-crj")
    ((code, changes),) = told(desk)
    assert code == beside.code
    assert any("已经撤并" in line for line in changes)


def test_a_paper_concerns_whoever_needs_it(desk, notice):
    desk.issue(PASSPORT, PASSPORT_CASE, conversation="c2")
    desk.change("document", "id-card-either-form", lambda body: body | {"obtain": "大厅一楼取"})
    assert [code for code, _ in told(desk)] == [notice.code]


def test_the_item_of_a_bundle_and_of_a_familys_second_person_concerns_their_notice(desk, complete):
    bundle = desk.issue(BUNDLE, complete(BUNDLE), conversation="c1")
    child = PersonCase(PASSPORT, complete(PASSPORT), "孩子")
    family = desk.issue(LOST, ADULT, also=(child,), conversation="c2")
    desk.set("birth-certificate-first", name="出生医学证明办理")
    assert [code for code, _ in told(desk)] == [bundle.code]
    desk.set(PASSPORT, phone="000-1")
    assert [code for code, _ in told(desk)] == [family.code]


def test_only_so_many_are_looked_at_a_time_and_none_is_forgotten(desk):
    all_ = {desk.issue(LOST, ADULT, conversation=f"c{number}").code for number in range(5)}
    desk.set(LOST, phone="000-1")
    found = [code for _ in range(4) for code, _ in told(desk, most=2)]
    assert sorted(found) == sorted(all_)


def test_a_change_that_concerns_nobody_reads_no_notice(desk, notice):
    desk.set(PASSPORT, phone="000-1")
    read = []

    def note(*_):
        read.append(1)

    event.listen(Notice, "load", note)
    try:
        assert told(desk) == []
    finally:
        event.remove(Notice, "load", note)
    assert read == []
