"""The guide's action: what Rasa understood comes in, words and slots go out."""

import asyncio

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import House, heard, house, work_in
from actions.guidance import ActionGuide, ActionNotCovered
from base.clock import now
from base.db import Base, Database
from base.settings import load_settings
from bot.conversations.vault import Cipher
from knowledge.revisions import take_in_content
from tickets.intake import OFFER, offer


@pytest.fixture(scope="module", autouse=True)
def own_house(tmp_path_factory):
    settings = load_settings({"BANSHI_VAR": str(tmp_path_factory.mktemp("var"))})
    work_in(House(settings, Database(settings.database_url), Cipher(settings.secret)))
    Base.metadata.create_all(house().database.engine)
    with house().database.writing() as session:
        take_in_content(session, demo=True, at=now())
    yield
    house().database.close()


def tracker_of(text, intents, *links, **slots):
    ranking = [{"name": name, "confidence": likely} for name, likely in intents]
    message = {
        "text": text,
        "intent": ranking[0],
        "intent_ranking": ranking,
        "linking": {"services": [{"id": id, "confidence": likely} for id, likely in links], "places": []},
    }
    return Tracker("someone", slots, message, [], False, None, {}, None)


def run_carrying(action, tracker):
    """All that the message carries to our own channels, and the slots that are set."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    (message,) = dispatcher.messages
    return message["custom"], {event["name"]: event["value"] for event in events}


def run(action, tracker):
    """The Answer, and the slots that are set."""
    carried, slots = run_carrying(action, tracker)
    return carried["answer"], slots


def test_the_ranking_of_the_intents_is_heard():
    tracker = tracker_of("身份证丢了大概花多少", [("ask_fee", 0.5), ("ask_time_limit", 0.3)])
    assert heard(tracker).asked == ("fee", "time_limit")


def test_all_that_is_asked_is_answered_and_remembered():
    tracker = tracker_of("补身份证多少钱，要几天", [("ask_fee", 0.9)], ("id-card-reissue-lost", 0.9))
    answer, slots = run(ActionGuide(), tracker)
    assert (answer["outcome"], answer["aspects"]) == ("answer", ("fee", "time_limit"))
    assert (slots["service"], slots["aspects"]) == ("id-card-reissue-lost", ["fee", "time_limit"])


def test_what_only_a_person_can_decide_comes_with_the_offer_to_register_it():
    words = "我这种情况够不够条件领人才补贴"
    answer, slots = run(ActionGuide(), tracker_of(words, [("ask_eligibility", 0.9)], ("talent-subsidy", 0.9)))
    assert (answer["outcome"], answer["service"], answer["choices"]) == ("handoff", "talent-subsidy", (OFFER,))
    assert (slots["service"], slots["ticket"]) == ("talent-subsidy", offer(words))


@pytest.mark.parametrize(
    ("none_of_ours", "item", "outcome"),
    [
        (0.7, 0.9, "answer"),
        (0.95, 0.92, "not_covered"),
        (0.4, 0.8, "not_covered"),
        (0.25, 0.28, "not_covered"),
    ],
)
def test_what_sounds_like_no_business_is_answered_only_when_an_item_is_as_good_as_certain(none_of_ours, item, outcome):
    words = "工资一直不发怎么办"
    tracker = tracker_of(words, [("not_covered", none_of_ours)], ("labor-complaint", item))
    answer, slots = run(ActionNotCovered(), tracker)
    assert answer["outcome"] == outcome
    assert slots.get("ticket") == (offer(words) if outcome == "not_covered" else None)


def test_the_reply_carries_what_was_understood_and_why():
    links = [(id, likely) for id, likely in zip("abcde", (0.9, 0.3, 0.2, 0.1, 0.05), strict=True)]
    tracker = tracker_of("身份证丢了", [("ask_how_to", 0.81237)], ("id-card-reissue-lost", 0.95), *links)
    tracker.latest_message["linking"]["services"][0]["reason"] = "含有“身份证丢了”"
    carried, _ = run_carrying(ActionGuide(), tracker)
    understood = carried["understood"]
    assert (understood["intent"], understood["probability"]) == ("ask_how_to", 0.8124)
    assert understood["services"][0] == {
        "id": "id-card-reissue-lost",
        "confidence": 0.95,
        "reason": "含有“身份证丢了”",
    }
    assert len(understood["services"]) == 4
    assert carried["gap"] is None


def test_the_reply_tells_why_a_question_stays_open():
    ruling = tracker_of("我这种情况够不够条件领人才补贴", [("ask_eligibility", 0.9)], ("talent-subsidy", 0.9))
    assert run_carrying(ActionGuide(), ruling)[0]["gap"] == "undecided"
    nothing = tracker_of("养一条蟒蛇当宠物要去哪里办什么手续", [("nlu_fallback", 0.3)])
    assert run_carrying(ActionGuide(), nothing)[0]["gap"] == "not_covered"
    choices = [{"words": "居民身份证丢失补领", "service": "id-card-reissue-lost"}, {"words": "都不是"}]
    refused = tracker_of("都不是", [("deny", 0.9)], asks="service", choices=choices)
    assert run_carrying(ActionGuide(), refused)[0]["gap"] == "none_fits"


def test_after_none_of_these_the_question_before_the_menu_is_what_may_be_registered():
    choices = [{"words": "居民身份证丢失补领", "service": "id-card-reissue-lost"}, {"words": "都不是"}]
    refused = tracker_of("都不是", [("deny", 0.9)], asks="service", choices=choices)
    refused.events = [{"event": "user", "text": words} for words in ("弄个那个证", "都不是")]
    _, slots = run(ActionGuide(), refused)
    assert slots["ticket"] == offer("弄个那个证")
