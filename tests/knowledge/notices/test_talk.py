"""Whose case is added to a notice, by the words alone."""

import pytest

from knowledge.notices.talk import joining


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("孩子也一起办", "孩子"),
        ("我和孩子一起办", "孩子"),
        ("跟我家娃一块办", "孩子"),
        ("再给我爱人办一份", "爱人"),
        ("我老婆也要办", "爱人"),
        ("顺便给我妈也办一个", "妈妈"),
        ("女儿也要补一个", "女儿"),
        ("还要给老二办一份", "老二"),
        ("连我爸的一起办", "爸爸"),
        ("孩子的也给我开一份", "孩子"),
    ],
)
def test_somebody_of_the_family_joins(words, who):
    assert joining(words) == who


@pytest.mark.parametrize(
    "words",
    [
        "再发我一份",
        "我又想起来，是我妈去办",
        "我妈替我办",
        "孩子也要到场吗",
        "要和孩子一起去吗",
        "孩子未满16周岁",
        "孩子的户口怎么办",
        "爱人也要本人到场办吗",
        "我妈帮我办",
        "办一份要多少钱",
    ],
)
def test_who_only_comes_along_or_acts_for_somebody_does_not(words):
    assert joining(words) is None
