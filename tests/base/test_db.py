"""The database: writers take turns, what fails leaves nothing, and a moment has its offset."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Event

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from base.audit import AuditRow, record
from base.clock import CHINA, now
from base.db import Base, Database
from base.errors import BadSetting
from base.outbox import OutboxRow

AT = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)


def opened(url):
    database = Database(url)
    Base.metadata.create_all(database.engine, tables=[OutboxRow.__table__, AuditRow.__table__])
    return database


@pytest.fixture
def database(tmp_path):
    database = opened(f"sqlite:///{tmp_path / 'new' / 'banshi.db'}")
    yield database
    database.close()


def row(key, at=AT):
    return OutboxRow(key=key, topic="t", payload={}, due_at=at)


def write_and_fail(database, write):
    with database.writing() as session:
        write(session)
        session.flush()
        raise ZeroDivisionError


def keys(database):
    with database.reading() as session:
        return session.scalars(select(OutboxRow.key).order_by(OutboxRow.key)).all()


def test_what_is_written_is_read_by_everybody(tmp_path, database):
    with database.writing() as session:
        session.add(row("a"))
    other = Database(f"sqlite:///{tmp_path / 'new' / 'banshi.db'}")
    assert keys(other) == keys(database) == ["a"]
    other.close()


def test_an_error_in_the_block_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, lambda session: session.add(row("a")))
    assert keys(database) == []


def test_a_reading_session_changes_nothing(database):
    with database.reading() as session:
        session.add(row("a"))
        session.flush()
    assert keys(database) == []


def test_a_refused_row_takes_the_whole_block_with_it(database):
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(OutboxRow), [{"key": "a", "topic": "t", "payload": {}, "due_at": AT}] * 2)
    assert keys(database) == []


def test_a_writer_waits_for_the_one_before_it(database):
    inside, go_on = Event(), Event()

    def slow():
        with database.writing() as session:
            assert session.scalars(select(OutboxRow.key)).all() == []
            inside.set()
            go_on.wait(10)
            session.add(row("slow"))

    def quick():
        inside.wait(10)
        go_on.set()
        with database.writing() as session:
            seen = session.scalars(select(OutboxRow.key)).all()
            session.add(row("quick"))
            return seen

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(slow), pool.submit(quick)
        first.result(20)
        assert second.result(20) == ["slow"]
    assert keys(database) == ["quick", "slow"]


def test_no_step_is_lost_between_two_writers_who_read_before_they_write(database):
    with database.writing() as session:
        session.add(row("counter"))

    def count(_):
        with database.writing() as session:
            counter = session.scalars(select(OutboxRow).where(OutboxRow.key == "counter")).one()
            counter.attempts += 1

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, range(40)))
    with database.reading() as session:
        assert session.scalar(select(OutboxRow.attempts)) == 40


def test_a_reader_is_not_held_up_by_a_writer(database):
    with database.writing() as session:
        session.add(row("a"))
        session.flush()
        assert keys(database) == []


def test_the_file_store_is_kept_safe(database):
    with database.reading() as session:
        kept = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert kept == ["wal", 2, 1]


def test_all_sessions_of_a_store_in_memory_see_the_same():
    database = opened("sqlite://")
    with database.writing() as session:
        session.add(row("a"))
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(keys, database).result() == ["a"]
    database.close()


@pytest.mark.parametrize("offset", [0, 8, -5])
def test_a_moment_comes_back_in_china_time(database, offset):
    moment = AT.astimezone(timezone(timedelta(hours=offset)))
    with database.writing() as session:
        session.add(row("a", moment))
    with database.reading() as session:
        read = session.scalars(select(OutboxRow.due_at)).one()
    assert read == moment
    assert read.utcoffset() == timedelta(hours=8)


def test_a_moment_without_offset_is_refused(database):
    with pytest.raises(StatementError, match="a moment needs its offset"), database.writing() as session:
        session.add(row("a", datetime(2026, 11, 21, 9, 0)))
    with pytest.raises(StatementError, match="a moment needs its offset"), database.reading() as session:
        session.scalars(select(OutboxRow).where(OutboxRow.due_at <= datetime(2026, 11, 21))).all()


def test_moments_are_compared_as_moments(database):
    with database.writing() as session:
        session.add(row("a", AT))
    with database.reading() as session:
        earlier = AT.astimezone(timezone.utc) - timedelta(seconds=1)
        assert session.scalars(select(OutboxRow.key).where(OutboxRow.due_at > earlier)).all() == ["a"]
        assert session.scalars(select(OutboxRow.key).where(OutboxRow.due_at > AT)).all() == []


def test_the_clock_shows_china_time():
    assert now().utcoffset() == timedelta(hours=8)


def test_an_audit_row_stands_or_falls_with_the_change_it_tells_of(database):
    with database.writing() as session:
        record(session, at=AT, actor="li", action="read_contact", subject="BS-20261121-0007", why="回电")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, lambda session: record(session, at=AT, actor="li", action="sign_in", subject="li"))
    with database.reading() as session:
        (kept,) = session.scalars(select(AuditRow))
    assert (kept.at, kept.actor, kept.action, kept.subject) == (AT, "li", "read_contact", "BS-20261121-0007")
    assert kept.detail == {"why": "回电"}


@pytest.mark.parametrize("url", ["postgresql://:::/", "postgresql://host:many/name", "sqlite://:x/"])
def test_an_address_that_is_none_is_a_wrong_setting(url):
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        Database(url)
