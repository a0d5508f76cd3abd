from datetime import datetime

import pytest
from sqlalchemy import delete, update

from base.clock import CHINA
from tickets import ledger
from tickets.chain import verify
from tickets.models import Entry, Ticket
from tickets.store import find_ticket
from tickets.workflow import Status


@pytest.fixture
def number(file, memory, cipher, at):
    """A ticket with four entries: open, contact, accept, add."""
    number = file(contact="13812345678").ticket.number
    with memory.writing() as session:
        ticket = find_ticket(session, number)
        ledger.move(session, ticket, Status.ACCEPTED, at=at, by="lili")
        ledger.add_words(session, ticket, "又去了一趟", at=at, cipher=cipher)
    return number


def after(memory, cipher, number, statement):
    with memory.writing() as session:
        session.execute(statement)
    with memory.reading() as session:
        return verify(find_ticket(session, number), cipher)


def test_an_untouched_chain_is_whole(memory, cipher, number):
    with memory.reading() as session:
        assert verify(find_ticket(session, number), cipher) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("by", "wang"),
        ("action", "urge"),
        ("reason", "换一个理由"),
        ("before", Status.WITHDRAWN),
        ("after", Status.CLOSED),
        ("data", {"consent": False}),
        ("at", datetime(2026, 1, 1, tzinfo=CHINA)),
        ("words_digest", "0" * 64),
    ],
)
@pytest.mark.parametrize("seq", [1, 3])
def test_a_changed_entry_shows(memory, cipher, number, seq, field, value):
    problems = after(memory, cipher, number, update(Entry).where(Entry.seq == seq).values({field: value}))
    assert problems
    assert problems[0].startswith(number)


def test_changed_words_show(memory, cipher, number):
    problems = after(memory, cipher, number, update(Entry).where(Entry.seq == 4).values(words="没有去"))
    assert problems == [f"{number}: the words of entry 4 were changed"]


def test_an_exchanged_original_shows(memory, cipher, number):
    other = cipher.seal("没有去")
    assert after(memory, cipher, number, update(Entry).where(Entry.seq == 4).values(sealed=other))


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_missing_entry_shows(memory, cipher, number, seq):
    problems = after(memory, cipher, number, delete(Entry).where(Entry.seq == seq))
    assert problems == [f"{number}: entry {seq} is missing"]


def test_a_cut_tail_shows(memory, cipher, number):
    assert f"{number}: entries are missing at the end" in after(
        memory, cipher, number, delete(Entry).where(Entry.seq == 4)
    )


def test_a_status_without_its_entry_shows(memory, cipher, number):
    problems = after(memory, cipher, number, update(Ticket).values(status=Status.CLOSED))
    assert problems == [f"{number}: the status is not that of the entries"]


def test_what_was_said_can_be_deleted_and_the_chain_stays_whole(memory, cipher, number):
    gone = update(Entry).values(words=None, sealed=None, salt=None)
    assert after(memory, cipher, number, gone) == []


def test_the_same_words_never_have_the_same_digest_twice(file):
    first, second = file("不给办，找13812345678").ticket, file("不给办，找13812345678").ticket
    assert first.entries[0].words_digest != second.entries[0].words_digest
