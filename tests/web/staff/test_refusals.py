"""A no in writing, over HTTP."""

from __future__ import annotations

import re

import pytest

from base.clock import now
from knowledge import revisions
from tests.web.consoles import ID_NUMBER
from tests.web.counters import HALL, ITEM, find, issue, listed, words, work


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
