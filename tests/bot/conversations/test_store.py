from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from base.clock import now
from base.message import Message
from bot.conversations import store
from bot.conversations.models import State

NOW = now()


def receive(session, conversation, id, *, at=NOW):
    return store.receive(session, Message(conversation, id, f"问题{id}", "web"), at=at)


def test_a_conversation_id_is_long_random_and_known(session):
    ids = {store.open_conversation(session, "web", at=NOW).id for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 32
    assert all(store.is_known(session, id) for id in ids)
    assert not store.is_known(session, "made-up")


def test_a_repeated_id_finds_the_message_that_came_first(session, conversation):
    first = receive(session, conversation, "1")
    assert store.find_inbound(session, conversation, "1") is first
    assert store.find_inbound(session, conversation, "2") is None


def test_the_same_id_never_becomes_two_messages(session, conversation):
    receive(session, conversation, "1")
    with pytest.raises(IntegrityError):
        receive(session, conversation, "1")
    session.rollback()


def test_the_same_id_in_two_conversations_is_two_messages(session, conversation):
    other = store.open_conversation(session, "web", at=NOW).id
    assert receive(session, conversation, "1").id != receive(session, other, "1").id


def test_messages_are_taken_up_in_order_and_one_at_a_time(session, conversation):
    first, second = receive(session, conversation, "1"), receive(session, conversation, "2")
    assert store.claim_next(session, conversation, at=NOW) is first
    assert store.claim_next(session, conversation, at=NOW) is None
    first.state = State.ANSWERED
    assert store.claim_next(session, conversation, at=NOW) is second
    second.state = State.FAILED
    assert store.claim_next(session, conversation, at=NOW) is None


def test_another_conversation_does_not_wait(session, conversation):
    other = store.open_conversation(session, "web", at=NOW).id
    receive(session, conversation, "1")
    theirs = receive(session, other, "1")
    store.claim_next(session, conversation, at=NOW)
    assert store.claim_next(session, other, at=NOW) is theirs


def test_a_message_whose_worker_died_is_taken_over(session, conversation):
    message = receive(session, conversation, "1")
    store.claim_next(session, conversation, at=NOW)
    later = NOW + store.STALE
    assert store.left_behind(session, before=NOW - timedelta(seconds=1)) == []
    assert store.left_behind(session, before=NOW) == [conversation]
    assert store.claim_next(session, conversation, at=later) is message
    assert message.claims == 2


def test_open_messages_are_counted(session, conversation):
    receive(session, conversation, "1").state = State.ANSWERED
    receive(session, conversation, "2")
    receive(session, conversation, "3").state = State.WORKING
    assert store.count_open(session, conversation) == 2
