"""The nearest offices are the nearest: the map never says otherwise than measuring all of them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.nearest import FARTHEST, OfficeMap, Point, distance, position
from knowledge.place import Office

CHANGZHOU, NANJING = Point(31.8107, 119.9740), Point(32.0603, 118.7969)

# Around one city, so that many lie within reach; and some anywhere in China.
near = st.builds(Point, st.floats(31.0, 32.5), st.floats(119.0, 121.0))
anywhere = st.builds(Point, st.floats(3, 54), st.floats(73, 136))
points = near | anywhere


def office(id, point=None, **fields):
    facts = {
        "id": id,
        "name": "大厅",
        "kind": "政务服务中心",
        "region": "320400",
        "basis": "sourced",
        "confidence": "high",
    }
    if point is not None:
        facts |= {"latitude": point.latitude, "longitude": point.longitude}
    return Office(**facts | fields)


def map_of(*offices):
    return OfficeMap(offices, lambda adcode: (adcode, "320000"))


@settings(max_examples=150, deadline=None)
@given(points, st.lists(points, max_size=40), st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
@example(CHANGZHOU, [CHANGZHOU, CHANGZHOU], 1, 1, 1)
@example(Point(54, 136), [Point(54, 135), Point(53.5, 136)], 3, 1, 1)
def test_the_nearest_are_those_that_measuring_all_finds(here, places, count, dealing, opening):
    """Every so many offices deal with it, every so many are open; the rest do not count."""
    offices = {
        f"o{index:02d}": office(
            f"o{index:02d}",
            place,
            matters=() if index % dealing else ("护照",),
            hours="" if index % opening else "1-5 09:00-12:00",
        )
        for index, place in enumerate(places)
    }
    found = map_of(*offices.values()).nearest(here, count, matters={"护照"}, is_open=lambda one: one.has_hours)
    measured = sorted(
        distance(here, position(one))
        for one in offices.values()
        if one.matters and one.has_hours and distance(here, position(one)) <= FARTHEST
    )
    assert [metres for metres, _ in found] == pytest.approx(measured[:count], abs=0.001)
    assert [distance(here, position(offices[one.id])) for _, one in found] == [metres for metres, _ in found]
    assert all(one.matters and one.has_hours for _, one in found)
    assert len({one.id for _, one in found}) == len(found)


def test_of_offices_in_one_building_the_first_by_id_are_named():
    offices = map_of(*(office(id, CHANGZHOU) for id in "dbeac"))
    assert [one.id for _, one in offices.nearest(CHANGZHOU, 3)] == ["a", "b", "c"]


def test_whether_it_is_open_is_asked_once_for_all_with_the_same_timetable():
    asked = []
    hours = ("1-5 09:00-12:00", "1-5 09:00-17:00")
    near = [office(f"o{index}", CHANGZHOU, hours=hours[index % 2], matters=("护照",)) for index in range(20)]
    far = office("far", NANJING, hours="1-7 09:00-12:00", matters=("护照",))
    other = office("other", CHANGZHOU, all_day=True, matters=("税务",))
    found = map_of(*near, far, other).nearest(
        CHANGZHOU, 3, matters={"护照", "nobody"}, is_open=lambda one: asked.append(one.hours)
    )
    assert found == []
    assert sorted(asked) == sorted(hours)


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_never_negative(one, other):
    assert distance(one, other) == pytest.approx(distance(other, one), abs=0.01)
    assert distance(one, other) >= 0
    assert distance(one, one) == 0


def test_a_distance_is_right_to_one_percent():
    assert distance(CHANGZHOU, NANJING) == pytest.approx(114_500, rel=0.01)


def test_offices_without_coordinates_or_only_inferred_are_not_on_the_map():
    offices = map_of(office("bare"), office("inferred", CHANGZHOU, basis="inferred"))
    assert offices.nearest(CHANGZHOU, 3) == []
    assert [one.id for one in offices.within("320400")] == ["bare"]


def test_nobody_is_sent_farther_than_a_day_trip():
    assert map_of(office("far", NANJING)).nearest(CHANGZHOU, 3) == []


def test_a_division_holds_the_offices_of_those_below_it():
    offices = map_of(office("one"), office("two", region="320500"))
    assert [one.id for one in offices.within("320000")] == ["one", "two"]
    assert [one.id for one in offices.within("320500")] == ["two"]
    assert offices.within("110000") == []
