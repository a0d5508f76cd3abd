"""Whole conversations: what was said, and what the reply was about.

One line a turn: what the person says, what was understood of it, and what the reply must show.
"""

from dataclasses import replace
from datetime import datetime

import pytest

from base.answer import Outcome
from base.clock import CHINA
from knowledge.answers import NONE_OF_THESE, WHOLE_LIST
from knowledge.case import Case
from knowledge.guidance import MENU, guide
from knowledge.heard import Heard, Link
from knowledge.store import Published, pack

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)  # a Monday morning
LOST, PASSPORT, RESIDENCE = "id-card-reissue-lost", "passport-first", "residence-permit-first"


def hear(words, intent=None, *links, place=()):
    """A message, what was understood of it, and which services it may mean: `(id, confidence)` or an id for sure."""
    places = (place,) if isinstance(place, str) else tuple(place)
    sure = [Link(*link) if isinstance(link, tuple) else Link(link, 0.95) for link in links]
    return Heard(words, intent, tuple(sure), places)


def talk(knowledge, *messages, case=None, at=AT):
    """The replies, and the case in the end."""
    case, replies = case or Case(), []
    for message in messages:
        answer, case = guide(message, case, knowledge, at)
        replies.append(answer)
    return replies, case


def material_ids(answer):
    return [item["id"] for block in answer.blocks if block["type"] == "materials" for item in block["items"]]


def offices(answer):
    return [item["id"] for block in answer.blocks if block["type"] == "offices" for item in block["items"]]


ASKED = hear("身份证丢了怎么补", "ask_how_to", LOST)


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


# --- which item is meant ---------------------------------------------------------------------------------------------

DOUBTFUL = [(LOST, 0.4), ("id-card-loss-report", 0.3), ("id-card-found", 0.2), ("temp-id-card", 0.15), (PASSPORT, 0.12)]
UNSURE = hear("证丢了怎么办呢", "ask_how_to", *DOUBTFUL)


def test_where_several_are_meant_a_short_menu_has_a_way_out(shipped):
    (answer,), case = talk(shipped, UNSURE)
    assert answer.outcome is Outcome.CLARIFY
    assert (answer.service, case.service) == (None, None)
    assert list(answer.candidates) == [id for id, _ in DOUBTFUL[:MENU]]
    assert answer.choices == (*(shipped.find(id, AT.date()).service.name for id in answer.candidates), NONE_OF_THESE)


def test_a_menu_leaves_out_what_is_hardly_possible_and_nothing_else(shipped):
    (answer,), _ = talk(shipped, hear("证丢了", "ask_how_to", (LOST, 0.5), (PASSPORT, 0.03), (RESIDENCE, 0.02)))
    assert answer.candidates == (LOST, PASSPORT)


@pytest.mark.parametrize("words", ["身份证丢了怎么补", "我的身份证丢了，护照也快到期了，先办哪个好呢"])
@pytest.mark.parametrize(("confidence", "outcome"), [(0.6, Outcome.ANSWER), (0.59, Outcome.CLARIFY)])
def test_what_is_not_sure_is_asked_back_however_long_it_is(shipped, words, confidence, outcome):
    (answer,), _ = talk(shipped, hear(words, "ask_how_to", (LOST, confidence), (PASSPORT, 0.3)))
    assert answer.outcome is outcome


@pytest.mark.parametrize(
    ("intent", "outcome"), [("nlu_fallback", Outcome.NOT_COVERED), ("ask_how_to", Outcome.CLARIFY)]
)
def test_words_that_were_not_understood_bring_no_menu_of_unlikely_items(shipped, intent, outcome):
    (answer,), _ = talk(shipped, hear("这样那样的一些东西到底怎么回事", intent, (LOST, 0.09), (PASSPORT, 0.05)))
    assert answer.outcome is outcome


@pytest.mark.parametrize("said", ["2", "第二个", "居民身份证挂失申报", "就第二个吧"])
def test_a_choice_from_the_menu_answers_what_was_asked(shipped, said):
    name = shipped.find("id-card-loss-report", AT.date()).service.name
    said = name if said.startswith("居民") else said
    replies, _ = talk(shipped, hear("证丢了要多少钱", "ask_fee", *DOUBTFUL), hear(said, "inform"))
    assert (replies[-1].service, replies[-1].aspects) == ("id-card-loss-report", ("fee",))


def test_none_of_these_is_said_honestly(shipped):
    replies, case = talk(shipped, UNSURE, hear(NONE_OF_THESE, "deny"))
    assert replies[-1].outcome is Outcome.NOT_COVERED
    assert (case.asks, case.choices) == (None, ())


def test_a_doubtful_new_subject_is_asked_about_and_an_unlikely_one_ignored(shipped):
    asked, case = talk(shipped, ASKED, hear("护照之类的那个怎么弄", "ask_how_to", (PASSPORT, 0.4)))
    assert (asked[-1].outcome, asked[-1].candidates, case.service) == (Outcome.CLARIFY, (PASSPORT,), None)
    ignored, _ = talk(shipped, ASKED, hear("要多少钱", "ask_fee", (PASSPORT, 0.1)))
    assert ignored[-1].service == LOST


def test_a_bare_question_without_its_item_is_asked_for_it_and_then_answered(shipped):
    replies, _ = talk(shipped, hear("要多少钱", "ask_fee"), hear("补身份证", "inform", LOST))
    assert [answer.outcome for answer in replies] == [Outcome.CLARIFY, Outcome.ANSWER]
    assert replies[0].candidates == ()
    assert replies[1].aspects == ("fee",)


@pytest.mark.parametrize(
    "heard",
    [
        hear("我想问问火星移民的签证在哪里办理比较快", "ask_location"),
        hear("嘛嘛嘛", "nlu_fallback"),
        hear("啊" * 10_000, "nlu_fallback"),
    ],
)
def test_what_nobody_knows_is_not_covered(shipped, heard):
    (answer,), case = talk(shipped, heard)
    assert answer.outcome is Outcome.NOT_COVERED
    assert "12345" in answer.text
    assert case.service is None


@pytest.mark.parametrize("text", ["", " ", "😀", "\x00", "'; DROP TABLE turn; --", "<script>alert(1)</script>"])
@pytest.mark.parametrize("intent", [None, "nlu_fallback", "inform", "ask_fee", "go_back", "affirm"])
@pytest.mark.parametrize("before", [[], [ASKED], [UNSURE]], ids=["first", "after an answer", "after a menu"])
def test_whatever_is_typed_gets_words(shipped, text, intent, before):
    replies, _ = talk(shipped, *before, hear(text, intent))
    assert replies[-1].text.strip()


# --- places ----------------------------------------------------------------------------------------------------------


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


# --- what changes while somebody talks -------------------------------------------------------------------------------


def without(knowledge, service_id):
    return replace(knowledge, revisions={id: all_ for id, all_ in knowledge.revisions.items() if id != service_id})


def test_an_item_retired_since_it_was_spoken_of_is_no_longer_told(shipped):
    _, case = talk(shipped, ASKED)
    (answer,), after = talk(without(shipped, LOST), hear("要多少钱", "ask_fee"), case=case)
    assert (answer.outcome, answer.service, after.service) == (Outcome.CLARIFY, None, None)


def test_an_item_retired_since_it_was_offered_cannot_be_chosen(shipped):
    _, case = talk(shipped, UNSURE)
    (answer,), after = talk(without(shipped, LOST), hear("1", "inform"), case=case)
    assert (answer.service, after.service) == (None, None)
    assert answer.text


def test_back_to_an_item_that_was_retired_asks_what_is_meant(shipped):
    _, case = talk(shipped, ASKED, hear("护照怎么办", "ask_how_to", PASSPORT))
    (answer,), after = talk(without(shipped, LOST), hear("回到刚才", "go_back"), case=case)
    assert (answer.service, after.service) == (None, None)
    assert answer.text


def test_a_link_to_an_item_that_is_not_in_force_is_no_link(shipped):
    (sure,), _ = talk(without(shipped, LOST), hear("身份证丢了怎么补一个新的证件", "ask_how_to", LOST))
    assert sure.outcome is Outcome.NOT_COVERED
    (menu,), _ = talk(without(shipped, LOST), UNSURE)
    assert LOST not in menu.candidates


def test_an_answer_to_a_question_that_is_no_longer_asked_is_dropped(shipped):
    _, case = talk(shipped, ASKED, hear("2", "inform"))
    body = shipped.find(LOST, AT.date()).service.model_dump(mode="json")
    options = {"child": "未满18周岁", "adult": "已满18周岁"}
    body["situations"] = [s | ({"options": options} if s["id"] == "age" else {}) for s in body["situations"]]
    body["materials"] = [m for m in body["materials"] if "age" not in m["when"]]
    changed = Published("service", pack(body), 2)
    knowledge = replace(shipped, revisions={**shipped.revisions, LOST: (changed,)})
    (answer,), after = talk(knowledge, hear("要带什么", "ask_materials"), case=case)
    assert answer.outcome is Outcome.ANSWER
    assert after.answers == {}


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


@pytest.mark.parametrize("more", [hear("那要多久呢", "ask_time_limit"), hear("示例西区呢", "inform", place="990103")])
def test_whoever_asks_on_before_choosing_is_offered_the_same_menu(shipped, more):
    replies, case = talk(shipped, hear("证丢了要多少钱", "ask_fee", *DOUBTFUL), more)
    assert replies[1].outcome is Outcome.CLARIFY
    assert replies[1].candidates == replies[0].candidates
    (answer,), after = talk(shipped, hear("1", "inform"), case=case)
    assert answer.service == LOST
    assert (after.aspects, after.region) in [(("time_limit",), None), (("fee",), "990103")]


def test_another_question_after_a_menu_is_not_answered_with_it(shipped):
    replies, _ = talk(shipped, UNSURE, hear("到火星上去移民的签证一般要多少钱才够用", "ask_fee"))
    assert replies[1].outcome is Outcome.NOT_COVERED
