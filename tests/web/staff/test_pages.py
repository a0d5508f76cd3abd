"""The console over HTTP, on a store with the invented city's staff."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from base.clock import now
from tests.web.consoles import ID_NUMBER, MOBILE
from web.accounts import people, store
from web.accounts.models import StaffSession
from web.accounts.rules import IDLE, MOST_FAILURES_PER_LOGIN, Role
from web.routes import staff


def test_somebody_who_is_not_signed_in_sees_the_sign_in_page_first(console):
    page = console.http.get("/staff/tickets?status=pending")
    assert page.url.path == "/staff/sign-in"
    assert console.form(str(page.url))["next"] == "/staff/tickets?status=pending"


def test_signing_in_leads_to_the_page_that_was_wanted(console):
    page = console.sign_in("desk", next="/staff/tickets")
    assert page.url.path == "/staff/tickets"
    assert "李春来（演示）" in page.text
    assert "工单专员" in page.text
    assert "示例市政务服务中心（演示）" in page.text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/staff", "//evil.example", "/staffing", "/staff\\@evil.example", ""]
)
def test_no_link_leads_out_of_the_console_after_signing_in(console, elsewhere):
    page = console.sign_in("desk", next=elsewhere)
    assert (page.url.host, page.url.path) == ("127.0.0.1", "/staff")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(console):
    cookies = console.sign_in("desk").history[0].headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/staff"} <= set(cookies.split("; "))
    assert "Secure" not in cookies


@pytest.mark.parametrize("public_url", ["https://banshi.example.gov.cn"])
def test_behind_https_the_cookies_travel_nowhere_else(console):
    assert "Secure" in console.http.get("/staff/sign-in").headers["set-cookie"].split("; ")


def test_unknown_login_and_wrong_password_get_the_same_page(console):
    wrong, unknown = console.sign_in("desk", "wrong"), console.sign_in("nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 403
    ticket = re.compile(r'name="ticket" value="[^"]*"')
    assert ticket.sub("", wrong.text).replace("desk", "") == ticket.sub("", unknown.text).replace("nobody", "")


def test_after_five_wrong_passwords_the_door_stays_shut(console):
    for _ in range(MOST_FAILURES_PER_LOGIN):
        assert console.sign_in("desk", "wrong").status_code == 403
    page = console.sign_in("desk")
    assert page.status_code == 429
    assert "15 分钟" in page.text


@pytest.mark.parametrize("typed", ["", "\0", "'; --", "😀" * 500, "x" * 10_000, "<script>", "\ud7ff\uffff", "²"])
def test_whatever_is_typed_at_the_door_is_just_refused(console, typed):
    assert console.sign_in(typed, typed).status_code == 403
    console.sign_in("admin")
    assert console.post("/staff/people/new", login=typed, name="x", unit=typed, role=typed).status_code == 422
    assert console.http.get("/staff/look-up", params={"q": typed}).status_code == 200


def test_a_sign_in_that_another_site_sends_is_refused(console):
    typed = {"login": "desk", "password": console.passwords["desk"]}
    assert console.http.post("/staff/sign-in", data=typed).status_code == 403
    ticket = console.form("/staff/sign-in")["ticket"]
    console.http.cookies.clear()
    page = console.http.post("/staff/sign-in", data=typed | {"ticket": ticket})
    assert page.status_code == 403
    assert "页面已过期" in page.text


def test_the_first_administrator_must_change_the_password_before_anything_else(console):
    with console.database.writing() as session:
        store.find_staff(session, "admin").must_change = True
    assert console.sign_in("admin").url.path == "/staff/password"
    assert console.http.get("/staff/people").url.path == "/staff/password"
    form = console.form("/staff/password") | {"old": console.passwords["admin"]}
    again = console.http.post("/staff/password", data=form | {"new": "entirely new 26", "again": "typo"})
    assert again.status_code == 422
    assert "不一致" in again.text
    new = {"new": "entirely new 26", "again": "entirely new 26"}
    assert console.http.post("/staff/password", data=form | new).url.path == "/staff"
    assert console.http.get("/staff/people").url.path == "/staff/people"
    assert ("admin", "change_password", "staff:admin") in console.audit()


def test_changing_the_password_ends_the_sessions_elsewhere(console):
    console.sign_in("desk")
    elsewhere = dict(console.http.cookies)
    new = {"new": "entirely new 26", "again": "entirely new 26"}
    console.post("/staff/password", old=console.passwords["desk"], **new)
    assert console.http.get("/staff").url.path == "/staff"
    console.http.cookies.clear()
    console.http.cookies.update(elsewhere)
    assert console.http.get("/staff").url.path == "/staff/sign-in"


def test_signing_out_ends_the_session(console):
    console.sign_in("desk")
    cookie = console.http.cookies["banshi_staff"]
    assert console.post("/staff/sign-out").url.path == "/staff/sign-in"
    console.http.cookies.set("banshi_staff", cookie, path="/staff")
    assert console.http.get("/staff").url.path == "/staff/sign-in"
    assert ("desk", "sign_out", "staff:desk") in console.audit()


def test_an_expired_session_says_so_at_the_door(console):
    console.sign_in("desk")
    with console.database.writing() as session:
        session.execute(update(StaffSession).values(last_seen_at=now() - IDLE - timedelta(seconds=1)))
    page = console.http.get("/staff/tickets")
    assert page.url.path == "/staff/sign-in"
    assert "登录已过期" in page.text


def test_deactivation_ends_a_session_at_once(console):
    console.sign_in("desk")
    with console.database.writing() as session:
        people.deactivate(session, store.find_staff(session, "desk"), by="admin", at=now())
    assert console.http.get("/staff").url.path == "/staff/sign-in"


POSTS = [
    "/staff/sign-out",
    "/staff/password",
    "/staff/notices",
    "/staff/notices/CODE/present",
    "/staff/notices/CODE/demand",
    "/staff/notices/CODE/withdraw",
    "/staff/notices/CODE/holder",
    "/staff/notices/CODE/refusal",
    "/staff/questions/1/close",
    "/staff/people/new",
    "/staff/people/units/new",
    "/staff/people/desk/grant",
    "/staff/people/desk/revoke",
    "/staff/people/desk/reset",
    "/staff/people/desk/deactivate",
]


def test_the_list_of_changes_is_complete():
    shapes = {
        route.path.replace("{login}", "desk").replace("{number}", "1").replace("{code}", "CODE")
        for room in staff.ROOMS
        for route in room.routes
        if "POST" in route.methods
    }
    assert shapes == {*POSTS, "/staff/sign-in"}


@pytest.mark.parametrize("path", POSTS)
def test_no_change_without_the_session_s_own_token(console, path):
    console.sign_in("admin")
    before = console.audit()
    for csrf in ({}, {"csrf": ""}, {"csrf": "forged"}):
        assert console.http.post(path, data={"role": "admin", "unit": "1", **csrf}).status_code == 403
    assert console.audit() == before


PAGES = {
    "/staff": set(Role),
    "/staff/password": set(Role),
    "/staff/look-up": set(Role),
    "/staff/look-up?q=身份证": set(Role),
    "/staff/look-up/id-card-reissue-lost": set(Role),
    "/staff/notices": {Role.WINDOW, Role.DESK, Role.SUPERVISOR, Role.AUDITOR},
    "/staff/notices/figures?days=90": set(Role) - {Role.ADMIN},
    "/staff/tickets": {Role.WINDOW, Role.DESK, Role.SUPERVISOR, Role.AUDITOR},
    "/staff/tickets/NUMBER": {Role.WINDOW, Role.DESK, Role.SUPERVISOR, Role.AUDITOR},
    "/staff/questions": {Role.EDITOR, Role.APPROVER, Role.AUDITOR},
    "/staff/questions?closed=1&q=蛇&page=2": {Role.EDITOR, Role.APPROVER, Role.AUDITOR},
    "/staff/people": {Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN},
    "/staff/people/new": {Role.ADMIN},
    "/staff/people/units/new": {Role.ADMIN},
    "/staff/people/desk": {Role.ADMIN},
}


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_its_pages_and_no_others(console, role):
    console.sign_in(role.value)
    seen = {path for path in PAGES if console.http.get(path.replace("NUMBER", console.ticket)).status_code == 200}
    assert seen == {path for path, roles in PAGES.items() if role in roles}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_changes_people(console, role):
    console.sign_in(role.value)
    csrf = console.csrf
    for path in (path for path in POSTS if "people" in path):
        typed = {"csrf": csrf, "role": "admin", "unit": "1", "name": "x", "login": "xx"}
        assert console.http.post(path, data=typed).status_code == 403


@pytest.mark.parametrize("role", Role)
def test_the_navigation_shows_only_what_opens(console, role):
    console.sign_in(role.value)
    for path in re.findall(r'<a href="([^"]+)" accesskey', console.http.get("/staff").text):
        assert console.http.get(path).status_code == 200


def test_a_page_carries_a_strict_policy_and_no_inline_code(console):
    console.sign_in("admin")
    for path in PAGES:
        page = console.http.get(path.replace("NUMBER", console.ticket))
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://", page.text)


def test_a_new_person_signs_in_with_the_password_shown_once(console):
    console.sign_in("admin")
    hall = re.search(r'<option value="(\d+)">示例市政务服务中心', console.http.get("/staff/people/new").text)[1]
    page = console.post("/staff/people/new", login="Chen.L", name="陈立", badge="0117", unit=hall, role="window")
    password = re.search(r'<p class="secret">([^<]+)</p>', page.text)[1]
    assert password not in console.http.get("/staff/people/chen.l").text
    console.post("/staff/sign-out")
    assert console.sign_in("chen.l", password).url.path == "/staff/password"
    assert [entry for entry in console.audit() if entry[2] == "staff:chen.l"][:2] == [
        ("admin", "add_staff", "staff:chen.l"),
        ("admin", "grant_role", "staff:chen.l"),
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"login": "desk"}, "已有人使用"),
        ({"login": "13812345678"}, "以字母开头"),
        ({"name": " "}, "请填写"),
        ({"name": "长" * 41}, "最多 40 个字"),
        ({"role": "king"}, "请选择角色"),
        ({"unit": "999"}, "没有名为"),
    ],
)
def test_a_form_with_a_mistake_comes_back_as_it_was_typed(console, wrong, says):
    console.sign_in("admin")
    typed = {"login": "chen.l", "name": "陈立", "badge": "A-7", "unit": "1", "role": "editor"} | wrong
    page = console.post("/staff/people/new", **typed)
    assert page.status_code == 422
    assert says in page.text
    assert 'value="A-7"' in page.text
    with console.database.reading() as session:
        assert store.staff_with_login(session, "chen.l") is None


def test_the_last_administrator_stays(console):
    console.sign_in("admin")
    page = console.post("/staff/people/admin/deactivate")
    assert page.status_code == 422
    assert "最后一名" in page.text
    assert console.post("/staff/people/admin/revoke", role="admin", unit="1").status_code == 422
    assert console.http.get("/staff/people").status_code == 200


def test_the_administrator_of_a_hall_sees_and_changes_only_that_hall(console):
    with console.database.writing() as session:
        hall = store.find_unit(session, "示例市政务服务中心（演示）")
        people.grant_role(session, store.find_staff(session, "window"), Role.ADMIN, hall, by="admin", at=now())
    console.sign_in("window")
    page = console.http.get("/staff/people").text
    assert "李春来" in page
    assert "周处暑" not in page
    assert "公安局" not in page
    for path in ("admin/reset", "supervisor/deactivate", "police/grant"):
        assert console.post(f"/staff/people/{path}", role="window", unit=str(hall.id)).status_code == 403
    assert console.post("/staff/people/desk/grant", role="admin", unit="1").status_code == 403
    assert console.post("/staff/people/desk/grant", role="editor", unit=str(hall.id)).status_code == 200


def test_html_in_names_is_shown_as_it_was_typed(console):
    console.sign_in("admin")
    nasty = '<img src=x onerror=alert(1)>"&'
    console.post("/staff/people/new", login="nasty", name=nasty, badge="<b>7</b>", unit="1", role="window")
    console.post("/staff/people/units/new", name="<script>x</script>", kind="hall", parent="1", phone="<i>")
    for path in ("/staff/people", "/staff/people/nasty", "/staff/people/new", "/staff/look-up?q=<script>x</script>"):
        page = console.http.get(path).text
        assert not re.search(r"<script|<img|<b>|<i>", page)
    assert "&lt;img src=x onerror=alert(1)&gt;&#34;&amp;" in console.http.get("/staff/people").text


def test_a_ticket_is_shown_with_its_numbers_masked_and_its_reading_written_down(console):
    console.sign_in("desk")
    pages = console.http.get("/staff/tickets").text, console.http.get(f"/staff/tickets/{console.ticket}").text
    for page in pages:
        assert console.ticket in page
        assert "身份证补领" in page or "补领" in page
        assert ID_NUMBER not in page
        assert MOBILE not in page
        assert "<b>身份证" not in page
    assert "138****5678" in pages[1]
    assert "登记" in pages[1]
    assert ("desk", "read_ticket", console.ticket) in console.audit()


def test_the_home_page_counts_what_waits_for_those_who_may_see_it(console):
    console.sign_in("desk")
    assert '<span class="figure">1</span>' in console.http.get("/staff").text
    console.post("/staff/sign-out")
    console.sign_in("editor")
    assert re.findall('<span class="figure">.*', console.http.get("/staff").text) == [
        '<span class="figure">0</span> 个未答问题待处理</a>'
    ]
    console.post("/staff/sign-out")
    console.sign_in("admin")
    assert "figure" not in console.http.get("/staff").text


def test_tickets_are_listed_by_state(console):
    console.sign_in("desk")
    assert console.ticket in console.http.get("/staff/tickets?status=pending").text
    assert "这里没有工单" in console.http.get("/staff/tickets?status=closed").text


@pytest.mark.parametrize(
    "path",
    [
        "/staff/tickets/BS-20000101-0001",
        "/staff/look-up/no-such-item",
        "/staff/tickets?after=BS-20000101-0001",
    ],
)
def test_what_does_not_exist_is_said_so(console, path):
    console.sign_in("desk")
    assert console.http.get(path).status_code == 404


def test_a_few_words_find_the_item_and_its_card_asks_what_changes_the_list(console):
    console.sign_in("window")
    found = console.http.get("/staff/look-up", params={"q": "身份证丢了"})
    assert "/staff/look-up/id-card-reissue-lost" in found.text
    card = console.http.get("/staff/look-up/id-card-reissue-lost").text
    assert "费用" in card
    answers = re.findall(r'class="button" href="([^"]+given=[^"]+)"', card)
    assert answers
    narrowed = console.http.get(answers[0].replace("&amp;", "&"))
    assert "已选情形" in narrowed.text


def test_an_answer_that_the_item_does_not_know_is_refused(console):
    console.sign_in("window")
    page = console.http.get("/staff/look-up/id-card-reissue-lost?given=no-such:thing")
    assert page.status_code == 422
