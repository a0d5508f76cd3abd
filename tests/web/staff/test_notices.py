"""The counter's side of the notice, over HTTP."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from base.clock import now
from base.errors import MistypedCode
from bot.conversations.vault import Cipher
from knowledge import revisions
from knowledge.notices import codes, store, visits
from knowledge.notices.models import Notice
from knowledge.notices.notice import PersonCase
from knowledge.notices.store import Wanted
from knowledge.store import KnowledgeCache
from tests.web.consoles import ID_NUMBER, MOBILE, SECRET
from tickets.reports import report_notice
from web.accounts.models import Unit

ITEM = "id-card-reissue-lost"
GIVEN = ["age:adult", "place:local", "pickup:self"]
HALL, POLICE = "示例市政务服务中心", "示例云帆派出所"


def issue(console, login="window", **typed):
    """Sign in and issue a notice from the card of an item; returns its code."""
    console.sign_in(login)
    page = console.post("/staff/notices", **{"service": ITEM, "given": GIVEN} | typed)
    assert page.status_code == 200, page.text
    return page.url.path.split("/")[3]


def office_of(console, name):
    """The id of an office, as the forms name it."""
    card = console.http.get(f"/staff/look-up/{ITEM}?{'&'.join(f'given={part}' for part in GIVEN)}").text
    return re.search(f'<option value="([^"]+)"[^>]*>{name}', card)[1]


def work(console, code, act, **typed):
    """One act of a counter in the hall."""
    return console.post(f"/staff/notices/{code}/{act}", **{"office": office_of(console, HALL)} | typed)


def listed(page):
    """The ids of the materials that can be ticked."""
    return re.findall(r'name="brought" value="([^"]+)"', page.text)


def find(console, code):
    with console.database.reading() as session:
        notice = store.find(session, code)
        return notice, list(notice.events)


def words(page):
    """What somebody reads of a page."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page.text.split("<main")[1])).split())


# --- from a code to its notice --------------------------------------------------------------------------------------


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


# --- issuing --------------------------------------------------------------------------------------------------------


def test_a_finished_card_offers_a_notice_and_an_open_one_does_not(console):
    console.sign_in("window")
    assert "出告知单" not in console.http.get(f"/staff/look-up/{ITEM}?given=age:adult").text
    assert "出告知单" in console.http.get(f"/staff/look-up/{ITEM}", params={"given": GIVEN}).text
    console.post("/staff/sign-out")
    console.sign_in("editor")
    assert "出告知单" not in console.http.get(f"/staff/look-up/{ITEM}", params={"given": GIVEN}).text


def test_what_is_issued_carries_the_officer_s_card_and_who_did_it(console):
    console.sign_in("window")
    code = issue(console, office=office_of(console, HALL))
    page = console.http.get(f"/staff/notices/{code}/issued")
    assert f"/n/{code}.pdf" in page.text
    assert "data:image/svg+xml" in page.text
    notice, _ = find(console, code)
    assert (notice.issued_by, notice.channel) == ("window", "counter")
    card = {line["label"]: line["value"] for line in notice.card}
    assert card["经办人"] == "王小满（演示）"
    assert card["单位"] == "示例市政务服务中心（演示）"
    assert {"电话", "受理时间"} <= card.keys()
    assert ("window", "issue_notice", f"notice:{code}") in console.audit()


def test_a_name_is_kept_sealed_and_shown_only_to_who_knows_the_digits(console):
    code = issue(console, name="欧阳娜娜", last4="5678")
    notice, _ = find(console, code)
    assert (notice.holder, "欧阳" in notice.holder_sealed) == ("欧**", False)
    assert "5678" in Cipher(SECRET).open(notice.holder_sealed)
    assert "欧阳" not in console.http.get(f"/staff/notices/{code}").text
    wrong = console.post(f"/staff/notices/{code}/holder", last4="0000")
    assert (wrong.status_code, "欧阳" in wrong.text) == (422, False)
    right = console.post(f"/staff/notices/{code}/holder", last4=" 5678 ")
    assert "欧阳娜娜" in right.text
    assert right.headers["cache-control"] == "no-store"
    tries = [action for _, action, subject in console.audit() if subject == f"notice:{code}"]
    assert tries == ["issue_notice", "miss_notice_holder", "read_notice_holder"]


def test_after_five_wrong_digits_one_has_to_wait(console):
    code = issue(console, name="张小明", last4="5678")
    answers = [console.post(f"/staff/notices/{code}/holder", last4="0000").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "张小明"}, "手机号后四位"),
        ({"last4": "5678"}, "把姓名也填上"),
        ({"name": "张小明", "last4": "567"}, "4 位数字"),
        ({"name": "张小明", "last4": "５６７８"}, "4 位数字"),
        ({"name": MOBILE, "last4": "5678"}, "不要填号码"),
        ({"name": "张" * 31, "last4": "5678"}, "最多 30 个字"),
    ],
)
def test_half_a_holder_is_asked_for_the_other_half_and_nothing_is_lost(console, typed, says):
    console.sign_in("window")
    page = console.post("/staff/notices", service=ITEM, given=GIVEN, **typed)
    assert page.status_code == 422
    assert says in page.text
    assert all(f'value="{value}"' in page.text for value in (*typed.values(), *GIVEN))
    with console.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_a_case_that_is_not_finished_leads_back_to_its_question(console):
    console.sign_in("window")
    page = console.post("/staff/notices", service=ITEM, given=["age:adult"])
    assert page.url.path == f"/staff/look-up/{ITEM}"
    assert 'class="ask"' in page.text


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({"service": "no-such-item"}, 404, "没有这个事项"),
        ({"office": "no-such-office"}, 404, "没有这个网点"),
        ({"given": ["age:ninety"]}, 422, "现行指南对不上"),
        ({"joins": "2222"}, 422, "12 位"),
    ],
)
def test_what_is_not_there_is_said_in_words(console, typed, status, says):
    console.sign_in("window")
    page = console.post("/staff/notices", **{"service": ITEM, "given": GIVEN} | typed)
    assert (page.status_code, says in page.text) == (status, True)


def test_one_more_of_the_family_makes_one_list_to_which_the_old_code_leads(console):
    old = issue(console, name="张小明", last4="5678")
    card = console.http.get(f"/staff/look-up/{ITEM}", params={"joins": old, "who": "孩子"})
    assert all("joins=" in link for link in re.findall(r'class="button" href="([^"]+)"', card.text))
    new = issue(console, joins=old, who="孩子")
    notice, _ = find(console, new)
    assert [case["who"] for case in notice.cases] == ["本人", "孩子"]
    assert notice.holder == "张**"
    page = console.http.get(f"/staff/notices/{old}")
    assert "已换新" in page.text
    assert not listed(page)
    twice = console.post("/staff/notices", service=ITEM, given=GIVEN, joins=new, who="孩子")
    assert (twice.status_code, "称呼要不一样" in twice.text) == (422, True)
    nobody = console.post("/staff/notices", service=ITEM, given=GIVEN, joins=new, who=" ")
    assert nobody.status_code == 422
    assert console.post("/staff/notices", service=ITEM, given=GIVEN, joins=old, who="爱人").status_code == 422


# --- at the counter -------------------------------------------------------------------------------------------------


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


# --- a no in writing ------------------------------------------------------------------------------------------------


def test_a_refusal_hears_what_the_guide_says_before_it_stands(console):
    code = issue(console)
    typed = {"service": ITEM, "ground": "papers_missing", "others": f"居住证明、学历证 {ID_NUMBER}", "words": "缺两样"}
    page = work(console, code, "refusal", **typed)
    assert "与办事指南不一致" in page.text
    assert "告知单上没有要：居住证明" in words(page)
    assert find(console, code)[1] == []
    page = work(console, code, "refusal", confirmed="1", **typed)
    event = find(console, code)[1][0]
    assert page.url.path == f"/staff/notices/{code}/refusal/{event.id}"
    assert (event.kind, event.data["verdict"], event.data["service"]) == ("refused", "disagrees", ITEM)
    paper = words(page)
    for said in ("居民身份证", code, "材料不齐：居住证明", "缺两样", "不一致", HALL, "王小满", "12345"):
        assert said in paper
    assert ID_NUMBER not in str(event.data) + page.text


def test_what_was_missing_is_filled_in_already(console):
    code = issue(console)
    _, *others = listed(console.http.get(f"/staff/notices/{code}"))
    work(console, code, "present", brought=others)
    form = console.http.get(f"/staff/notices/{code}/refusal").text
    assert 'value="papers_missing" required checked' in form
    assert len(re.findall(r'name="papers" value="[^"]+" checked', form)) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"ground": ""}, "只有："),
        ({"ground": "papers_missing"}, "请写明缺哪样"),
        ({"ground": "other"}, "请写明具体原因"),
        ({"ground": "other", "words": "字" * 301}, "最多 300 个字"),
        ({"ground": "other", "words": "x", "service": "passport-first"}, "哪一项"),
        ({"ground": "other", "words": "x", "office": ""}, "请选择您所在的网点"),
    ],
)
def test_a_refusal_without_what_it_needs_is_not_taken(console, typed, says):
    code = issue(console)
    page = work(console, code, "refusal", **{"service": ITEM, "confirmed": "1"} | typed)
    assert (page.status_code, says in page.text) == (422, True)
    assert find(console, code)[1] == []


def test_a_written_refusal_belongs_to_its_own_notice(console):
    code, other = issue(console), issue(console)
    work(console, code, "refusal", service=ITEM, ground="other", words="系统停机", confirmed="1")
    work(console, code, "demand", what="x", reason="y")
    refused, demanded = find(console, code)[1]
    assert console.http.get(f"/staff/notices/{code}/refusal/{refused.id}").status_code == 200
    assert console.http.get(f"/staff/notices/{other}/refusal/{refused.id}").status_code == 404
    assert console.http.get(f"/staff/notices/{code}/refusal/{demanded.id}").status_code == 404


def test_an_item_that_was_retired_since_is_said_to_be_and_has_no_rule_to_refuse_by(console):
    item = "dl-elec"
    code = issue(console, service=item, given=[])
    with console.database.writing() as session:
        revisions.retire(session, "service", item, by="editor", reason="停办", at=now())
    page = console.http.get(f"/staff/notices/{code}")
    assert "已经停办" in page.text
    assert "已经停办" in console.http.get(f"/staff/notices/{code}/refusal").text
    assert work(console, code, "refusal", service=item, ground="other", words="停办").status_code == 404
    assert "材料齐全" in work(console, code, "present", complete="1").text
    assert "（已停办）" in console.http.get("/staff/notices/figures").text


def test_a_ticket_about_a_notice_leads_to_it(console):
    code = issue(console)
    with console.database.writing() as session:
        filed = report_notice(session, store.find(session, code), channel="web", at=now(), cipher=Cipher(SECRET))
    history = console.http.get(f"/staff/notices/{code}").text
    assert f'href="/staff/tickets/{filed.ticket.number}"' in history
    ticket = console.http.get(f"/staff/tickets/{filed.ticket.number}").text
    assert console.http.get(re.search(f'href="([^"]+)">{code}<', ticket)[1]).status_code == 200


# --- who may, and the figures ---------------------------------------------------------------------------------------


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
