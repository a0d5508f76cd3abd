"""Corrections: what was denied is out of the question, and what was meant is asked about or answered."""

from datetime import datetime

import pytest

from base.answer import Outcome
from base.clock import CHINA
from knowledge.answers import NAME_THE_ITEM
from knowledge.case import Case
from knowledge.correcting import as_corrected, denies
from knowledge.guidance import guide
from knowledge.heard import Heard, Link

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
LOST, EXPIRED, PASSPORT = "id-card-reissue-lost", "id-card-renew-expired", "passport-first"
RESIDENCE, REGISTRATION, HKMO = "residence-permit-first", "residence-registration", "hkmo-permit-apply"
MARRIAGE, DIVORCE = "marriage-register", "divorce-register"


def hear(text, *links, intent="correct"):
    return Heard(text, intent, tuple(Link(*link) for link in links))


def service(knowledge, id):
    return knowledge.find(id, AT.date()).service


@pytest.mark.parametrize(
    ("text", "subject", "links", "candidates"),
    [
        ("不是身份证，是居住证", LOST, [("temp-id-card", 0.3), (LOST, 0.2), (RESIDENCE, 0.1)], (RESIDENCE,)),
        ("不是丢了，是过期了", LOST, [("passport-renew", 0.1), (LOST, 0.1), (EXPIRED, 0.05)], (EXPIRED,)),
        ("我说的是港澳通行证不是护照", PASSPORT, [(PASSPORT, 0.4), (HKMO, 0.2)], (HKMO,)),
        ("我要的是居住登记，不是居住证", RESIDENCE, [(RESIDENCE, 0.4), (REGISTRATION, 0.2)], (REGISTRATION,)),
    ],
)
def test_what_was_meant_is_asked_about_without_what_was_denied(shipped, text, subject, links, candidates):
    answer, case = guide(hear(text, *links), Case(service=subject), shipped, AT)
    assert (answer.outcome, answer.candidates, case.service) == (Outcome.CLARIFY, candidates, None)


def test_what_is_left_is_as_likely_as_it_is_without_what_was_denied(shipped):
    heard = hear("不是结婚，是离婚", (MARRIAGE, 0.5), (DIVORCE, 0.4))
    corrected = as_corrected(heard, None, shipped, AT.date())
    assert [link.service for link in corrected.links] == [DIVORCE]
    assert corrected.links[0].confidence == pytest.approx(0.8)
    answer, _ = guide(heard, Case(service=MARRIAGE), shipped, AT)
    assert (answer.outcome, answer.service) == (Outcome.ANSWER, DIVORCE)


def test_a_subject_that_is_only_denied_is_dropped_and_the_item_asked_for(shipped):
    answer, case = guide(hear("不是居住证", (RESIDENCE, 0.4)), Case(service=RESIDENCE), shipped, AT)
    assert (answer.outcome, answer.text, case.service) == (Outcome.CLARIFY, NAME_THE_ITEM, None)


def test_a_denied_subject_can_be_gone_back_to(shipped):
    _, case = guide(hear("不是身份证，是居住证", (RESIDENCE, 0.2)), Case(service=LOST, aspects=("fee",)), shipped, AT)
    _, case = guide(hear("1", intent="inform"), case, shipped, AT)
    assert case.service == RESIDENCE
    answer, _ = guide(hear("回到刚才", intent="go_back"), case, shipped, AT)
    assert answer.service == LOST


def test_what_was_dropped_can_be_gone_back_to(shipped):
    _, case = guide(hear("算了", intent="cancel"), Case(service=LOST, aspects=("fee",)), shipped, AT)
    assert (case.service, case.aspects) == (None, ())
    answer, _ = guide(hear("回到刚才", intent="go_back"), case, shipped, AT)
    assert (answer.service, answer.aspects) == (LOST, ("fee",))


@pytest.mark.parametrize("text", ["不对，是孩子办", "不是本人去，是让我妈去", "不是天宁区，是钟楼区", "我点错了"])
def test_a_correction_of_something_else_keeps_the_subject(shipped, text):
    answer, case = guide(hear(text), Case(service=LOST, aspects=("fee",)), shipped, AT)
    assert (answer.service, case.service) == (LOST, LOST)


@pytest.mark.parametrize(
    ("text", "intent"), [("是不是身份证丢了都要挂失", "inform"), ("怎么不是居住证呢，身份证丢了", "ask_how_to")]
)
def test_a_question_denies_nothing(shipped, text, intent):
    assert not denies(hear(text, intent=intent), service(shipped, LOST))
