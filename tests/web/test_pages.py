"""The public pages over HTTP, on the project's own content."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from base.clock import now
from bench.stores import make_services
from knowledge import revisions
from tickets import ledger
from tickets.ledger import Draft
from web.routes.pages import LISTED

MOST_BYTES = 100_000


class Outline(HTMLParser):
    """The links of a page, its text, and whatever a strict Content-Security-Policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.text = ""
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a":
            self.links.append(values["href"])
        if tag == "style" or "style" in values or any(name.startswith("on") for name in values):
            self.inline.append(tag)
        self._script = tag == "script"

    def handle_data(self, data):
        if self._script and data.strip():
            self.inline.append("script")
        self.text += data


@pytest.fixture
def get(site):
    return site.http.get


@pytest.fixture
def ticket(house, site):
    """A filed ticket and its secret; the site works on the same store."""
    with house.database.writing() as session:
        draft = Draft(kind="stuck", text="跑了三趟都说材料不全", channel="web")
        opened = ledger.open_ticket(session, draft, at=now(), cipher=house.cipher)
        return opened.ticket.number, opened.secret


@pytest.mark.parametrize("path", ["/", "/guide", "/guide?q=护照", "/guide/passport-first", "/t", "/about"])
def test_a_page_is_chinese_light_and_without_anything_inline(get, path):
    response = get(path)
    page = Outline(response.text)
    assert response.status_code == 200
    assert '<html lang="zh-CN">' in response.text
    assert page.inline == []
    assert len(response.content) < MOST_BYTES
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_every_link_of_the_home_page_leads_somewhere(get):
    links = {link.partition("#")[0] for link in Outline(get("/").text).links if link.startswith("/")}
    links -= {"/staff"}
    assert {link: get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_invented_data_is_marked_on_every_page(get):
    assert "虚构的“示例市”" in get("/").text
    assert "虚构的“示例市”" in get("/guide/passport-first").text


def test_every_guide_can_be_read(get):
    paths = {link for link in Outline(get("/guide").text).links if link.startswith("/guide/")}
    pages = {path: get(path) for path in paths}
    assert len(pages) > 200
    assert [path for path, page in pages.items() if page.status_code != 200 or len(page.content) > MOST_BYTES] == []


def test_the_list_of_a_large_store_stays_light_and_says_what_it_leaves_out(house, get):
    with house.database.reading() as session:
        model = house.knowledge.current(session).find("passport-first", now().date()).service
    with house.database.writing() as session:
        for one in make_services(LISTED, [model]):
            body, by = one.model_dump(mode="json", exclude_defaults=True), "tests"
            revisions.propose(session, "service", one.id, body, based_on=0, author=by, reason=by, at=now())
            revisions.publish(session, "service", one.id, 1, by=by, at=now())
    response = get("/guide")
    assert len(response.content) < MOST_BYTES
    assert f"只列出前 {LISTED} 项，另有 28 项" in Outline(response.text).text
    assert "<small>128 项</small>" in get("/").text


def test_a_search_in_plain_words_finds_the_guide_first(get):
    found = [link for link in Outline(get("/guide?q=身份证丢了怎么补").text).links if link.startswith("/guide/")]
    assert found[0] == "/guide/id-card-reissue-lost"


def test_what_a_search_finds_stands_by_domain_with_the_name_that_fits(get):
    html = get("/guide?q=sfzdl").text
    assert html.index("<dt>身份证</dt>") < html.index("匹配“身份证丢了”")


def test_a_search_without_result_says_so_and_shows_everything(get):
    page = Outline(get("/guide?q=ωψ").text)
    assert "没有找到“ωψ”" in page.text
    assert "/guide/passport-first" in page.links


def test_what_was_searched_for_is_shown_as_text(get):
    assert "<script>alert" not in get("/guide", params={"q": "<script>alert(1)</script>"}).text


def test_an_answered_situation_narrows_the_list(get):
    before = Outline(get("/guide/passport-first").text).text
    after = Outline(get("/guide/passport-first?age=adult&companion=none&identity=ordinary").text).text
    assert "监护人身份证件" in before
    assert "看情况才要" in before
    assert "监护人身份证件" not in after
    assert "看情况才要" not in after


def test_the_chosen_situation_stays_chosen(get):
    html = get("/guide/passport-first?age=minor").text
    assert re.findall(r'value="(\w+)" checked', html) == ["minor"]


def test_what_others_hang_on_a_shared_link_changes_nothing(get):
    response = get("/guide/passport-first?from=singlemessage&age=eternal")
    assert response.status_code == 200
    assert " checked" not in response.text


def test_an_item_of_low_confidence_says_so_first(get):
    text = Outline(get("/guide/bundle-marriage-birth").text).text
    assert "资料来源说法不一" in text
    assert text.index("资料来源说法不一") < text.index("要带的材料")


def test_a_bundle_leaves_out_what_the_answers_rule_out(get):
    page = Outline(get("/guide/bundle-newborn?parents=married&follow=mother&insured=later&wish=none").text)
    assert "/guide/birth-registration" in page.links
    assert page.text.index("按您选的情况不用办") < page.text.index("因为选了“暂不参保”")
    assert page.text.count("一次办好这") == 1


def test_an_unknown_guide_leads_to_the_others(get):
    response = get("/guide/no-such-item")
    assert response.status_code == 404
    assert "/guide" in Outline(response.text).links


def test_a_ticket_is_shown_to_whoever_knows_its_secret(site, ticket):
    number, secret = ticket
    response = site.http.post(f"/t/{number}", data={"secret": secret.lower()})
    assert response.status_code == 200
    assert "跑了三趟都说材料不全" in response.text
    assert "待受理" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_wrong_secret_and_an_unknown_number_read_the_same(site, ticket):
    number, _ = ticket
    answers = [
        site.http.post("/t", data={"number": tried, "secret": "AAAA-AAAA"}) for tried in (number, "BS-20200101-0001")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].text.replace(number, "") == answers[1].text.replace("BS-20200101-0001", "")
    assert "跑了三趟" not in answers[0].text


def test_the_widget_is_served_and_asked_for_again_each_time(get):
    responses = [get(path) for path in ("/widget.js", "/widget/chat.js", "/widget/chat.css")]
    assert [response.status_code for response in responses] == [200, 200, 200]
    assert {response.headers["Cache-Control"] for response in responses} == {"no-cache"}
    assert get("/widget/chat.js", headers={"If-None-Match": responses[1].headers["ETag"]}).status_code == 304


def test_a_permitted_website_may_load_the_modules(get):
    response = get("/widget/chat.js", headers={"Origin": "https://www.example.gov.cn"})
    assert response.headers["Access-Control-Allow-Origin"] == "https://www.example.gov.cn"


def test_a_guide_is_that_of_the_place(site):
    page = site.http.get("/guide/id-card-reissue-lost?adcode=990102").text
    assert "示例东区承诺7个工作日（示例东区规定）" in page
    assert "示例市规定，不用带：居民户口簿" in page
    assert 'name="adcode" value="990102"' in page
    elsewhere = site.http.get("/guide/id-card-reissue-lost?adcode=000000").text
    assert "示例" not in elsewhere.split("<article", 1)[1].split("</article>", 1)[0]
