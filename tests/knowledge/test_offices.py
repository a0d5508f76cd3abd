"""Where to go: the offices of the division, never those of another city, and when they open."""

from datetime import date, datetime

import pytest

from base.clock import CHINA
from knowledge.offices import deals_with, find_offices, office_line
from knowledge.place import Closure, Office

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
LOST, MARRIAGE = "id-card-reissue-lost", "marriage-register"


def found(knowledge, service, adcode):
    return find_offices(knowledge, knowledge.find(service, MONDAY.date()).service, adcode)


def test_a_districts_offices_come_likeliest_first(shipped):
    offices = found(shipped, LOST, "990103")
    assert [office.kind for office in offices] == ["派出所", "政务服务中心"]
    assert {office.region for office in offices} == {"990103"}


def test_a_citys_offices_are_its_own_and_those_of_its_districts(shipped):
    regions = {office.region for office in found(shipped, LOST, "990100")}
    assert regions == {"990102", "990103", "990104", "990122"}


def test_where_a_district_has_none_its_citys_are_named(shipped):
    assert [office.region for office in found(shipped, LOST, "440106")] == ["440100"]


@pytest.mark.parametrize("adcode", ["320300", "320100", "000000"])
def test_a_city_never_borrows_the_offices_of_another_city(shipped, adcode):
    assert found(shipped, LOST, adcode) == []


def test_inferred_places_are_never_named(shipped):
    for adcode in shipped.regions:
        if adcode[:2] in ("32", "44", "51"):
            assert all(office.basis != "inferred" for office in found(shipped, LOST, adcode))


def test_only_who_deals_with_it_is_named(shipped):
    for service in shipped.services(MONDAY.date()):
        for office in find_offices(shipped, service, "990100"):
            assert deals_with(shipped, office, service)
    window = shipped.office("demo-zwzx-bbcs")
    assert not deals_with(shipped, window, shipped.find(LOST, MONDAY.date()).service)


HALL = Office(
    id="hall",
    name="示例大厅",
    kind="政务服务中心",
    region="990100",
    phone=("000-1", "000-2"),
    hours="1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00",
    closures=(Closure(first=date(2026, 12, 10), last=date(2026, 12, 11), reason="信息系统升级"),),
    basis="sourced",
    confidence="high",
)


@pytest.mark.parametrize(
    ("at", "opening", "open_now"),
    [
        ("2026-11-23T10:00", "现在开放", True),
        ("2026-11-23T12:30", "现在不开放，下次开放 11月23日 13:30", False),
        ("2026-11-28T13:00", "现在不开放，下次开放 11月30日 09:00", False),
        ("2026-12-09T18:00", "现在不开放，下次开放 12月12日 09:00", False),
        ("2026-12-10T10:00", "现在不开放，下次开放 12月12日 09:00", False),
        ("2026-09-30T18:00", "现在不开放，下次开放 10月08日 09:00", False),
        ("2026-10-10T15:00", "现在开放", True),
    ],
)
def test_opening_knows_lunch_weekends_holidays_and_closures(shipped, at, opening, open_now):
    line = office_line(shipped, HALL, datetime.fromisoformat(at).replace(tzinfo=CHINA))
    assert (line["opening"], line["open_now"]) == (opening, open_now)


@pytest.mark.parametrize(
    ("day", "opening"),
    [
        ("2026-11-24", "11月24日（周二）开放 09:00-12:00、13:30-17:30"),
        ("2026-11-28", "11月28日（周六）开放 09:00-12:00"),
        ("2026-11-29", "11月29日（周日）不开放"),
        ("2026-10-01", "10月1日（周四）不开放，国庆节"),
        ("2026-10-10", "10月10日（周六）开放 09:00-12:00、13:30-17:30"),
        ("2026-12-10", "12月10日（周四）不开放（信息系统升级）"),
        ("2027-01-04", "1月4日（周一）开放 09:00-12:00、13:30-17:30（该年放假安排尚未公布，以公告为准）"),
        ("2027-01-01", "1月1日（周五）不开放，元旦（该年放假安排尚未公布，以公告为准）"),
    ],
)
def test_a_day_that_was_asked_about_is_answered(shipped, day, opening):
    assert office_line(shipped, HALL, MONDAY, date.fromisoformat(day))["opening"] == opening


def test_a_closure_is_announced_until_it_is_over(shipped):
    def note(at):
        return office_line(shipped, HALL, datetime.fromisoformat(at).replace(tzinfo=CHINA))["note"]

    assert note("2026-11-23T10:00") == note("2026-12-11T10:00") == "12月10日至12月11日信息系统升级，不开放"
    assert note("2026-12-12T10:00") == ""


def test_unknown_hours_are_not_guessed(shipped):
    line = office_line(shipped, HALL.model_copy(update={"hours": ""}), MONDAY)
    assert (line["hours"], line["open_now"]) == ("", None)
    assert "12345" in line["opening"]


def test_an_office_that_never_opens_again_soon_says_so(shipped):
    closed = Closure(first=date(2026, 11, 1), last=date(2027, 6, 30), reason="搬迁")
    line = office_line(shipped, HALL.model_copy(update={"closures": (closed,)}), MONDAY)
    assert line["opening"] == "近期不开放"


def test_what_is_invented_or_unverified_says_so(shipped):
    assert office_line(shipped, shipped.office("demo-zwzx"), MONDAY)["demo"] is True
    unsure = office_line(shipped, HALL.model_copy(update={"confidence": "low"}), MONDAY)
    assert unsure["demo"] is False
    assert unsure["note"].startswith("信息未经官方核实")
    assert office_line(shipped, HALL, MONDAY)["phone"] == "000-1、000-2"
