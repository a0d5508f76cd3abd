"""Codes: read however they are typed, and no slip of the hand leads to somebody else's notice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import MistypedCode
from knowledge.notices.codes import ALPHABET, LENGTH, new_code, read_code, shown

codes = st.builds(lambda _: new_code(), st.integers())


def is_caught(typed):
    with pytest.raises(MistypedCode):
        read_code(typed)
    return True


@given(codes)
def test_a_code_is_twelve_letters_that_nobody_takes_for_others(code):
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)
    assert [len(part) for part in shown(code).split("-")] == [4, 4, 4]
    assert read_code(shown(code)) == code


@given(codes)
def test_every_wrong_character_is_caught(code):
    assert all(
        is_caught(code[:place] + other + code[place + 1 :])
        for place in range(LENGTH)
        for other in ALPHABET
        if other != code[place]
    )


@given(codes)
def test_every_swap_of_neighbours_is_caught(code):
    for place in range(LENGTH - 1):
        one, other = code[place : place + 2]
        if one != other:
            assert is_caught(code[:place] + other + one + code[place + 2 :])


@given(codes, st.integers(0, LENGTH), st.sampled_from(ALPHABET))
def test_a_character_too_many_or_too_few_is_caught(code, place, letter):
    assert is_caught(code[:place] + letter + code[place:])
    assert is_caught(code[:place] + code[place + 1 :] if place < LENGTH else code[1:])


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        shown,
        lambda code: " ".join(code),
        lambda code: f"  {shown(code)}\n",
        lambda code: shown(code).replace("-", "－"),
        lambda code: shown(code).replace("-", "—"),
        lambda code: shown(code).replace("-", "\u2011"),
        lambda code: shown(code).replace("-", "−"),
        lambda code: shown(code).replace("-", "\u200b"),
        lambda code: shown(code).replace("-", "　"),
        lambda code: shown(code).replace("-", "·"),
        lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code),  # as a Chinese keyboard writes it
    ],
)
def test_it_is_read_however_it_is_typed(write):
    code = new_code()
    assert read_code(write(code)) == code


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "输入了 0 位"),
        ("2345", "输入了 4 位"),
        ("O2345678ABCD", "没有“O”"),
        ("02345678ABCD", "没有“0”"),
        ("告知单2345678", "没有“告”"),
        ("2" * 10_000, "12 位"),
        ("222222222223", "输错了"),
    ],
)
def test_what_is_wrong_with_it_is_said(typed, told):
    with pytest.raises(MistypedCode, match=told):
        read_code(typed)


@given(st.text(max_size=30))
def test_anything_typed_is_read_or_refused(typed):
    try:
        code = read_code(typed)
    except MistypedCode:
        return
    assert read_code(shown(code)) == code


def test_codes_are_drawn_evenly_and_none_twice():
    drawn = [new_code() for _ in range(20_000)]
    assert len(set(drawn)) == len(drawn)
    for place in range(LENGTH):
        counts = [sum(code[place] == letter for code in drawn) for letter in ALPHABET]
        assert min(counts) > 450  # of 645 on average; less comes about once in 10¹⁴ letters
        assert max(counts) < 850
