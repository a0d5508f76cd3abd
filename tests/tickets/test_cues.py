import pytest
from hypothesis import given
from hypothesis import strategies as some

from base.privacy import find_personal_numbers
from tickets import cues


@pytest.mark.parametrize(
    ("words", "number", "secret"),
    [
        ("BS-20261121-0007 K7M2-QD9P", "BS-20261121-0007", "K7M2-QD9P"),
        ("bs-20261121-0007查一下，k7m2 qd9p", "BS-20261121-0007", "K7M2-QD9P"),
        ("ＢＳ－２０２６１１２１－０００７", "BS-20261121-0007", None),
        ("BS202611210007", "BS-20261121-0007", None),
        ("K7M2QD9P", None, "K7M2-QD9P"),
        ("我的工单", None, None),
        ("BS-2026-7", None, None),
    ],
)
def test_number_and_secret_are_read_however_they_are_typed(words, number, secret):
    assert (cues.find_number(words), cues.find_secret(words)) == (number, secret)


def test_neither_number_nor_secret_is_taken_for_a_personal_number():
    assert not list(find_personal_numbers("BS-20261121-0007 K7M2-QD9P"))


@pytest.mark.parametrize(
    ("words", "phone"),
    [
        ("〔手机号1〕", "〔手机号1〕"),
        ("我姓王〔电话号2〕", "〔电话号2〕"),
        ("我的号13812345678", "13812345678"),
        ("〔身份证号1〕", None),
        ("1381234567", None),
    ],
)
def test_a_phone_number_is_found_plain_or_as_its_token(words, phone):
    assert cues.find_phone(words) == phone


@pytest.mark.parametrize("words", ["88066123", "wang@example.cn", "加我微信 wang_2020", "〔手机号1〕晚上打"])
def test_there_are_other_ways_to_be_reached(words):
    assert cues.is_contact(words)


@pytest.mark.parametrize(
    ("is_cue", "yes", "no"),
    [
        (cues.is_skip, ["跳过", "不知道。", "不留", "没有", "不方便"], ["不知道他叫什么", "没有给我办", ""]),
        (cues.is_stop, ["算了", "不用了", "算了！", "就这样吧"], ["算了一下要三百块", "不用身份证行吗"]),
        (cues.is_yes, ["好", "好的", "可以", "嗯嗯", "OK", "可以联系"], ["好的是哪里", "可以不去吗"]),
        (cues.is_withdrawal, ["撤销", "我要撤销", "撤销工单", "把我的工单撤销吧", "取消工单", "不投诉了"], ["撤销婚姻登记", "工单怎么撤销？", "取消预约"]),
        (cues.is_about_my_tickets, ["我的工单呢", "工单进度", "查一下工单"], ["办理进度"]),
        (cues.is_question, ["要多少钱", "在哪办", "行吗"], ["天宁区政务服务中心"]),
        (cues.is_broken_number, ["1381234567", "我的电话138123456789"], ["88066123", "3号窗口"]),
    ],
)  # fmt: skip
def test_short_words_steer(is_cue, yes, no):
    assert [words for words in yes if not is_cue(words)] == []
    assert [words for words in no if is_cue(words)] == []


@pytest.mark.parametrize(
    ("words", "meant"),
    [("1", "可以联系"), ("２", "跳过"), ("第二个", "跳过"), ("选1", "可以联系"), ("3", "3"), ("2号窗口", "2号窗口")],
)
def test_a_choice_can_be_named_by_its_number(words, meant):
    assert cues.resolve(words, ["可以联系", "跳过"]) == meant


@given(some.text())
def test_any_words_are_looked_at_without_failing(words):
    for look in (cues.find_number, cues.find_secret, cues.find_phone, cues.is_contact, cues.is_withdrawal):
        look(words)
    assert cues.resolve(words, ()) == words
