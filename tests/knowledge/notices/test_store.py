"""The life of a notice: given, found, replaced, withdrawn, expired, held up to a counter."""

from datetime import timedelta

import pytest

from base.errors import BadRequest, MistypedCode, MoveRefused, NoticeNotFound, QuestionOpen
from knowledge.notices import store
from knowledge.notices.codes import new_code, shown
from knowledge.notices.notice import PersonCase, materials_of
from knowledge.notices.store import State, content_of, state_of
from tests.knowledge.conftest import AT

LOST = "id-card-reissue-lost"
ADULT = {"age": "adult", "place": "local", "pickup": "self"}
SITE = "https://banshi.example.gov.cn"


@pytest.fixture
def notice(desk):
    return desk.issue(LOST, ADULT, region="990102", conversation="c1", channel="chat")


def sheet(desk, notice, at=AT):
    return store.sheet_of(desk.find(notice), desk.knowledge, site=SITE, at=at)


def banner(desk, notice, at=AT):
    return [block["text"] for block in sheet(desk, notice, at).banner]


def test_it_is_found_by_what_is_typed(desk, notice):
    with desk.database.reading() as session:
        assert store.find(session, f" {shown(notice.code).lower()} ").id == notice.id
        with pytest.raises(NoticeNotFound):
            store.find(session, new_code())
        with pytest.raises(MistypedCode):
            store.find(session, notice.code[1] + notice.code[0] + notice.code[2:] + "2")


def test_an_open_question_stores_nothing(desk):
    with pytest.raises(QuestionOpen):
        desk.issue(LOST, {"age": "adult"})
    with desk.database.reading() as session:
        assert session.query(store.Notice).count() == 0


def test_it_holds_for_ninety_days_the_last_one_included(desk, notice):
    last = AT.replace(hour=23, minute=59) + timedelta(90)
    assert state_of(notice, last) is State.IN_USE
    assert state_of(notice, last + timedelta(minutes=1)) is State.EXPIRED
    assert "已经过期" in banner(desk, notice, last + timedelta(minutes=1))[0]


def test_its_head_says_for_whom_where_and_until_when(desk, notice):
    head = {line["label"]: line["value"] for line in sheet(desk, notice).head}
    assert head == {
        "您的情况": "已满16周岁、户口所在省内、本人领取",
        "办理地区": "示例省示例市示例东区",
        "开具日期": "2026年11月23日",
        "有效期至": "2027年2月21日",
        "依据版本": "第1版",
    }


def test_the_division_and_the_office_are_named_as_they_were(desk, notice):
    desk.change("region", "990102", lambda body: body | {"name": "别的区"})
    head = {line["label"]: line["value"] for line in sheet(desk, notice).head}
    assert head["办理地区"] == "示例省示例市示例东区"


def test_the_code_of_one_that_was_replaced_leads_to_the_new_one(desk, notice):
    wanted = store.Wanted((PersonCase(LOST, ADULT | {"pickup": "mail"}),), conversation="c1")
    new = desk.do(lambda session, old: store.replace(session, old, desk.knowledge, wanted, at=AT), notice)
    old = desk.find(notice)
    assert (state_of(old, AT), old.replaced_by, old.visit_due_at) == (State.REPLACED, new.code, None)
    assert banner(desk, notice) == [f"您后来改过情况，请看新的一份：{SITE}/n/{shown(new.code)}"]
    assert state_of(desk.find(new), AT) is State.IN_USE


def test_one_that_was_withdrawn_says_why_and_cannot_be_used(desk, notice):
    with pytest.raises(BadRequest):
        desk.do(store.withdraw, notice, by="li", reason="  ", at=AT)
    desk.do(store.withdraw, notice, by="li", reason="开错了 地区", at=AT)
    assert banner(desk, notice) == ["这份告知单已经收回：开错了 地区。请不要再按它准备。"]
    with pytest.raises(MoveRefused):
        desk.do(store.withdraw, notice, by="li", reason="再收回一次", at=AT)
    with pytest.raises(MoveRefused):
        desk.do(store.present, notice, [], by="li", at=AT)
    events = desk.do(lambda _, one: [(event.kind, event.by, event.data) for event in one.events], notice)
    assert events == [("withdrawn", "li", {"reason": "开错了 地区"})]


def test_withdrawn_goes_before_replaced_and_expired(desk, notice):
    wanted = store.Wanted((PersonCase(LOST, ADULT),))
    desk.do(lambda session, old: store.replace(session, old, desk.knowledge, wanted, at=AT), notice)
    desk.do(store.withdraw, notice, by="li", reason="开错了", at=AT)
    assert state_of(desk.find(notice), AT + timedelta(1000)) is State.WITHDRAWN


def test_what_changed_stands_at_the_top_with_the_day_of_issue(desk, notice):
    desk.set(LOST, phone="000-1")
    assert banner(desk, notice) == ["您 11 月 23 日的清单有变化：“咨询电话”改为：000-1（原来是：12345）"]


def test_the_counter_ticks_what_was_brought(desk, notice):
    lines = materials_of(content_of(notice))
    missing = desk.do(store.present, notice, [lines[0]["id"]], by="zhao", at=AT, office="demo-pcs")
    assert missing == tuple(line["name"] for line in lines[1:])
    again = desk.do(store.present, notice, [line["id"] for line in lines], by="qian", at=AT + timedelta(1), office="b")
    assert again == ()
    kept = desk.find(notice)
    assert (kept.presented_at, kept.presented_office) == (AT, "demo-pcs")
    assert kept.visit_due_at == AT + timedelta(1)
    with pytest.raises(BadRequest):
        desk.do(store.present, notice, ["m999"], by="zhao", at=AT)
    events = desk.do(lambda _, one: [event.data["missing"] for event in one.events], notice)
    assert events == [[line["name"] for line in lines[1:]], []]


def test_a_second_demand_needs_what_and_why_and_changes_no_promise(desk, notice):
    for what, reason in (("", "派出所要求"), ("居委会证明", " "), ("长" * 101, "派出所要求"), ("证明", "长" * 501)):
        with pytest.raises(BadRequest):
            desk.do(store.demand, notice, what, reason=reason, by="zhao", at=AT)
    desk.do(store.demand, notice, "居委会证明", reason="系统里查不到地址", by="zhao", at=AT, office="demo-pcs")
    kept = desk.find(notice)
    assert kept.content == notice.content
    (event,) = desk.do(lambda _, one: list(one.events), notice)
    assert (event.kind, event.office, event.data) == (
        "demanded",
        "demo-pcs",
        {"what": "居委会证明", "reason": "系统里查不到地址"},
    )
