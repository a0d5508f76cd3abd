import json
import threading

import pytest

from base.answer import Answer, Outcome, text
from base.clock import now
from base.message import Message
from bot.channels.answerers import Answerers
from bot.channels.turn import handle, receive
from bot.channels.web.router import MOST_OPEN, MOST_TEXT
from bot.channels.web.stream import MOST_REPLAYED, Streams
from bot.conversations.pushes import enqueue_push, keep_push
from tests.houses import carrying

JSON = {"Content-Type": "application/json"}
CHANGED = Answer(Outcome.ANSWER, (text("您的清单有变化"),), choices=("看看变了什么",))


def push(house, conversation, *keys):
    """Messages that nobody asked for, already in the record."""
    for key in keys:
        with house.database.writing() as session:
            keep_push(session, conversation=conversation, answer=CHANGED, key=key, at=now())


def events(site, conversation, count, last=""):
    """The next events of a stream as (SSE id, the message it answers)."""
    address, headers = f"/channels/web/stream?conversation={conversation}", {"Last-Event-ID": last}
    found = []
    with site.http.stream("GET", address, headers=headers) as response:
        for line in response.iter_lines():
            if line.startswith("id: "):
                mark = line[4:]
            elif line.startswith("data: "):
                found.append((mark, json.loads(line[6:])["reply_to"]))
            if len(found) == count:
                return found


def test_a_question_is_accepted_and_answered_on_the_stream(site, rasa):
    answer = Answer(Outcome.ANSWER, (text("工本费20元。"),), choices=("给我完整清单",), aspects=("fee",))
    rasa.say = lambda *_: carrying(answer)
    response = site.http.post("/channels/web", json={"id": "a1", "text": "多少钱"})
    assert response.status_code == 202
    conversation = response.json()["conversation"]
    assert response.json() == {"conversation": conversation, "id": "a1"}
    [message] = site.listen(conversation, 1)
    assert message["reply_to"] == "a1"
    assert message["text"] == "工本费20元。\n1. 给我完整清单"
    assert message["card"] == {
        "blocks": [{"type": "text", "text": "工本费20元。", "tone": "plain"}],
        "choices": ["给我完整清单"],
    }


def test_a_tickets_secret_can_be_read_again_on_the_stream_and_stands_nowhere_in_the_store(site, rasa, settings):
    block = {"type": "ticket", "number": "BS-20261121-0007", "secret": "3QH6-SCS5", "status": "待受理", "url": "/t"}
    rasa.say = lambda *_: carrying(Answer(Outcome.TICKET, (block,), ticket=block["number"]), "report_stuck")
    conversation = site.say("跑了三趟没办成")
    for _ in range(2):
        [message] = site.listen(conversation, 1)
        assert "查询码：3QH6-SCS5" in message["text"]
        assert message["card"]["blocks"] == [block]
    assert b"3QH6" not in b"".join(file.read_bytes() for file in settings.var.glob("banshi.db*"))


def test_a_listener_hears_the_reply_when_it_is_made(site, rasa):
    conversation = site.say("第一句")
    site.listen(conversation, 1)
    rasa.gate.clear()
    site.say("第二句", "2", conversation)
    heard = []
    listener = threading.Thread(target=lambda: heard.extend(site.listen(conversation, 2)))
    listener.start()
    rasa.gate.set()
    listener.join(10)
    assert [message["reply_to"] for message in heard] == ["1", "2"]


def test_a_repeated_id_is_no_second_question(site, rasa):
    conversation = site.say("多少钱", "a")
    site.listen(conversation, 1)
    for _ in range(3):
        assert site.say("多少钱", "a", conversation) == conversation
    site.say("几天", "b", conversation)
    assert [message["reply_to"] for message in site.listen(conversation, 2)] == ["a", "b"]
    assert [message for _, message in rasa.heard] == ["多少钱", "几天"]


def test_a_lost_line_goes_on_after_the_last_event(site):
    conversation = site.say("一", "1")
    for number in "234":
        site.say(number, number, conversation)
    seen = site.listen(conversation, 4)
    again = site.listen(conversation, 2, **{"Last-Event-ID": seen[1]["id"]})
    assert again == seen[2:]


def test_a_message_that_nobody_asked_for_answers_none_and_has_its_card(site, house):
    conversation = site.say("一", "1")
    site.listen(conversation, 1)
    push(house, conversation, "k1")
    reply, told = site.listen(conversation, 2)
    assert reply["reply_to"] == "1"
    assert told.pop("id") != reply["id"]
    assert told == {
        "reply_to": None,
        "text": "您的清单有变化\n1. 看看变了什么",
        "card": {"blocks": [{"type": "text", "text": "您的清单有变化", "tone": "plain"}], "choices": ["看看变了什么"]},
    }


def test_a_listener_hears_what_the_worker_sends(site, house):
    conversation = site.say("一", "1")
    site.listen(conversation, 1)
    heard = []
    listener = threading.Thread(target=lambda: heard.extend(site.listen(conversation, 2)))
    listener.start()
    with house.database.writing() as session:
        enqueue_push(session, conversation=conversation, answer=CHANGED, key="k1", at=now())
    listener.join(10)
    assert [message["reply_to"] for message in heard] == ["1", None]


@pytest.fixture
def mixed(site, house):
    """A conversation of replies and of messages that nobody asked for, by turns."""
    conversation = site.say("一", "1")
    site.listen(conversation, 1)
    push(house, conversation, "k1", "k2")
    site.say("二", "2", conversation)
    site.listen(conversation, 4)
    push(house, conversation, "k3")
    return conversation


def test_replies_and_messages_come_in_the_order_of_time(site, mixed):
    assert [reply_to for _, reply_to in events(site, mixed, 5)] == ["1", None, None, "2", None]


@pytest.mark.parametrize("seen", range(1, 5))
def test_a_lost_line_goes_on_after_whatever_came_last_of_either_kind(site, mixed, seen):
    whole = events(site, mixed, 5)
    assert events(site, mixed, 5 - seen, last=whole[seen - 1][0]) == whole[seen:]


def test_a_client_that_knows_replies_alone_misses_nothing(site, mixed):
    first_turn = events(site, mixed, 1)[0][0]
    assert first_turn.isdigit()
    assert [reply_to for _, reply_to in events(site, mixed, 4, last=first_turn)] == [None, None, "2", None]


def test_what_was_too_old_to_replay_does_not_come_late(site, house):
    conversation = site.say("一", "1")
    site.listen(conversation, 1)
    push(house, conversation, *(f"k{number}" for number in range(MOST_REPLAYED + 1)))
    last = events(site, conversation, 1 + MOST_REPLAYED)[-1][0]
    push(house, conversation, "new")
    assert len(events(site, conversation, 1, last=last)) == 1


def test_a_burst_is_answered_in_order(site):
    conversation = site.say("0", "0")
    for number in range(1, 10):
        site.say(str(number), str(number), conversation)
    heard = site.listen(conversation, 10)
    assert [message["reply_to"] for message in heard] == [str(number) for number in range(10)]


def test_a_reply_of_another_process_is_found(site, house):
    conversation = site.say("一", "1")
    site.listen(conversation, 1)
    heard = []
    listener = threading.Thread(target=lambda: heard.extend(site.listen(conversation, 2)))
    listener.start()
    handle(house, Message(conversation, "2", "二", "web"))  # a second house over the same database
    listener.join(10)
    assert [message["reply_to"] for message in heard] == ["1", "2"]


def test_what_a_dead_process_left_is_answered(site, house, rasa):
    conversation = site.say("一", "1")
    site.listen(conversation, 1)
    receive(house, Message(conversation, "2", "二", "web"))
    site.say("三", "3", conversation)
    assert [message["reply_to"] for message in site.listen(conversation, 3)] == ["1", "2", "3"]


def test_an_unknown_conversation_begins_anew_and_has_no_stream(site):
    conversation = site.say("你好", "1", "forgotten-long-ago")
    assert conversation != "forgotten-long-ago"
    response = site.http.get("/channels/web/stream", params={"conversation": "forgotten-long-ago"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_without_rasa_the_guides_answer(site, rasa):
    rasa.close()
    [message] = site.listen(site.say("身份证丢了"), 1)
    assert "12345" in message["text"]
    assert "/guide/id-card-reissue-lost" in message["text"]


@pytest.mark.parametrize(
    "words",
    ["", "😀🎉", "\x00\x01\u200b", "'; DROP TABLE turn; --", "<img src=x onerror=alert(1)>", "好" * 10_000, "\ud83d"],
)
def test_bad_input_gets_a_kind_reply(site, words):
    body = json.dumps({"id": "1", "text": words})  # a lone surrogate is no UTF-8, but it is JSON
    response = site.http.post("/channels/web", content=body, headers=JSON)
    assert response.status_code == 202
    [message] = site.listen(response.json()["conversation"], 1)
    assert message["text"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'{"id": "1"}', 422),
        (b'{"text": "x"}', 422),
        (b'{"id": "", "text": "x"}', 422),
        (b'{"id": "a b", "text": "x"}', 422),
        (b'{"id": "1", "text": 5}', 422),
        (b'{"id": "1", "text": "x", "conversation": "a\\u0000b"}', 422),
        (b'{"id": "1", "text": "\xff\xfe"}', 400),
        (json.dumps({"id": "1", "text": "x" * (MOST_TEXT + 1)}).encode(), 422),
        (json.dumps({"id": "1", "text": "x" * 600_000}).encode(), 413),
    ],
)
def test_a_malformed_body_is_a_problem(site, rasa, body, status):
    response = site.http.post("/channels/web", content=body, headers=JSON)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert "Traceback" not in response.text
    assert rasa.heard == []


def test_a_body_of_unannounced_length_is_cut_off(site):
    response = site.http.post("/channels/web", content=iter([b" " * 65536] * 20), headers=JSON)
    assert response.status_code == 413


@pytest.mark.parametrize("last", ["abc", "-1", "²", "9" * 18, "9" * 37, ".", "1.", ".1", "1.²", "1.2.3"])
def test_an_odd_last_event_id_does_no_harm(site, last):
    conversation = site.say("一", "1")
    site.say("二", "2", conversation)
    with site.http.stream(
        "GET",
        f"/channels/web/stream?conversation={conversation}",
        headers={"Last-Event-ID": last.encode()},
    ) as response:
        assert response.status_code == 200


def test_one_conversation_cannot_fill_the_queue(site, rasa):
    rasa.gate.clear()
    conversation = site.say("0", "0")
    for number in range(1, MOST_OPEN):
        site.say(str(number), str(number), conversation)
    response = site.http.post("/channels/web", json={"conversation": conversation, "id": "x", "text": "y"})
    assert response.status_code == 429
    assert response.headers["Retry-After"]
    rasa.gate.set()


def test_a_full_house_says_so_and_keeps_nothing(site, house, rasa):
    site.app.state.answerers.close()
    site.app.state.answerers = Answerers(house, most_waiting=0)
    response = site.http.post("/channels/web", json={"id": "1", "text": "y"})
    assert response.status_code == 429
    assert response.json()["detail"] == "现在咨询的人很多，请稍后再发"


def test_streams_are_bounded(site):
    conversation = site.say("一")
    site.app.state.streams = Streams(most=0)
    response = site.http.get("/channels/web/stream", params={"conversation": conversation})
    assert response.status_code == 503
    assert response.headers["Retry-After"]


def test_a_quiet_stream_shows_that_it_lives(site):
    site.app.state.streams = Streams(look=0.01, heartbeat=0.02)
    address = f"/channels/web/stream?conversation={site.say('一')}"
    with site.http.stream("GET", address) as response:
        beats = (line for line in response.iter_lines() if line == ":")
        assert [next(beats), next(beats)] == [":", ":"]


def test_only_the_named_sites_may_embed_the_widget(site):
    for origin, allowed in (("https://www.example.gov.cn", True), ("https://evil.example", False)):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        headers["Access-Control-Request-Headers"] = "content-type"
        response = site.http.options("/channels/web", headers=headers)
        assert (response.headers.get("access-control-allow-origin") == origin) is allowed
        assert "access-control-allow-credentials" not in response.headers
