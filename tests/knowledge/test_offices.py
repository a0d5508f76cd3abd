"""Where to go: the offices of the division, never those of another city, and when they open."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from base.clock import CHINA
from knowledge.nearest import Point
from knowledge.offices import deals_with, distance_words, find_offices, nearby, nearest, office_line
from knowledge.place import Closure, Office, Season

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


CHENGUANG = Point(31.1000, 100.1700)  # in 示例东区, near its hall


def service(knowledge, id=LOST):
    return knowledge.find(id, MONDAY.date()).service


def test_from_a_point_the_nearest_three_come_with_their_distance(shipped):
    found = nearest(shipped, service(shipped), CHENGUANG)
    assert [one.office.id for one in found] == ["demo-dq-zwzx", "demo-pcs-chenguang", "demo-zwzx"]
    assert [one.reason for one in found] == ["距离约 180 米", "距离约 390 米", "距离约 4.5 公里"]
    assert [one.metres for one in found] == sorted(one.metres for one in found)


def test_of_the_nearest_those_that_are_open_can_be_asked_for(shipped):
    saturday_noon = datetime(2026, 11, 28, 15, 0, tzinfo=CHINA)
    found = nearest(shipped, service(shipped), CHENGUANG, open_at=saturday_noon)
    assert [one.office.id for one in found] == ["demo-pcs-chenguang"]


def test_in_a_district_its_own_come_first_by_distance(shipped):
    found = nearby(shipped, service(shipped), "990103", point=CHENGUANG)
    assert [one.office.id for one in found] == ["demo-xq-zwzx", "demo-pcs-shiqiao"]
    assert all(one.metres for one in found)


def test_a_street_that_is_named_decides_without_coordinates(shipped):
    found = nearby(shipped, None, "990102", words="我在示例柳园街道附近")
    assert {one.office.id for one in found[:2]} <= {
        "demo-crj",
        "demo-crj-zz",
        "demo-yibao",
        "demo-gjj",
        "demo-bm-liuyuan",
    }
    assert found[0].reason == "同一街道（示例柳园街道）"
    assert found[-1].reason == "在示例东区"
    assert all(one.metres is None for one in found)


@pytest.mark.parametrize(
    ("adcode", "words", "first", "reason"),
    [
        ("990102", "晨光路附近有派出所吗", "demo-pcs-chenguang", "同一条路（晨光路）"),
        ("990104", "我在云帆大道上班", "demo-pcs-yunfan", "同一条路（云帆大道）"),
        ("990100", "我住示例青山镇", "demo-pcs-qingshan", "同一乡镇（示例青山镇）"),
        ("990100", "示例石桥街道石桥路这边", "demo-pcs-shiqiao", "同一街道（示例石桥街道）"),
        ("990103", "我走错路了", "demo-pcs-shiqiao", "在示例西区"),
        ("320411", "锦绣路那个大厅", "cz-zwzx", "同一条路（锦绣路）"),
    ],
)
def test_streets_towns_and_roads_are_found_in_what_people_write(shipped, adcode, words, first, reason):
    found = nearby(shipped, service(shipped), adcode, words=words)[0]
    assert (found.office.id, found.reason, found.metres) == (first, reason, None)


def test_an_office_that_is_called_after_a_road_does_not_stand_there(shipped):
    named = HALL.model_copy(
        update={"region": "990102", "name": "示例解放路派出所", "address": "示例市示例东区柳园路1号"}
    )
    knowledge = replace(shipped, offices={"named": named})
    assert nearby(knowledge, None, "990102", words="解放路附近")[0].reason == "在示例东区"
    assert nearby(knowledge, None, "990102", words="柳园路附近")[0].reason == "同一条路（柳园路）"


def test_the_district_of_an_office_is_told_when_a_city_is_asked_about(shipped):
    reasons = {one.office.region: one.reason for one in nearby(shipped, service(shipped), "990100")}
    assert reasons["990103"] == "在示例西区"
    (elsewhere, *_) = nearby(shipped, service(shipped, "dl-first"), "990122")
    assert elsewhere.reason == "同城，在示例西区"
    (of_the_city,) = nearby(shipped, service(shipped), "440106")
    assert of_the_city.reason == "在广州市"


def test_where_nothing_was_measured_no_distance_is_told(shipped):
    real = [office for office in shipped.offices.values() if office.basis == "sourced"]
    assert all(office.latitude is None for office in real)
    found = nearby(shipped, service(shipped), "320402", point=Point(31.78, 119.97))
    assert found
    assert not any("公里" in one.reason or one.metres for one in found)


def test_far_from_every_office_nothing_is_near(shipped):
    assert nearest(shipped, None, Point(45.8, 126.5)) == []


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (3, "距离约 10 米"),
        (347, "距离约 350 米"),
        (994, "距离约 990 米"),
        (996, "距离约 1.0 公里"),
        (1234, "距离约 1.2 公里"),
    ],
)
def test_a_distance_is_told_as_people_say_it(metres, words):
    assert distance_words(metres) == words


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
        ("2026-09-30T18:00", "现在不开放，下次开放 10月8日 09:00", False),
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


@pytest.mark.parametrize(
    ("office", "at", "opening"),
    [
        ("demo-zwzx", "2026-12-31T21:00", "现在不开放，下次开放 1月2日 09:00（该年放假安排尚未公布，以公告为准）"),
        ("demo-zwzx", "2027-02-10T10:00", "现在开放（该年放假安排尚未公布，以公告为准）"),
        ("demo-crj-zz", "2027-02-10T10:00", "现在开放"),
        ("demo-zz-24h", "2027-02-10T03:00", "现在开放"),
    ],
)
def test_in_a_year_whose_days_off_nobody_has_announced_that_is_said(shipped, office, at, opening):
    line = office_line(shipped, shipped.office(office), datetime.fromisoformat(at).replace(tzinfo=CHINA))
    assert line["opening"] == opening


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


def test_a_season_is_told_before_it_comes_and_while_it_holds(shipped):
    summer = Season(first="06-01", last="09-30", hours="1-5 08:30-12:00")
    hall = HALL.model_copy(update={"seasons": (summer,), "closures": ()})
    line = office_line(shipped, hall, MONDAY)
    assert line["hours"].startswith("周一至周五 09:00")
    assert line["note"] == "6月1日至9月30日改为周一至周五 08:30-12:00"
    line = office_line(shipped, hall, datetime(2026, 7, 1, 8, 45, tzinfo=CHINA))
    assert (line["hours"], line["open_now"]) == ("周一至周五 08:30-12:00（6月1日至9月30日）", True)
    assert line["note"] == ""


def test_machines_and_areas_open_all_day_say_so(shipped):
    night_of_a_holiday = datetime(2026, 10, 1, 23, 30, tzinfo=CHINA)
    area = office_line(shipped, shipped.office("demo-zz-24h"), night_of_a_holiday)
    assert (area["hours"], area["opening"]) == ("全天24小时", "现在开放")
    assert "节假日照常开放" in area["note"]
    machines = office_line(shipped, shipped.office("demo-crj-zz"), night_of_a_holiday)
    assert machines["opening"] == "现在不开放，下次开放 10月2日 06:00"
    asked = office_line(shipped, shipped.office("demo-zz-24h"), MONDAY, date(2026, 10, 1))
    assert asked["opening"] == "10月1日（周四）开放 全天"


def test_the_reason_stands_first(shipped):
    assert office_line(shipped, HALL, MONDAY, reason="距离约 350 米")["note"].startswith("距离约 350 米；")
