import re
from datetime import timezone

import pytest
from sqlalchemy import select

from base.audit import AuditRow
from base.errors import BadRequest, MoveRefused
from knowledge.notices.codes import ALPHABET
from tickets import ledger
from tickets.chain import verify
from tickets.ledger import Draft, fits
from tickets.store import find_ticket
from tickets.workflow import Status

PHONE = "13812345678"


@pytest.fixture
def change(memory):
    """Changes a stored ticket as a caller would, in a transaction of its own."""

    def change(ticket, do, *arguments, **more):
        with memory.writing() as session:
            do(session, find_ticket(session, ticket.number), *arguments, **more)
        with memory.reading() as session:
            found = find_ticket(session, ticket.number)
            assert found.entries
            return found

    return change


def test_a_ticket_gets_a_number_of_its_day_and_a_secret_that_can_be_read_out(file):
    first, second = file(), file()
    assert [first.ticket.number, second.ticket.number] == ["BS-20261123-0001", "BS-20261123-0002"]
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", first.secret)
    assert not set("0O1IL") & set(ALPHABET)
    assert first.secret != second.secret


def test_the_day_of_the_number_is_chinas(memory, cipher, at):
    evening = at.replace(hour=1).astimezone(timezone.utc)  # the 22nd in UTC
    with memory.writing() as session:
        opened = ledger.open_ticket(session, Draft("stuck", "窗口说系统坏了", "web"), at=evening, cipher=cipher)
    assert opened.ticket.number == "BS-20261123-0001"


def test_what_the_story_tells_stands_on_the_ticket(file):
    ticket = file("补身份证跑了三趟，非要居住证明").ticket
    assert (ticket.trips, ticket.missing, ticket.status) == (3, ["居住证明"], Status.PENDING)


def test_personal_numbers_are_masked_for_readers_and_kept_sealed(file, memory, cipher, at):
    opened = file(f"窗口不给办，我的电话{PHONE}", contact=f"{PHONE} 王女士", place="3号窗")
    ticket = opened.ticket
    assert "138****5678" in ticket.text
    assert ticket.contact == "138****5678 王女士"
    assert ticket.contact_consent_at == at
    stored = [value for entry in ticket.entries for value in vars(entry).values()] + [*vars(ticket).values()]
    assert not [value for value in stored if PHONE in str(value)]
    with memory.writing() as session:
        personal = ledger.reveal(session, find_ticket(session, ticket.number), at=at, by="lili", cipher=cipher)
    assert personal == ledger.Personal(f"窗口不给办，我的电话{PHONE}", f"{PHONE} 王女士")


def test_reading_the_originals_leaves_a_record_of_who_read(file, memory, cipher, at):
    number = file().ticket.number
    with memory.writing() as session:
        ledger.reveal(session, find_ticket(session, number), at=at, by="lili", cipher=cipher)
    with memory.reading() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.actor, row.action, row.subject) == ("lili", "read_ticket_originals", number)


def test_the_secret_is_stored_neither_plain_nor_as_a_bare_hash(file, cipher):
    opened = file()
    assert opened.secret.replace("-", "") not in opened.ticket.secret
    assert fits(opened.ticket, opened.secret, cipher)
    assert fits(opened.ticket, f" {opened.secret.lower().replace('-', ' ')} ", cipher)
    assert not fits(opened.ticket, "K7M2-QD9P", cipher)
    assert not fits(opened.ticket, "", cipher)


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        ("kind", Draft("gossip", "窗口不给办", "web")),
        ("text", Draft("stuck", " \n\t ", "web")),
        ("text", Draft("stuck", "\x00\x07", "web")),
        ("text", Draft("stuck", "长" * 20_001, "web")),
        ("contact", Draft("stuck", "窗口不给办", "web", contact="1" * 201)),
        ("place", Draft("stuck", "窗口不给办", "web", place="远" * 201)),
        ("urgency", Draft("stuck", "窗口不给办", "web", urgency="panic")),
    ],
)
def test_a_draft_that_cannot_be_filed_names_its_field_and_leaves_nothing(memory, cipher, at, field, draft):
    with pytest.raises(BadRequest) as refusal, memory.writing() as session:
        ledger.open_ticket(session, draft, at=at, cipher=cipher)
    assert refusal.value.field == field
    with memory.reading() as session:
        assert session.scalar(select(ledger.Ticket.id)) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("'; DROP TABLE ticket; -- 不给办", "'; DROP TABLE ticket; -- 不给办"),
        ("<script>alert(1)</script>不给办", "<script>alert(1)</script>不给办"),
        ("不给办\x00\x1b[31m", "不给办[31m"),
        ("不给办\ud800", "不给办"),
        ("😀😀", "😀😀"),
    ],
)
def test_hostile_text_is_stored_as_text(file, text, kept):
    assert file(text).ticket.text == kept


def test_later_words_add_an_entry_and_what_they_tell(file, change, cipher, later):
    ticket = change(file().ticket, ledger.add_words, "今天第五次去，又要结婚证原件", at=later, cipher=cipher)
    assert ticket.trips == 5
    assert ticket.missing == ["居住证明", "结婚证原件"]
    assert [entry.action for entry in ticket.entries] == ["open", "add"]
    assert ticket.text == "补办身份证跑了三趟，非要居住证明"


def test_a_later_contact_is_kept_with_the_moment_of_consent(file, change, cipher, later):
    ticket = change(file().ticket, ledger.set_contact, PHONE, at=later, cipher=cipher)
    assert (ticket.contact, ticket.contact_consent_at) == ("138****5678", later)
    assert ticket.entries[-1].data == {"consent": True}


def test_every_move_and_its_entry_say_who_when_and_why(file, change, at, later):
    ticket = file().ticket
    change(ticket, ledger.move, Status.ACCEPTED, at=at, by="lili")
    ticket = change(ticket, ledger.move, Status.NEEDS_MORE, at=later, by="lili", reason=f"请补照片，打{PHONE}")
    entry = ticket.entries[-1]
    assert (entry.by, entry.at, entry.before, entry.after) == (
        "lili",
        later,
        Status.ACCEPTED,
        Status.NEEDS_MORE,
    )
    assert entry.reason == "请补照片，打138****5678"


def test_a_forbidden_move_changes_nothing(file, memory, at):
    number = file().ticket.number
    with pytest.raises(MoveRefused), memory.writing() as session:
        ledger.move(session, find_ticket(session, number), Status.CLOSED, at=at, by="lili", reason="快")
    with memory.reading() as session:
        ticket = find_ticket(session, number)
        assert (ticket.status, len(ticket.entries)) == (Status.PENDING, 1)


def test_a_withdrawn_ticket_takes_no_more_words_until_it_is_reopened(file, change, cipher, at):
    ticket = change(file().ticket, ledger.withdraw, at=at)
    with pytest.raises(MoveRefused, match="已撤销"):
        change(ticket, ledger.add_words, "还有一件", at=at, cipher=cipher)
    ticket = change(ticket, ledger.reopen, at=at)
    assert ticket.status == Status.PENDING
    assert change(ticket, ledger.urge, at=at).entries[-1].action == "urge"


def test_the_owner_confirms_what_was_answered(file, change, at):
    ticket = file().ticket
    change(ticket, ledger.move, Status.ACCEPTED, at=at, by="lili")
    change(ticket, ledger.move, Status.ANSWERED, at=at, by="lili", reason="不用这张证明，明天来就能办")
    assert change(ticket, ledger.confirm, at=at).status == Status.CLOSED
    assert change(ticket, ledger.reopen, at=at, reason="还是没办成").status == Status.IN_PROGRESS


def test_whatever_happens_the_chain_is_whole(file, change, cipher, at, later):
    ticket = file(place="3号窗", contact=PHONE).ticket
    change(ticket, ledger.add_words, "又去了一趟", at=later, cipher=cipher)
    change(ticket, ledger.urge, at=later)
    ticket = change(ticket, ledger.withdraw, at=later, reason="不办了")
    assert [entry.seq for entry in ticket.entries] == [1, 2, 3, 4, 5, 6]
    assert verify(ticket, cipher) == []
