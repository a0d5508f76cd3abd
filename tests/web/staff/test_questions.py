"""The work list of unanswered questions and the talks behind it, over HTTP."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete

from base.answer import Answer, Outcome, text
from base.clock import now
from base.settings import ROOT
from bot.conversations.models import Conversation
from bot.conversations.pushes import keep_push
from tests.houses import carrying
from tests.web.consoles import MOBILE
from web.intents import INTENT_WORDS

NOT_COVERED = Answer(Outcome.NOT_COVERED, (text("这件事我这里没有资料"),))
FILED = Answer(
    Outcome.TICKET,
    ({"type": "ticket", "number": "BS-1", "secret": "3QH6-SCS5", "status": "待受理", "url": "/t"},),
    ticket="BS-1",
)
UNDERSTOOD = {
    "intent": "ask_how_to",
    "probability": 0.8123,
    "services": [{"id": "id-card-reissue-lost", "confidence": 0.9312, "reason": "含有“身份证丢了”"}],
}


@pytest.fixture
def ask(site, rasa):
    """Ask as a citizen does, and wait for the reply."""
    ids = iter(range(1, 1000))

    def ask(words, answer=NOT_COVERED, conversation=None, **more):
        rasa.say = lambda *_: carrying(answer, "ask_how_to", 0.8, **{"understood": UNDERSTOOD, **more})
        conversation = site.say(words, str(next(ids)), conversation)
        return conversation, site.listen(conversation, 1)[0]

    return ask


def first_link(page, pattern):
    return re.search(f'href="({pattern})"', page.text)[1]


def listed(page):
    return re.findall(r'<a href="/staff/questions/\d+">([^<]+)</a>', page.text)


def test_the_most_asked_question_stands_first_with_how_often_and_why(console, ask):
    ask("养鳄鱼要什么手续")
    for _ in range(2):
        ask("养蛇要什么手续")
    ask("身份证丢了", Answer(Outcome.ANSWER, (text("40元"),)))
    console.sign_in("editor")
    page = console.http.get("/staff/questions")
    assert listed(page) == ["养蛇要什么手续", "养鳄鱼要什么手续"]
    assert re.findall(r'<td class="number">([^<]+)</td>', page.text)[:2] == ["2 次", "没有收录"]
    assert listed(console.http.get("/staff/questions?q=鳄")) == ["养鳄鱼要什么手续"]
    assert "没有找到" in console.http.get("/staff/questions?q=100%").text


def test_an_editor_closes_a_question_with_a_note_and_it_opens_when_asked_again(console, ask):
    ask("养蛇要什么手续")
    console.sign_in("editor")
    where = first_link(console.http.get("/staff/questions"), r"/staff/questions/\d+")
    empty = console.post(f"{where}/close", note=" ")
    assert (empty.status_code, "请填写" in empty.text) == (422, True)
    assert "已加别名（editor" in console.post(f"{where}/close", note="已加别名").text
    assert ("editor", "close_question", f"question:{where.rsplit('/')[-1]}") in console.audit()
    assert listed(console.http.get("/staff/questions")) == []
    assert listed(console.http.get("/staff/questions?closed=1")) == ["养蛇要什么手续"]
    twice = console.post(f"{where}/close", note="不属本市")
    assert (twice.status_code, "editor 已经处理过" in twice.text) == (422, True)
    ask("养蛇要什么手续？")
    page = console.http.get("/staff/questions")
    assert listed(page) == ["养蛇要什么手续"]
    assert "处理后又问到" in page.text


def test_a_talk_is_shown_with_the_reasons_for_each_reply_and_its_reading_written_down(console, ask):
    conversation, message = ask(f"<b>养蛇</b>要什么手续，请打{MOBILE}")
    ask("那帮我登记吧", FILED, conversation)
    assert set(message) == {"id", "reply_to", "text", "card"}
    assert "身份证" not in str(message)
    console.sign_in("editor")
    question = console.http.get(first_link(console.http.get("/staff/questions"), r"/staff/questions/\d+"))
    talk = console.http.get(first_link(question, r"/staff/questions/\d+/talks/\d+#asked"))
    for words in ("问怎么办", "0.81", "0.93", "含有“身份证丢了”", "这件事我这里没有资料", "那帮我登记吧", "BS-1"):
        assert words in talk.text
    for hidden in (MOBILE, "138****", "3QH6", "查询码", "<b>养蛇", conversation):
        assert hidden not in question.text + talk.text
    assert [entry[:2] for entry in console.audit()][-1] == ("editor", "read_conversation")


def test_what_the_house_said_of_itself_stands_in_its_place(console, ask, site):
    conversation, _ = ask("养蛇要什么手续")
    for words, said in (("您的清单有变化", 3), ("办成了吗", 5)):
        with console.database.writing() as session:
            told = Answer(Outcome.ANSWER, (text(words),))
            keep_push(session, conversation=conversation, answer=told, key=words, at=now())
        ask(f"{words}是什么", conversation=conversation)
        site.listen(conversation, said)
    console.sign_in("editor")
    question = console.http.get(first_link(console.http.get("/staff/questions"), r"/staff/questions/\d+"))
    talk = console.http.get(first_link(question, r"/staff/questions/\d+/talks/\d+#asked")).text
    order = [">养蛇要什么手续<", ">您的清单有变化<", ">您的清单有变化是什么<", ">办成了吗<", ">办成了吗是什么<"]
    places = [talk.index(words) for words in order]
    assert places == sorted(places)
    assert talk.count("主动告知") == 2


def test_only_a_talk_that_left_this_question_open_is_shown(console, ask):
    conversation, _ = ask("养蛇要什么手续")
    _, other = ask("身份证丢了", Answer(Outcome.ANSWER, (text("40元"),)))
    console.sign_in("editor")
    where = first_link(console.http.get("/staff/questions"), r"/staff/questions/\d+")
    assert console.http.get(f"{where}/talks/{other['id']}").status_code == 404
    link = first_link(console.http.get(where), r"/staff/questions/\d+/talks/\d+#asked")
    with console.database.writing() as session:
        session.execute(delete(Conversation).where(Conversation.id == conversation))
    assert console.http.get(link).status_code == 404
    assert "不再保存" in console.http.get(where).text


@pytest.mark.parametrize("path", ["7", "7/talks/1"])
def test_a_question_that_does_not_exist_is_said_so(console, path):
    console.sign_in("editor")
    assert console.http.get(f"/staff/questions/{path}").status_code == 404
    assert console.http.get(f"/staff/questions/{path}{'9' * 30}").status_code in (404, 422)


@pytest.mark.parametrize("login", ["approver", "auditor", "desk", "admin"])
def test_only_an_editor_closes(console, ask, login):
    ask("养蛇要什么手续")
    console.sign_in(login)
    assert console.post("/staff/questions/1/close", note="已加别名").status_code == 403
    page = console.http.get("/staff/questions/1")
    assert page.status_code == (200 if login in ("approver", "auditor") else 403)
    assert "处理完毕" not in page.text


def test_every_intent_has_words_for_staff():
    domain = (ROOT / "domain.yml").read_text("utf-8")
    intents = re.findall(r"^  - (\w+)", domain.split("\nentities:")[0], re.MULTILINE)
    assert len(intents) > 30
    assert set(intents) <= set(INTENT_WORDS)
