import logging
from datetime import timedelta

import pytest

from base.clock import now
from knowledge.notices import store
from knowledge.notices.codes import ALPHABET, new_code, shown

LOST, PASSPORT = "id-card-reissue-lost", "passport-first"
ADULT = {"age": "adult", "place": "local", "pickup": "self"}
CHILD = {"service": PASSPORT, "answers": {"age": "minor", "companion": "parent", "identity": "ordinary"}, "who": "孩子"}
ADDRESS = "/api/v1/notices"


def make(site, headers=None, **more):
    return site.http.post(ADDRESS, json={"service": LOST, "answers": ADULT} | more, headers=headers)


@pytest.fixture
def made(site):
    return make(site, region="990102").json()


def show(site, code):
    return site.http.get(f"{ADDRESS}/{code}")


def test_a_notice_is_made_and_whoever_has_the_code_sees_it(site):
    response = make(site, region="990102")
    assert response.status_code == 201
    made = response.json()
    assert made["url"] == f"https://banshi.example.gov.cn/n/{made['code']}"
    assert made["pdf"] == f"{made['url']}.pdf"
    assert made["valid_until"] == str(now().date() + timedelta(90))
    assert (made["service"], made["name"], made["state"]) == (LOST, "居民身份证丢失补领", "in_use")
    seen = show(site, made["code"].replace("-", "").lower())
    assert seen.headers["Cache-Control"] == "no-cache"
    assert made.items() <= seen.json().items()


def test_it_shows_what_the_checklist_says(site, made):
    body = {"service": LOST, "answers": ADULT, "region": "990102"}
    wanted = site.http.post("/api/v1/checklists", json=body).json()["materials"]
    seen = show(site, made["code"]).json()
    (materials,) = [block["items"] for block in seen["blocks"] if block["type"] == "materials"]
    assert [line["name"] for line in materials] == [material["name"] for material in wanted]
    assert seen["revisions"] == {f"{LOST}@": 1, f"{LOST}@990100": 1, f"{LOST}@990102": 1}
    assert {"label": "办理地区", "value": "示例省示例市示例东区"} in seen["head"]
    assert (seen["banner"], seen["changes"], seen["card"], seen["replaced_by"]) == ([], [], [], None)


def test_an_open_question_comes_back_with_its_options(site):
    response = make(site, answers={"age": "adult"})
    assert (response.status_code, response.json()["code"]) == (409, "question_open")
    question = response.json()["question"]
    assert question["id"] in ("place", "pickup")
    assert make(site, answers={"age": "adult", question["id"]: next(iter(question["options"]))}).status_code in (
        201,
        409,
    )
    assert response.headers["content-type"] == "application/problem+json"


def test_answering_what_is_asked_ends_in_a_notice(site):
    answers = {}
    while (response := make(site, answers=answers)).status_code == 409:
        question = response.json()["question"]
        assert question["id"] not in answers
        answers[question["id"]] = next(iter(question["options"]))
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"service": "no-such"}, 404),
        ({"office": "no-such"}, 404),
        ({"region": "999999"}, 404),
        ({"region": "abc"}, 422),
        ({"answers": {"shoe": "large"}}, 422),
        ({"answers": ADULT | {"age": "dead"}}, 422),
        ({"on": "2020-01-01"}, 422),
        ({"on": "2999-01-01"}, 422),
        ({"also": [CHILD | {"who": "张三 13812345678"}]}, 422),
        ({"also": [CHILD | {"who": "a b"}]}, 422),
        ({"also": [CHILD | {"who": "本人"}]}, 422),
        ({"also": [CHILD | {"answers": {}}]}, 409),
        ({"also": [CHILD | {"service": "no-such"}]}, 404),
        ({"also": [CHILD | {"who": who} for who in "甲乙丙丁"]}, 422),
        ({"answers": {f"a{n}": "b" for n in range(60)}}, 422),
    ],
)
def test_what_does_not_fit_is_a_problem(site, house, more, status):
    response = make(site, **more)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "13812345678" not in response.text
    with house.database.reading() as session:
        assert session.query(store.Notice).count() == 0


def test_a_family_gets_one_list(site):
    made = make(site, service=PASSPORT, answers={"age": "adult", "identity": "ordinary"}, also=[CHILD]).json()
    seen = show(site, made["code"]).json()
    (materials,) = [block["items"] for block in seen["blocks"] if block["type"] == "materials"]
    assert [line["name"] for line in materials if line["why"] == "本人、孩子共用"] == ["居民身份证"]
    assert [line["label"] for line in seen["head"][:2]] == ["本人", "孩子"]


def test_the_same_key_makes_one(site):
    first = make(site, headers={"Idempotency-Key": "k1"})
    again = make(site, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert make(site, headers={"Idempotency-Key": "k2"}).json()["code"] != first.json()["code"]
    other = make(site, headers={"Idempotency-Key": "k1"}, region="320402")
    assert (other.status_code, other.json()["code"]) == (422, "bad_request")


def test_a_slip_of_the_hand_is_told_from_a_code_that_nobody_has(site, made):
    code = made["code"]
    slip = next(letter for letter in ALPHABET if letter != code[0]) + code[1:]
    mistyped, unknown = show(site, slip), show(site, shown(new_code()))
    assert (mistyped.status_code, mistyped.json()["code"]) == (422, "mistyped_code")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "notice_not_found")


def test_what_has_become_of_it_is_shown(site, made, house):
    with house.database.writing() as session:
        notice = store.find(session, made["code"])
        wanted = store.Wanted(store.cases_of(notice), holder="张**", holder_sealed="sealed")
        newer = store.replace(session, notice, house.knowledge.current(session), wanted, at=now())
        store.withdraw(session, newer, by="li", reason="开错了", at=now())
    seen = show(site, made["code"]).json()
    assert (seen["state"], seen["replaced_by"]) == ("replaced", shown(newer.code))
    withdrawn = show(site, newer.code)
    assert withdrawn.json()["state"] == "withdrawn"
    assert "开错了" in withdrawn.json()["banner"][0]["text"]
    assert {"label": "持单人", "value": "张**"} in withdrawn.json()["head"]
    assert "sealed" not in withdrawn.text


def test_who_guesses_has_to_wait_and_stands_in_the_log_once(site, made, caplog):
    with caplog.at_level(logging.WARNING):
        statuses = [show(site, shown(new_code())).status_code for _ in range(40)]
    assert statuses[:20] == [404] * 20
    assert statuses[-1] == 429
    assert show(site, made["code"]).status_code == 429
    assert len([record for record in caplog.records if "guesses" in record.message]) == 1
    assert make(site).status_code == 201


def test_the_schema_of_the_api_names_it(site):
    paths = site.http.get("/openapi.json").json()["paths"]
    assert paths[ADDRESS]["post"]["responses"].keys() >= {"201", "default"}
    assert "get" in paths[ADDRESS + "/{code}"]
