"""What a notice says: what the checklist says, nothing of the moment, frozen."""

import json
from dataclasses import asdict
from datetime import date, timedelta

import pytest

from base.errors import BadRequest, OfficeNotFound, QuestionOpen, RegionNotFound, ServiceNotFound, UnknownAnswer
from knowledge.bundles import bundle_checklist
from knowledge.checklist import checklist
from knowledge.loader import read_content
from knowledge.notices.notice import MOST_CASES, Content, PersonCase, assemble, materials_of
from tests.knowledge.conftest import AT

LOST, PASSPORT, PERMIT = "id-card-reissue-lost", "passport-first", "residence-permit-first"
EAST, NEW = "990102", "990104"  # districts of the invented city
ADULT = {"age": "adult", "place": "local", "pickup": "self"}
MINOR = ADULT | {"age": "minor"}
SERVICES = {one.key: one.fact for one in read_content(demo=True) if one.kind == "service"}


def words_of(content):
    """All that can be read in it."""
    return json.dumps(asdict(content), ensure_ascii=False, default=str)


def made(shipped, service, answers, **where):
    return assemble(shipped, [PersonCase(service, answers)], at=AT, **where)


@pytest.mark.parametrize("region", [None, EAST])
@pytest.mark.parametrize("service", SERVICES)
def test_it_asks_for_what_the_checklist_asks_for(shipped, complete, service, region):
    for pick in (0, 1):
        answers = complete(service, pick, region=region)
        content = made(shipped, service, answers, region=region).content
        local = shipped.resolve(service, AT.date(), region).service
        found = checklist(local, answers)
        needs = found.needs
        if local.bundle:
            needs = [one.need for one in bundle_checklist(shipped, service, answers, on=AT.date(), region=region).needs]
        lines = materials_of(content)
        wanted = [(m.id, m.name, m.form, m.copies, m.waivable) for m in (need.material for need in needs)]
        assert [(x["id"], x["name"], x["form"], x["copies"], x["waivable"]) for x in lines] == wanted
        assert all(need.material.note in line["note"] for need, line in zip(needs, lines, strict=True))
        words = words_of(content)
        quoted = [*local.steps, *(fee.amount for fee in found.fees), local.phone, local.online, local.result]
        quoted += [law.law for law in local.legal_basis] + list(local.varies_locally) + list(local.pitfalls)
        assert [one for one in quoted if json.dumps(one, ensure_ascii=False)[1:-1] not in words] == []
        assert Content.from_json(json.loads(json.dumps(content.as_json()))) == content


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_in_it_is_true_of_the_moment_only(shipped, complete, service):
    answers = complete(service, region=EAST)
    by_day = made(shipped, service, answers, region=EAST).content
    by_night = assemble(shipped, [PersonCase(service, answers)], region=EAST, at=AT.replace(hour=23)).content
    assert by_day == by_night
    assert "现在开放" not in words_of(by_day)


def test_it_tells_whose_case_it_is_and_from_which_revisions(shipped):
    one = made(shipped, LOST, MINOR, region=EAST)
    assert one.content.told == ({"label": "您的情况", "value": "未满16周岁、户口所在省内、本人领取"},)
    assert one.content.place == "示例省示例市示例东区"
    assert one.revisions == {f"{LOST}@": 1, f"{LOST}@990100": 1, f"{LOST}@990102": 1}
    assert one.version == shipped.version


def test_an_answer_that_says_nothing_alone_comes_with_its_question(shipped):
    answers = {"age": "adult", "identity": "ordinary"}
    content = made(shipped, PASSPORT, answers).content
    ask = SERVICES[PASSPORT].situation("identity").ask.rstrip("？")
    assert content.told[0]["value"] == f"已满16周岁、{ask}：都不是"
    (title,) = [block["title"] for block in content.blocks if block["type"] == "materials"]
    assert title == "要带这些："


def test_what_the_place_does_without_is_named(shipped):
    content = made(shipped, LOST, ADULT, region=EAST).content
    assert "m1" not in [line["id"] for line in materials_of(content)]
    assert "示例市规定，不用带：" in words_of(content)


def test_where_a_paper_is_had_is_told(shipped, complete):
    lines = materials_of(made(shipped, PASSPORT, complete(PASSPORT)).content)
    (photo,) = [line for line in lines if line["name"].endswith("照片")]
    assert shipped.documents["exit-entry-photo"].obtain in photo["note"]


def test_an_office_stands_first_and_brings_its_division_and_its_rules(shipped, complete):
    answers = complete(PASSPORT, office="demo-crj")
    one = made(shipped, PASSPORT, answers, office="demo-crj", region="320402")
    (offices,) = [block["items"] for block in one.content.blocks if block["type"] == "offices"]
    assert offices[0]["id"] == "demo-crj"
    assert len(offices) == len({line["id"] for line in offices}) <= 3
    assert f"{PASSPORT}@demo-crj" in one.revisions
    assert "不用预约" in words_of(one.content)


def test_low_confidence_is_told_before_all_else(shipped, complete):
    low = next(id for id, service in SERVICES.items() if service.confidence == "low")
    first = made(shipped, low, complete(low)).content.blocks[0]
    assert (first["type"], first["tone"]) == ("text", "warning")
    assert "只供参考" in first["text"]


def test_an_open_question_is_handed_back(shipped):
    with pytest.raises(QuestionOpen) as caught:
        made(shipped, LOST, {})
    assert caught.value.service == LOST
    assert caught.value.question["id"] == "age"
    assert caught.value.question["options"].keys() >= {"adult", "minor"}


@pytest.mark.parametrize(
    ("cases", "where", "error"),
    [
        ([PersonCase("no-such", {})], {}, ServiceNotFound),
        ([PersonCase(LOST, ADULT)], {"office": "no-such"}, OfficeNotFound),
        ([PersonCase(LOST, ADULT)], {"region": "123456"}, RegionNotFound),
        ([PersonCase(LOST, ADULT | {"age": "dead"})], {}, UnknownAnswer),
        ([PersonCase(LOST, {"shoe": "large"})], {}, UnknownAnswer),
        ([], {}, BadRequest),
        ([PersonCase(LOST, ADULT, f"老{n}") for n in "一二三四五六"[: MOST_CASES + 1]], {}, BadRequest),
        ([PersonCase(LOST, ADULT)] * 2, {}, BadRequest),
        ([PersonCase(LOST, ADULT, "")], {}, BadRequest),
        ([PersonCase(LOST, ADULT, "13812345678")], {}, BadRequest),
        ([PersonCase(LOST, ADULT, "<b>孩子</b>")], {}, BadRequest),
        ([PersonCase(LOST, ADULT, "住在幸福路八号的张三")], {}, BadRequest),
    ],
)
def test_what_is_no_case_is_refused(shipped, cases, where, error):
    with pytest.raises(error):
        assemble(shipped, cases, at=AT, **where)


# --- frozen, and made for a day ---------------------------------------------------------------------------------------


def test_what_was_promised_never_changes(desk):
    notice = desk.issue(LOST, ADULT, region=EAST)
    desk.set(LOST, phone="000-1", name="身份证补领", steps=["先打电话"])
    desk.retire("overlay", "demo-east-id-card-days")
    kept = desk.find(notice)
    assert (kept.content, kept.revisions) == (notice.content, notice.revisions)
    assert "000-1" not in str(kept.content)


@pytest.mark.parametrize("days", [-1, 91])
def test_no_notice_is_made_for_a_day_on_which_it_does_not_hold(desk, days):
    with pytest.raises(BadRequest, match="on"):
        desk.issue(LOST, ADULT, on=AT.date() + timedelta(days))


def test_for_a_later_day_its_rules_stand_in_it(desk):
    since = date(2027, 1, 1)
    desk.set(LOST, phone="000-1", since=since)
    today = desk.issue(LOST, ADULT)
    later = desk.issue(LOST, ADULT, on=since)
    warning = "从2027年1月1日起规定有变，那天以后去办：“咨询电话”改为：000-1（原来是：12345）"
    assert today.content["blocks"][0] == {"type": "text", "text": warning, "tone": "warning"}
    assert (today.content["as_of"], later.content["as_of"]) == (None, "2027-01-01")
    assert "规定有变" not in str(later.content)
    assert "000-1" in str(later.content)
    assert [desk.changes(one) for one in (today, later)] == [(), ()]
