import json
import re
from dataclasses import replace

import pytest

from base.db import Database
from base.errors import BadSetting
from web.app import ROUTERS, check_schema, create_app

PAGE = {"Accept": "text/html"}


def test_a_database_without_tables_is_refused_with_advice(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(BadSetting, match="banshi prepare"):
        check_schema(database)
    database.close()


def test_making_an_app_opens_nothing(settings, tmp_path):
    create_app(replace(settings, database_url=f"sqlite:///{tmp_path}/nowhere/x.db"))
    assert not (tmp_path / "nowhere").exists()


def test_ready_tells_each_part_truthfully(site, rasa):
    assert site.http.get("/healthz").json() == {"status": "ok"}
    response = site.http.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "database": "ok", "rasa": "ok", "actions": "ok"},
    )
    rasa.close()
    response = site.http.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "down", "database": "ok", "rasa": "down", "actions": "down"},
    )
    assert site.http.get("/healthz").status_code == 200


def test_neighbours_are_asked_directly_whatever_proxy_the_office_has(site, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert site.http.get("/readyz").json()["status"] == "ok"


def test_figures_are_for_this_machine_alone(site):
    site.http.get("/guide/id-card-reissue-lost")
    site.http.get("/no/such/page/13812345678")
    text = site.http.get("/metrics").text
    assert 'banshi_outbox_rows{state="dead"} 0.0' in text
    assert re.search(r'banshi_http_request_seconds_count\{method="GET",route="/guide/\{\w+\}",status="200"\} 1.0', text)
    assert "13812345678" not in text
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        assert site.http.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/services", "/no-such-page", "/static/site.css"])
def test_every_response_carries_a_strict_policy(site, path):
    headers = site.http.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"]


def test_the_api_describes_itself_and_loads_no_documentation_page(site):
    document = site.http.get("/openapi.json").json()
    assert "/api/v1/checklists" in document["paths"]
    assert "/channels/web" in document["paths"]
    assert site.http.get("/docs").status_code == site.http.get("/redoc").status_code == 404


def test_an_unknown_address_is_a_problem_or_a_page(site):
    response = site.http.get("/api/v1/nothing", headers=PAGE)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {"type": "about:blank", "title": "没有找到", "status": 404, "detail": ""}
    response = site.http.get("/nothing", headers=PAGE)
    assert response.status_code == 404
    assert "没有找到" in response.text
    assert "<html" in response.text


def test_a_fault_of_ours_shows_no_traceback(site, house):
    with house.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE knowledge_state RENAME TO lost")
    response = site.http.get("/api/v1/services")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in response.text
    assert "knowledge_state" not in response.text
    assert "Content-Security-Policy" in response.headers
    page = site.http.get("/guide", headers=PAGE)
    assert page.status_code == 500
    assert "12345" in page.text


def test_no_two_routes_share_an_address():
    seen = [
        (route.path, method)
        for router in ROUTERS
        for route in router.routes
        for method in getattr(route, "methods", None) or ()
    ]
    assert len(seen) == len(set(seen)) > 15


def test_refused_input_is_not_repeated(site):
    response = site.http.post("/api/v1/tickets", content=json.dumps({"kind": ["13812345678"], "text": 1}))
    assert response.status_code == 422
    assert "13812345678" not in response.text
