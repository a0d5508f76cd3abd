"""Broad wishes: nothing named, or everything that an event of life brings."""

from datetime import datetime

import pytest

from base.answer import Outcome
from base.clock import CHINA
from knowledge.aspects import HOW_TO
from knowledge.case import Case
from knowledge.guidance import guide
from knowledge.heard import Heard, Link
from knowledge.wishes import LIFE_EVENTS, asks_for_everything, life_events, names_nothing

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
BIRTH, NEWBORN, MARRIAGE = "birth-registration", "bundle-newborn", "marriage-register"


def hear(text, intent, **links):
    return Heard(text, intent, tuple(Link(id.replace("_", "-"), likely) for id, likely in links.items()))


@pytest.mark.parametrize(
    "text",
    ["我想办证", "办业务", "你好，我要办点事情", "我是来办手续的", "想办个证", "我们要办理业务。", "俺来办事"],
)
def test_who_names_nothing_is_offered_the_events_of_life(shipped, text):
    assert names_nothing(text)
    answer, case = guide(Heard(text, "inform"), Case(), shipped, AT)
    assert (answer.outcome, answer.candidates) == (Outcome.CLARIFY, LIFE_EVENTS)
    assert len(answer.choices) == 8
    picked, after = guide(Heard("1", "inform"), case, shipped, AT)
    assert (picked.service, after.aspects) == (NEWBORN, HOW_TO)


def test_a_wish_for_something_else_leaves_the_subject(shipped):
    case = Case(service=MARRIAGE, region="990103")
    answer, after = guide(Heard("我想办证", "inform"), case, shipped, AT)
    assert (answer.candidates, after.service, after.region) == (LIFE_EVENTS, None, "990103")


@pytest.mark.parametrize(
    "text", ["我想办护照", "办什么证", "办事大厅几点开门", "手续怎么办", "证丢了", "", "要办结婚证"]
)
def test_who_names_anything_is_not(text):
    assert not names_nothing(text)


@pytest.mark.parametrize(
    "text", ["家里添了孩子要办什么", "刚领了证都要办哪些手续", "公司搬家有哪些手续要办", "退休的手续一起办"]
)
def test_an_event_is_asked_about_with_all_that_it_brings(text):
    assert asks_for_everything(text)


@pytest.mark.parametrize("text", ["上户口要带什么", "怎么办", "补领结婚证要多少钱", "什么时候能办好"])
def test_a_question_about_one_item_is_not_a_wish_for_everything(text):
    assert not asks_for_everything(text)


def test_an_event_is_answered_as_one_trip(shipped):
    heard = hear("添了宝宝要办什么", "ask_materials", birth_registration=0.4, bundle_newborn=0.2, social_card_apply=0.1)
    answer, case = guide(heard, Case(), shipped, AT)
    assert (answer.outcome, answer.service, case.aspects) == (Outcome.ANSWER, NEWBORN, HOW_TO)
    assert "一次办好" in answer.text


def test_an_event_that_is_less_than_sure_is_offered_before_its_items(shipped):
    heard = hear("添了宝宝要办什么", "ask_materials", birth_registration=0.2, id_card_minor=0.1, bundle_newborn=0.09)
    answer, _ = guide(heard, Case(), shipped, AT)
    assert answer.candidates == (NEWBORN, BIRTH, "id-card-minor")


def test_an_item_that_is_named_for_sure_is_no_event(shipped):
    heard = hear("给宝宝上户口都要办什么", "ask_materials", birth_registration=0.8, bundle_newborn=0.1)
    answer, _ = guide(heard, Case(), shipped, AT)
    assert answer.service == BIRTH


def test_all_events_are_shipped(shipped):
    assert tuple(service.id for service in life_events(shipped, AT.date())) == LIFE_EVENTS
