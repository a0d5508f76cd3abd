import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.cleaning import clean


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＳＦＺ　丢了", "身份证 丢了"),
        ("sfz丢了,hkb也丢了", "身份证丢了,户口本也丢了"),
        ("passport过期，visa呢", "护照过期,签证呢"),
        ("我叫sfzhang，车牌是苏Ahz123", "我叫sfzhang,车牌是苏Ahz123"),
        ("身份證丟了怎麼辦", "身份证丢了怎么办"),
        ("要多少钱？？？！！！", "要多少钱"),
        ("身份\u200b证\ufeff丢了", "身份证丢了"),
        ("身份证\x00丢了\x07", "身份证 丢了"),
        ("护照😀👨‍👩‍👧多少钱", "护照多少钱"),
        ("嗯那个我想问一下身份证丢了", "身份证丢了"),
        ("您好，请问居住证怎么办", "居住证怎么办"),
        ("啊啊啊啊啊救命", "啊啊救命"),
        ("第①个", "第1个"),
    ],
)
def test_what_is_typed_becomes_what_is_meant(typed, meant):
    assert clean(typed) == meant


@pytest.mark.parametrize("only", ["你好", "嗯", "请问", "那个要多少钱"])
def test_what_is_only_a_greeting_or_a_pointing_word_stays(only):
    assert clean(only) == only


@pytest.mark.parametrize("nothing", ["", "   ", "😀😀", "\u200b\x00\n"])
def test_what_holds_no_words_becomes_empty(nothing):
    assert clean(nothing) == ""


def test_tokens_of_personal_numbers_stay_whole():
    assert "〔手机号1〕" in clean("打我电话〔手机号1〕")


@given(st.text(max_size=200))
def test_any_text_is_cleaned_without_leaving_control_characters(text):
    assert all(char.isprintable() for char in clean(text))


def test_ten_thousand_characters_take_no_longer_than_they_should():
    texts = {"嗯": "嗯" * 10_000, "marks": "?!" * 5_000, "words": "我的身份證丟了！" * 1_250, "那个": "那个" * 5_000}
    for name, text in texts.items():
        start = time.thread_time()
        clean(text)
        assert time.thread_time() - start < 0.5, name
