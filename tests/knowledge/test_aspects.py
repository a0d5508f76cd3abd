"""What one message asks for: all of it, once, what its intent says first."""

from time import perf_counter

import pytest

from knowledge.aspects import HOW_TO, NOTICE, asked_aspects


def asked(text, intent, *others):
    """What is asked in `text`, with the intents that are likely beside the best one."""
    return asked_aspects(text, ((intent, 0.5), *others))


@pytest.mark.parametrize(
    ("text", "intent", "aspects"),
    [
        ("补户口本要带些什么，收不收费用", "ask_materials", ("materials", "fee")),
        ("落户要几天？在哪个窗口？", "ask_time_limit", ("time_limit", "location")),
        ("换行驶证多少钱；周日开门吗；能不能在网上办", "ask_fee", ("fee", "hours", "online")),
        ("护照去哪里办以及要不要预约", "ask_location", ("location", "appointment")),
        ("社保卡挂失咨询电话是多少，还有可以让我老公替我去吗", "ask_phone", ("phone", "agent")),
        ("签注有效期是几年，什么样的人能办，要什么条件", "ask_validity", ("validity", "eligibility")),
        ("居住证多久能拿到手 另外手机上能办不", "ask_time_limit", ("time_limit", "online")),
        ("带什么材料？要带哪些证件？准备什么？", "ask_materials", ("materials",)),
        ("营业执照怎么办，周六上班吗", "ask_how_to", (*HOW_TO, "hours")),
        ("罚款交多少钱，非要本人去吗", "ask_fee", ("fee", "agent")),
        ("居住证过期了咋办", "ask_validity", ("validity", "process", "materials")),
        ("学车要多大才能报名，带什么", "ask_materials", ("materials", "eligibility")),
        ("离婚证补办收费吗，我一个人去行吗", "ask_fee", ("fee", "agent")),
        ("复婚要带什么，两个人都要到场吗", "ask_materials", ("materials", "agent")),
        ("进度到哪了，几点去拿", "ask_progress", ("progress", "hours")),
    ],
)
def test_every_aspect_of_a_message_is_asked_once_and_the_intents_own_first(text, intent, aspects):
    assert asked(text, intent) == aspects


def test_the_intents_aspect_stays_first_wherever_it_stands_in_the_text():
    assert asked("多久能好，周六能办吗，要带什么", "ask_materials") == ("materials", "time_limit", "hours")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我的居住证有效期还有三个月，去哪里签注", "ask_location"),
        ("听说生二胎能领多少钱补贴，在哪里领", "ask_location"),
        ("平时都要上班没空，去哪里交", "ask_location"),
        ("我在网上看过了，还是不知道去哪里", "ask_location"),
        ("我已经预约了，是去哪个大厅", "ask_location"),
        ("已经在网上申请了，去哪里拿", "ask_location"),
        ("是我女儿帮我办的，去哪里拿", "ask_location"),
        ("孩子几岁了我忘了，去哪里交", "ask_location"),
        ("换过电话号码了，去哪里改", "ask_location"),
    ],
)
def test_what_is_only_told_is_not_asked(text, intent):
    assert asked(text, intent) == ("location",)


@pytest.mark.parametrize(
    ("others", "aspects"),
    [
        ([("ask_time_limit", 0.3)], ("fee", "time_limit")),
        ([("ask_time_limit", 0.1)], ("fee",)),
        ([("ask_how_to", 0.3)], ("fee", "process")),
        ([("check_materials", 0.3)], ("fee",)),
        ([("inform", 0.4)], ("fee",)),
    ],
)
def test_an_intent_that_is_nearly_as_likely_is_answered_too(others, aspects):
    assert asked("办这个大约是个什么数", "ask_fee", *others) == aspects


@pytest.mark.parametrize("intent", ["inform", "correct", "nlu_fallback", "not_covered"])
def test_a_question_beside_an_item_that_is_only_named_is_heard(intent):
    assert asked("港澳通行证，多少钱，几天", intent) == ("fee", "time_limit")
    assert asked("港澳通行证", intent) == ()
    assert asked("港澳通行证怎么办", intent) == HOW_TO


@pytest.mark.parametrize("intent", ["report_stuck", "complain", "give_feedback", "report_wrong", "emergency"])
def test_whoever_reports_what_went_wrong_is_told_no_facts(intent):
    assert asked("跑了几趟都说缺材料，到底要带什么，多少钱", intent) == ()


def test_what_may_be_a_complaint_is_not_taken_apart():
    assert asked("收多少钱，几天了还不给", "ask_fee", ("complain", 0.3)) == ("fee",)


@pytest.mark.parametrize("intent", ["greet", "chitchat", "cancel", "go_back", "affirm", None])
def test_what_asks_for_no_aspect_has_none(intent):
    assert asked_aspects("几点了，多少钱", ((intent, 1.0),) if intent else ()) == ()


def test_the_whole_notice_holds_everything_already():
    assert asked("把清单发我，多少钱也写上，周末上班吗", "request_notice") == NOTICE


def test_nothing_is_asked_by_nothing():
    assert asked("", "ask_fee") == ("fee",)
    assert asked("？，。！", "inform") == ()


def test_fifty_questions_in_one_message_are_read_in_no_time():
    many = "护照多少钱？要几天？在哪里办？能代办吗？" * 50
    assert asked(many, "ask_fee") == ("fee", "time_limit", "location", "agent")


def test_a_message_without_an_end_is_read_in_time_that_grows_with_it():
    for words in ("要", "女儿", "能", "网上", "材料要", "有没有"):
        began = perf_counter()
        asked(words * 5_000, "ask_fee")
        assert perf_counter() - began < 0.5
