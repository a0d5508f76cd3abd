"""Places in a conversation: asked for once, told apart, and kept."""

from dataclasses import replace

import pytest

from base.answer import Outcome
from knowledge.case import Case
from tests.knowledge.talks import LOST, PASSPORT, RESIDENCE, hear, offices, talk


def test_the_place_is_asked_for_once_and_then_offices_are_named(shipped):
    replies, case = talk(
        shipped,
        hear("身份证丢了去哪里补", "ask_location", LOST),
        hear("示例西区", "inform", place="990103"),
        hear("几点开门", "ask_hours"),
    )
    assert [answer.asks for answer in replies] == ["region", None, None]
    assert offices(replies[0]) == []
    assert offices(replies[1]) == offices(replies[2]) != []
    assert case.region == "990103"


def test_the_day_asked_about_still_holds_when_the_place_comes_after_it(shipped):
    replies, _ = talk(shipped, hear("周六能补身份证吗", "ask_hours", LOST), hear("示例西区", "inform", place="990103"))
    assert "11月28日（周六）开放 09:00-12:00" in replies[-1].text


def test_a_place_told_while_a_question_is_open_leaves_it_open(shipped):
    replies, case = talk(
        shipped,
        hear("身份证丢了带什么", "ask_materials", LOST),
        hear("已满16周岁", "inform"),
        hear("示例东区", "inform", place="990102"),
        hear("户口所在省内", "inform", RESIDENCE),
    )
    assert replies[2].asks == replies[1].asks == "place"
    assert "示例晨光派出所" in replies[2].text
    assert case.answers == {"age": "adult", "place": "local"}


def test_the_words_of_an_answer_are_one_though_another_question_stands_in_between(shipped):
    _, case = talk(
        shipped,
        hear("身份证丢了带什么", "ask_materials", LOST),
        hear("要多少钱", "ask_fee"),
        hear("已满16周岁", "inform", RESIDENCE),
    )
    assert (case.service, case.answers) == (LOST, {"age": "adult"})


def test_another_place_shows_its_offices_instead(shipped):
    replies, case = talk(
        shipped,
        hear("示例西区哪里补身份证", "ask_location", LOST, place="990103"),
        hear("那示例县呢", "inform", place="990122"),
    )
    assert case.region == "990122"
    assert set(offices(replies[0])).isdisjoint(offices(replies[1]))


GULOU = ("320106", "320302")  # 鼓楼区 of 南京 and of 徐州


def test_of_several_places_with_one_name_the_person_chooses(shipped):
    replies, case = talk(
        shipped,
        hear("鼓楼区哪里补身份证", "ask_location", LOST, place=GULOU),
        hear("第二个", "inform"),
    )
    assert (replies[0].outcome, replies[0].asks) == (Outcome.SITUATION, "region")
    assert replies[0].choices == ("江苏省南京市鼓楼区", "江苏省徐州市鼓楼区")
    assert (case.region, case.service) == ("320302", LOST)
    assert "徐州市鼓楼区" in replies[1].text


def test_of_places_with_one_name_the_one_in_the_same_province_is_meant(shipped):
    case = Case(region="510100")
    _, case = talk(shipped, hear("白云区哪里补身份证", "ask_location", LOST, place=("440111", "510104")), case=case)
    assert case.region == "510104"


@pytest.mark.parametrize(
    ("home", "region"),
    [("320100", "320106"), ("320305", "320302"), ("350100", "350102"), ("320400", None), (None, None)],
)
def test_of_places_with_one_name_the_one_near_the_institution_is_meant(shipped, home, region):
    place = ("320106", "320302", "350102", "410204")
    message = replace(hear("鼓楼区哪里补身份证", "ask_location", LOST, place=place), home=home)
    (answer,), case = talk(shipped, message)
    assert case.region == region
    assert (answer.asks == "region") is (region is None)


def test_a_street_that_is_named_shows_its_offices_first(shipped):
    replies, _ = talk(
        shipped,
        hear("哪里办居住证", "ask_location", RESIDENCE, place="990100"),
        hear("我住示例晨光街道", "inform", place="990102"),
    )
    first = next(block for block in replies[1].blocks if block["type"] == "offices")["items"][0]
    assert first["note"].startswith("同一街道（示例晨光街道）")


def test_a_municipality_is_no_province_that_must_name_its_city(shipped):
    (answer,), _ = talk(shipped, hear("在北京补身份证去哪", "ask_location", LOST, place="110000"))
    assert answer.asks != "region"
    assert "北京市的具体网点我这里还没有收录" in answer.text


def test_a_whole_province_is_asked_for_its_city(shipped):
    (answer,), _ = talk(shipped, hear("在江苏补身份证去哪", "ask_location", LOST, place="320000"))
    assert offices(answer) == []
    assert (answer.asks, "江苏省的哪个城市" in answer.text) == ("region", True)


def test_offices_of_the_rest_of_the_city_are_not_called_the_districts_own(shipped):
    (answer,), _ = talk(shipped, hear("示例县哪里考驾照", "ask_location", "dl-first", place="990122"))
    assert offices(answer)
    assert "示例县没有收录这件事的网点，同城的有" in answer.text


def test_a_place_that_is_in_no_store_changes_nothing(shipped):
    _, case = talk(shipped, hear("在火星补身份证", "ask_location", LOST, place="999999"))
    assert case.region is None


def test_the_place_stays_where_the_subject_goes_back(shipped):
    replies, case = talk(
        shipped,
        hear("身份证丢了去哪里补", "ask_location", LOST),
        hear("示例西区护照怎么办", "ask_how_to", PASSPORT, place="990103"),
        hear("回到刚才", "go_back"),
    )
    assert (replies[2].service, replies[2].asks, case.region) == (LOST, None, "990103")
    assert offices(replies[2])
