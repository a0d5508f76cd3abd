from datetime import timedelta

import pytest

from base.errors import TicketClosedToYou, TicketNotFound
from tickets import ledger
from tickets.store import MOST_WRONG, WRONG_WINDOW, check_secret, find_ticket, open_tickets, tickets_of
from tickets.workflow import Status


def numbers(tickets):
    return [ticket.number[-1] for ticket in tickets]


def test_an_unknown_number_is_named_so(memory):
    with memory.reading() as session, pytest.raises(TicketNotFound):
        find_ticket(session, "BS-20261123-9999")


def test_a_conversation_knows_its_own_tickets_newest_first(file, memory):
    for conversation in ("a", "b", "a"):
        file(conversation=conversation)
    with memory.reading() as session:
        assert numbers(tickets_of(session, "a")) == ["3", "1"]
        assert tickets_of(session, "c") == []


def test_the_desk_sees_what_is_open_page_by_page(file, memory, at):
    for _ in range(5):
        file()
    with memory.writing() as session:
        ledger.withdraw(session, find_ticket(session, "BS-20261123-0002"), at=at)
    with memory.reading() as session:
        assert numbers(open_tickets(session)) == ["1", "3", "4", "5"]
        assert numbers(open_tickets(session, newest_first=True, most=2)) == ["5", "4"]
        assert numbers(open_tickets(session, newest_first=True, most=2, after="BS-20261123-0004")) == ["3", "1"]
        assert numbers(open_tickets(session, after="BS-20261123-0003")) == ["4", "5"]
        assert numbers(open_tickets(session, status=Status.WITHDRAWN)) == ["2"]
        assert numbers(open_tickets(session, kind="praise")) == []


def test_the_right_secret_opens_the_ticket(file, memory, cipher, at):
    opened = file()
    check_secret(memory, opened.ticket.number, opened.secret, at=at, cipher=cipher)


def test_an_unknown_number_has_no_secret(memory, cipher, at):
    with pytest.raises(TicketNotFound):
        check_secret(memory, "BS-20261123-9999", "K7M2-QD9P", at=at, cipher=cipher)


def test_after_too_many_wrong_secrets_even_the_right_one_waits_an_hour(file, memory, cipher, at):
    opened = file()
    number = opened.ticket.number
    for _ in range(MOST_WRONG):
        with pytest.raises(TicketClosedToYou):
            check_secret(memory, number, "K7M2-QD9P", at=at, cipher=cipher)
    with pytest.raises(TicketClosedToYou):
        check_secret(memory, number, opened.secret, at=at + WRONG_WINDOW - timedelta(seconds=1), cipher=cipher)
    check_secret(memory, number, opened.secret, at=at + WRONG_WINDOW, cipher=cipher)


def test_wrong_secrets_of_one_ticket_do_not_close_another(file, memory, cipher, at):
    first, second = file(), file()
    for _ in range(MOST_WRONG):
        with pytest.raises(TicketClosedToYou):
            check_secret(memory, first.ticket.number, "", at=at, cipher=cipher)
    check_secret(memory, second.ticket.number, second.secret, at=at, cipher=cipher)
