from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from base.answer import Answer, Outcome, text
from base.clock import now
from base.outbox import OutboxRow
from bot.conversations import store
from bot.conversations.models import Conversation, Push
from bot.conversations.pushes import enqueue_push, keep_push, pushes_after, pushes_between

NOW = now()
CHANGED = Answer(Outcome.ANSWER, (text("您的清单有变化"),), choices=("看看变了什么",))


def keep(session, conversation, key="k1", *, answer=CHANGED, at=NOW):
    return keep_push(session, conversation=conversation, answer=answer, key=key, at=at)


def keys(pushes):
    return [push.key for push in pushes]


def test_a_message_goes_out_with_the_commit_and_once_per_key(session, conversation):
    for _ in range(2):
        enqueue_push(session, conversation=conversation, answer=CHANGED, key="k1", at=NOW)
    [row] = session.scalars(select(OutboxRow))
    assert (row.topic, row.key, row.due_at) == ("push", "k1", NOW)
    assert row.payload["conversation"] == conversation
    assert Answer.from_json(row.payload["answer"]) == CHANGED


def test_what_is_delivered_stands_in_the_record_as_it_was_said(session, conversation):
    assert keep(session, conversation)
    [push] = pushes_after(session, conversation, 0, most=10)
    assert (push.at, Answer.from_json(push.answer)) == (NOW, CHANGED)


def test_what_is_delivered_twice_stands_there_once(session, conversation):
    assert keep(session, conversation)
    assert keep(session, conversation, at=NOW + timedelta(minutes=2))
    assert len(session.scalars(select(Push)).all()) == 1


def test_a_conversation_that_is_gone_is_told_nothing(session):
    assert not keep(session, "gone")
    assert session.scalars(select(Push)).all() == []


def test_the_newest_come_after_what_was_seen_oldest_first(session, conversation):
    other = store.open_conversation(session, "web", at=NOW).id
    for number in "123":
        keep(session, conversation, number)
    keep(session, other, "4")
    first = pushes_after(session, conversation, 0, most=10)
    assert keys(first) == ["1", "2", "3"]
    assert keys(pushes_after(session, conversation, first[0].id, most=10)) == ["2", "3"]
    assert keys(pushes_after(session, conversation, 0, most=2)) == ["2", "3"]


def test_they_are_found_by_the_time_when_they_were_told(session, conversation):
    for number in range(4):
        keep(session, conversation, str(number), at=NOW + timedelta(hours=number))
    since = NOW + timedelta(hours=1)
    assert keys(pushes_between(session, conversation, since, None)) == ["1", "2", "3"]
    assert keys(pushes_between(session, conversation, since, NOW + timedelta(hours=3))) == ["1", "2"]


def test_they_go_with_their_conversation(session, conversation):
    keep(session, conversation)
    session.execute(delete(Conversation).where(Conversation.id == conversation))
    assert session.scalars(select(Push)).all() == []


def test_a_message_belongs_to_a_conversation(session):
    session.add(Push(conversation_id="gone", key="k1", at=NOW, answer=CHANGED.as_json()))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
