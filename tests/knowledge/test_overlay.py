"""Local rules: what they change is what they say, nothing else, and what they cannot change is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import BadOverlay
from knowledge.overlay import Origin, Overlay, Step, apply, changes, check_overlays, resolve
from knowledge.service import Service

SAID = {"reason": "试点", "source": "演示数据"}
WORDS = st.text("材料复印件原件当场免交", min_size=1, max_size=8)
# Fields that any service has and any words can stand in.
FREE = ("phone", "appointment", "agent", "online", "result", "authority", "audience", "eligibility")


def rule(service, *, id="rule", at="990100", **changes):
    return Overlay(id=id, service=service.id, at=at, **SAID, **changes)


def step(overlay, level="示例市", revision=1):
    return Step(overlay, Origin(level, overlay.at, revision))


def card(**changes):
    """A small service; anything of it can be said."""
    return Service.model_validate(
        {
            "id": "card",
            "name": "办卡",
            "domain": "其他",
            "authority": "窗口",
            "handled_at": ["窗口"],
            "scope": "属地办理",
            "audience": "自然人",
            "eligibility": "谁都行",
            "situations": [{"id": "age", "ask": "满16了吗？", "options": {"adult": "满了", "minor": "没满"}}],
            "materials": [
                {"id": "m1", "name": "身份证", "form": "原件"},
                {"id": "m2", "name": "监护人身份证", "form": "原件", "when": {"age": ["minor"]}},
            ],
            "fees": [{"amount": "20元"}],
            "time_limit": {"statutory": "20日"},
            "steps": ["到窗口"],
            "online": "不能",
            "result": "卡",
            "appointment": "不用",
            "agent": "不能",
            "phone": "12345",
            "confidence": "high",
            **changes,
        }
    )


@st.composite
def rules_for(draw, service):
    """An overlay that changes something of the service, in any of the ways there are."""
    ids = [material.id for material in service.materials]
    dropped = draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    kept = [id for id in ids if id not in dropped]
    changed = draw(st.lists(st.sampled_from(kept), unique=True)) if kept else []
    added = draw(st.lists(st.integers(1, 50), unique=True, max_size=2))
    fields = draw(st.lists(st.sampled_from(FREE), unique=True, min_size=0 if dropped or added else 1))
    return rule(
        service,
        drop=dropped,
        change={id: {"note": f"本地：{draw(WORDS)}"} for id in changed},
        add=[{"id": f"local-{n}", "name": draw(WORDS), "form": "原件"} for n in added],
        set={name: f"本地：{draw(WORDS)}" for name in fields},
    )


def materials(service):
    return {material.id: material for material in service.materials}


@given(st.data())
def test_what_a_rule_says_is_what_it_changes(documents, data):
    service = data.draw(st.sampled_from([d.fact for d in documents if d.kind == "service"]))
    overlay = data.draw(rules_for(service))
    changed = apply(service, overlay)
    expected = [*overlay.set, *(f"materials.{id}" for id in (*overlay.drop, *overlay.change))]
    expected += [f"materials.{material.id}" for material in overlay.add]
    assert sorted(changes(service, changed)) == sorted(expected)
    assert materials(changed).keys() == materials(service).keys() - set(overlay.drop) | {m.id for m in overlay.add}
    assert all(getattr(changed, name) == value for name, value in overlay.set.items())
    resolved = resolve(service, 7, [step(overlay, revision=3)])
    local = [path for path, origin in resolved.origins.items() if origin.is_local]
    assert sorted(local) == sorted(expected)
    assert {resolved.origins[path] for path in local} == {Origin("示例市", "990100", 3)}
    assert {origin for path, origin in resolved.origins.items() if path not in local} <= {Origin("全国", "", 7)}
    assert resolved.service == changed
    assert {material.id for material in resolved.dropped} == set(overlay.drop)


@given(st.data())
def test_a_rule_laid_over_twice_is_refused_or_is_no_change(documents, data):
    service = data.draw(st.sampled_from([d.fact for d in documents if d.kind == "service"]))
    overlay = data.draw(rules_for(service))
    with pytest.raises(BadOverlay):
        apply(apply(service, overlay), overlay)


@given(st.lists(st.tuples(st.sampled_from(["省", "市", "区", "网点"]), WORDS), min_size=1))
def test_the_last_level_wins(said):
    service = card()
    steps = [step(rule(service, set={"phone": words}), level) for level, words in said]
    resolved = resolve(service, 1, steps)
    assert resolved.service.phone == said[-1][1]
    assert resolve(service, 1, steps) == resolved
    before = ["12345", *(words for _, words in said)]
    deciding = [level for (level, words), known in zip(said, before, strict=False) if words != known]
    assert resolved.origins["phone"].level == deciding[-1]


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"set": {"phone": "12345"}},
        {"set": {"fees": [{"amount": "20元"}]}},
        {"change": {"m1": {}}},
        {"change": {"m1": {"form": "原件"}}},
    ],
    ids=str,
)
def test_a_rule_that_changes_nothing_is_refused(nothing):
    with pytest.raises(BadOverlay, match="changes nothing"):
        apply(card(), rule(card(), **nothing))


@pytest.mark.parametrize(
    ("slip", "problem"),
    [
        ({"drop": ["m9"]}, "card has no material 'm9'"),
        ({"change": {"m9": {"note": "x"}}}, "card has no material 'm9'"),
        ({"change": {"m1": {"colour": "x"}}}, "a material has no field 'colour' to change"),
        ({"change": {"m1": {"id": "m7"}}}, "a material has no field 'id' to change"),
        ({"change": {"m1": {"form": "石板"}}}, "materials.0.form: "),
        ({"drop": ["m1"], "change": {"m1": {"note": "x"}}}, "material 'm1' is changed and dropped"),
        ({"add": [{"id": "m1", "name": "x", "form": "原件"}]}, "card has a material 'm1' already"),
        ({"add": [{"id": "m3", "name": "x", "form": "原件", "when": {"sex": ["f"]}}]}, "unknown situation 'sex'"),
        ({"set": {"telephone": "110"}}, "a service has no field 'telephone' to set"),
        ({"set": {"id": "other"}}, "a service has no field 'id' to set"),
        ({"set": {"materials": []}}, "a service has no field 'materials' to set"),
        ({"set": {"fees": []}}, "fees: "),
        ({"set": {"fees": [{"amount": "-5元"}]}}, "negative amount"),
        ({"set": {"situations": []}}, "condition on unknown situation 'age'"),
    ],
    ids=str,
)
def test_a_rule_that_does_not_fit_is_refused(slip, problem):
    with pytest.raises(BadOverlay, match=problem):
        apply(card(), rule(card(), **slip))


def test_a_rule_is_for_its_own_service_only():
    with pytest.raises(BadOverlay, match="is for 'other', not for 'card'"):
        apply(card(), rule(card(id="other"), set={"phone": "1"}))


def test_a_rule_that_no_longer_fits_is_left_out_and_named():
    service = card()
    steps = [step(rule(service, id="old", drop=["m9"])), step(rule(service, id="new", set={"phone": "1"}))]
    resolved = resolve(service, 1, steps)
    assert (resolved.unfit, resolved.service.phone) == (("old",), "1")
    assert resolve(service, 1, steps[1:]).unfit == ()


def test_what_one_level_drops_a_lower_one_may_ask_for_again():
    service = card()
    again = rule(service, at="990102", add=[{"id": "m1", "name": "身份证复印件", "form": "复印件"}])
    resolved = resolve(service, 1, [step(rule(service, drop=["m1"])), step(again, "示例东区")])
    assert resolved.dropped == ()
    assert resolved.rule("materials.m1") == "示例东区规定"


# --- rules beside each other -----------------------------------------------------------------------------------------

WAYS = {"990000": ["990000"], "990100": ["990000", "990100"], "990102": ["990000", "990100", "990102"]}


def check(*overlays):
    check_overlays(card(), overlays, WAYS.__getitem__)


def test_rules_of_several_levels_build_on_each_other():
    service = card()
    check(
        rule(
            service, id="province", at="990000", set={"phone": "1"}, add=[{"id": "p", "name": "回执", "form": "原件"}]
        ),
        rule(service, id="city", at="990100", set={"phone": "2"}, drop=["p"]),
    )


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        ({"set": {"phone": "1"}}, {"at": "990100", "set": {"phone": "1"}}, "changes nothing"),
        ({"drop": ["m1"]}, {"at": "990102", "drop": ["m1"]}, "no material 'm1'"),
        ({"set": {"phone": "1"}}, {"at": "990000", "set": {"phone": "2"}}, "changes phone, and so does a in the same"),
        ({"change": {"m1": {"note": "x"}}}, {"at": "990000", "change": {"m1": {"copies": 2}}}, "changes materials.m1"),
    ],
    ids=str,
)
def test_rules_that_do_not_go_together_are_refused(first, second, problem):
    with pytest.raises(BadOverlay, match=problem):
        check(rule(card(), id="a", at="990000", **first), rule(card(), id="b", **second))
