import asyncio

import pytest
from sqlalchemy import delete, select

from base.answer import Answer, Outcome, text
from base.clock import now
from base.outbox import OutboxRow, deliver_due
from bot.channels.pushing import Pusher
from bot.conversations import store
from bot.conversations.models import Conversation
from bot.conversations.pushes import TOPIC, enqueue_push, pushes_after

CHANGED = Answer(Outcome.ANSWER, (text("您的清单有变化"),))


@pytest.fixture
def conversation(house):
    with house.database.writing() as session:
        return store.open_conversation(session, "web", at=now()).id


def send(house, conversation, key="k1"):
    with house.database.writing() as session:
        enqueue_push(session, conversation=conversation, answer=CHANGED, key=key, at=now())


def deliver(house):
    return deliver_due(house.database, {TOPIC: Pusher(house)}, at=now())


def state(house):
    with house.database.reading() as session:
        return session.scalars(select(OutboxRow.state)).one()


def test_a_message_reaches_the_record_and_rings_its_conversation_alone(house, conversation):
    async def listen():
        with house.bell.listen(conversation) as rung, house.bell.listen("another") as other:
            send(house, conversation)
            await asyncio.to_thread(deliver, house)
            await asyncio.wait_for(rung.wait(), 10)
            assert not other.is_set()

    asyncio.run(listen())
    with house.database.reading() as session:
        [push] = pushes_after(session, conversation, 0, most=10)
    assert Answer.from_json(push.answer) == CHANGED
    assert state(house) == "sent"


def test_a_delivery_whose_end_nobody_noted_is_repeated_without_harm(house, conversation):
    payload = {"conversation": conversation, "answer": CHANGED.as_json()}
    for _ in range(2):
        Pusher(house)("k1", payload)
    with house.database.reading() as session:
        assert len(pushes_after(session, conversation, 0, most=10)) == 1


def test_a_conversation_that_is_gone_ends_the_matter(house, conversation, caplog):
    send(house, conversation)
    with house.database.writing() as session:
        session.execute(delete(Conversation))
    with caplog.at_level("INFO"):
        assert deliver(house) == 1
    assert state(house) == "sent"
    assert "k1 is not told" in caplog.text
    assert conversation not in caplog.text
