"""What people do with a notice from its page, over HTTP."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from base.clock import now
from knowledge.notices import store
from knowledge.notices.models import NoticeEvent
from tests.web.routes.conftest import PASSPORT, text_of
from tests.web.test_pages import Outline
from tickets.models import Ticket
from web.notices.holder import masked, seal

GUIDE = "/guide/passport-first?adcode=990102"
TOLD = "&".join(f"{situation}={option}" for situation, option in PASSPORT.items())


class Forms(HTMLParser):
    """What each form of a page would send as it stands, by where it goes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, dict[str, list[str]]] = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self._open = self.sent.setdefault(values["action"], {})
        elif tag == "input" and values.get("type") == "hidden":
            self._open.setdefault(values["name"], []).append(values["value"])


@pytest.fixture
def get(site):
    return site.http.get


@pytest.fixture
def submit(site):
    """Sends a form of the page at `path` with what is typed into it."""

    def submit(path, action, **typed):
        return site.http.post(action, data=Forms(site.http.get(path).text).sent[action] | typed)

    return submit


@pytest.fixture
def held(house, give):
    """A notice that staff issued to 欧阳小明, whose phone ends in 0042."""
    name = "欧阳小明"
    return give(issued_by="li", holder=masked(name), holder_sealed=seal(house.cipher, name, "0042"))


@pytest.fixture
def tickets(house):
    def tickets():
        with house.database.reading() as session:
            return session.scalars(select(Ticket)).all()

    return tickets


# --- from the guide to a notice ---------------------------------------------------------------------------------------


def test_a_case_that_is_told_to_its_end_becomes_a_notice(get, submit):
    response = submit(f"{GUIDE}&{TOLD}", "/n")
    assert response.status_code == 303
    text = Outline(get(response.headers["Location"]).text).text
    assert "监护人身份证件" in text
    assert "示例省示例市示例东区" in text


def test_a_case_with_an_open_question_offers_none_yet(get):
    assert "生成一次性告知单" not in get(GUIDE).text


def test_the_office_that_was_chosen_stands_on_it(get, submit):
    guide = "/guide/id-card-first-apply?adcode=990102"
    while 'action="/n"' not in (html := get(guide).text):
        asked = re.search(r'class="next">.*?name="([\w-]+)" value="([\w-]+)"', html, re.DOTALL)
        guide += f"&{asked[1]}={asked[2]}"
    response = submit(guide, "/n", office="demo-pcs-chenguang")
    assert "示例晨光派出所" in get(response.headers["Location"]).text.split("</section>")[0]


def test_answers_that_the_guide_has_outgrown_lead_back_to_its_questions(site):
    sent = {"service": "passport-first", "given": ["age:minor"], "adcode": "990102"}
    response = site.http.post("/n", data=sent)
    assert response.headers["Location"] == "/guide/passport-first?age=minor&adcode=990102"
    assert site.http.post("/n", data=sent | {"given": ["age:eternal"]}).status_code == 303


@pytest.mark.parametrize("wrong", [{"service": "no-such-item"}, {"adcode": "123456"}, {"office": "no-such-office"}])
def test_what_does_not_exist_is_no_notice(site, wrong):
    given = [f"{situation}:{option}" for situation, option in PASSPORT.items()]
    assert site.http.post("/n", data={"service": "passport-first", "given": given} | wrong).status_code == 404


# --- the family -------------------------------------------------------------------------------------------------------


def test_somebody_of_the_family_joins_after_the_guides_questions(get, give, submit):
    code = give()
    begun = get(f"/n/{code}/family", params={"who": "爱人"}).headers["Location"]
    assert urlsplit(begun).path == "/guide/passport-first"
    assert parse_qs(urlsplit(begun).query) == {
        "adcode": ["990102"],
        "notice.code": [code],
        "notice.who": ["爱人"],
    }
    asking = get(begun).text
    assert "给“爱人”补一份" in asking
    assert Forms(asking).sent["/guide/passport-first#materials"]["notice.who"] == ["爱人"]
    joined = submit(f"{begun}&age=adult&companion=none&identity=ordinary", f"/n/{code}/family")
    newer = joined.headers["Location"]
    text = Outline(get(newer).text).text
    assert "爱人" in text
    assert "一共要带这些" in text
    assert newer in Outline(get(f"/n/{code}").text).links


def test_what_staff_gave_their_word_for_stays_as_it_is(get, give, submit):
    code = give(issued_by="li")
    guide = f"{GUIDE}&{TOLD}&notice.code={code}&notice.who=孩子"
    newer = submit(guide, f"/n/{code}/family").headers["Location"]
    assert newer != f"/n/{code}"
    assert 'class="letters void"' not in get(f"/n/{code}").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "请选一个家里人"),
        ({"other": "本人"}, "已经有“本人”了"),
        ({"other": "13812345678"}, "不写姓名和号码"),
        ({"other": "住在楼下的二舅"}, "最多 6 个字"),
    ],
)
def test_whoever_cannot_join_is_said_beside_the_field(get, give, typed, words):
    response = get(f"/n/{give()}/family", params=typed)
    assert response.status_code == 422
    assert words in response.text
    assert 'aria-describedby="wrong-who"' in response.text


def test_nobody_joins_a_notice_that_holds_no_more(get, give, submit, change):
    code = give()
    change(code, lambda session, notice: store.withdraw(session, notice, by="li", reason="开错", at=now()))
    assert "也给家里人办" not in get(f"/n/{code}").text
    guide = f"{GUIDE}&{TOLD}&notice.code={code}&notice.who=孩子"
    assert submit(guide, f"/n/{code}/family").headers["Location"] == f"/n/{code}"


def test_a_link_with_a_broken_code_is_an_ordinary_guide(get):
    assert "补一份" not in get(f"{GUIDE}&notice.code=x&notice.who=孩子").text


# --- the holder's name ------------------------------------------------------------------------------------------------


def test_the_name_is_masked_until_the_right_digits_are_told(site, get, held):
    shown = get(f"/n/{held}").text
    assert "欧**" in shown
    assert "欧阳小明" not in shown
    response = site.http.post(f"/n/{held}/holder", data={"last4": "0042"})
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert "欧阳小明" in response.text
    assert "data-keep" not in response.text
    assert "欧阳小明" not in get(f"/n/{held}").text


def test_wrong_digits_are_said_kindly_and_tried_five_times(site, held):
    answers = [site.http.post(f"/n/{held}/holder", data={"last4": f"000{n}"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert "后四位对不上" in answers[0].text
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert site.http.post(f"/n/{held}/holder", data={"last4": "0042"}).status_code == 429


def test_no_print_tells_the_whole_name(site, get, held):
    site.http.post(f"/n/{held}/holder", data={"last4": "0042"})
    for path in (f"/n/{held}.pdf", f"/n/{held}/slip.pdf"):
        words = text_of(get(path).content)
        assert "欧**" in words
        assert "欧阳" not in words


def test_a_notice_without_a_name_asks_for_no_digits(site, get, give):
    code = give()
    assert "后四位" not in get(f"/n/{code}").text
    assert site.http.post(f"/n/{code}/holder", data={"last4": "0042"}).headers["Location"] == f"/n/{code}"


# --- reports ----------------------------------------------------------------------------------------------------------


def test_one_tap_files_a_ticket_that_carries_the_notice(site, get, give, house, tickets):
    code = give()
    response = site.http.post(f"/n/{code}/report", data={"words": "还要居住证明，我的电话13812345678"})
    (ticket,) = tickets()
    assert response.headers["Cache-Control"] == "no-store"
    assert f"/t/{ticket.number}" in Outline(response.text).links
    assert (ticket.kind, ticket.notice, ticket.channel) == ("beyond_notice", code.replace("-", ""), "web")
    assert "138****5678" in ticket.text
    assert code in ticket.text
    secret = re.search(r"<strong>([\w-]+)</strong>", response.text)[1]
    assert site.http.post(f"/t/{ticket.number}", data={"secret": secret}).status_code == 200
    with house.database.reading() as session:
        event = session.scalars(select(NoticeEvent)).one()
        assert (event.kind, event.data) == ("reported", {"ticket": ticket.number})


def test_a_second_tap_shows_the_same_ticket_without_its_secret(site, give, tickets):
    code = give()
    site.http.post(f"/n/{code}/report")
    again = site.http.post(f"/n/{code}/report").text
    (ticket,) = tickets()
    assert ticket.number in again
    assert "<strong>" not in again


def test_a_report_that_is_too_long_files_nothing(site, give, tickets):
    response = site.http.post(f"/n/{give()}/report", data={"words": "长" * 501})
    assert response.status_code == 422
    assert tickets() == []


# --- the visit --------------------------------------------------------------------------------------------------------


def test_two_taps_tell_how_the_visit_went(site, get, give):
    code = give()
    first = site.http.post(f"/n/{code}/visit", data={"outcome": "more_trips"})
    assert (first.status_code, first.headers["Location"]) == (303, f"/n/{code}#visit")
    assert "自己漏带了材料" in get(f"/n/{code}").text
    site.http.post(f"/n/{code}/visit", data={"reason": "closed_or_queue"})
    assert "谢谢您告诉我们" in get(f"/n/{code}").text


def test_one_trip_needs_no_reason_and_is_told_once(site, get, give, change):
    code = give()
    site.http.post(f"/n/{code}/visit", data={"outcome": "one_trip"})
    site.http.post(f"/n/{code}/visit", data={"outcome": "not_done"})
    assert "谢谢您告诉我们" in get(f"/n/{code}").text
    assert change(code, lambda session, notice: notice.visit) == "one_trip"


def test_an_outcome_that_nobody_offered_is_refused(site, give):
    assert site.http.post(f"/n/{give()}/visit", data={"outcome": "wonderful"}).status_code == 422
