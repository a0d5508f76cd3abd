"""An answer or a ticket: what the words say plainly weighs more than the model's guess."""

import pytest
import yaml

from base.settings import ROOT
from tickets.wish import meant

SENTENCES = yaml.safe_load((ROOT / "tests" / "tickets" / "wishes.yml").read_text("utf-8"))
GUESSED_REPORT = [("report_stuck", 0.6), ("ask_how_to", 0.2), ("ask_location", 0.1)]
GUESSED_QUESTION = [("ask_how_to", 0.7), ("report_stuck", 0.2)]


@pytest.mark.parametrize("words", SENTENCES["asked"])
def test_who_asks_how_gets_an_answer(words):
    assert meant(words, GUESSED_REPORT) == "ask_how_to"


@pytest.mark.parametrize("words", SENTENCES["refused"])
def test_who_was_refused_gets_a_ticket(words):
    assert meant(words, GUESSED_QUESTION) == "report_stuck"
    assert meant(words, [("complain", 0.5), ("ask_how_to", 0.4)], item=0.9) == "complain"


@pytest.mark.parametrize("words", SENTENCES["talk"])
def test_abuse_good_wishes_and_tricks_are_no_reports(words):
    assert meant(words, [("complain", 0.9)]) == "chitchat"


@pytest.mark.parametrize("words", SENTENCES["asked"])
def test_a_question_stays_a_question(words):
    assert meant(words, GUESSED_QUESTION) == "ask_how_to"


def test_a_sure_report_is_one_unless_it_asks_about_an_item_that_it_names():
    words = "户口本上我名字的字写错了，怎么改"
    assert meant(words, [("report_stuck", 0.9), ("ask_how_to", 0.1)]) == "report_stuck"
    assert meant(words, [("report_stuck", 0.9), ("ask_how_to", 0.1)], item=0.8) == "ask_how_to"


def test_a_question_that_no_intent_names_is_read_by_its_words():
    assert meant("社保断缴，打什么电话", [("complain", 0.9), ("inform", 0.1)], item=0.8) == "nlu_fallback"


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("跑了三趟，到底还缺什么材料", "ask_materials"),
        ("网站打不开，能去窗口办吗", "ask_online"),
        ("我的工单拖了三个月", "ask_ticket"),
        ("窗口没人，我要找人工", "ask_human"),
        ("我跑了三趟还是没办成，谢谢你", "thank"),
    ],
)
def test_other_wishes_are_left_alone(words, intent):
    assert meant(words, [(intent, 0.8)]) == intent


@pytest.mark.parametrize("words", ["跑了三趟窗口不给办，怎么办", "态度恶劣，该找谁", "什么态度！有没有人管管"])
def test_a_refusal_is_registered_whatever_is_asked_beside(words):
    assert meant(words, GUESSED_REPORT) == "report_stuck"


def test_a_long_story_is_what_the_model_takes_it_for():
    story = "我爱人摔断了胳膊，" * 7 + "去了三趟还是没说法，该找谁"
    assert meant(story, [("report_stuck", 0.6), ("ask_how_to", 0.3)], item=0.9) == "report_stuck"
    assert meant("我们来了三次都没见到人。" * 6, [("ask_process", 0.9)]) == "ask_process"
    assert meant("我们来了三次都没见到人。" * 6, [("ask_process", 0.5)]) == "report_stuck"
