"""The notice in a talk, as the guide's action gives it: issued, sent again, changed, joined, held against the counter."""

import asyncio
import shutil
from dataclasses import replace

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.base import House, house, work_in
from actions.guidance import ActionGuide
from actions.ticket import ActionTicket
from base.clock import now
from base.db import Base, Database
from base.settings import load_settings
from bot.conversations.vault import Cipher
from knowledge.notices.codes import new_code
from knowledge.notices.models import Notice
from knowledge.notices.store import Wanted, cases_of, content_of
from knowledge.notices.store import replace as replace_notice
from knowledge.notices.talk import Held
from knowledge.revisions import take_in_content
from tickets.models import Ticket

PASSPORT = "passport-reissue"
SITE = "http://127.0.0.1:8000"
BEYOND = "窗口要的和清单不一样"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    file = tmp_path_factory.mktemp("var") / "banshi.db"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        take_in_content(session, demo=True, at=now())
    database.close()
    return file


@pytest.fixture(autouse=True)
def own_house(tmp_path, filled):
    settings = load_settings({"BANSHI_VAR": str(tmp_path)})
    shutil.copy(filled, tmp_path / "banshi.db")
    work_in(House(settings, Database(settings.database_url), Cipher(settings.secret)))
    yield
    house().database.close()


class Talk:
    """One conversation with the actions; Rasa's part, intent and links, is said with the words."""

    def __init__(self):
        self.slots = {}

    def say(self, words, intent="inform", *links, action=None, place=None):
        places = [{"adcode": place, "text": words}] if place else []
        message = {
            "text": words,
            "intent": {"name": intent, "confidence": 0.9},
            "intent_ranking": [{"name": intent, "confidence": 0.9}],
            "linking": {
                "services": [{"id": id, "confidence": sure, "reason": ""} for id, sure in links],
                "places": places,
            },
        }
        dispatcher = CollectingDispatcher()
        tracker = Tracker("someone", self.slots, message, [], False, None, {}, None)
        events = asyncio.run((action or ActionGuide()).run(dispatcher, tracker, {}))
        self.slots |= {event["name"]: event["value"] for event in events}
        (said,) = dispatcher.messages
        return said["custom"]["answer"]

    def choose(self, answer):
        """Take the first choice until nothing is asked any more."""
        while answer["asks"]:
            answer = self.say(answer["choices"][0])
        return answer


@pytest.fixture
def talk():
    return Talk()


def notices():
    with house().database.reading() as session:
        return session.scalars(select(Notice).order_by(Notice.id)).all()


def blocks_of(answer, kind):
    return [block for block in answer["blocks"] if block["type"] == kind]


def words_of(answer):
    return str(answer["blocks"])


@pytest.fixture
def given(talk):
    """The answer that brought the first notice, for a lost passport."""
    return talk.choose(talk.say("护照丢了，给我清单", "request_notice", (PASSPORT, 0.95)))


def test_the_whole_list_comes_as_a_notice_once_nothing_is_open(talk, given):
    (notice,) = notices()
    (block,) = blocks_of(given, "notice")
    assert block["code"].replace("-", "") == notice.code
    assert block["url"] == f"{SITE}/n/{block['code']}"
    assert block["qr"] == f"{block['url']}/qr.png"
    assert blocks_of(given, "materials")
    assert given["choices"] == (BEYOND,)
    assert (notice.conversation, notice.channel, notice.service) == ("someone", "chat", PASSPORT)
    assert cases_of(notice)[0].answers == talk.slots["answers"]


def test_while_a_question_is_open_there_is_no_notice(talk):
    answer = talk.say("护照丢了，给我清单", "request_notice", (PASSPORT, 0.95))
    assert answer["asks"]
    assert (notices(), blocks_of(answer, "notice")) == ([], [])


def test_other_questions_bring_no_notice(talk, given):
    assert blocks_of(talk.say("要多少钱", "ask_fee"), "notice") == []
    assert len(notices()) == 1


def test_who_asks_again_gets_the_same_one(talk, given):
    again = talk.say("再发我一份", "request_notice")
    assert blocks_of(again, "notice") == blocks_of(given, "notice")
    assert len(notices()) == 1


@pytest.mark.parametrize("intent", ["inform", "ask_agent", "correct"])
def test_another_answer_tells_only_what_changed(talk, given, intent):
    options = changeable(talk)
    answer = talk.say(f"我又想起来，是{options[-1]}", intent)
    answer = talk.choose(answer)
    old, new = notices()
    assert old.replaced_by == new.code
    assert blocks_of(answer, "materials") == []
    assert blocks_of(answer, "notice")[0]["code"].replace("-", "") == new.code
    assert "和上一份比" in words_of(answer)
    assert talk.slots["notice"] == {"code": new.code, "service": PASSPORT, "who": "本人"}


def test_what_comes_to_mind_is_told_and_asks_nothing_though_it_sounds_like_a_question(talk):
    talk.choose(talk.say("身份证丢了，给我清单", "request_notice", ("id-card-reissue-lost", 0.95)))
    answer = talk.say("我又想起来，是亲属代领", "ask_agent")
    assert "和上一份比" in words_of(answer)
    assert "代领人居民身份证" in words_of(answer)
    assert (blocks_of(answer, "materials"), blocks_of(answer, "facts")) == ([], [])


def changeable(talk):
    """The options of the first situation of the item that the notice is for."""
    service = house().knowledge().find(PASSPORT, now().date()).service
    return list(service.situations[0].options.values())


def test_an_item_of_the_same_words_does_not_take_the_place_of_a_changed_answer(talk, given):
    answer = talk.say(f"我又想起来，是{changeable(talk)[-1]}", "inform", ("id-card-minor", 0.9))
    assert talk.slots["service"] == PASSPORT
    assert answer["service"] == PASSPORT


def test_another_place_moves_the_notice_there(talk, given):
    region = next(code for code, one in house().knowledge().regions.items() if one.name == "示例东区")
    answer = talk.say("在示例东区", "inform", place=region)
    old, new = notices()
    assert (old.replaced_by, new.region) == (new.code, region)
    assert blocks_of(answer, "offices")
    assert blocks_of(answer, "notice")


@pytest.mark.parametrize("words", ["孩子也一起办", "我和孩子一起办", "再给孩子办一份"])
def test_a_child_comes_onto_the_same_notice_each_paper_once(talk, given, words):
    asked = talk.say(words, "inform")
    if asked["asks"]:
        assert blocks_of(asked, "materials") == []
        assert "孩子" in words_of(asked)
    answer = talk.choose(asked)
    old, new = notices()
    assert (old.replaced_by, [case.who for case in cases_of(new)]) == (new.code, ["本人", "孩子"])
    (materials,) = blocks_of(answer, "materials")
    assert materials["items"] == content_of(new).blocks[content_of(new).blocks.index(materials)]["items"]
    assert talk.slots["notice"]["who"] == "孩子"
    again = talk.say("再发我一份", "request_notice")
    assert blocks_of(again, "materials") == [materials]


def test_a_fifth_person_is_told_to_ask_for_a_list_of_their_own(talk, given):
    for who in ("老大", "老二", "爱人", "妈妈"):
        answer = talk.choose(talk.say(f"再给{who}办一份", "inform"))
    assert "最多写 4 个人" in words_of(answer)
    assert len(cases_of(notices()[-1])) == 4


def test_another_item_gets_a_notice_of_its_own(talk, given):
    talk.choose(talk.say("居住证给我清单", "request_notice", ("residence-permit-first", 0.95)))
    old, new = notices()
    assert (old.replaced_by, new.service) == (None, "residence-permit-first")
    assert talk.slots["notice"]["service"] == "residence-permit-first"


def test_what_the_family_added_on_the_notices_page_stays_on_it(talk, given):
    with house().database.writing() as session:
        knowledge, (old,) = house().knowledge(), session.scalars(select(Notice))
        cases = (*cases_of(old), replace(cases_of(old)[0], who="爱人"))
        wanted = Wanted(cases, region=old.region, channel=old.channel, conversation=old.conversation)
        new = replace_notice(session, old, knowledge, wanted, at=now())
    answer = talk.say("再发我一份", "request_notice")
    assert blocks_of(answer, "notice")[0]["code"].replace("-", "") == new.code
    assert "爱人" in words_of(answer)


def test_a_notice_that_is_gone_is_no_trouble(talk, given):
    talk.slots["notice"] = Held(new_code(), PASSPORT).as_slot()
    answer = talk.say("再发我一份", "request_notice")
    assert blocks_of(answer, "notice")
    assert len(notices()) == 2


@pytest.mark.parametrize("words", [BEYOND, "1", "窗口还要居住证明，清单上没有写"])
@pytest.mark.parametrize("action", [ActionGuide(), ActionTicket()])
def test_one_tap_files_what_the_counter_asked_beyond_it(talk, given, words, action):
    answer = talk.say(words, "report_stuck", action=action)
    with house().database.reading() as session:
        (ticket,) = session.scalars(select(Ticket))
    assert (ticket.kind, ticket.notice) == ("beyond_notice", notices()[0].code)
    assert answer["ticket"] == ticket.number
    assert talk.slots["ticket"]["step"] == ("place" if "居住证明" in words else "what")
