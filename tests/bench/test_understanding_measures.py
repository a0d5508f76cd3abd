"""The arithmetic of a report, on numbers that one can check by hand."""

import pytest

from bench.understanding.measures import (
    Bin,
    Share,
    calibration_error,
    coverage_at,
    macro_f1,
    reliability,
    risk_coverage,
)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"), [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)]
)
def test_a_share_lies_within_wilsons_borders(count, total, low, high):
    assert Share(count, total).interval == pytest.approx((low, high), abs=0.001)


def test_a_share_is_shown_with_its_borders_and_of_nothing_as_a_dash():
    assert str(Share(50, 100)) == "50.0% (40%–60%)"
    assert str(Share(0, 0)) == "–"


def test_macro_f1_counts_every_intent_alike():
    truth, said = ["fee"] * 8 + ["hours"] * 2, ["fee"] * 8 + ["fee", "hours"]
    assert macro_f1(truth, said) == pytest.approx((16 / 17 + 2 / 3) / 2)


def test_guesses_are_put_together_by_confidence():
    bins = reliability([0.1, 0.9, 1.0, 0.85], [False, True, True, False], bins=5)
    assert bins == [Bin(0.1, Share(0, 1)), Bin(pytest.approx(2.75 / 3), Share(2, 3))]
    assert calibration_error(bins) == pytest.approx((0.1 + 3 * (2.75 / 3 - 2 / 3)) / 4)


def test_the_surest_come_first_and_equals_come_together():
    points = risk_coverage([0.5, 0.9, 0.5, 0.1], [True, True, False, False])
    assert points == [(0.25, 0.0), (0.75, 1 / 3), (1.0, 0.5)]
    assert coverage_at(points, 0.4) == 0.75
    assert coverage_at([(1.0, 0.5)], 0.4) == 0.0
