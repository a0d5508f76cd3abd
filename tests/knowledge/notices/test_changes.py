"""What a published change does to a notice that is in use: its difference, and nothing but that."""

from datetime import date, timedelta

import pytest

from knowledge import revisions
from knowledge.notices.store import sheet_of
from tests.knowledge.conftest import AT

LOST, PERMIT, PASSPORT = "id-card-reissue-lost", "residence-permit-first", "passport-first"
ADULT = {"age": "adult", "place": "local", "pickup": "self"}
EAST = "990102"


def test_nothing_is_said_while_nothing_changes(desk, complete):
    notices = [desk.issue(LOST, ADULT), desk.issue(PERMIT, complete(PERMIT, region=EAST), region=EAST)]
    assert [desk.changes(one) for one in notices] == [(), ()]
    assert [desk.changes(one, AT + timedelta(days=3, hours=12)) for one in notices] == [(), ()]


def test_what_is_otherwise_now_is_said_and_only_that(desk):
    notice = desk.issue(LOST, ADULT)

    def change(body):
        first, *others = body["materials"]
        more = {"id": "m99", "name": "近期照片", "form": "原件", "copies": 2, "note": "白底"}
        only_minors = {"id": "m98", "name": "出生证", "form": "原件", "when": {"age": ["minor"]}}
        return body | {"phone": "000-1", "materials": [first | {"note": "换成新式的"}, *others, more, only_minors]}

    desk.change("service", LOST, change)
    told = desk.changes(notice)
    name = desk.knowledge.find(LOST, AT.date()).service.materials[0].name
    assert told[0] == "多带一样：近期照片（原件2份）：白底"
    assert told[1].startswith(f"“{name}”改为：{name}（")
    assert "换成新式的" in told[1]
    assert told[2:] == ("“咨询电话”改为：000-1（原来是：12345）",)


def test_what_need_not_be_brought_any_more_is_said(desk):
    notice = desk.issue(LOST, ADULT)
    gone = desk.knowledge.find(LOST, AT.date()).service.materials[0]
    overlay = "demo-city-id-card-household-book"  # the city's rule speaks of that material
    desk.retire("overlay", overlay)
    desk.change("service", LOST, lambda body: body | {"materials": body["materials"][1:]})
    assert desk.changes(notice) == (f"不用再带：{gone.name}",)


def test_a_change_for_others_is_not_said(desk):
    notice = desk.issue(LOST, ADULT)
    only_minors = {"id": "m98", "name": "出生证", "form": "原件", "when": {"age": ["minor"]}}
    desk.change("service", LOST, lambda body: body | {"materials": [*body["materials"], only_minors]})
    desk.set(PASSPORT, phone="000-1")
    assert desk.changes(notice) == ()


def test_new_steps_and_warnings_are_said(desk):
    notice = desk.issue(LOST, ADULT)
    desk.set(LOST, steps=["先打电话", "再去"], pitfalls=["没打电话就去"])
    assert desk.changes(notice) == ("办理步骤有变化：先打电话；再去", "新增提醒：容易白跑的情况：没打电话就去")


def test_a_local_rule_that_comes_later_is_said_where_it_holds(desk):
    here, elsewhere = desk.issue(LOST, ADULT, region=EAST), desk.issue(LOST, ADULT, region="320402")
    body = {"id": "east-1", "service": LOST, "at": EAST, "set": {"phone": "000-7"}, "reason": "试点", "source": "演示"}
    with desk.database.writing() as session:
        said = {"author": "wang", "reason": "试点", "at": AT}
        revisions.propose(session, "overlay", "east-1", body, based_on=None, **said)
        revisions.publish(session, "overlay", "east-1", 1, by="li", at=AT)
    assert desk.changes(here) == ("“咨询电话”改为：000-7（示例东区规定）（原来是：12345）",)
    assert desk.changes(elsewhere) == ()


def test_an_office_that_moves_or_closes_is_said(desk, complete):
    notice = desk.issue(PASSPORT, complete(PASSPORT, office="demo-crj"), office="demo-crj")
    closed = {"first": "2026-11-25", "last": "2026-11-27", "reason": "装修"}
    desk.change("office", "demo-crj", lambda body: body | {"address": "新街1号", "closures": [closed]})
    name = desk.knowledge.offices["demo-crj"].name
    assert desk.changes(notice) == (
        f"{name}的地址改为：新街1号",
        f"{name}：11月25日至11月27日装修，不开放",
    )


def test_the_turn_of_a_season_is_told_by_the_hours_alone(desk, complete):
    season = {"first": "12-01", "last": "12-31", "hours": "1-5 10:00-16:00"}
    desk.change("office", "demo-crj", lambda body: body | {"seasons": [season]})
    notice = desk.issue(PASSPORT, complete(PASSPORT, office="demo-crj"), office="demo-crj")
    assert "12月1日至12月31日改为周一至周五 10:00-16:00" in str(notice.content)
    assert desk.changes(notice) == ()
    (line,) = desk.changes(notice, AT + timedelta(days=10))
    assert line.startswith("示例市公安局出入境接待大厅的开放时间改为：周一至周五 10:00-16:00")
    spring = desk.issue(PASSPORT, complete(PASSPORT, office="demo-crj"), office="demo-crj", at=AT + timedelta(days=10))
    (line,) = desk.changes(spring, AT + timedelta(days=45))
    assert "的开放时间改为：周一至周五 09:00-17:00；周六" in line


def test_another_office_among_the_nearest_is_no_change_but_one_that_is_no_more_is(desk, complete):
    notice = desk.issue(PASSPORT, complete(PASSPORT, region=EAST), region=EAST)
    (offices,) = [block["items"] for block in notice.content["blocks"] if block["type"] == "offices"]
    gone = offices[0]
    for overlay in [id for id in desk.knowledge.overlays if "exit-entry" in id]:
        desk.retire("overlay", overlay)
    before = desk.changes(notice)
    desk.retire("office", gone["id"])
    assert [line for line in desk.changes(notice) if line not in before] == [f"{gone['name']}已经撤并，请不要再去"]


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (lambda desk: desk.retire("service", LOST), "停办"),
        (lambda desk: desk.set(LOST, situations=[], materials=[], fees=[{"amount": "免费"}]), "情形"),
    ],
)
def test_an_item_that_is_retired_or_asks_otherwise_is_said(desk, happens, told):
    notice = desk.issue(LOST, ADULT)
    for overlay in [id for id, all_ in desk.knowledge.overlays.items() if "id-card" in id]:
        desk.retire("overlay", overlay)
    happens(desk)
    (line,) = desk.changes(notice)
    assert told in line


def test_an_office_that_was_chosen_and_is_no_more_is_said(desk, complete):
    notice = desk.issue(PASSPORT, complete(PASSPORT, office="demo-crj"), office="demo-crj")
    for overlay in [id for id in desk.knowledge.overlays if "exit-entry" in id]:
        desk.retire("overlay", overlay)
    desk.retire("office", "demo-crj")
    (line,) = desk.changes(notice)
    assert "网点有调整" in line
    head = sheet_of(desk.find(notice), desk.knowledge, site="https://x.example", at=AT).head
    assert {"label": "办理网点", "value": "示例市公安局出入境接待大厅"} in head


def test_what_is_decided_for_later_is_said_ahead_and_then_as_it_is(desk):
    notice = desk.issue(LOST, ADULT)
    since = date(2027, 1, 1)
    desk.set(LOST, phone="000-1", since=since)
    (ahead,) = desk.changes(notice)
    assert ahead.startswith("新增提醒：从2027年1月1日起规定有变")
    on_the_day = AT.replace(year=2027, month=1, day=2)
    assert desk.changes(notice, on_the_day) == ("“咨询电话”改为：000-1（原来是：12345）",)


def test_what_comes_after_it_expires_is_no_matter(desk):
    notice = desk.issue(LOST, ADULT)
    desk.set(LOST, phone="000-1", since=notice.valid_until + timedelta(1))
    assert desk.changes(notice) == ()


def test_the_change_of_one_of_a_bundles_items_is_said(desk, complete):
    answers = complete("bundle-newborn")
    notice = desk.issue("bundle-newborn", answers)
    desk.set("birth-certificate-first", name="出生医学证明办理")
    (line,) = desk.changes(notice)
    assert line.startswith("办理步骤有变化：")
