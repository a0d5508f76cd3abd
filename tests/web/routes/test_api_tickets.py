import pytest

STORY = {"kind": "stuck", "text": "跑了三趟社保窗口都没办成，我的电话13812345678"}


def file(site, headers=None, **more):
    return site.http.post("/api/v1/tickets", json=STORY | more, headers=headers)


@pytest.fixture
def ticket(site):
    return file(site).json()


def act(site, ticket, action, secret=None, **more):
    return site.http.post(
        f"/api/v1/tickets/{ticket['number']}/actions",
        json={"action": action} | more,
        headers={"X-Ticket-Secret": secret or ticket["secret"]},
    )


def test_a_ticket_is_filed_and_its_owner_sees_it(site):
    response = file(site, service="id-card-reissue-lost", region="320402", contact="13987654321")
    assert response.status_code == 201
    filed = response.json()
    assert filed["number"].startswith("BS-")
    assert filed["url"] == f"https://banshi.example.gov.cn/t/{filed['number']}"
    headers = {"X-Ticket-Secret": filed["secret"]}
    shown = site.http.get(f"/api/v1/tickets/{filed['number']}", headers=headers).json()
    assert (shown["status"], shown["service"], shown["trips"]) == ("pending", "id-card-reissue-lost", 3)
    assert "138****5678" in shown["text"]
    assert shown["contact"] == "139****4321"
    assert shown["history"][0]["what"] == "登记"


def test_no_cache_on_the_way_keeps_a_ticket(site, ticket):
    own = site.http.get(f"/api/v1/tickets/{ticket['number']}", headers={"X-Ticket-Secret": ticket["secret"]})
    assert [one.headers["Cache-Control"] for one in (own, act(site, ticket, "urge"))] == ["no-store"] * 2


def test_without_the_secret_it_stays_closed(site, ticket):
    address = f"/api/v1/tickets/{ticket['number']}"
    for headers in ({}, {"X-Ticket-Secret": "AAAA-AAAA"}, {"X-Ticket-Secret": ""}):
        response = site.http.get(address, headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "ticket_closed_to_you")
    assert act(site, ticket, "withdraw", "AAAA-AAAA").status_code == 403
    missing = site.http.get("/api/v1/tickets/BS-19990101-0001", headers={"X-Ticket-Secret": "x"})
    assert missing.status_code == 404


def test_its_owner_adds_and_withdraws(site, ticket):
    added = act(site, ticket, "add", text="今天又去了，还是不收")
    assert added.status_code == 200
    assert added.json()["history"][-1]["words"] == "今天又去了，还是不收"
    assert act(site, ticket, "withdraw").json()["status"] == "withdrawn"
    refused = act(site, ticket, "withdraw")
    assert (refused.status_code, refused.json()["code"]) == (409, "move_refused")


def test_the_same_key_files_once(site):
    first = file(site, headers={"Idempotency-Key": "k1"})
    again = file(site, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert file(site, headers={"Idempotency-Key": "k2"}).json()["number"] != first.json()["number"]
    other = file(site, headers={"Idempotency-Key": "k1"}, text="另一件事情没有办成")
    assert (other.status_code, other.json()["code"]) == (422, "bad_request")


def test_a_key_does_not_open_anothers_ticket(site, ticket, house):
    headers = {"Idempotency-Key": "k1", "X-Ticket-Secret": ticket["secret"]}
    address = f"/api/v1/tickets/{ticket['number']}/actions"
    body = {"action": "add", "text": "补充一句"}
    first = site.http.post(address, json=body, headers=headers)
    assert site.http.post(address, json=body, headers=headers).json() == first.json()
    assert len(first.json()["history"]) == 2
    assert site.http.post(address, json=body, headers=headers | {"X-Ticket-Secret": "x"}).status_code == 403
    with house.database.reading() as session:
        rows = str(session.connection().exec_driver_sql("SELECT * FROM idempotency").all())
    assert ticket["secret"] not in rows
    assert "补充一句" not in rows


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"kind": "nonsense"}, 422),
        ({"text": ""}, 422),
        ({"text": " \u200b\x00"}, 422),
        ({"text": "长" * 20_001}, 422),
        ({"service": "no-such"}, 404),
        ({"office": "no-such"}, 404),
        ({"region": "999999"}, 404),
        ({"region": "abc"}, 422),
        ({"contact": "1" * 201}, 422),
    ],
)
def test_what_does_not_fit_is_a_problem(site, more, status):
    response = file(site, **more)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_an_unknown_action_is_a_problem(site, ticket):
    assert act(site, ticket, "explode").status_code == 422
    assert act(site, ticket, "add", text="").status_code == 422
