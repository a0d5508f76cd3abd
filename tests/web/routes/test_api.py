import pytest


def checklist(site, answers, **more):
    body = {"service": "id-card-reissue-lost", "answers": answers} | more
    return site.http.post("/api/v1/checklists", json=body)


def test_all_services_come_page_by_page_each_once(site):
    ids, next = [], None
    while True:
        page = site.http.get("/api/v1/services", params={"next": next} if next else {}).json()
        ids += [item["id"] for item in page["items"]]
        next = page["next"]
        if next is None:
            break
    assert len(ids) == len(set(ids)) > 100
    assert "id-card-reissue-lost" in ids


def test_a_search_finds_the_item_first(site):
    page = site.http.get("/api/v1/services", params={"q": "shenfenzheng diule"}).json()
    assert page["items"][0]["id"] == "id-card-reissue-lost"
    assert page["items"][0]["matched"] == "身份证丢了"
    assert {"id", "name", "domain"} <= page["items"][0].keys()
    assert page["next"] is None
    assert site.http.get("/api/v1/services", params={"q": "龘"}).json()["items"] == []


def test_a_service_comes_with_its_revision(site):
    service = site.http.get("/api/v1/services/id-card-reissue-lost?region=320402").json()
    assert service["name"] == "居民身份证丢失补领"
    assert (service["revision"], service["region"]) == (1, "320402")
    assert service["materials"]
    assert service["steps"]


def test_a_checklist_asks_until_the_case_is_clear(site):
    answers, asked = {}, []
    while True:
        response = checklist(site, answers)
        assert response.status_code == 200
        found = response.json()
        if found["question"] is None:
            break
        asked.append(found["question"]["id"])
        assert found["undecided"] or found["undecided_fees"]
        answers[found["question"]["id"]] = next(iter(found["question"]["options"]))
    assert asked == list(dict.fromkeys(asked))
    assert found["materials"]
    assert found["undecided"] == []
    assert all(isinstance(material["waivable"], bool) for material in found["materials"])
    assert {"name", "form", "copies", "why", "note"} <= found["materials"][0].keys()


def test_a_service_says_of_every_fact_where_it_comes_from(site):
    service = site.http.get("/api/v1/services/id-card-reissue-lost?region=990102").json()
    origins = service["origins"]
    assert origins["time_limit"] == {"level": "示例东区", "at": "990102", "revision": 1}
    assert origins["materials.m1"]["level"] == "示例市"
    assert origins["fees"] == {"level": "全国", "at": "", "revision": 1}
    assert "m1" not in [material["id"] for material in service["materials"]]
    assert service["unverified"] is False


def test_an_office_has_rules_of_its_own(site):
    at_office = site.http.get("/api/v1/services/passport-first?office=demo-crj").json()
    assert at_office["origins"]["phone"]["at"] == "demo-crj"
    assert at_office["phone"] != site.http.get("/api/v1/services/passport-first").json()["phone"]
    assert site.http.get("/api/v1/services/passport-first?office=no-such").status_code == 404


def test_a_checklist_is_that_of_the_place(site):
    case = {"age": "minor", "place": "local", "pickup": "self"}
    needed = {material["id"]: material for material in checklist(site, case, region="990102").json()["materials"]}
    assert "m1" not in needed
    assert (needed["m4"]["commitment"], needed["m4"]["origin"]["level"]) == (True, "示例市")
    assert needed["m3"]["origin"] == {"level": "全国", "at": "", "revision": 1}
    assert "m1" in [material["id"] for material in checklist(site, case).json()["materials"]]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/services/no-such", None, 404),
        ("GET", "/services/id-card-reissue-lost?region=999999", None, 404),
        ("GET", "/services/id-card-reissue-lost?on=tomorrow", None, 422),
        ("GET", "/services?next=no-such", None, 422),
        ("GET", "/services?region=12", None, 422),
        ("GET", "/services?q=%00", None, 200),
        ("GET", "/services/%F0%9F%98%80", None, 404),
        ("GET", "/offices?service=no-such&region=320402", None, 404),
        ("GET", "/offices?service=id-card-reissue-lost", None, 422),
        ("GET", "/offices?service=id-card-reissue-lost&region=999999", None, 404),
        ("GET", "/offices?service=id-card-reissue-lost&region=320402&at=2026-01-01T00:00", None, 422),
        ("GET", "/offices?region=320402&at=9999-12-31T23:59:59Z", None, 422),
        ("GET", "/offices?region=320402&at=0001-01-01T00:00:00Z", None, 422),
        ("POST", "/checklists", {"service": "no-such", "answers": {}}, 404),
        ("POST", "/checklists", {"service": "id-card-reissue-lost", "answers": {"age": "old"}}, 422),
        ("POST", "/checklists", {"service": "id-card-reissue-lost", "answers": {"size": "big"}}, 422),
        ("POST", "/checklists", {"service": "id-card-reissue-lost", "answers": [1]}, 422),
        ("POST", "/checklists", {"service": "id-card-reissue-lost", "region": "000000"}, 404),
        ("DELETE", "/services", None, 405),
    ],
)
def test_what_does_not_fit_is_a_problem(site, method, path, body, status):
    response = site.http.request(method, f"/api/v1{path}", json=body)
    assert response.status_code == status, response.text
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status


def test_offices_of_a_district_with_their_hours(site, house):
    with house.database.reading() as session:
        knowledge = house.knowledge.current(session)
    demo = next(office for office in knowledge.offices.values() if office.basis == "demo" and office.hours)
    service = next(
        service
        for name in demo.matters
        for service in (*knowledge.matters[name].services, *_of_domains(knowledge, name))
    )
    found = site.http.get(
        "/api/v1/offices",
        params={"service": service, "region": demo.region, "at": "2026-11-23T10:00:00+08:00"},
    ).json()
    assert demo.id in [office["id"] for office in found["items"]]
    assert all(office["demo"] for office in found["items"])


def test_offices_near_a_position(site):
    found = site.http.get("/api/v1/offices", params={"lat": 31.1, "lng": 100.17}).json()
    assert found["region"] is None
    assert found["items"][0]["id"] == "demo-dq-zwzx"
    assert len(found["items"]) == 3
    assert all(office["metres"] and office["reason"].startswith("距离约") for office in found["items"])
    in_district = site.http.get("/api/v1/offices", params={"lat": 31.1, "lng": 100.17, "region": "990104"}).json()
    assert {office["id"] for office in in_district["items"]} <= {
        "demo-zwzx",
        "demo-zwzx-bbcs",
        "demo-zz-24h",
        "demo-bdc",
    }


def test_offices_that_are_open_at_night(site):
    params = {"lat": 31.1, "lng": 100.17, "at": "2026-11-23T23:30:00+08:00", "open": True}
    for place in ({}, {"region": "990104"}):
        found = site.http.get("/api/v1/offices", params=params | place).json()
        assert [(office["id"], office["open_now"]) for office in found["items"]] == [("demo-zz-24h", True)]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"lat": 100.17, "lng": 31.1}, 422),
        ({"lat": 31.1}, 422),
        ({"lat": "nan", "lng": 119.9}, 422),
        ({"lat": "north", "lng": 119.9}, 422),
        ({}, 422),
        ({"region": "999999"}, 404),
        ({"service": "no-such", "region": "990104"}, 404),
    ],
)
def test_a_position_or_place_that_cannot_be_is_refused(site, params, status):
    reply = site.http.get("/api/v1/offices", params=params)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("application/problem+json")


def _of_domains(knowledge, matter):
    domains = knowledge.matters[matter].domains
    return [id for id, all_ in knowledge.revisions.items() if all_[-1].service.domain in domains]


def test_the_lexicon_is_sent_once_and_then_known(site):
    response = site.http.get("/api/v1/lexicon")
    words = response.json()
    assert {"id", "name", "aliases", "domain", "bundle"} <= words["services"][0].keys()
    assert {"adcode", "name", "names", "parent"} <= words["places"][0].keys()
    again = site.http.get("/api/v1/lexicon", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = site.http.get("/api/v1/lexicon", headers={"If-None-Match": '"older"'})
    assert other.status_code == 200


def test_the_list_of_a_bundle_names_its_items_and_what_each_paper_is_for(site):
    answers = {"parents": "married", "follow": "mother", "insured": "later", "wish": "none"}
    found = checklist(site, answers, service="bundle-newborn").json()
    left_out = {member["id"]: member["why_not"] for member in found["members"] if member["applies"] is False}
    assert left_out == {"resident-medical-enroll": "暂不参保", "maternity-allowance": "不需要"}
    booklet = next(material for material in found["materials"] if material["document"] == "parent-booklet")
    assert booklet["members"] == ["birth-registration"]
