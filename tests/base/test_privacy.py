"""Personal numbers in running text: all are found, nothing else is, and what is swapped comes back."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.privacy import TOKEN, find_personal_numbers, is_id_number, mask, mask_text, swap

KINDS = ("身份证号", "手机号", "电话号", "银行卡号", "车牌号")


def found(text):
    return [(number.kind, number.value) for number in find_personal_numbers(text)]


def check_character(first):
    return "10X98765432"[sum(int(digit) * 2 ** (17 - i) for i, digit in enumerate(first)) % 11]


def with_luhn(first):
    """`first` and the one digit that makes it a card number."""
    doubled = [int(d) * (1 if i % 2 else 2) for i, d in enumerate(reversed(first))]
    return first + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


digits = st.text("0123456789", min_size=3, max_size=12)
birthdays = st.dates(date(1900, 1, 1), date(2026, 12, 31)).map("{:%Y%m%d}".format)
id_numbers = st.builds(
    lambda region, day, order: (first := f"{region}{day}{order:03}") + check_character(first),
    st.integers(110000, 659000),
    birthdays,
    st.integers(0, 999),
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = st.from_regex(r"0(?:10|2[0-9]|[3-9][1-9][0-9])-[2-9][0-9]{7}", fullmatch=True)
cards = st.from_regex(r"[456][0-9]{14,17}", fullmatch=True).map(with_luhn)
plates = st.from_regex(r"[京沪苏粤新][A-HJ-NP-Z][0-9]{3}[A-HJ-NP-Z0-9]{2}", fullmatch=True)
numbers = st.one_of(id_numbers, mobiles, landlines, cards, plates)
anything = st.lists(st.one_of(st.text(max_size=8), numbers, digits), max_size=8).map("，".join)
plain_words = st.text("我的号码是，。请记下办证补ab ", max_size=6)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("我的手机13812345678谢谢", "手机号", "13812345678"),
        ("我的手机１３８１２３４５６７８谢谢", "手机号", "13812345678"),
        ("138 1234 5678", "手机号", "13812345678"),
        ("138-1234-5678", "手机号", "13812345678"),
        ("138  1234  5678", "手机号", "13812345678"),
        ("138—1234—5678", "手机号", "13812345678"),
        ("138\u30001234\u30005678", "手机号", "13812345678"),
        ("+8613812345678", "手机号", "+8613812345678"),
        ("+86 138 1234 5678", "手机号", "+8613812345678"),
        ("008613812345678", "手机号", "008613812345678"),
        ("tel:13812345678a", "手机号", "13812345678"),
        ("家里电话0519-86881234", "电话号", "051986881234"),
        ("0519 8688 1234", "电话号", "051986881234"),
        ("(0519)86881234", "电话号", "051986881234"),
        ("（０１０）６５２５１２３４", "电话号", "01065251234"),
        ("身份证11010519491231002X。", "身份证号", "11010519491231002X"),
        ("11010519491231002x", "身份证号", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "身份证号", "11010519491231002X"),
        ("110105 19491231 002X", "身份证号", "11010519491231002X"),
        ("110105-1949-1231-002X", "身份证号", "11010519491231002X"),
        ("1101 0519 4912 3100 2X", "身份证号", "11010519491231002X"),
        ("老证号110105491231002，", "身份证号", "110105491231002"),
        ("卡号6222021234567894", "银行卡号", "6222021234567894"),
        ("6222 0212 3456 7894", "银行卡号", "6222021234567894"),
        ("我的车苏D12345被扣了", "车牌号", "苏D12345"),
        ("我的车苏d12345被扣了", "车牌号", "苏D12345"),
        ("苏Ｄ１２３４５", "车牌号", "苏D12345"),
        ("苏D·12345", "车牌号", "苏D12345"),
        ("苏D-12345", "车牌号", "苏D12345"),
        ("新能源车苏DF12345", "车牌号", "苏DF12345"),
        ("11010519491231002X13812", "身份证号", "11010519491231002X"),
        ("苏D1234学", "车牌号", "苏D1234学"),
    ],
)
def test_a_number_is_found_however_it_is_typed(text, kind, value):
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "身份证丢了怎么补",
        "打 12345 或者 110、96110、400-820-8820",
        "工单号 BS-20261121-0007",
        "2026-11-21 09:00-12:00",
        "20261121",
        "行政区划代码320402",
        "费用是1234567890元",
        "12345678901234567890123456789",
        "138123456789",
        "23812345678",
        "12012345678",
        "编号6222021234567890",
        "编号110105194913310022",
        "统一社会信用代码91320402MA1XXXXX0K",
        "我开的是新PASSAT",
        "京ABCDEF",
        "3.1415926535897932384626",
        "苏D123",
        "鲁迅A座12345号",
    ],
)
def test_nothing_is_found_that_is_no_personal_number(text):
    assert found(text) == []


def test_a_slip_in_the_check_character_leaves_no_identity_number_readable():
    assert not is_id_number("110105194912310021")
    assert found("110105194912310021") == [("身份证号", "110105194912310021")]


@given(id_numbers)
def test_the_right_check_character_is_known_from_all_others(number):
    right = [last for last in "0123456789X" if is_id_number(number[:17] + last)]
    assert right == [number[17]]


@given(cards)
def test_a_card_number_is_told_from_its_neighbours_by_its_last_digit(number):
    neighbours = {number[:-1] + digit for digit in "0123456789"} - {number}
    assert ("银行卡号", number) in found(number) or is_birthday(number)
    assert not [value for other in neighbours for kind, value in found(other) if kind == "银行卡号"]


def is_birthday(number):
    return found(number) == [("身份证号", number)]


def test_a_card_whose_middle_looks_like_the_year_of_birth_is_still_found():
    assert found(with_luhn("62284820001399123")) == [("银行卡号", with_luhn("62284820001399123"))]


def test_a_phone_behind_a_card_is_not_taken_for_its_last_group():
    assert found("6222021234567894 138 1234 5678") == [("银行卡号", "6222021234567894"), ("手机号", "13812345678")]


@given(st.lists(st.tuples(plain_words, numbers), min_size=1, max_size=5))
def test_every_number_in_a_sentence_is_found_in_order(parts):
    text = "".join(f"{words}号{number}号" for words, number in parts)
    assert [value for _, value in found(text)] == [number.replace("-", "") for _, number in parts]


@given(st.text())
def test_positions_are_those_of_the_text_and_never_overlap(text):
    end = 0
    for number in find_personal_numbers(text):
        assert end <= number.start < number.end <= len(text)
        end = number.end


@given(anything)
def test_swapping_and_putting_back_gives_the_same_numbers(text):
    known = {}
    swapped = swap(text, known)
    assert found(swapped) == []
    back = TOKEN.sub(lambda token: known[token.group()], swapped)
    assert [value for _, value in found(text)] == [known[token] for token in TOKEN.findall(swapped)]
    assert re.sub(r"\W", "", mask_text(back)) == re.sub(r"\W", "", mask_text(text))


@given(anything)
def test_masked_text_holds_no_number(text):
    assert found(mask_text(text)) == []


def test_a_number_keeps_its_token_for_the_whole_conversation():
    known = {}
    assert swap("手机13812345678，座机0519-86881234", known) == "手机〔手机号1〕，座机〔电话号1〕"
    assert swap("改成13912345678，别打138 1234 5678", known) == "改成〔手机号2〕，别打〔手机号1〕"
    assert known == {"〔手机号1〕": "13812345678", "〔电话号1〕": "051986881234", "〔手机号2〕": "13912345678"}


@pytest.mark.parametrize(
    "typed", ["〔手机号1〕", "〔〔手机号1〕〕", "〔〔手机号1〕2〕", "〔手〔手机号1〕机号1〕", "〔身份证号12〕"]
)
def test_a_token_that_a_person_types_opens_no_number(typed):
    known = {"〔手机号1〕": "13812345678", "〔手机号12〕": "13912345678", "〔身份证号12〕": "11010519491231002X"}
    assert not TOKEN.search(swap(typed, known))


@given(st.text("〔〕手机号电话身份证1230 ", max_size=40))
def test_no_arrangement_of_brackets_makes_a_token(typed):
    assert not TOKEN.search(swap(typed, {}))


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13812341234", "138****1234"),
        ("11010519491231002X", "110***********002X"),
        ("苏A12348", "苏A****8"),
        ("051986881234", "051*****1234"),
        ("6222021234567894", "622*********7894"),
    ],
)
def test_a_mask_hides_the_middle(value, masked):
    assert mask(value) == masked


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1" * 100_000, id="one long run"),
        pytest.param("32040219" * 250, id="2000 digits"),
        pytest.param("6 " * 50_000, id="digits and blanks"),
        pytest.param("138 1234 567" * 8_000, id="beginnings of phones"),
        pytest.param("苏A1" * 33_000, id="beginnings of plates"),
        pytest.param("〔手机号" * 25_000, id="beginnings of tokens"),
        pytest.param("".join(f"13{n:09} " for n in range(8_300)), id="8300 phones"),
    ],
)
def test_the_time_is_bounded_by_the_length(text):
    # The one timed guard: a pattern that looks back would need minutes, this leaves a slow machine twenty times the usual.
    began = time.perf_counter()
    swap(text, {})
    assert time.perf_counter() - began < 5
