"""Several writers at once, on each database that the ledger may live in."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from base.errors import MoveRefused
from tickets import ledger
from tickets.chain import verify
from tickets.ledger import Draft
from tickets.models import Ticket
from tickets.store import find_ticket
from tickets.workflow import Status

WRITERS = 8
TICKETS = 200


@pytest.fixture(params=["on_file", "postgres"])
def shared(request):
    return request.getfixturevalue(request.param)


def at_once(do, count, writers=WRITERS):
    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(do, range(count)))


def test_no_number_is_given_twice_and_no_ticket_is_lost(shared, cipher, at):
    def file(order):
        with shared.writing() as session:
            draft = Draft("stuck", f"第{order}件没给办成", "web")
            return ledger.open_ticket(session, draft, at=at, cipher=cipher).ticket.number

    told = at_once(file, TICKETS)
    assert sorted(told) == [f"BS-20261123-{number:04d}" for number in range(1, TICKETS + 1)]
    with shared.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == TICKETS
        assert not [p for ticket in session.scalars(select(Ticket)) for p in verify(ticket, cipher)]


def test_words_added_at_once_stand_in_one_whole_chain(shared, cipher, at):
    with shared.writing() as session:
        number = ledger.open_ticket(session, Draft("stuck", "没给办", "web"), at=at, cipher=cipher).ticket.number

    def add(order):
        with shared.writing() as session:
            ticket = find_ticket(session, number)
            ledger.add_words(session, ticket, f"再补充{order}", at=at, cipher=cipher)

    at_once(add, 40)
    with shared.reading() as session:
        ticket = find_ticket(session, number)
        assert len(ticket.entries) == 41
        assert verify(ticket, cipher) == []


def test_of_two_officers_taking_one_ticket_one_wins_and_the_other_is_told(shared, cipher, at):
    with shared.writing() as session:
        number = ledger.open_ticket(session, Draft("stuck", "没给办", "web"), at=at, cipher=cipher).ticket.number
    both_are_here = Barrier(2)

    def take(order):
        both_are_here.wait()
        try:
            with shared.writing() as session:
                ticket = find_ticket(session, number)
                ledger.move(session, ticket, Status.ACCEPTED, at=at, by=f"officer{order}")
        except MoveRefused as refusal:
            return str(refusal)
        return "won"

    first, second = sorted(at_once(take, 2, writers=2), key=len)
    assert first == "won"
    assert "现在是「已受理」" in second
