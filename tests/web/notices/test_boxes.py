import pytest

from web.notices.boxes import Box, gap, paginate, together, with_next, without_stragglers


def ink(height=10, glued=False):
    return Box(height, lambda pen, y: None, glued)


def heights(pages):
    return [[box.height for box in page] for page in pages]


def test_a_page_ends_where_the_next_box_does_not_fit():
    assert heights(paginate([ink()] * 5, 25)) == [[10, 10], [10, 10], [10]]


def test_a_heading_goes_with_what_follows():
    assert heights(paginate([ink(), *with_next([ink(5)]), ink()], 20)) == [[10], [5, 10]]


def test_a_row_of_several_lines_is_not_parted():
    assert heights(paginate([ink(), *together([ink(6), ink(6)])], 20)) == [[10], [6, 6]]


def test_a_row_taller_than_a_page_is_parted_rather_than_lost():
    assert heights(paginate([ink(), *together([ink()] * 4)], 25)) == [[10, 10], [10, 10], [10]]


def test_a_gap_is_left_out_where_a_page_begins():
    assert heights(paginate([ink(20), gap(5), ink(8)], 20)) == [[20], [8]]


@pytest.mark.parametrize(
    ("lines", "glued"), [(1, [0]), (2, [1, 0]), (3, [1, 1, 0]), (5, [1, 0, 0, 1, 0])]
)  # fmt: skip
def test_no_single_line_stands_at_the_foot_or_head_of_a_page(lines, glued):
    assert [box.glued for box in without_stragglers([ink()] * lines)] == [bool(one) for one in glued]
