"""The counter's side of the notice, over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from base.clock import now
from base.errors import MistypedCode
from bot.conversations.vault import Cipher
from knowledge.notices import codes, store, visits
from knowledge.notices.models import Notice
from knowledge.notices.notice import PersonCase
from knowledge.notices.store import Wanted
from knowledge.store import KnowledgeCache
from tests.web.consoles import MOBILE, SECRET
from tests.web.counters import GIVEN, HALL, ITEM, POLICE, find, issue, listed, office_of, words, work
from tickets.reports import report_notice
from web.accounts.models import Unit

# --- from a code to its notice ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "{0}", " {1} ", "{2}", "https://banshi.example.gov.cn/n/{0}", "HTTPS://BANSHI.EXAMPLE.GOV.CN/N/{0}?LARGE=1",
        "http://127.0.0.1:8000/n/{2}.pdf#page=1", "http://127.0.0.1:8000/n/{0}/slip.pdf",
    ],
)  # fmt: skip
def test_a_code_leads_to_its_notice_however_it_is_typed_or_scanned(console, form):
    code = issue(console)
    typed = form.format(code, code.replace("-", " "), code.replace("-", "").lower())
    page = console.http.get("/staff/notices", params={"code": typed})
    assert page.url.path == f"/staff/notices/{code}"


def test_a_slip_is_told_from_a_code_that_nobody_issued(console):
    code = issue(console)
    slip = code[:-1] + ("2" if code[-1] != "2" else "3")
    with pytest.raises(MistypedCode):
        codes.read_code(slip)
    mistyped = console.http.get("/staff/notices", params={"code": slip})
    assert (mistyped.status_code, "输错" in mistyped.text) == (422, True)
    unknown = console.http.get("/staff/notices", params={"code": codes.new_code()})
    assert (unknown.status_code, "没有编号为" in unknown.text) == (404, True)
    for path in (slip, codes.new_code(), f"{slip}/issued", f"{codes.new_code()}/refusal"):
        assert console.http.get(f"/staff/notices/{path}").status_code in (404, 422)


def test_the_room_lists_what_one_issued_oneself_with_names_masked(console):
    code = issue(console, name="张小明", last4="5678")
    assert code in console.http.get("/staff/notices").text
    assert "张**" in console.http.get("/staff/notices").text
    console.post("/staff/sign-out")
    console.sign_in("desk")
    assert code not in console.http.get("/staff/notices").text
    assert "还没有出过" in console.http.get("/staff/notices").text


# --- at the counter --------------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_at_once_and_what_is_complete_too(console):
    code = issue(console)
    _, *others = listed(console.http.get(f"/staff/notices/{code}"))
    assert others
    page = work(console, code, "present", brought=others)
    missing = re.search(r'class="big">([^<]+)', page.text)[1]
    assert missing.startswith("还缺 1 样：")
    page = work(console, code, "present", complete="1")
    assert re.search(r'class="big">([^<]+)', page.text)[1] == "材料齐全"
    notice, events = find(console, code)
    assert [event.kind for event in events] == ["presented", "presented"]
    assert len(events[0].data["missing"]) == 1
    assert notice.presented_at is not None


def test_only_waivable_papers_missing_is_no_reason_to_send_anybody_home(console):
    console.sign_in("window")
    code = issue(console, service="passport-first", given=["age:adult", "identity:ordinary"])
    page = console.http.get(f"/staff/notices/{code}")
    rows = re.findall(r'name="brought" value="([^"]+)".*?</li>', page.text, re.DOTALL)
    notice, _ = find(console, code)
    waivable = {
        one["id"]
        for one in next(b for b in notice.content["blocks"] if b["type"] == "materials")["items"]
        if one["waivable"]
    }
    assert waivable
    page = work(console, code, "present", brought=[id for id in rows if id not in waivable])
    assert "可以受理" in words(page)


def test_the_first_act_asks_where_one_sits_and_the_browser_remembers(console):
    code = issue(console)
    asked = console.post(f"/staff/notices/{code}/present", complete="1")
    assert (asked.status_code, "请选择您所在的网点" in asked.text) == (422, True)
    assert '<optgroup label="受理这个事项的网点">' in asked.text
    police = office_of(console, POLICE)
    page = work(console, code, "present", complete="1", office=police)
    assert f"经办网点：{POLICE}" in words(page)
    assert find(console, code)[0].presented_office == police
    assert "经办网点" in words(console.http.get(f"/staff/notices/{issue(console)}"))
    assert '<select id="present-office"' in console.http.get(f"/staff/notices/{code}?change=1").text
    assert work(console, code, "present", complete="1", office="nowhere").status_code == 404


def test_where_no_region_is_known_nobody_is_asked_for_an_office(console):
    with console.database.writing() as session:
        session.execute(update(Unit).values(region=None))
    code = issue(console)
    page = console.post(f"/staff/notices/{code}/present", complete="1")
    assert "材料齐全" in page.text
    assert "您在哪个网点" not in page.text


def test_a_second_demand_needs_its_reason_and_stands_in_the_history_alone(console):
    code = issue(console)
    before = find(console, code)[0].content
    for typed in ({"what": "居住证明"}, {"reason": "人户不一致"}, {"what": " ", "reason": " "}):
        page = work(console, code, "demand", **typed)
        assert (page.status_code, "请填写" in page.text) == (422, True)
    page = work(console, code, "demand", what="居住证明", reason=f"人户不一致，电话{MOBILE}")
    assert "还要：居住证明；理由：人户不一致，电话138****5678" in words(page)
    notice, events = find(console, code)
    assert [(event.kind, event.by) for event in events] == [("demanded", "window")]
    assert notice.content == before


def test_who_issued_it_or_a_supervisor_takes_it_back_with_a_reason(console):
    code = issue(console)
    console.post("/staff/sign-out")
    console.sign_in("desk")
    assert "收回这份" not in console.http.get(f"/staff/notices/{code}").text
    assert console.post(f"/staff/notices/{code}/withdraw", why="情形选错了").status_code == 403
    console.post("/staff/sign-out")
    console.sign_in("supervisor")
    assert console.post(f"/staff/notices/{code}/withdraw", why=" ").status_code == 422
    page = console.post(f"/staff/notices/{code}/withdraw", why="情形选错了")
    assert "已经收回：情形选错了" in page.text
    assert ("supervisor", "withdraw_notice", f"notice:{code}") in console.audit()
    assert console.post(f"/staff/notices/{code}/withdraw", why="再收一次").status_code == 422
    assert not listed(page)
    for act in ("present", "demand", "refusal"):
        again = work(console, code, act, service=ITEM, ground="other", words="x", what="x", reason="x", complete="1")
        assert (again.status_code, "不能再按它办" in again.text) == (422, True)


def test_an_expired_notice_says_so_and_can_still_be_looked_through(console):
    code = issue(console)
    with console.database.writing() as session:
        session.execute(update(Notice).values(valid_until=now().date() - timedelta(days=1)))
    page = console.http.get(f"/staff/notices/{code}")
    assert "已过期" in page.text
    assert listed(page)


def test_html_in_what_a_counter_types_is_shown_as_it_was_typed(console):
    code = issue(console, name="<b>张</b>", last4="5678")
    nasty = '<img src=x onerror=alert(1)>"&'
    work(console, code, "demand", what=nasty, reason=nasty)
    work(console, code, "refusal", service=ITEM, ground="other", words=nasty, confirmed="1")
    _, events = find(console, code)
    for path in ("", "/issued", "/refusal", f"/refusal/{events[-1].id}"):
        assert not re.search(r"<b>|<img src=x", console.http.get(f"/staff/notices/{code}{path}").text)


def test_a_ticket_about_a_notice_leads_to_it(console):
    code = issue(console)
    with console.database.writing() as session:
        filed = report_notice(session, store.find(session, code), channel="web", at=now(), cipher=Cipher(SECRET))
    history = console.http.get(f"/staff/notices/{code}").text
    assert f'href="/staff/tickets/{filed.ticket.number}"' in history
    ticket = console.http.get(f"/staff/tickets/{filed.ticket.number}").text
    assert console.http.get(re.search(f'href="([^"]+)">{code}<', ticket)[1]).status_code == 200


# --- who may, and the figures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["auditor", "editor", "approver", "admin"])
def test_whoever_does_not_serve_people_changes_nothing(console, login):
    code = issue(console)
    console.post("/staff/sign-out")
    console.sign_in(login)
    assert console.post("/staff/notices", service=ITEM, given=GIVEN).status_code == 403
    for act in ("present", "demand", "withdraw", "holder", "refusal"):
        assert console.post(f"/staff/notices/{code}/{act}", why="x", complete="1").status_code == 403
    page = console.http.get(f"/staff/notices/{code}")
    assert page.status_code == (200 if login == "auditor" else 403)
    assert not listed(page)


def test_figures_count_by_item_and_office_and_say_why(console):
    console.sign_in("window")
    assert "还没有开具" in console.http.get("/staff/notices/figures").text
    codes_ = [issue(console) for _ in range(2)]
    work(console, codes_[0], "present", complete="1")
    work(console, codes_[0], "demand", what="居住证明", reason="人户不一致")
    with console.database.writing() as session:
        for code, outcome in zip(codes_, ("one_trip", "not_done"), strict=True):
            visits.report(store.find(session, code), outcome, at=now())
        visits.explain(store.find(session, codes_[1]), "beyond_notice")
    figures = words(console.http.get("/staff/notices/figures?days=90"))
    assert "共开具 2 份， 2 人反馈，其中一趟办成 1 人（50%）" in figures
    assert f"居民身份证丢失补领 {HALL} 1 1 1 0 0 1 100% —" in figures
    assert "居民身份证丢失补领 没有指定 1 0 0 0 0 1 0% 窗口要的和清单不一样 1 人" in figures
    assert console.http.get("/staff/notices/figures?days=7").status_code == 422


def test_a_notice_that_a_chat_asked_for_is_worked_on_like_any_other(console):
    with console.database.writing() as session:
        knowledge = KnowledgeCache().current(session)
        answers = dict(part.split(":") for part in GIVEN)
        wanted = Wanted((PersonCase(ITEM, answers),), channel="web", conversation="c1")
        code = codes.shown(store.issue(session, knowledge, wanted, at=now()).code)
    console.sign_in("desk")
    page = work(console, code, "present", complete="1")
    assert "材料齐全" in page.text
    assert "网页" in words(page)
