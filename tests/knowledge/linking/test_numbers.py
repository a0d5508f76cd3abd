import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.numbers import NUMBER, number


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("16", 16),
        ("1.5", 1.5),
        ("2万", 20_000),
        ("0.5万", 5_000),
        ("十", 10),
        ("十六", 16),
        ("二十", 20),
        ("两", 2),
        ("一百零三", 103),
        ("三百五", 350),
        ("三百五十", 350),
        ("三千五", 3_500),
        ("两万三", 23_000),
        ("二万五千", 25_000),
        ("万", 10_000),
        ("二〇二六", 2026),
        ("半", 0.5),
    ],
)
def test_a_number_is_read_as_it_is_meant(said, meant):
    assert number(said) == meant


@given(st.from_regex(NUMBER, fullmatch=True))
def test_whatever_looks_like_a_number_can_be_read(words):
    assert re.fullmatch(NUMBER, words)
    assert number(words) >= 0
