"""A service in a place: the local rules on the way down to it, and what a person is told of them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.clock import CHINA
from base.errors import OfficeNotFound, ServiceNotFound
from knowledge.answers import item_answer
from knowledge.aspects import NOTICE
from knowledge.case import Case
from knowledge.guidance import guide
from knowledge.heard import Heard, Link
from knowledge.inquiry import Inquiry
from knowledge.overlay import NATIONAL, Overlay
from knowledge.store import Published, in_force, pack

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
TODAY, NEW_YEAR = AT.date(), date(2027, 1, 1)
LOST, PERMIT, PASSPORT, DOG = "id-card-reissue-lost", "residence-permit-first", "passport-first", "dog-registration"
PROVINCE, CITY, EAST, NEW, COUNTY = "990000", "990100", "990102", "990104", "990122"


def promised(knowledge, region):
    return knowledge.resolve(LOST, TODAY, region).service.time_limit.promised


def material_ids(resolved):
    return [material.id for material in resolved.service.materials]


def local(resolved):
    return {path: origin.level for path, origin in resolved.origins.items() if origin.is_local}


def with_rules(knowledge, *rules, since=None, until=None):
    """The knowledge with further local rules, in force from and until some day."""
    said = {"reason": "试点", "source": "演示数据"}
    more = {rule["id"]: (Published("overlay", pack(rule | said), 1, since, until),) for rule in rules}
    return replace(knowledge, others={**knowledge.others, "overlay": {**knowledge.others["overlay"], **more}})


def with_service(knowledge, **changes):
    """The knowledge with a second revision of the service, in which some facts are others."""
    body = knowledge.find(LOST, TODAY).service.model_dump(mode="json") | changes
    newer = (*knowledge.revisions[LOST], Published("service", pack(body), 2))
    return replace(knowledge, revisions={**knowledge.revisions, LOST: newer})


# --- level by level --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "words", "level"),
    [
        (None, "公安部工作规范", NATIONAL),
        ("320402", "公安部工作规范", NATIONAL),
        ("000000", "公安部工作规范", NATIONAL),
        (PROVINCE, "全省承诺10个", "示例省"),
        (CITY, "全省承诺10个", "示例省"),
        (EAST, "示例东区承诺7个", "示例东区"),
        (NEW, "全省承诺10个", "示例省"),
    ],
)
def test_the_lowest_level_that_says_something_decides(shipped, region, words, level):
    assert promised(shipped, region).startswith(words)
    assert shipped.resolve(LOST, TODAY, region).origins["time_limit"].level == level


def test_every_fact_says_where_it_comes_from(shipped):
    resolved = shipped.resolve(LOST, TODAY, EAST)
    assert local(resolved) == {"time_limit": "示例东区", "materials.m1": "示例市", "materials.m4": "示例市"}
    assert {"fees", "phone", "steps", "materials.m5"} <= resolved.origins.keys()
    assert {(o.at, o.revision) for o in resolved.origins.values()} == {("", 1), (EAST, 1), (CITY, 1)}
    assert [material.id for material in resolved.dropped] == ["m1"]
    assert "m1" not in material_ids(resolved)


def test_a_district_asks_for_more_than_its_city(shipped):
    assert "new-district-1" in material_ids(shipped.resolve(PERMIT, TODAY, NEW))
    assert "new-district-1" not in material_ids(shipped.resolve(PERMIT, TODAY, CITY))
    assert shipped.resolve(PERMIT, TODAY, NEW).service.phone == "000-00000031"


def test_an_office_stands_in_its_own_division(shipped):
    resolved = shipped.resolve(PASSPORT, TODAY, office="demo-crj")
    assert local(resolved) == {
        "phone": "示例市公安局出入境接待大厅",
        "appointment": "示例市公安局出入境接待大厅",
        "materials.m2": "示例市公安局出入境接待大厅",
    }
    assert shipped.resolve(PASSPORT, TODAY, EAST).revision == resolved.revision
    assert local(shipped.resolve(PASSPORT, TODAY, EAST)) == {}
    assert shipped.resolve(LOST, TODAY, "320402", "demo-crj") == shipped.resolve(LOST, TODAY, EAST)


def test_what_is_not_there_is_named(shipped):
    with pytest.raises(ServiceNotFound):
        shipped.resolve("no-such-service", TODAY, CITY)
    with pytest.raises(OfficeNotFound):
        shipped.resolve(LOST, TODAY, office="no-such-office")


def test_without_local_rules_a_service_is_the_national_one(shipped):
    ruled = {rule[-1].fact.service for rule in shipped.others["overlay"].values()}
    for head in shipped.heads(TODAY):
        national = shipped.find(head.id, TODAY).service
        assert shipped.resolve(head.id, TODAY).service == national
        assert (shipped.resolve(head.id, TODAY, EAST).service != national) <= (head.id in ruled)


def test_the_same_place_is_resolved_once(shipped):
    assert shipped.resolve(LOST, TODAY, EAST) is shipped.resolve(LOST, NEW_YEAR, EAST)


@given(st.randoms(use_true_random=False), st.sampled_from([PROVINCE, CITY, EAST, NEW, COUNTY]))
def test_the_order_in_which_rules_are_stored_changes_nothing(shipped, random: Random, region):
    rules = list(shipped.others["overlay"].items())
    random.shuffle(rules)
    shuffled = replace(shipped, others={**shipped.others, "overlay": dict(rules)})
    for service in (LOST, PERMIT, DOG):
        assert shuffled.resolve(service, TODAY, region) == shipped.resolve(service, TODAY, region)


@given(st.sets(st.sampled_from([PROVINCE, CITY, EAST]), min_size=1), st.permutations([PROVINCE, CITY, EAST]))
def test_a_later_level_wins_whatever_came_first(shipped, levels, order):
    rules = [
        {"id": f"phone-{n}", "service": LOST, "at": at, "set": {"phone": f"000-{at}"}}
        for n, at in enumerate(order)
        if at in levels
    ]
    resolved = with_rules(shipped, *rules).resolve(LOST, TODAY, EAST)
    lowest = max(levels)  # here the codes grow from the province down
    assert (resolved.service.phone, resolved.origins["phone"].at) == (f"000-{lowest}", lowest)


# --- in time ---------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(DAYS, st.none() | st.integers(1, 400), DAYS)
def test_a_local_rule_holds_on_its_days_only(shipped, since, length, on):
    until = since + timedelta(length) if length else None
    rule = {"id": "for-a-time", "service": DOG, "at": COUNTY, "set": {"phone": "000-7"}}
    knowledge = with_rules(shipped, rule, since=since, until=until)
    holds = since <= on and (until is None or on < until)
    assert (knowledge.resolve(DOG, on, COUNTY).service.phone == "000-7") == holds


@given(st.lists(st.tuples(st.none() | DAYS, st.none() | st.integers(1, 90), st.booleans()), max_size=6), DAYS)
def test_a_day_has_one_revision_in_force_and_it_holds(revisions, on):
    made = tuple(
        Published(
            "service", b"", number, since, since + timedelta(days) if since and days and not clears else None, clears
        )
        for number, (since, days, clears) in enumerate(revisions, start=1)
    )
    found = in_force(made, on)
    holding = [one for one in made if one.holds(on)]
    assert (found is None) == (not holding)
    if found:
        assert found in holding
        newer = [one for one in holding if one.revision > found.revision]
        assert all(one.first_day < found.first_day and not one.clears for one in newer)


# --- what a person is told -------------------------------------------------------------------------------------------


def told(knowledge, *aspects, service=LOST, region=None, answers=None):
    resolved = knowledge.resolve(service, TODAY, region)
    return item_answer(Inquiry(knowledge, resolved, answers or {}, aspects, region, AT)).text


def test_a_local_fact_names_whose_rule_it_is(shipped):
    assert "全省承诺10个工作日（示例省规定）" in told(shipped, "time_limit", region=CITY)
    assert "（示例东区规定）" in told(shipped, "time_limit", region=EAST)
    assert "规定）" not in told(shipped, "time_limit", region="320402")
    assert "每年100元" in (fees := told(shipped, "fee", service=DOG, region=COUNTY))
    assert "（示例县规定）" in fees
    assert "000-00000031（示例市规定）" in told(shipped, "phone", service=PERMIT, region=NEW)


def test_only_what_is_local_is_marked_in_the_list(shipped):
    answers = {"age": "minor", "place": "local", "pickup": "self"}
    lines = told(shipped, "materials", region=CITY, answers=answers).splitlines()
    marked = [line for line in lines if "示例市规定" in line]
    assert any("监护关系材料" in line and "告知承诺书" in line for line in marked)
    assert any("示例市规定，不用带：居民户口簿" in line for line in marked)
    assert not any("监护人居民身份证" in line for line in marked)


def test_a_waived_material_is_named_only_to_those_who_would_have_brought_it(shipped):
    from_elsewhere = {"age": "adult", "place": "other", "pickup": "self"}
    assert "不用带" not in told(shipped, "materials", region=CITY, answers=from_elsewhere)


@pytest.mark.parametrize(
    ("review_by", "said"),
    [("2026-11-22", True), ("2026-11-23", False), ("2027-01-01", False), (None, False)],
)
def test_a_fact_past_its_review_is_told_as_unverified(shipped, review_by, said):
    words = told(with_service(shipped, review_by=review_by), *NOTICE)
    assert ("待核实" in words) == said
    assert "40元" in words


def test_a_rule_that_no_longer_fits_is_said_to_be_unverified(shipped):
    materials = [m for m in shipped.find(LOST, TODAY).service.model_dump(mode="json")["materials"] if m["id"] != "m1"]
    knowledge = with_service(shipped, materials=materials)
    assert knowledge.resolve(LOST, TODAY, EAST).unfit == ("demo-city-id-card-household-book",)
    assert "待核实" in told(knowledge, "materials", region=EAST)
    assert "示例东区承诺7个工作日" in told(knowledge, "time_limit", region=EAST)


def test_a_conversation_follows_the_place_it_is_told(shipped):
    ask = Heard("身份证丢了多久能补好", "ask_time_limit", (Link(LOST, 0.95),))
    answer, case = guide(ask, Case(), shipped, AT)
    assert "示例" not in answer.text
    answer, case = guide(Heard("要多久", "ask_time_limit", (), (EAST,)), case, shipped, AT)
    assert "示例东区承诺7个工作日（示例东区规定）" in answer.text
    answer, _ = guide(Heard("那示例新区要多久", "ask_time_limit", (), (NEW,)), case, shipped, AT)
    assert "全省承诺10个工作日（示例省规定）" in answer.text


def test_the_shipped_rules_speak_of_every_kind_of_change_and_level(documents):
    rules = [document.fact for document in documents if isinstance(document.fact, Overlay)]
    assert 6 <= len(rules) <= 8
    assert {name for rule in rules for name in ("set", "add", "drop", "change") if getattr(rule, name)} == {
        "set",
        "add",
        "drop",
        "change",
    }
    assert {rule.place[0] for rule in rules} == {"region", "office"}
    assert all(rule.source == "演示数据" for rule in rules)
