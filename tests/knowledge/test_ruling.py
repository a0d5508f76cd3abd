"""Whether somebody qualifies where the place decides: told what is certain, and handed to a person."""

from datetime import datetime

import pytest

from base.answer import Outcome
from base.clock import CHINA
from knowledge.answers import item_answer
from knowledge.inquiry import Inquiry
from knowledge.ruling import asks_for_a_ruling, is_left_to_the_place
from tests.knowledge.talks import ASKED, LOST, hear, talk

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
MINE = "我这种情况够不够条件"
RULE = "要什么条件"


def told(knowledge, service, words, *aspects, ruling=0.0):
    found = knowledge.resolve(service, AT.date())
    asked = aspects or ("eligibility",)
    return item_answer(Inquiry(knowledge, found, {}, asked, None, AT, words=words, ruling=ruling))


@pytest.mark.parametrize("service", ["home-purchase-qualification", "talent-subsidy", "move-work-talent"])
def test_a_ruling_on_ones_own_case_is_handed_to_a_person_with_what_is_certain(shipped, service):
    answer = told(shipped, service, MINE)
    assert (answer.outcome, answer.service, answer.aspects) == (Outcome.HANDOFF, service, ("eligibility",))
    found = shipped.find(service, AT.date()).service
    assert found.eligibility in answer.text
    assert "我不能替他们下结论" in answer.text
    assert f"请拨打 {found.phone} 说明情况" in answer.text


def test_the_rule_itself_is_answered_and_said_to_be_the_places(shipped):
    answer = told(shipped, "talent-subsidy", RULE)
    assert answer.outcome is Outcome.ANSWER
    assert "我不能替他们下结论" in answer.text


def test_an_entitlement_that_differs_from_place_to_place_is_not_decided_here(shipped):
    subsidy = "像我这样的，经济补助能有吗"
    assert told(shipped, "bundle-veteran", subsidy, ruling=0.2).outcome is Outcome.HANDOFF
    assert told(shipped, "bundle-veteran", subsidy).outcome is Outcome.ANSWER
    assert "我不能替他们下结论" in told(shipped, "bundle-veteran", subsidy).text
    assert told(shipped, "bundle-veteran", MINE, ruling=0.2).outcome is Outcome.ANSWER


@pytest.mark.parametrize("words", [MINE, RULE])
def test_what_holds_everywhere_is_simply_answered(shipped, words):
    answer = told(shipped, "id-card-reissue-lost", words)
    assert answer.outcome is Outcome.ANSWER
    assert "下结论" not in answer.text


def test_only_who_qualifies_is_a_ruling(shipped):
    answer = told(shipped, "talent-subsidy", "我这种情况要带什么", "materials")
    assert answer.outcome is Outcome.ANSWER
    assert "下结论" not in answer.text


def test_all_that_the_sources_disagree_on_is_left_to_the_place(shipped):
    left = [service for service in shipped.services(AT.date()) if is_left_to_the_place(service, "")]
    assert {service.confidence for service in left} == {"low"}


@pytest.mark.parametrize(
    "text",
    [
        "像我这样离职的可以领吗",
        "我们家有没有资格",
        "我交了三年社保，算不算",
        "俺能申请这个补贴不",
        "帮看看是否符合要求",
    ],
)
def test_ones_own_case_is_recognised(text):
    assert asks_for_a_ruling(text)


@pytest.mark.parametrize("text", ["申请条件是什么", "谁可以领", "我想问一下条件", "什么情况下能领"])
def test_the_rule_is_told_from_ones_own_case(text):
    assert not asks_for_a_ruling(text)


OWN_CASE = "档案上写的是1969年，身份证是1972年，按哪个算退休"


def test_a_question_understood_as_a_ruling_is_passed_on_with_the_rule_of_its_item(shipped):
    (answer,), _ = talk(shipped, hear(OWN_CASE, "ask_ruling", "retirement-apply"))
    retirement = shipped.find("retirement-apply", AT.date()).service
    assert (answer.outcome, answer.service) == (Outcome.HANDOFF, "retirement-apply")
    assert retirement.eligibility in answer.text
    assert f"请拨打 {retirement.phone} 说明情况" in answer.text


def test_a_ruling_about_no_clear_item_is_passed_on_and_not_asked_back(shipped):
    (answer,), case = talk(shipped, hear(OWN_CASE, "ask_ruling", ("retirement-apply", 0.3), (LOST, 0.2)))
    assert (answer.outcome, answer.choices) == (Outcome.HANDOFF, ())
    assert "12345" in answer.text
    assert case.service is None


def test_a_ruling_about_the_item_spoken_of_keeps_it(shipped):
    replies, case = talk(shipped, ASKED, hear("像我这种被人冒用过的怎么认定", "ask_ruling"))
    assert (replies[1].outcome, replies[1].service, case.service) == (Outcome.HANDOFF, LOST, LOST)
