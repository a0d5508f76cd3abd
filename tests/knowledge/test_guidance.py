"""Whole conversations: what was said, and what the reply was about.

One line a turn: what the person says, what was understood of it, and what the reply must show.
"""

import pytest

from base.answer import Outcome
from knowledge.answers import WHOLE_LIST
from knowledge.case import Case
from tests.knowledge.talks import ASKED, AT, DOUBTFUL, LOST, PASSPORT, RESIDENCE, hear, material_ids, talk


def test_follow_ups_keep_the_subject(shipped):
    replies, case = talk(
        shipped,
        ASKED,
        hear("要多少钱", "ask_fee"),
        hear("周六能去吗", "ask_hours"),
        hear("换成我妈帮我领呢", "inform"),
        hear("多久能好", "ask_time_limit"),
    )
    assert {answer.service for answer in replies} == {LOST}
    assert {answer.outcome for answer in replies} == {Outcome.ANSWER}
    assert [answer.aspects[0] for answer in replies] == ["process", "fee", "hours", "materials", "time_limit"]
    assert "40元" in replies[1].text
    assert "11月28日（周六）" in replies[2].text
    assert case.answers == {"pickup": "relative"}


def test_an_item_that_asks_which_region_is_answered_by_its_own_options(shipped):
    begin = Case(service="hkmo-sign-stay", answers={"purpose": "study"}, aspects=("materials",))
    (asked, told), case = talk(shipped, hear("要带什么", "ask_materials"), hear("澳门", "inform"), case=begin)
    assert (asked.asks, asked.choices) == ("region", ("香港", "澳门"))
    assert (case.answers["region"], case.region) == ("macau", None)
    assert told.asks != "region"


def test_the_first_reply_already_helps_and_asks_what_differs(shipped):
    (answer,), case = talk(shipped, ASKED)
    assert answer.outcome is Outcome.ANSWER
    assert material_ids(answer)
    assert case.asks == answer.asks
    assert answer.choices == tuple(shipped.find(LOST, AT.date()).service.situation(answer.asks).options.values())


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("1", "adult"),
        ("２", "minor"),
        ("第二个", "minor"),
        ("选一吧", "adult"),
        ("已满16周岁", "adult"),
        ("我未满16周岁", "minor"),
        ("15岁", "minor"),
        ("今年34周岁", "adult"),
        ("给孩子办的", "minor"),
        ("是的", "adult"),
        ("没有", "minor"),
    ],
)
def test_an_answer_may_be_a_number_an_ordinal_words_or_an_age(shipped, said, option):
    replies, case = talk(shipped, ASKED, hear(said, "inform"))
    assert replies[0].asks == "age"
    assert case.answers == {"age": option}
    assert replies[1].asks not in (None, "age")


def test_an_answer_that_fits_no_option_is_asked_again_and_then_a_person_is_offered(shipped):
    replies, case = talk(shipped, ASKED, *[hear("这个嘛", "inform")] * 2, hear("2", "inform"))
    first, second = replies[1:3]
    assert first.outcome is second.outcome is Outcome.SITUATION
    assert first.asks == second.asks == "age"
    assert first.choices == second.choices == replies[0].choices
    assert "12345" not in first.text
    assert "12345" in second.text
    assert case.answers == {"age": "minor"}


def test_a_question_asked_again_much_later_starts_afresh(shipped):
    unclear = hear("这个嘛", "inform")
    replies, _ = talk(shipped, ASKED, unclear, unclear, hear("要多少钱", "ask_fee"), ASKED, unclear)
    assert "12345" not in replies[-1].text


def test_the_last_answer_closes_the_list_and_the_whole_notice_can_be_had(shipped):
    replies, case = talk(
        shipped, ASKED, hear("已满16周岁", "inform"), hear("1", "inform"), hear("本人", "inform"), hear("1", "inform")
    )
    assert [answer.asks for answer in replies] == ["age", "place", "pickup", None, None]
    assert replies[3].choices == (WHOLE_LIST,)
    assert {"materials", "fee", "time_limit", "process", "location", "online", "validity"} <= set(replies[4].aspects)
    assert case.answers == {"age": "adult", "place": "local", "pickup": "self"}


def test_an_answer_may_be_changed_by_saying_so(shipped):
    replies, case = talk(shipped, ASKED, hear("已满16周岁", "inform"), hear("不对，是孩子办", "correct"))
    assert case.answers["age"] == "minor"
    assert "m3" in material_ids(replies[-1])


def test_a_new_subject_takes_over_and_keeps_the_place_and_what_was_asked(shipped):
    replies, case = talk(
        shipped,
        hear("身份证丢了要多少钱", "ask_fee", LOST, place="990103"),
        hear("已满16周岁", "inform"),
        hear("那护照呢", "inform", PASSPORT),
    )
    assert [answer.service for answer in replies] == [LOST, LOST, PASSPORT]
    assert replies[-1].aspects == ("fee",)
    assert (case.region, case.answers) == ("990103", {})


def test_after_a_whole_notice_the_next_subject_begins_with_how_to(shipped):
    replies, _ = talk(shipped, hear("给我清单", "request_notice", LOST), hear("那护照呢", "inform", PASSPORT))
    assert replies[0].aspects[0] == "materials"
    assert replies[1].aspects[0] == "process"


def test_a_correction_replaces_the_subject(shipped):
    replies, case = talk(shipped, ASKED, hear("不是身份证，是居住证", "correct", (RESIDENCE, 0.9), (LOST, 0.05)))
    assert (replies[-1].service, case.service) == (RESIDENCE, RESIDENCE)


def test_an_options_words_inside_a_new_question_are_no_answer(shipped):
    replies, case = talk(shipped, ASKED, hear("孩子未满16周岁办护照带什么", "ask_materials", PASSPORT))
    assert replies[-1].service == PASSPORT
    assert case.answers == {"age": "minor"}


def test_back_to_what_was_spoken_of_before(shipped):
    replies, case = talk(
        shipped, ASKED, hear("2", "inform"), hear("护照怎么办", "ask_how_to", PASSPORT), hear("回到刚才", "go_back")
    )
    assert [answer.service for answer in replies] == [LOST, LOST, PASSPORT, LOST]
    assert case.answers == {"age": "minor"}
    assert replies[-1].asks == replies[1].asks


@pytest.mark.parametrize("before", [[], [ASKED]], ids=["at the beginning", "with one subject only"])
def test_where_nothing_came_before_that_is_said(shipped, before):
    replies, _ = talk(shipped, *before, hear("回到刚才", "go_back"))
    assert replies[-1].outcome is Outcome.SMALLTALK


def test_dropping_it_leaves_only_the_place(shipped):
    replies, case = talk(
        shipped,
        hear("示例西区身份证丢了", "ask_how_to", LOST, place="990103"),
        hear("算了", "cancel"),
        hear("要多少钱", "ask_fee"),
    )
    assert replies[1].outcome is Outcome.SMALLTALK
    assert replies[2].outcome is Outcome.CLARIFY
    assert replies[2].service is None
    assert case.region == "990103"


def test_the_case_never_grows(shipped):
    """A conversation's thousandth turn costs what its first did."""
    turns = [
        ASKED,
        hear("2", "inform"),
        hear("护照怎么办", "ask_how_to", PASSPORT),
        hear("那居住证呢", "inform", RESIDENCE),
    ]
    sizes = []
    case = Case()
    for _ in range(5):
        _, case = talk(shipped, *turns, case=case)
        sizes.append(len(repr(case)))
    assert len(set(sizes[1:])) == 1


@pytest.mark.parametrize(
    ("words", "link", "service"),
    [
        ("我有驾照、身份证和护照，还差什么", ("dl-info", 0.33), "dl-renew"),
        ("户口本和身份证都带了，要带什么材料", ("travel-temp-id", 0.4), "dl-renew"),
        ("给孩子上户口，我有户口本和出生证，还差什么", ("birth-registration", 0.43), None),
        ("我有户口本和出生证", ("birth-registration", 0.95), "birth-registration"),
    ],
)
def test_papers_that_are_named_as_there_are_no_new_subject(shipped, words, link, service):
    [_, answer], _ = talk(shipped, hear("换驾照", "ask_how_to", "dl-renew"), hear(words, "check_materials", link))
    assert answer.service == service
    assert answer.outcome is (Outcome.ANSWER if service else Outcome.CLARIFY)


def test_several_aspects_are_answered_in_one_reply(shipped):
    (answer,), _ = talk(shipped, hear("补身份证要多少钱，多久拿到，能代办吗", "ask_fee", LOST))
    assert answer.aspects == ("fee", "time_limit", "agent")
    labels = [item["label"] for block in answer.blocks if block["type"] == "facts" for item in block["items"]]
    assert labels == ["费用", "法定时限", "承诺或常见", "能代办吗"]


def test_all_that_was_asked_is_answered_once_the_item_is_chosen(shipped):
    replies, _ = talk(shipped, hear("证丢了要多少钱，多久拿到", "ask_fee", *DOUBTFUL), hear("1", "inform"))
    assert replies[0].outcome is Outcome.CLARIFY
    assert (replies[1].service, replies[1].aspects) == (LOST, ("fee", "time_limit"))


@pytest.mark.parametrize("said", ["那身份证呢", "换成身份证呢？", "身份证呢"])
def test_what_about_another_thing_is_a_new_subject_however_many_items_are_about_it(shipped, said):
    links = [(LOST, 0.18), ("id-card-renew-expired", 0.1), ("id-card-first-apply", 0.05)]
    replies, _ = talk(
        shipped, hear("护照多少钱", "ask_fee", PASSPORT), hear(said, "inform", *links), hear("1", "inform")
    )
    assert replies[1].candidates == tuple(id for id, _ in links)
    assert (replies[2].service, replies[2].aspects) == (LOST, ("fee",))


@pytest.mark.parametrize("said", ["那护照呢", "如果是小孩呢", "那我妈呢"])
def test_what_about_the_same_thing_or_another_person_keeps_the_subject(shipped, said):
    replies, _ = talk(
        shipped, hear("护照多少钱", "ask_fee", PASSPORT), hear(said, "inform", ("passport-minor", 0.2), (LOST, 0.1))
    )
    assert replies[1].service == PASSPORT


def test_none_of_these_is_an_answer_where_a_situation_offers_it(shipped):
    asked = hear("结婚登记要带什么", "ask_materials", "marriage-register")
    replies, case = talk(shipped, asked, hear("1", "inform"), hear("都不是", "deny"))
    assert replies[1].asks == "soldier"
    assert (replies[2].outcome, case.answers["soldier"]) == (Outcome.ANSWER, "none")


@pytest.mark.parametrize("said", ["如果是小孩呢", "那小孩呢"])
def test_a_person_whom_no_situation_knows_is_no_new_subject(shipped, said):
    replies, _ = talk(
        shipped,
        hear("结婚登记多少钱", "ask_fee", "marriage-register"),
        hear(said, "ask_materials", ("passport-minor", 0.02)),
    )
    assert replies[1].service == "marriage-register"
