"""否定答复: the guide says at once whether it agrees."""

import json
from dataclasses import replace

import pytest

from base.errors import BadRequest
from knowledge.notices.notice import PersonCase, assemble
from knowledge.notices.refusals import GROUNDS, VERDICT_WORDS, Verdict, judge
from knowledge.notices.store import LONGEST_REASON
from tests.knowledge.conftest import AT

PASSPORT, LOST, DOG = "passport-first", "id-card-reissue-lost", "dog-registration"
ANSWERS = {"age": "adult", "identity": "ordinary"}
CRJ = "demo-crj"


@pytest.fixture
def refuse(shipped):
    def judged(ground, service=PASSPORT, answers=ANSWERS, **more):
        content = assemble(shipped, [PersonCase(service, answers)], at=AT).content
        fact = shipped.find(service, AT.date()).service
        return judge(shipped, fact, content, ground, **({"at": AT} | more))

    return judged


@pytest.mark.parametrize(
    ("papers", "verdict", "rule"),
    [
        (["居民身份证"], Verdict.AGREES, "告知单上写了要带：居民身份证"),
        (["身份证"], Verdict.AGREES, "告知单上写了要带：身份证"),  # as a counter says it
        (["婚姻状况证明"], Verdict.DISAGREES, "告知单上没有要：婚姻状况证明"),
        (["居民身份证", "婚姻状况证明"], Verdict.AGREES, "写了要带：居民身份证；告知单上没有要：婚姻状况证明"),
    ],
)
def test_missing_papers_are_held_against_the_list(refuse, papers, verdict, rule):
    found = refuse("papers_missing", papers=papers)
    assert found.verdict is verdict
    assert rule in found.rule


def test_what_may_be_waived_is_no_ground(refuse):
    answers = {"age": "adult", "place": "local", "pickup": "self"}
    found = refuse("papers_missing", LOST, answers, papers=["居民户口簿"])
    assert (found.verdict, found.rule) == (Verdict.DISAGREES, "告知单写明可免交或容缺：居民户口簿")
    both = refuse("papers_missing", LOST, answers, papers=["居民户口簿", "本人人像和指纹信息"])
    assert both.verdict is Verdict.AGREES


@pytest.mark.parametrize(
    ("service", "office", "verdict"),
    [
        (PASSPORT, CRJ, Verdict.DISAGREES),
        (DOG, CRJ, Verdict.AGREES),
        (PASSPORT, None, Verdict.LEFT),
        (PASSPORT, "no-such", Verdict.LEFT),
    ],
)
def test_not_here_is_held_against_what_the_office_deals_with(refuse, complete, service, office, verdict):
    assert refuse("not_here", service, complete(service), office=office).verdict is verdict


@pytest.mark.parametrize(
    ("office", "at", "verdict"),
    [
        (CRJ, AT, Verdict.DISAGREES),
        (CRJ, AT.replace(hour=20), Verdict.AGREES),
        (None, AT, Verdict.LEFT),
    ],
)
def test_closed_is_held_against_the_hours(refuse, office, at, verdict):
    assert refuse("closed", office=office, at=at).verdict is verdict


@pytest.mark.parametrize(("ground", "field"), [("in_person", "agent"), ("not_qualified", "eligibility")])
def test_what_no_rule_decides_is_left_to_the_counter_with_what_the_guide_says(refuse, shipped, ground, field):
    found = refuse(ground, words="  本人没有 来 ")
    assert (found.verdict, found.words) == (Verdict.LEFT, "本人没有 来")
    assert found.rule == getattr(shipped.find(PASSPORT, AT.date()).service, field)


@pytest.mark.parametrize(
    ("ground", "more"),
    [
        ("nonsense", {}),
        ("papers_missing", {}),
        ("papers_missing", {"papers": [" "]}),
        ("papers_missing", {"papers": ["长" * 101]}),
        ("other", {}),
        ("other", {"words": "\n"}),
        ("not_qualified", {}),
        ("other", {"words": "长" * (LONGEST_REASON + 1)}),
    ],
)
def test_a_no_without_its_reason_is_refused(refuse, ground, more):
    with pytest.raises(BadRequest):
        refuse(ground, **more)


def test_it_is_kept_as_plain_data(refuse):
    found = refuse("other", words="系统升级")
    assert json.loads(json.dumps(found.as_json())) == found.as_json()
    assert found.as_json()["verdict"] == "left"
    assert replace(found, words="x").ground in GROUNDS
    assert set(VERDICT_WORDS) == set(Verdict)
