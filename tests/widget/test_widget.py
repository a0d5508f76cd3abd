"""The widget in a real browser, as people use it."""

from __future__ import annotations

import base64
import gzip
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from base.answer import Answer, Outcome, question, text
from base.clock import now
from base.db import Database
from base.settings import ROOT
from bot.conversations.models import Conversation
from bot.conversations.pushes import enqueue_push
from tests.houses import carrying

MATERIALS = {
    "type": "materials",
    "title": "要带这些：",
    "items": [
        {"id": id, "name": name, "form": "原件", "copies": 1, "why": "", "note": "", "waivable": False}
        for id, name in (("m1", "居民户口簿"), ("m2", "监护人身份证"))
    ],
}
OFFICES = {
    "type": "offices",
    "title": "示例市的网点：",
    "items": [
        {
            "id": "o1", "name": "东湖派出所", "address": "东湖路 1 号", "phone": "0999-110000", "hours": "周一至周五",
            "opening": "现在开放", "open_now": True, "note": "", "demo": True,
        }
    ],
}  # fmt: skip
TICKET = {
    "type": "ticket",
    "number": "BS-20261121-0007",
    "secret": "K7M2-QD9P",
    "status": "待受理",
    "url": "/t/BS-20261121-0007",
}


NOTICE = {
    "type": "notice",
    "code": "ABCD-EFGH-JKMN",
    "url": "/n/ABCD-EFGH-JKMN",
    "qr": "/n/ABCD-EFGH-JKMN/qr.png",
    "valid_until": "2027年2月20日",
}


def show_pictures(page):
    """A picture for every notice; the real one needs a real notice."""
    pixel = base64.b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")
    page.route("**/qr.png", lambda route: route.fulfill(body=pixel, content_type="image/gif"))


def saying(*blocks, choices=()):
    """A Rasa that answers everything with these blocks."""
    return lambda sender, message: carrying(Answer(Outcome.ANSWER, blocks, choices))


def asking_for_age(sender, message):
    """Asks for the situation until it is told."""
    if message.startswith("未满"):
        return carrying(Answer(Outcome.ANSWER, (text("监护人也要到场。"),)))
    return carrying(Answer(Outcome.ANSWER, (question("age", "申请人满16周岁了吗？"),), ("已满16周岁", "未满16周岁")))


@pytest.fixture
def push(settings):
    """Tell the one conversation that there is something nobody asked for."""
    keys = iter(range(1000))
    database = Database(settings.database_url)

    def push(words, *choices):
        answer = Answer(Outcome.ANSWER, (text(words),), choices)
        with database.writing() as session:
            conversation = session.scalars(select(Conversation.id)).one()
            enqueue_push(session, conversation=conversation, answer=answer, key=f"k{next(keys)}", at=now())

    yield push
    database.close()


@pytest.fixture
def talk(page):
    """The demo page with the chat ready."""
    page.goto("/")
    page.get_by_role("log").wait_for()
    return page


def ask(page, words):
    page.get_by_role("textbox", name="您的问题").fill(words)
    page.keyboard.press("Enter")


def test_a_question_shows_at_once_and_its_answer_when_it_comes(talk, rasa):
    rasa.gate.clear()
    ask(talk, "身份证丢了怎么补")
    talk.get_by_text("您：身份证丢了怎么补").wait_for()
    talk.get_by_text("正在查…").wait_for()
    rasa.gate.set()
    talk.get_by_text("您说：身份证丢了怎么补").wait_for()
    assert talk.get_by_text("正在查…").is_hidden()


def test_a_starter_asks_its_question(talk, rasa):
    talk.get_by_role("button", name="居住证怎么办").click()
    talk.get_by_text("您说：居住证怎么办").wait_for()
    assert rasa.heard[-1][1] == "居住证怎么办"


def test_a_choice_sends_its_words_and_stays_visible_but_over(talk, rasa):
    rasa.say = asking_for_age
    ask(talk, "办身份证")
    talk.get_by_role("button", name="未满16周岁").click()
    talk.get_by_text("监护人也要到场。").wait_for()
    assert rasa.heard[-1][1] == "未满16周岁"
    assert talk.get_by_role("button", name="您选了：未满16周岁").is_disabled()
    assert talk.get_by_role("button", name="已满16周岁").is_disabled()
    assert talk.get_by_role("textbox", name="您的问题").is_enabled()


def test_an_answer_in_own_words_ends_the_choices_too(talk, rasa):
    rasa.say = asking_for_age
    ask(talk, "办身份证")
    talk.get_by_role("button", name="已满16周岁").wait_for()
    ask(talk, "未满，才十岁")
    talk.get_by_text("监护人也要到场。").wait_for()
    assert talk.get_by_role("button", name="已满16周岁").is_disabled()


def test_a_reload_keeps_every_message_once(talk, rasa):
    ask(talk, "一")
    talk.get_by_text("您说：一").wait_for()
    ask(talk, "二")
    talk.get_by_text("您说：二").wait_for()
    talk.reload()
    ask(talk, "三")
    talk.get_by_text("您说：三").wait_for()
    assert [talk.get_by_text(f"您说：{words}").count() for words in "一二三"] == [1, 1, 1]
    assert [message for _, message in rasa.heard] == ["一", "二", "三"]


def test_a_reload_while_the_answer_is_due_loses_and_doubles_nothing(talk, rasa):
    rasa.gate.clear()
    ask(talk, "多少钱")
    talk.get_by_text("已发送").wait_for()
    talk.reload()
    talk.get_by_text("您：多少钱").wait_for()
    rasa.gate.set()
    talk.get_by_text("您说：多少钱").wait_for()
    assert talk.get_by_text("您说：多少钱").count() == 1
    assert len(rasa.heard) == 1


def test_ticked_materials_are_counted_and_survive_a_reload(talk, rasa):
    rasa.say = saying(MATERIALS)
    ask(talk, "要带什么")
    talk.get_by_text("已备好 0 / 2 样").wait_for()
    talk.get_by_role("checkbox", name="居民户口簿").check()
    talk.get_by_text("已备好 1 / 2 样").wait_for()
    talk.reload()
    talk.get_by_text("已备好 1 / 2 样").wait_for()
    assert talk.get_by_role("checkbox", name="居民户口簿").is_checked()
    talk.get_by_role("checkbox", name="监护人身份证").check()
    talk.get_by_text("2 样都备好了").wait_for()


def test_a_message_that_nobody_asked_for_shows_its_choices_and_one_is_an_answer(talk, rasa, push):
    ask(talk, "我要办户口")
    talk.get_by_text("您说：我要办户口").wait_for()
    push("您办成了吗？", "办成了", "白跑了一趟")
    talk.get_by_role("button", name="白跑了一趟").click()
    talk.get_by_text("您说：白跑了一趟").wait_for()
    assert rasa.heard[-1][1] == "白跑了一趟"
    assert talk.get_by_role("button", name="您选了：白跑了一趟").is_disabled()


def test_a_message_that_nobody_asked_for_is_not_taken_for_the_reply(talk, rasa, push):
    rasa.gate.clear()
    ask(talk, "多少钱")
    talk.get_by_text("已发送").wait_for()
    push("您的清单有变化")
    talk.get_by_text("您的清单有变化").wait_for()
    assert talk.get_by_text("正在查…").is_visible()
    assert talk.get_by_text("已发送").is_visible()
    rasa.gate.set()
    talk.get_by_text("您说：多少钱").wait_for()
    assert talk.get_by_text("正在查…").is_hidden()


def test_a_message_that_nobody_asked_for_is_there_once_after_a_reload(talk, rasa, push):
    ask(talk, "一")
    talk.get_by_text("您说：一").wait_for()
    push("您的清单有变化", "看看变了什么")
    talk.get_by_role("button", name="看看变了什么").wait_for()
    talk.reload()
    assert talk.get_by_role("button", name="看看变了什么").is_enabled()
    ask(talk, "二")
    talk.get_by_text("您说：二").wait_for()
    assert talk.get_by_text("您的清单有变化").count() == 1
    assert talk.get_by_role("button", name="看看变了什么").is_disabled()


def test_a_closed_window_says_that_there_is_news(page, rasa, push):
    page.goto("/about")
    page.get_by_role("button", name="问办事").click()
    ask(page, "一")
    page.get_by_text("您说：一").wait_for()
    page.keyboard.press("Escape")
    push("您的清单有变化")
    page.get_by_role("button", name="有新消息").click()
    page.get_by_text("您的清单有变化").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="问办事", exact=True).wait_for()
    assert page.get_by_role("button", name="有新消息").count() == 0


def test_an_office_shows_whether_it_is_open_how_to_call_it_and_that_it_is_invented(talk, rasa):
    rasa.say = saying(OFFICES)
    ask(talk, "去哪里办")
    talk.get_by_text("开放中").wait_for()
    log = talk.get_by_role("log")
    log.get_by_text("演示数据").wait_for()
    assert log.get_by_role("link", name="0999-110000").get_attribute("href") == "tel:0999110000"


def test_a_ticket_shows_its_secret_and_leads_to_its_page(talk, rasa, site):
    rasa.say = saying(TICKET)
    ask(talk, "没办成")
    talk.get_by_text("K7M2-QD9P").wait_for()
    link = talk.get_by_role("link", name="查看进度")
    assert link.get_attribute("href") == f"{site.url}/t/BS-20261121-0007"


def test_a_notice_shows_its_code_and_leads_to_its_page_even_without_its_picture(talk, rasa, site):
    rasa.say = saying(NOTICE, choices=("窗口要的和清单不一样",))
    talk.route("**/*.png", lambda route: route.abort("connectionrefused"))
    ask(talk, "给我清单")
    talk.get_by_text("ABCD-EFGH-JKMN").wait_for()
    talk.get_by_text("有效期至2027年2月20日").wait_for()
    link = talk.get_by_role("link", name="打开、打印告知单")
    assert link.get_attribute("href") == f"{site.url}/n/ABCD-EFGH-JKMN"
    talk.get_by_role("img").wait_for(state="detached")


def test_the_picture_of_a_notice_is_there_for_the_counter(talk, rasa):
    rasa.say = saying(NOTICE)
    show_pictures(talk)
    ask(talk, "给我清单")
    picture = talk.get_by_role("img", name="告知单的二维码，到窗口出示")
    picture.wait_for()
    assert picture.get_attribute("src").endswith("/qr.png")


def test_a_ticket_address_that_is_a_script_is_no_link(talk, rasa):
    rasa.say = saying(TICKET | {"url": "javascript:window.hacked=1"})
    ask(talk, "没办成")
    talk.get_by_text("K7M2-QD9P").wait_for()
    assert talk.get_by_role("link", name="查看进度").count() == 0


def test_html_is_shown_as_text_wherever_it_comes_from(talk, rasa):
    evil = "<img src=x onerror=window.hacked=1>"
    item = MATERIALS["items"][0] | {"name": evil, "note": evil}
    rasa.say = saying(text(evil, "warning"), MATERIALS | {"title": evil, "items": [item]}, choices=(evil,))
    ask(talk, evil)
    talk.get_by_role("button", name=evil).click()
    talk.get_by_role("button", name=f"您选了：{evil}").wait_for()
    assert talk.evaluate("window.hacked") is None
    assert talk.evaluate("document.querySelector('banshi-chat').shadowRoot.querySelectorAll('img').length") == 0


def test_keyboard_alone_opens_asks_chooses_and_closes(page, rasa):
    rasa.say = asking_for_age
    page.goto("/about")
    opener = page.get_by_role("button", name="问办事")
    opener.wait_for()
    opener.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("办身份证")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="未满16周岁").wait_for()
    page.keyboard.press("Shift+Tab")  # from the field back to the last choice
    page.keyboard.press("Enter")
    page.get_by_text("监护人也要到场。").wait_for()
    page.keyboard.type("好的")
    assert page.get_by_role("textbox", name="您的问题").input_value() == "好的"
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == "问办事"


@pytest.mark.parametrize("properties", [{"isComposing": True}, {"keyCode": 229}])
def test_an_enter_that_picks_a_word_of_the_input_method_sends_nothing(talk, rasa, properties):
    field = talk.get_by_role("textbox", name="您的问题")
    field.fill("shenfenzheng")
    field.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "composed": True, **properties})
    assert field.input_value() == "shenfenzheng"
    field.press("Enter")
    assert field.input_value() == ""


def test_without_a_server_there_is_a_number_a_guide_and_another_try(talk, rasa, site):
    site.stop()
    ask(talk, "多少钱")
    talk.get_by_text("没有发出去").wait_for()
    log = talk.get_by_role("log")
    assert log.get_by_role("link", name="12345").get_attribute("href") == "tel:12345"
    assert log.get_by_role("link", name="看办事指南").get_attribute("href") == f"{site.url}/guide"
    site.start()
    talk.get_by_role("button", name="再试一次").click()
    talk.get_by_text("您说：多少钱").wait_for()
    assert talk.get_by_text("没有发出去").count() == 0
    assert log.get_by_role("link", name="看办事指南").count() == 0
    assert len(rasa.heard) == 1


def test_a_server_that_was_away_finds_the_conversation_again(talk, rasa, site):
    ask(talk, "一")
    talk.get_by_text("您说：一").wait_for()
    site.stop()
    site.start()
    ask(talk, "二")
    talk.get_by_text("您说：二").wait_for()
    assert talk.get_by_text("您说：一").count() == 1


def test_large_print_is_larger_and_survives_a_reload(talk):
    size = "getComputedStyle(document.querySelector('banshi-chat').shadowRoot.querySelector('.log')).fontSize"
    before = float(talk.evaluate(size)[:-2])
    talk.get_by_role("button", name="大字").click()
    talk.reload()
    talk.get_by_role("button", name="大字", pressed=True).wait_for()
    assert float(talk.evaluate(size)[:-2]) >= 1.3 * before


def test_the_transcript_is_a_polite_log(talk):
    log = talk.get_by_role("log", name="对话记录")
    assert log.get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("path", ["/", "/guide", "/guide/birth-registration", "/t", "/about"])
def test_nothing_is_cut_off_on_a_screen_of_320_pixels(page, rasa, path):
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(path)
    page.get_by_role("main").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_talk_fits_320_pixels_and_its_buttons_a_finger(page, rasa):
    rasa.say = saying(
        MATERIALS, OFFICES, TICKET, NOTICE, question("age", "满16周岁了吗？"), choices=("已满16周岁", "未满16周岁")
    )
    show_pictures(page)
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/")
    page.get_by_role("log").wait_for()
    ask(page, "要带什么")
    page.get_by_role("button", name="未满16周岁").wait_for()
    log = page.get_by_role("log")
    assert log.evaluate("log => log.scrollWidth <= log.clientWidth")
    boxes = [button.bounding_box() for button in page.locator("banshi-chat").get_by_role("button").all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44


def test_no_other_host_is_asked_and_no_cookie_set(page, rasa, site):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto("/")
    page.get_by_role("log").wait_for()
    ask(page, "多少钱")
    page.get_by_text("您说：多少钱").wait_for()
    assert hosts == {urlsplit(site.url).netloc}
    assert page.context.cookies() == []


def test_a_host_page_keeps_its_style_and_the_widget_its_own(talk):
    talk.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("* { letter-spacing: 9px; font-size: 40px } button { background: red !important }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    style = "getComputedStyle(document.querySelector('banshi-chat').shadowRoot.querySelector('.send'))"
    assert talk.evaluate(f"{style}.letterSpacing") == "normal"
    assert talk.evaluate(f"{style}.fontSize") == "17px"
    assert talk.evaluate(f"{style}.backgroundColor") == "rgb(20, 82, 159)"


def test_the_whole_widget_is_at_most_30_kilobytes_compressed():
    files = [file for file in (ROOT / "widget").rglob("*") if file.is_file()]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 30 * 1024
