import pytest
from sqlalchemy import select

from base.errors import BadRequest
from knowledge.notices.models import Notice, NoticeEvent
from tickets.ledger import LONGEST_WORDS, withdraw
from tickets.models import Ticket
from tickets.reports import report_notice


@pytest.fixture
def report(memory, notice, cipher, later):
    def report(words=""):
        with memory.writing() as session:
            own = session.get_one(Notice, notice.id)
            return report_notice(session, own, words, channel="web", at=later, cipher=cipher)

    return report


def test_a_report_carries_the_notice_its_revisions_and_answers(memory, report):
    done = report("窗口还要居住证明，电话13812345678")
    ticket = done.ticket
    assert (ticket.kind, ticket.notice, ticket.service) == ("beyond_notice", "23456789ABCH", "id-card-reissue-lost")
    assert (ticket.region, ticket.office, ticket.missing) == ("990102", "east", ["居住证明"])
    for words in ("138****5678", "2345-6789-ABCH", "您的情况：未满16周岁", "id-card-reissue-lost@990102 第1版"):
        assert words in ticket.text
    with memory.reading() as session:
        event = session.scalars(select(NoticeEvent)).one()
        assert (event.kind, event.by, event.data) == ("reported", "citizen", {"ticket": ticket.number})


def test_a_second_tap_finds_the_ticket_of_the_first(memory, report):
    first, second = report(), report("再点一次")
    assert first.secret
    assert (second.ticket.number, second.secret) == (first.ticket.number, None)
    with memory.reading() as session:
        assert len(session.scalars(select(Ticket)).all()) == 1
        assert len(session.scalars(select(NoticeEvent)).all()) == 1


def test_once_that_ticket_is_over_the_next_report_files_another(memory, report, later):
    number = report().ticket.number
    with memory.writing() as session:
        withdraw(session, session.scalars(select(Ticket)).one(), at=later)
    again = report()
    assert again.ticket.number != number
    assert again.secret


def test_words_that_are_too_long_leave_nothing_behind(memory, report):
    with pytest.raises(BadRequest):
        report("长" * LONGEST_WORDS)
    with memory.reading() as session:
        assert session.scalars(select(NoticeEvent)).all() == []
