"""Issuing a notice at a counter, over HTTP."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from bot.conversations.vault import Cipher
from knowledge.notices.models import Notice
from tests.web.consoles import MOBILE, SECRET
from tests.web.counters import GIVEN, HALL, ITEM, find, issue, listed, office_of


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
