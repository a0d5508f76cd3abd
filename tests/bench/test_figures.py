"""The pure parts of the figures: percentiles, the table, and the page that it stands on."""

import pytest

from bench.figures import percentile, spread, table, with_section


@pytest.mark.parametrize(("percent", "expected"), [(0, 1), (1, 1), (50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(percent, expected):
    assert percentile(range(100, 0, -1), percent) == expected


def test_a_percentile_of_few_values_is_one_of_them():
    assert percentile([3.0, 1.0], 50) == 1.0
    assert percentile([3.0, 1.0], 99) == 3.0
    assert percentile([2.0], 50) == 2.0


def test_durations_are_shown_in_milliseconds():
    assert spread([0.0121, 0.5]) == "12.1 / 500.0 / 500.0 ms"


def test_columns_stand_in_line():
    assert table(("what", "figure"), [("training", "15.2 s"), ("turn", "9 ms")]).splitlines() == [
        "| what     | figure |",
        "| -------- | ------ |",
        "| training | 15.2 s |",
        "| turn     | 9 ms   |",
    ]


def test_a_row_that_lacks_a_cell_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        table(("what", "figure"), [("training",)])


def test_a_section_is_added_once_and_then_replaced():
    page = with_section("# Figures\n\nAbout.\n", "make bench", "old")
    page = with_section(page, "make bench-stock", "other")
    page = with_section(page, "make bench", "new")
    assert page == "# Figures\n\nAbout.\n\n## make bench\n\nnew\n\n## make bench-stock\n\nother\n"
