import asyncio

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import House, house, work_in
from actions.filing import is_filing
from actions.guidance import ActionGuide
from actions.people import ActionEmergency
from actions.small_talk import ActionSmallTalk
from actions.ticket import ActionTicket
from base.clock import now
from base.db import Base, Database
from base.settings import load_settings
from bot.conversations.vault import Cipher
from knowledge.revisions import take_in_content
from tickets.intake import OFFER, offer
from tickets.store import tickets_of

STORY = "补身份证跑了三趟，非要居住证明"
DONE = {"number": "BS-20261123-0001", "service": None}


@pytest.fixture(autouse=True)
def own_house(tmp_path):
    settings = load_settings({"BANSHI_VAR": str(tmp_path), "BANSHI_PUBLIC_URL": "https://banshi.example"})
    work_in(House(settings, Database(settings.database_url), Cipher(settings.secret)))
    Base.metadata.create_all(house().database.engine)
    yield
    house().database.close()


def tracker_of(text, intent, *, links=(), places=(), events=(), **slots):
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "linking": {"services": list(links), "places": list(places)},
    }
    return Tracker("someone", slots, message, list(events), False, None, {}, None)


def run(action, tracker):
    """What the action says, and the slots it sets."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


def stored():
    with house().database.reading() as session:
        return tickets_of(session, "someone")


def test_a_story_is_stored_before_it_is_confirmed():
    link = {"id": "id-card-replace", "confidence": 0.9, "reason": "name"}
    place = {"adcode": "320402", "text": "天宁区"}
    messages, slots = run(ActionTicket(), tracker_of(STORY, "report_stuck", links=[link], places=[place]))
    (ticket,) = stored()
    answer = messages[0]["custom"]["answer"]
    assert ticket.number in messages[0]["text"]
    assert (answer["outcome"], answer["ticket"], answer["service"]) == ("ticket", ticket.number, "id-card-replace")
    assert (ticket.service, ticket.region) == ("id-card-replace", "320402")
    assert slots["ticket"]["number"] == ticket.number
    assert messages[0]["buttons"] == [{"title": "跳过", "payload": "跳过"}]


def test_the_subject_of_the_talk_is_the_tickets():
    run(ActionTicket(), tracker_of("跑了三趟没办成", "report_stuck", service="passport", region="320400"))
    (ticket,) = stored()
    assert (ticket.service, ticket.region) == ("passport", "320400")


def test_an_item_linked_with_doubt_is_not_written_down():
    link = {"id": "passport", "confidence": 0.3, "reason": "near"}
    run(ActionTicket(), tracker_of(STORY, "report_stuck", links=[link]))
    assert stored()[0].service is None


def test_a_paper_that_was_demanded_is_not_what_the_ticket_is_about():
    link = {"id": "residence-proof", "confidence": 0.9, "reason": "含有“居住证明”"}
    run(ActionTicket(), tracker_of(STORY, "report_stuck", links=[link]))
    assert stored()[0].service is None


def test_the_flow_clears_what_the_guides_had_asked():
    _, slots = run(ActionTicket(), tracker_of(STORY, "report_stuck", asks="reason", choices=[{"words": "a"}]))
    assert (slots["asks"], slots["choices"]) == (None, [])


@pytest.mark.parametrize("action", [ActionGuide(), ActionSmallTalk()])
def test_other_actions_hand_over_while_a_ticket_is_filed(action):
    _, slots = run(ActionTicket(), tracker_of(STORY, "report_stuck"))
    messages, slots = run(action, tracker_of("天宁区政务服务中心", "inform", ticket=slots["ticket"]))
    assert "地点记下了" in messages[0]["text"]
    assert stored()[0].place == "天宁区政务服务中心"


def test_a_question_about_an_item_is_left_to_the_guides():
    state = {"step": "contact", **DONE}
    link = {"id": "passport", "confidence": 0.9, "reason": "name"}
    assert not is_filing(tracker_of("护照多少钱", "ask_fee", ticket=state, links=[link]))
    assert not is_filing(tracker_of("多少钱", "ask_fee", ticket=state, service="passport"))
    assert not is_filing(tracker_of("首次申领", "inform", ticket=state, asks="first"))
    assert is_filing(tracker_of("13812345678", "inform", ticket=state, service="passport"))


def said(words, *buttons):
    data = {"buttons": [{"title": title, "payload": title} for title in buttons]}
    return {"event": "bot", "text": words, "data": data}


def test_a_yes_takes_an_offer_only_while_it_stands():
    state = offer("我想领养一只大熊猫")
    offered, other = said("这件事我这里没有资料", OFFER), said("请带户口簿")
    assert is_filing(tracker_of("好的", "affirm", ticket=state, events=[offered]))
    assert is_filing(tracker_of("1", "inform", ticket=state, events=[offered]))
    assert not is_filing(tracker_of("好的", "affirm", ticket=state, events=[offered, other]))


def test_a_failure_becomes_a_sentence():
    Base.metadata.drop_all(house().database.engine)
    messages, slots = run(ActionTicket(), tracker_of(STORY, "report_stuck"))
    assert messages[0]["response"] == "utter_sorry_call_us"
    assert slots == {}


def ranked(text, *ranking, **slots):
    """A tracker with the likeliest intents."""
    tracker = tracker_of(text, ranking[0][0], **slots)
    tracker.latest_message["intent"]["confidence"] = ranking[0][1]
    tracker.latest_message["intent_ranking"] = [{"name": name, "confidence": likely} for name, likely in ranking]
    return tracker


def test_a_question_taken_for_a_report_is_answered_and_can_still_be_registered():
    words = "收到违停短信可我没停，该去哪里申诉"
    messages, slots = run(ActionTicket(), ranked(words, ("report_stuck", 0.5), ("ask_location", 0.4)))
    assert messages[0]["custom"]["answer"]["outcome"] == "not_covered"  # no item is named
    assert OFFER in [button["title"] for button in messages[0]["buttons"]]
    assert slots["ticket"]["words"] == words
    assert stored() == []


def test_the_offer_stands_after_the_guides_own_choices():
    links = [{"id": "id-card-reissue-lost", "confidence": 0.9, "reason": "name"}]
    with house().database.writing() as session:
        take_in_content(session, demo=False, at=now())
    tracker = ranked("身份证丢了，保安不清楚，该怎么补，找谁", ("complain", 0.5), ("ask_how_to", 0.4), links=links)
    messages, slots = run(ActionTicket(), tracker)
    answer = messages[0]["custom"]["answer"]
    assert answer["choices"][-1] == OFFER
    assert slots["ticket"]["choices"] == answer["choices"]
    assert len(answer["choices"]) > 1
    assert slots["ticket"]["kind"] == "complaint"


def test_a_refusal_taken_for_a_question_is_registered():
    messages, _ = run(ActionGuide(), ranked("居住证窗口不给办，跑了三趟", ("ask_how_to", 0.8)))
    assert stored()[0].trips == 3
    assert messages[0]["custom"]["answer"]["outcome"] == "ticket"


def test_abuse_is_answered_calmly_and_never_registered():
    messages, _ = run(ActionTicket(), ranked("你就是个垃圾机器人", ("complain", 0.9)))
    assert messages[0]["response"] == "utter_chitchat"
    assert stored() == []


def test_danger_that_only_the_model_guesses_needs_no_alarm_where_papers_are_asked_for():
    guess = ("emergency", 0.5)
    calm, _ = run(ActionEmergency(), ranked("洪水过后怎么申请补助", guess))
    alarmed, _ = run(ActionEmergency(), ranked("外面一直有怪声，我一个人", guess))
    sure, _ = run(ActionEmergency(), ranked("洪水过后怎么申请补助", ("emergency", 0.95)))
    outcomes = [messages[0]["custom"]["answer"]["outcome"] for messages in (calm, alarmed, sure)]
    assert outcomes == ["clarify", "emergency", "emergency"]
