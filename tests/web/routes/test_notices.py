"""The page of a notice and its prints over HTTP, and every code that leads nowhere."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from base.clock import now
from knowledge import revisions
from knowledge.notices import store
from knowledge.notices.codes import new_code, shown
from knowledge.notices.refusals import judge
from tests.web.routes.conftest import text_of
from tests.web.test_pages import Outline


@pytest.fixture
def get(site):
    return site.http.get


def slipped(code):
    """The code with one character wrong."""
    return ("2" if code[0] != "2" else "3") + code[1:]


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{code}", "  {lower} ", "{bare}", "https://banshi.example.gov.cn/n/{code}"])
def test_a_typed_or_scanned_code_leads_to_the_page(get, give, typed):
    code = give()
    typed = typed.format(code=code, lower=code.lower(), bare=code.replace("-", ""))
    response = get("/n", params={"code": typed})
    assert (response.status_code, response.headers["Location"]) == (303, f"/n/{code}")


def test_a_notice_has_one_address(get, give):
    code = give()
    response = get(f"/n/{code.lower().replace('-', '')}?large=1")
    assert response.status_code == 303
    assert urlsplit(response.headers["Location"])[2:4] == (f"/n/{code}", "large=1")


def test_the_page_shows_what_to_bring_and_the_code_to_show(get, give):
    code = give()
    response = get(f"/n/{code}")
    page = Outline(response.text)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
    assert page.inline == []
    for words in (code, "在窗口出示此码", "监护人身份证件", "未满16周岁", "费用", "的网点", "容易白跑的情况"):
        assert words in page.text
    assert response.text.count('type="checkbox"') == response.text.count("data-name=") > 3
    assert f"/n/{code}.pdf" in page.links
    assert 'class="letters void"' not in response.text


def test_whether_an_office_is_open_is_told_live(get, give):
    assert 'class="opening">现在' in get(f"/n/{give()}").text


def test_an_office_that_is_gone_stays_as_it_was_promised(get, give, house):
    code = give("id-card-reissue-lost")
    with house.database.writing() as session:
        revisions.retire(session, "office", "demo-pcs-chenguang", by="tests", reason="并入中心", at=now())
    text = Outline(get(f"/n/{code}").text).text
    assert "示例晨光派出所" in text


@pytest.mark.parametrize("service", ["bundle-newborn", "bundle-marriage-birth", "residence-permit-first"])
def test_quite_different_items_have_a_page(get, give, service):
    response = get(f"/n/{give(service)}")
    assert response.status_code == 200
    assert len(response.content) < 100_000


def test_low_confidence_is_said_before_the_list(get, give):
    text = Outline(get(f"/n/{give('bundle-marriage-birth')}").text).text
    assert text.index("资料来源说法不一") < text.index("要带这些")


def test_what_the_place_waives_stands_under_the_list(get, give):
    assert "示例市规定，不用带：居民户口簿" in get(f"/n/{give('id-card-reissue-lost')}").text


def test_the_large_print_leads_back_to_the_ordinary_one(get, give):
    code = give()
    html = get(f"/n/{code}?large=1").text
    assert '<html lang="zh-CN" class="large">' in html
    assert f"/n/{code}.pdf?large=1" in html
    assert f"/n/{code}" in Outline(html).links


def test_the_contact_card_stands_on_it(get, give):
    card = ({"label": "经办人", "value": "李警官"}, {"label": "警号/工号", "value": "032145"})
    text = Outline(get(f"/n/{give(card=card, issued_by='li')}").text).text
    assert "警民联系卡" in text
    assert "032145" in text


# --- what has become of it --------------------------------------------------------------------------------------------


def test_a_withdrawn_notice_says_so_first_and_asks_for_nothing(get, give, change):
    code = give()
    change(code, lambda session, notice: store.withdraw(session, notice, by="li", reason="开错了事项", at=now()))
    html = get(f"/n/{code}").text
    text = Outline(html).text
    assert text.index("已经收回：开错了事项") < text.index("普通护照首次申领", text.index("已经收回"))
    assert 'type="checkbox"' not in html
    assert f"/n/{code}.pdf" not in Outline(html).links


def test_an_expired_notice_leads_to_a_new_one_with_the_same_answers(get, give, change):
    code = give()

    def expire(session, notice):
        notice.valid_until = now().date() - timedelta(days=1)

    change(code, expire)
    page = Outline(get(f"/n/{code}").text)
    assert "已经过期" in page.text
    again = "/guide/passport-first?age=minor&companion=parent&identity=ordinary&adcode=990102"
    assert again in page.links
    assert "生成一次性告知单" in get(again).text


def test_a_replaced_notice_leads_to_the_newer_one(get, give, change, known):
    code = give()

    def replace(session, notice):
        wanted = store.Wanted(store.cases_of(notice), region="990102")
        return shown(store.replace(session, notice, known(), wanted, at=now()).code)

    newer = change(code, replace)
    assert f"/n/{newer}" in Outline(get(f"/n/{code}").text).links


def test_a_refusal_stands_on_the_page_in_writing(get, give, change, known):
    code = give()

    def refuse(session, notice):
        service = known().find("passport-first", now().date()).service
        content = store.content_of(notice)
        refusal = judge(known(), service, content, "papers_missing", papers=["单身证明"], at=now())
        store.note(session, notice, "refused", by="window1", at=now(), **refusal.as_json(), card=[])

    assert "书面答复" not in get(f"/n/{code}").text
    change(code, refuse)
    page = get(f"/n/{code}").text
    for words in ("窗口的书面答复", "材料不齐：单身证明", "告知单上没有要：单身证明", "与办事指南不一致"):
        assert words in page
    assert "window1" not in page


def test_a_published_change_stands_at_the_top(get, give, house, known):
    code = give()
    found = known().find("passport-first", now().date())
    body = found.service.model_dump(mode="json", exclude_defaults=True)
    body["materials"][0]["name"] = "网上预约单"
    with house.database.writing() as session:
        proposed = revisions.propose(
            session, "service", "passport-first", body, based_on=found.revision, author="t", reason="t", at=now()
        )
        revisions.publish(session, "service", "passport-first", proposed.number, by="t", at=now())
    page = Outline(get(f"/n/{code}").text)
    assert "的清单有变化" in page.text
    assert page.text.index("网上预约单") < page.text.index("在窗口出示此码")
    assert any(link.startswith("/guide/passport-first?") for link in page.links)


def test_an_item_that_is_retired_leads_to_all_guides(get, give, house):
    code = give("dog-registration")
    with house.database.writing() as session:
        revisions.retire(session, "overlay", "demo-county-dog", by="t", reason="t", at=now())
        revisions.retire(session, "service", "dog-registration", by="t", reason="t", at=now())
    page = Outline(get(f"/n/{code}").text)
    assert "停办或改名" in page.text
    assert not any(link.startswith("/guide/dog") for link in page.links)
    assert "/guide" in page.links


# --- codes that lead nowhere ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/n/{}", "/n/{}.pdf", "/n/{}/slip.pdf", "/n/{}/qr.png", "/n/{}/family"])
def test_a_mistyped_code_and_an_unknown_one_are_told_apart(get, give, path):
    mistyped, unknown = get(path.format(slipped(give()))), get(path.format(shown(new_code())))
    assert (mistyped.status_code, unknown.status_code) == (422, 404)
    assert "有一位输错了" in mistyped.text
    assert "没有编号为" in unknown.text
    assert all('name="code"' in response.text for response in (mistyped, unknown))


def test_what_was_typed_stands_in_the_field_as_text(get):
    response = get("/n", params={"code": '"><script>'})
    assert response.status_code == 422
    assert "<script>" not in Outline(response.text).inline
    assert "编号里没有" in response.text


def test_whoever_guesses_waits_and_is_logged_once(get, give, caplog):
    code = give()
    answers = [get(f"/n/{shown(new_code())}").status_code for _ in range(30)]
    assert answers == [404] * 21 + [429] * 9
    refused = get(f"/n/{code}", headers={"Accept": "text/html"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "请稍后再试" in refused.text
    lines = [record for record in caplog.records if record.name == "web.notices.guesses"]
    assert [record.levelno for record in lines] == [logging.WARNING]


def test_a_hall_full_of_people_may_look_up_as_much_as_it_likes(get, give):
    code = give()
    assert {get(f"/n/{code}/qr.png").status_code for _ in range(60)} == {200}


# --- prints -----------------------------------------------------------------------------------------------------------


def test_the_prints_say_what_the_page_says(get, give):
    code = give()
    for path in (f"/n/{code}.pdf", f"/n/{code}.pdf?large=1", f"/n/{code}/slip.pdf"):
        response = get(path)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
        assert code in text_of(response.content)
        assert "监护人身份证件" in text_of(response.content)


def test_what_changes_on_the_page_changes_on_paper(get, give, change):
    code = give()
    before = get(f"/n/{code}.pdf").content
    assert get(f"/n/{code}.pdf").content == before
    change(code, lambda session, notice: store.withdraw(session, notice, by="li", reason="开错了事项", at=now()))
    assert "已经收回：开错了事项" in text_of(get(f"/n/{code}.pdf").content)


def test_the_code_is_a_picture_too(get, give):
    response = get(f"/n/{give()}/qr.png")
    assert response.headers["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_the_service_worker_serves_the_pages_of_notices_alone(get):
    response = get("/n/sw.js")
    assert response.status_code == 200
    assert "javascript" in response.headers["Content-Type"]
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in response.headers
