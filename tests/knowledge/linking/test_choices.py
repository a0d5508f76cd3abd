"""What a short reply means, and what it does not mean: a wrong pick costs a trip, a question back costs a second."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.linking.choices import chosen, situations_told
from knowledge.loader import read_content

SITUATIONS = [
    situation
    for document in read_content(demo=True)
    if document.kind == "service"
    for situation in document.fact.situations
]
AGE = ("未满16周岁", "已满16周岁")
BANDS = ("未满8周岁", "已满8周岁未满18周岁", "已满18周岁")
PICKUP = ("本人领取", "亲属代领", "邮寄")
MENU = ("居民身份证丢失补领", "居民身份证挂失申报", "都不是")
YES_NO = ("是", "否")
SENIOR = ("没有", "已满70周岁")
HELD = ("不满2年", "满2年不满5年", "满5年")


@pytest.mark.parametrize(
    ("said", "options", "picked"),
    [
        ("1", PICKUP, 0),
        ("3", PICKUP, 2),
        ("２", PICKUP, 1),
        ("第二个", PICKUP, 1),
        ("第2个", PICKUP, 1),
        ("2号", PICKUP, 1),
        ("二", PICKUP, 1),
        ("选三吧", PICKUP, 2),
        ("就第一种。", PICKUP, 0),
        ("4", PICKUP, None),
        ("0", PICKUP, None),
        ("12", PICKUP, None),
        ("第九个", PICKUP, None),
        ("亲属代领", PICKUP, 1),
        ("亲属", PICKUP, 1),
        ("我要亲属代领。", PICKUP, 1),
        ("领", PICKUP, None),
        ("我妈帮我领", PICKUP, 1),
        ("老公去拿", PICKUP, 1),
        ("我自己去", PICKUP, 0),
        ("本人", PICKUP, 0),
        ("快递到家", PICKUP, 2),
        ("不是邮寄", PICKUP, 2),
        ("未满16周岁", AGE, 0),
        ("不满16", AGE, None),
        ("15岁", AGE, 0),
        ("16周岁", AGE, 1),
        ("16岁了", AGE, 1),
        ("115周岁", AGE, 1),
        ("小孩", AGE, 0),
        ("是大人", AGE, 1),
        ("7岁", BANDS, 0),
        ("8岁", BANDS, 1),
        ("十岁", BANDS, 1),
        ("17周岁", BANDS, 1),
        ("18岁", BANDS, 2),
        ("十七八岁", BANDS, None),
        ("不到八岁", BANDS, 0),
        ("半岁", BANDS, 0),
        ("七十二岁", SENIOR, 1),
        ("70多岁", SENIOR, 1),
        ("60多岁", SENIOR, 0),
        ("六七十岁", SENIOR, None),
        ("我72岁,我老公65岁", ("未满60周岁", "60至69周岁", "70周岁以上"), None),
        ("三年", HELD, 1),
        ("一年半", HELD, 0),
        ("20个月", HELD, 0),
        ("五年以上", HELD, 2),
        ("给孩子上户口", AGE, None),
        ("孩子要改名", AGE, None),
        ("给孩子办", AGE, 0),
        ("居民身份证丢失补领", MENU, 0),
        ("挂失", MENU, 1),
        ("身份证", MENU, None),
        ("都不是", MENU, 2),
        ("是", YES_NO, 0),
        ("是的", YES_NO, 0),
        ("嗯", YES_NO, 0),
        ("对的。", YES_NO, 0),
        ("否", YES_NO, 1),
        ("不是", YES_NO, 1),
        ("有", ("有", "没有"), 0),
        ("没有", ("有", "没有"), 1),
        ("没", ("有", "没有"), 1),
        ("有的", ("没有", "有异议"), 1),
        ("是的", ("已婚", "未婚"), 0),
        ("没有", ("已落户", "未落户"), 1),
        ("不需要", ("生育津贴和费用报销", "不需要"), 1),
        ("要", ("生育津贴和费用报销", "不需要"), 0),
        ("没有", ("父母投靠子女", "未成年子女投靠父母"), None),
        ("是的", ("超过有效期一年未换证", "未提交身体条件证明"), None),
        ("是的", ("本人", "委托他人"), None),
        ("是的", PICKUP, None),
        ("本省", ("非本省", "本省"), 1),
        ("非本省", ("非本省", "本省"), 0),
        ("", PICKUP, None),
        ("   ", PICKUP, None),
        ("？？？", PICKUP, None),
        ("随便", PICKUP, None),
        ("要多少钱", PICKUP, None),
        ("本人领取还是邮寄好", PICKUP, 0),
        ("1", (), None),
    ],
)
def test_a_reply_means_one_option_or_none(said, options, picked):
    assert chosen(said, options) == picked


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("换成我妈帮我领呢", {"pickup": "relative"}),
        ("我儿子未满16周岁", {"age": "minor"}),
        ("15岁的孩子，邮寄", {"age": "minor", "pickup": "mail"}),
        ("我自己去拿", {"pickup": "self"}),
        ("我今年30岁", {"age": "adult"}),
        ("是", {}),
        ("1", {}),
        ("没有", {}),
        ("要多少钱", {}),
        ("不是孩子", {}),
        ("", {}),
    ],
)
def test_a_sentence_tells_only_what_is_clear(said, told):
    situations = {
        "age": {"minor": "未满16周岁", "adult": "已满16周岁"},
        "pickup": {"self": "本人领取", "relative": "亲属代领", "mail": "邮寄"},
    }
    assert situations_told(said, situations) == told


@pytest.mark.parametrize(
    ("said", "situation"),
    [
        ("未满16周岁", ("不需要陪同，已满16周岁", "父母或其他监护人")),
        ("未满16周岁", ("未满8周岁", "已满8周岁")),
        ("换成我妈帮我办呢", ("就业困难或其他人员", "高校毕业生")),
        ("我妈陪我去", ("监护人委托的其他人", "已满16周岁")),
        ("我自己去办", ("仅本人", "配偶、子女、父母随迁")),
        ("我自己去办", ("本人的车", "单位或他人的车")),
        ("我自己的车", ("本人", "委托他人")),
        ("我妈帮我办", ("本人的车", "单位或他人的车")),
    ],
)
def test_what_only_sounds_alike_tells_nothing(said, situation):
    assert situations_told(said, {"x": dict(enumerate(situation))}) == {}


@pytest.mark.parametrize(
    ("said", "ask", "option"),
    [
        ("我儿子8岁办护照", "申请人满16周岁了吗？", "未满16周岁"),
        ("八岁的孩子", "办证人年满16周岁了吗？", "未满16周岁"),
        ("我十六周岁", "办证人年满16周岁了吗？", "已满16周岁"),
        ("刚满3个月大的宝宝", "办证人年满16周岁了吗？", "未满16周岁"),
        ("我爸72岁了想考个证", "您多大年龄？", "70周岁以上"),
        ("今年六十五岁", "您多大年龄？", "60至69周岁"),
        ("我72岁换驾驶证", "您满70周岁了吗？", "已满70周岁"),
        ("我30岁换驾驶证", "您满70周岁了吗？", "没有"),
        ("十七岁想改名", "申请人年满18周岁了吗？", "未满18周岁"),
        ("125cc的摩托", "排量多少？", "150毫升及以下"),
        ("十五六岁", "申请人满16周岁了吗？", None),
        ("我35岁，孩子8岁", "申请人满16周岁了吗？", None),
        ("16岁以前办的那张", "申请人满16周岁了吗？", None),
        ("交了10年想补缴", "您要补多长时间？", None),  # 10 years were paid, not asked to be made up
    ],
)
def test_an_age_in_a_sentence_answers_the_shipped_question_it_decides(said, ask, option):
    asked = [s.options for s in SITUATIONS if s.ask == ask and (option is None or option in s.options.values())]
    assert asked
    for options in asked:
        told = situations_told(said, {"x": options}).get("x")
        assert (told and options[told]) == option


def test_a_length_replies_to_the_shipped_question_that_asks_for_it():
    for situation in SITUATIONS:
        if situation.ask == "您要补多长时间？":
            assert chosen("三年半", list(situation.options.values())) == 1


def test_in_every_shipped_question_each_option_answers_to_its_number_and_its_words():
    for situation in SITUATIONS:
        options = list(situation.options.values())
        for index, words in enumerate(options):
            for said in (str(index + 1), words, f"{words}。", f" {words} "):
                assert chosen(said, options) == index, (situation.ask, said)


def test_a_shipped_question_answered_in_its_own_words_is_told_by_them():
    for situation in SITUATIONS:
        for option, words in situation.options.items():
            told = situations_told(words, {situation.id: situation.options})
            assert told in ({situation.id: option}, {}), (situation.ask, words)


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=10), max_size=8))
def test_whatever_is_typed_the_index_is_one_of_the_options(text, options):
    index = chosen(text, options)
    assert index is None or 0 <= index < len(options)


@given(st.sampled_from(SITUATIONS), st.data())
def test_a_number_beyond_the_options_picks_none(situation, data):
    options = list(situation.options.values())
    number = str(data.draw(st.integers(len(options) + 1, 99)))
    assume(not any(number in words for words in options))  # 16 is no number where an option says 未满16周岁
    assert chosen(number, options) is None
