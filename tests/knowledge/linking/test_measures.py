"""Ages and lengths as ranges: what is said for sure, and no more."""

import math
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.measures import find_measures


@pytest.mark.parametrize(
    ("said", "least", "below"),
    [
        ("8岁", 8, 9),
        ("十八周岁", 18, 19),
        ("70多岁", 70, 80),
        ("七十多岁", 70, 80),
        ("二十几岁", 20, 30),
        ("十七八岁", 17, 19),
        ("七八岁", 7, 9),
        ("两三岁", 2, 4),
        ("六七十岁", 60, 80),
        ("半岁", 0.5, 1),
        ("一岁半", 1.5, 2),
        ("未满16周岁", 0, 16),
        ("不到三岁", 0, 3),
        ("已满18周岁", 18, math.inf),
        ("70周岁以上", 70, math.inf),
        ("16岁以下", 0, 17),
        ("60至69周岁", 60, 70),
        ("60岁到70岁", 60, 71),
        ("3个月大", 3 / 12, 4 / 12),
    ],
)
def test_an_age_is_a_range_of_years(said, least, below):
    (age,) = find_measures(said)
    assert (age.kind, age.least, age.below) == ("age", pytest.approx(least), pytest.approx(below))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("三天", "duration"),
        ("一年半", "duration"),
        ("两个星期", "duration"),
        ("10个工作日", "duration"),
        ("3年前买的", "duration"),
        ("125CC", "volume"),
    ],
)
def test_lengths_and_volumes_are_told_from_ages(said, kind):
    assert [measure.kind for measure in find_measures(said)] == [kind]


@pytest.mark.parametrize(
    "said",
    [
        "2015年12月31日",
        "我95年的",
        "三年级",
        "10岁时办的",
        "16岁以前办的",
        "第三年",
        "两个星期三",
        "周岁",
        "几岁能办",
        "16",
        "",
    ],
)
def test_what_tells_no_age_and_no_length_is_left_alone(said):
    assert list(find_measures(said)) == []


@given(st.text("0123456789.一二两三十百万半未满到至以上下内岁年个月天大", max_size=40))
def test_every_measure_is_a_range_within_the_text(text):
    for measure in find_measures(text):
        assert 0 <= measure.start < measure.end <= len(text)
        assert measure.least >= 0


@pytest.mark.parametrize("run", ["1", "一", "一百", "1到", "满", "未满1", "岁"])
def test_a_long_run_of_figures_is_read_in_no_time(run):
    start = thread_time()
    list(find_measures(run * 3_000))
    assert thread_time() - start < 0.5
