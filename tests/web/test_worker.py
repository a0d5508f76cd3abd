import hashlib
import hmac
import json

import pytest
from sqlalchemy import select

from base.clock import now
from base.message import Message
from base.outbox import OutboxRow, enqueue
from bot.channels.answerers import Answerers
from bot.channels.notices import NoticeMessages
from bot.channels.turn import receive
from bot.conversations import store
from bot.conversations.vault import derive_key
from web.webhooks import WebhookSender
from web.worker import Worker


@pytest.fixture
def worker(house, settings):
    answerers = Answerers(house)
    yield Worker(house.database, {"webhook": WebhookSender(settings.secret)}, answerers, NoticeMessages(house))
    answerers.close()


def send(house, url):
    with house.database.writing() as session:
        payload = {"url": url, "event": {"ticket": "BS-20261121-0001"}}
        enqueue(session, key="k1", topic="webhook", payload=payload, at=now())


def row(house):
    with house.database.reading() as session:
        return session.scalars(select(OutboxRow)).one()


def test_a_webhook_is_signed_and_delivered_once(house, settings, rasa, worker):
    send(house, f"{rasa.url}/hook")
    worker.do_round()
    worker.do_round()
    [(path, headers, body)] = rasa.posted
    assert path == "/hook"
    assert json.loads(body) == {"ticket": "BS-20261121-0001"}
    assert headers["Idempotency-Key"] == "k1"
    at, digest = headers["Banshi-Signature"].removeprefix("t=").split(",v1=")
    key = derive_key(settings.secret, "webhook")
    assert digest == hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert row(house).state == "sent"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_was_not_accepted_is_tried_again_later(house, rasa, worker, status):
    rasa.status = status
    send(house, f"{rasa.url}/hook")
    worker.do_round()
    waiting = row(house)
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert waiting.due_at > now()
    assert str(status) in waiting.problem


def test_the_thread_ends_when_told(worker):
    worker.start()
    worker.stop()
    assert not worker._thread.is_alive()


def test_what_waits_long_in_our_own_queue_is_not_queued_again(house, rasa):
    rasa.gate.clear()
    busy = Answerers(house, threads=1)
    for number in ("1", "2"):
        with house.database.writing() as session:
            conversation = store.open_conversation(session, "web", at=now()).id
        message = receive(house, Message(conversation, number, "多少钱", "web"))
        with house.database.writing() as session:
            session.get_one(type(message), message.id).received_at -= store.STALE
        busy.submit(conversation)
    for _ in range(3):
        busy.take_over()
    assert busy.waiting == 2
    rasa.gate.set()
    busy.close()
    assert busy.waiting == 0


def test_what_a_dead_process_left_is_answered_after_a_while(house, rasa, worker):
    with house.database.writing() as session:
        conversation = store.open_conversation(session, "web", at=now()).id
    left = receive(house, Message(conversation, "1", "多少钱", "web"))
    with house.database.writing() as session:
        session.get_one(type(left), left.id).received_at -= store.STALE
    worker.do_round()
    worker._answerers.close()  # waits for what is being answered
    with house.database.reading() as session:
        assert store.turn_of(session, left.id) is not None
