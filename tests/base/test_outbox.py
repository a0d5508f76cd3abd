"""The outbox: at least once, in order, never twice at the same time, and nothing is given up silently."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock

import pytest
from sqlalchemy import select

from base.clock import CHINA
from base.db import Base, Database
from base.outbox import CLAIM, MOST_ATTEMPTS, PAUSES, OutboxRow, deliver_due, enqueue, retry_dead

AT = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)
LATER = timedelta(days=2)


class Receiver:
    """What stands outside: takes what it is given, or refuses it."""

    def __init__(self, refusing=()):
        self.got = []
        self.refusing = set(refusing)
        self._lock = Lock()

    def take(self, key, payload):
        with self._lock:
            self.got.append(key)
        if key in self.refusing:
            raise ConnectionError("nobody there")


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'banshi.db'}")
    Base.metadata.create_all(database.engine, tables=[OutboxRow.__table__])
    yield database
    database.close()


def put(database, *keys, at=AT):
    with database.writing() as session:
        for key in keys:
            enqueue(session, key=key, topic="push", payload={"key": key}, at=at)


def deliver(database, receiver, at=AT, most=50):
    return deliver_due(database, {"push": receiver.take}, at=at, most=most)


def rows(database):
    with database.reading() as session:
        return {row.key: row for row in session.scalars(select(OutboxRow))}


def test_what_is_due_is_delivered_once_and_oldest_first(database):
    put(database, "second", at=AT + timedelta(seconds=1))
    put(database, "first", "third", at=AT)
    receiver = Receiver()
    assert deliver(database, receiver, AT + timedelta(minutes=1)) == 3
    assert receiver.got == ["first", "third", "second"]
    assert deliver(database, receiver, AT + LATER) == 0
    assert {(row.state, row.sent_at) for row in rows(database).values()} == {("sent", AT + timedelta(minutes=1))}


def test_what_is_not_due_waits(database):
    put(database, "early", at=AT + timedelta(seconds=1))
    assert deliver(database, Receiver(), AT) == 0
    assert deliver(database, Receiver(), AT + timedelta(seconds=1)) == 1


def test_the_same_key_twice_is_one_row(database):
    put(database, "a", "a")
    put(database, "a")
    assert list(rows(database)) == ["a"]


def put_and_fail(database):
    with database.writing() as session:
        enqueue(session, key="a", topic="push", payload={}, at=AT)
        session.flush()
        raise ZeroDivisionError


def test_a_row_falls_with_the_change_it_tells_of(database):
    with pytest.raises(ZeroDivisionError):
        put_and_fail(database)
    assert rows(database) == {}


def test_one_call_takes_no_more_than_it_may(database):
    put(database, *"abcde")
    receiver = Receiver()
    assert [deliver(database, receiver, most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert sorted(receiver.got) == list("abcde")


def test_a_refusal_keeps_its_words_and_does_not_stop_the_others(database):
    put(database, "bad", "good")
    receiver = Receiver(refusing=["bad"])
    assert deliver(database, receiver) == 2
    assert receiver.got == ["bad", "good"]
    bad, good = rows(database)["bad"], rows(database)["good"]
    assert (bad.state, bad.problem, bad.due_at) == ("waiting", "ConnectionError: nobody there", AT + PAUSES[0])
    assert good.state == "sent"


def test_pauses_grow_until_the_letter_is_dead(database):
    put(database, "bad")
    receiver, at = Receiver(refusing=["bad"]), AT
    for pause in PAUSES:
        assert deliver(database, receiver, at) == 1
        assert deliver(database, receiver, at + pause - timedelta(seconds=1)) == 0
        at += pause
    assert rows(database)["bad"].state == "waiting"
    assert deliver(database, receiver, at) == 1
    assert rows(database)["bad"].state == "dead"
    assert len(receiver.got) == MOST_ATTEMPTS == len(PAUSES) + 1
    assert deliver(database, receiver, at + LATER) == 0


def test_a_dead_letter_gets_a_fresh_start_and_only_that_one(database):
    put(database, "bad", "sent")
    receiver = Receiver(refusing=["bad"])
    for attempt in range(MOST_ATTEMPTS):
        deliver(database, receiver, AT + attempt * LATER)
    receiver.refusing.clear()
    with database.writing() as session:
        retry_dead(session, "bad", at=AT + 20 * LATER)
        retry_dead(session, "sent", at=AT + 20 * LATER)
        retry_dead(session, "unknown", at=AT + 20 * LATER)
    assert deliver(database, receiver, AT + 20 * LATER) == 1
    assert {row.state for row in rows(database).values()} == {"sent"}
    assert rows(database)["bad"].problem == ""


def test_a_topic_without_handler_is_a_failure_like_any_other(database):
    put(database, "a")
    assert deliver_due(database, {}, at=AT) == 1
    assert rows(database)["a"].problem == "KeyError: 'push'"


def test_the_same_keys_from_many_writers_at_once_are_one_row_each_and_nobody_fails(postgres):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: put(postgres, *"abcdefgh"), range(8)))
    assert sorted(rows(postgres)) == list("abcdefgh")


def test_a_worker_that_died_gives_its_rows_back(database):
    put(database, "a")

    def die(key, payload):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(database, {"push": die}, at=AT)
    receiver = Receiver()
    assert deliver(database, receiver, AT + CLAIM - timedelta(seconds=1)) == 0
    assert deliver(database, receiver, AT + CLAIM) == 1
    assert receiver.got == ["a"]


def test_while_one_delivers_another_finds_nothing(database):
    put(database, *"abc")
    found = []

    def take(key, payload):
        found.append(deliver(database, Receiver(), AT + CLAIM - timedelta(seconds=1)))

    assert deliver_due(database, {"push": take}, at=AT) == 3
    assert found == [0, 0, 0]


def test_workers_side_by_side_never_deliver_a_row_twice(database):
    put(database, *(f"row {number}" for number in range(30)))
    receiver = Receiver()

    def work(_):
        while deliver(database, receiver, most=3):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(receiver.got) == sorted(rows(database))
    assert {(row.state, row.attempts) for row in rows(database).values()} == {("sent", 1)}
