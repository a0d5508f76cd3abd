import pytest
from hypothesis import given
from hypothesis import strategies as some

from tickets.intake import OFFER, WANTED, Act, Next, Turn, kind_of, next_act, next_question, offer, takes
from tickets.models import KINDS

STORY = {"step": "story", "kind": "complaint", "words": "我要投诉"}
PLACE = {"step": "place", "number": "BS-20261123-0001", "service": None}
CONTACT = {"step": "contact", "number": "BS-20261123-0001", "service": None}
TOLD = {**CONTACT, "phone": "〔手机号1〕"}
DONE = {"number": "BS-20261123-0001", "service": "id-card"}
OFFERED = offer("我想领养一只大熊猫")


@pytest.mark.parametrize(
    ("state", "intent", "words", "act"),
    [
        ({}, "report_stuck", "跑了三趟没办成", Act.FILE),
        ({}, "complain", "窗口态度差", Act.FILE),
        ({}, "report_stuck", "没办成", Act.ASK_STORY),
        ({}, "give_feedback", "表扬一下", Act.ASK_STORY),
        ({}, "ask_ticket", "我的工单", Act.SHOW),
        ({}, "ask_ticket", "催一下我的工单", Act.URGE),
        ({}, "inform", "BS-20261121-0007 K7M2-QD9P", Act.SHOW),
        ({}, "inform", "撤销BS-20261121-0007 K7M2-QD9P", Act.WITHDRAW),
        (STORY, "inform", "他们不理我", Act.FILE),
        (STORY, "chitchat", "办护照", Act.FILE),
        (STORY, "affirm", "好的", Act.ASK_STORY),
        (STORY, "nlu_fallback", "😀", Act.ASK_STORY),
        (STORY, "cancel", "算了", Act.STOP),
        (STORY, "deny", "没有", Act.STOP),
        (STORY, "ask_ticket", "我的工单也没人管", Act.FILE),
        (PLACE, "inform", "天宁区政务服务中心", Act.NOTE_PLACE),
        (PLACE, "report_stuck", "在3号窗口", Act.NOTE_PLACE),
        (PLACE, "complain", "他们还骂人", Act.ADD),
        (PLACE, "inform", "是这样的，" + "说来话长" * 30, Act.ADD),
        (PLACE, "inform", "跳过", Act.PASS),
        (PLACE, "affirm", "好的", Act.PASS),
        (PLACE, "cancel", "不用了", Act.STOP),
        (CONTACT, "inform", "〔手机号1〕", Act.NOTE_CONTACT),
        (CONTACT, "inform", "1381234567", Act.DOUBT_NUMBER),
        (CONTACT, "nlu_fallback", "跳过", Act.PASS),
        (CONTACT, "cancel", "算了", Act.STOP),
        (CONTACT, "affirm", "可以", Act.ASK_CONTACT),
        (TOLD, "affirm", "可以联系", Act.USE_TOLD_NUMBER),
        (TOLD, "deny", "不要", Act.PASS),
        (TOLD, "inform", "〔手机号2〕", Act.NOTE_CONTACT),
        (CONTACT, "complain", "他们还骂人", Act.ADD),
        (CONTACT, "cancel", "撤销", Act.WITHDRAW),
        (DONE, "complain", "他们还骂人", Act.ADD),
        (DONE, "complain", "他们还骂人，我电话〔手机号1〕", Act.ADD),
        (DONE, "inform", "〔手机号1〕", Act.ASK_CONTACT),
        (DONE, "cancel", "撤销", Act.WITHDRAW),
        (OFFERED, "report_stuck", OFFER, Act.FILE),
        (OFFERED, "affirm", "好", Act.FILE),
        (OFFERED, "nlu_fallback", "那还是给我登记吧", Act.FILE),
        ({}, "nlu_fallback", OFFER, Act.ASK_STORY),
        ({}, "complain", "健身房倒闭了不退年卡的钱", Act.NAME_THE_LINE),
        ({}, "not_covered", "快递丢了公司不赔", Act.NAME_THE_LINE),
        ({}, "complain", "健身房的事市场监管局窗口不受理", Act.FILE),
        (offer("房东不退押金", "stuck"), "report_stuck", "房东不退押金，太气人了", Act.FILE),
        (offer("房东不退押金", "stuck"), "affirm", "好", Act.FILE),
    ],
)
def test_what_is_done_with_a_message(state, intent, words, act):
    assert next_act(Turn(words, intent, state)).act == act


def test_the_announcement_is_filed_with_the_story_that_follows():
    assert next_act(Turn("他们不理我", "inform", STORY)) == Next(Act.FILE, "我要投诉，他们不理我", "complaint")


def test_an_accepted_offer_files_the_question_that_was_not_answered():
    assert next_act(Turn("好", "affirm", OFFERED)) == Next(Act.FILE, "我想领养一只大熊猫", "unanswered")


def test_a_report_after_an_offer_is_filed_for_itself():
    assert next_act(Turn("跑了三趟没办成", "report_stuck", OFFERED)).words == "跑了三趟没办成"


@pytest.mark.parametrize(
    ("service", "act"),
    [(None, Act.ADD), ("id-card", Act.ADD), ("passport", Act.FILE)],
)
def test_a_report_about_another_item_is_another_ticket(service, act):
    assert next_act(Turn("办的时候跑了三趟", "report_stuck", DONE, service)).act == act


@pytest.mark.parametrize(
    ("state", "intent", "words", "has_item", "ours"),
    [
        (None, "report_stuck", "没办成", False, True),
        (None, "ask_ticket", "我的工单", False, True),
        (None, "ask_fee", "多少钱", True, False),
        (None, "cancel", "撤销", False, False),
        (None, "nlu_fallback", OFFER, False, True),
        (None, "inform", "BS-20261121-0007", False, True),
        (DONE, "cancel", "撤销", False, True),
        (DONE, "cancel", "算了", False, False),
        (DONE, "inform", "〔手机号1〕", True, True),
        (DONE, "inform", "补身份证", True, False),
        (STORY, "inform", "他们不理我", False, True),
        (STORY, "ask_how_to", "身份证丢了怎么补", True, False),
        (STORY, "ask_materials", "补身份证，说缺一张照片让我回去", True, True),
        (STORY, "emergency", "有人打我", False, False),
        (STORY, "ask_human", "转人工", False, False),
        (PLACE, "ask_location", "天宁区政务服务中心", True, True),
        (PLACE, "ask_location", "去哪个政务服务中心补身份证", True, False),
        (CONTACT, "ask_fee", "补身份证要多少钱", True, False),
        (CONTACT, "ask_fee", "要多少钱", False, True),
        (CONTACT, "ask_phone", "〔手机号1〕", True, True),
        (CONTACT, "deny", "不了", True, True),
        (CONTACT, "thank", "谢谢", False, False),
        (CONTACT, "cancel", "算了", False, True),
        (OFFERED, "report_stuck", OFFER, False, True),
        (OFFERED, "nlu_fallback", OFFER, False, True),
        (OFFERED, "affirm", "好的", False, True),
        (OFFERED, "ask_fee", "补身份证多少钱", True, False),
        (OFFERED, "cancel", "算了", False, False),
    ],
)
def test_whose_message_it_is(state, intent, words, has_item, ours):
    assert takes(state, intent, words, has_item=has_item) == ours


@pytest.mark.parametrize(
    ("state", "words", "ours"),
    [(CONTACT, "首次申领", False), (CONTACT, "〔手机号1〕", True), (OFFERED, "好", False), (OFFERED, OFFER, True)],
)
def test_an_answer_to_the_guides_newer_question_is_theirs(state, words, ours):
    intent = "affirm" if words == "好" else "inform"
    assert takes(state, intent, words, has_item=True, guide_spoke=True) == ours


@pytest.mark.parametrize(
    ("intent", "words", "kind"),
    [
        ("report_stuck", "没办成", "stuck"),
        ("complain", "太慢了", "complaint"),
        ("give_feedback", "建议周六也开门", "suggestion"),
        ("give_feedback", "给小王点赞", "praise"),
    ],
)
def test_the_intent_says_the_kind(intent, words, kind):
    assert kind_of(intent, words) == kind


def test_every_kind_knows_what_is_asked():
    assert set(WANTED) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "after", "known", "question"),
    [
        ("stuck", None, (), "place"),
        ("stuck", None, ("place",), "contact"),
        ("stuck", "place", (), "contact"),
        ("stuck", "contact", (), None),
        ("praise", "place", ("place",), None),
        ("unanswered", None, (), "contact"),
        ("beyond_notice", None, (), "what"),
        ("beyond_notice", None, ("what", "place"), "contact"),
    ],
)
def test_only_what_lacks_is_asked(kind, after, known, question):
    assert next_question(kind, after=after, known=known) == question


TAP = "窗口要的和清单不一样"


@pytest.mark.parametrize("intent", ["report_stuck", "inform", "nlu_fallback", "complain"])
@pytest.mark.parametrize("state", [{}, DONE, OFFERED])
@pytest.mark.parametrize("words", [TAP, "窗口还要居住证明，清单上没有写", "派出所说和告知单上的对不上"])
def test_who_holds_a_notice_reports_a_counter_that_asks_for_more_at_once(state, intent, words):
    assert takes(state, intent, words, has_item=True, has_notice=True)
    assert next_act(Turn(words, intent, state, notice="ABCDEFGHJKMN")) == Next(Act.REPORT, words)


@pytest.mark.parametrize("state", [STORY, PLACE, CONTACT])
def test_the_tap_on_the_notice_is_no_answer_to_what_a_ticket_asks(state):
    assert next_act(Turn(TAP, "inform", state, notice="ABCDEFGHJKMN")).act is Act.REPORT


def test_without_a_notice_there_is_nothing_to_hold_against_the_counter():
    assert not takes({}, "inform", TAP, has_item=True)
    assert next_act(Turn(TAP, "report_stuck", {})).act is not Act.REPORT


def test_a_question_about_the_list_is_no_report():
    assert not takes({}, "check_materials", "清单上没有照片，要带吗", has_item=True, has_notice=True)


@pytest.mark.parametrize(
    ("words", "intent", "act"),
    [("居住证明", "inform", Act.NOTE_WHAT), ("跳过", "inform", Act.PASS), ("没有", "deny", Act.PASS)],
)
def test_what_the_counter_asked_for_is_noted(words, intent, act):
    assert next_act(Turn(words, intent, {"step": "what", "number": "BS-20261123-0001"})).act is act


INTENTS = some.sampled_from([None, "report_stuck", "complain", "ask_ticket", "inform", "cancel", "ask_fee", "affirm"])
STATES = some.sampled_from([{}, STORY, PLACE, CONTACT, TOLD, DONE, OFFERED])


@given(STATES, INTENTS, some.text(), some.booleans())
def test_there_is_an_act_for_any_message(state, intent, words, has_item):
    takes(state, intent, words, has_item=has_item)
    following = next_act(Turn(words, intent, state))
    assert following.act in Act
    if following.act is Act.FILE:
        assert following.kind in KINDS
        assert following.words.strip()


def test_a_private_quarrel_belongs_to_the_flow_only_until_something_is_filed():
    words = "房东不退押金"
    assert takes(None, "not_covered", words, has_item=False)
    assert not takes(None, "not_covered", words, has_item=True)
    assert not takes(None, "not_covered", "今天天气怎么样", has_item=False)
    assert not takes(DONE, "not_covered", words, has_item=False)


def test_an_offer_is_taken_in_other_words_too():
    assert takes(OFFERED, "nlu_fallback", "那就帮我登记一下", has_item=False, guide_spoke=True)
    assert not takes(OFFERED, "ask_how_to", "怎么登记结婚", has_item=True)
    assert not takes(OFFERED, "inform", "失业登记", has_item=True)
