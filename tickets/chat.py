"""The ticket in a talk: does what `intake` decided, and answers after the commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from base.answer import Answer, Block
from base.db import Database
from base.errors import MoveRefused, TicketClosedToYou, TicketNotFound
from base.privacy import mask
from bot.conversations.store import being_answered
from bot.conversations.vault import Cipher, restore, tokens_of
from knowledge.notices.answers import BEYOND_NOTICE
from knowledge.notices.store import find as find_notice
from tickets import answers, ledger
from tickets.cues import find_phone
from tickets.elsewhere import line_for
from tickets.intake import Act, Next, Turn, kind_of, next_act, next_question, offer
from tickets.models import Ticket
from tickets.reports import report_notice
from tickets.store import check_secret, find_ticket, tickets_of
from tickets.story import find_place
from tickets.workflow import OPEN

LONG_STORY = 1000  # characters; well below where a channel cuts what it shows to Rasa


@dataclass(frozen=True)
class Desk:
    """What the flow works with: the ledger's database, its cipher, and the address of the ticket pages."""

    database: Database
    cipher: Cipher
    base_url: str


@dataclass(frozen=True)
class Visit:
    """One message of one conversation: what was said, and what it is known to be about."""

    turn: Turn
    conversation: str
    channel: str
    at: datetime
    service: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Reply:
    """What is said, and the slot `ticket` afterwards; `state` None leaves nothing behind."""

    answer: Answer
    state: dict[str, Any] | None


def reply(desk: Desk, visit: Visit) -> Reply:
    """The whole of one turn of the ticket flow."""
    state, following = dict(visit.turn.state), next_act(visit.turn)
    try:
        return _DO[following.act](desk, visit, following)
    except MoveRefused as refusal:
        return Reply(answers.refused(str(refusal)), state)
    except (TicketClosedToYou, TicketNotFound):
        if following.number and not following.secret:
            return Reply(answers.ask_secret(following.number), {**state, "locked": following.number})
        # Without a number the state itself was about a ticket that is gone: forget it.
        return Reply(answers.closed_to_you(), state if following.number else None)


def _ask_story(desk: Desk, visit: Visit, following: Next) -> Reply:
    service = visit.turn.service or visit.turn.state.get("service") or visit.service
    state = {"step": "story", "kind": following.kind, "words": following.words, "service": service}
    return _leaving(answers.ask_story(following.kind), state)


def _name_the_line(desk: Desk, visit: Visit, following: Next) -> Reply:
    state = offer(following.words, following.kind)
    return Reply(answers.elsewhere(line_for(following.words) or ""), state)


def _file(desk: Desk, visit: Visit, following: Next) -> Reply:
    with desk.database.writing() as session:
        draft = ledger.Draft(
            kind=following.kind,
            text=_originals(session, desk, visit, following.words)[: ledger.LONGEST_WORDS],
            channel=visit.channel,
            conversation=visit.conversation,
            service=visit.turn.service or visit.turn.state.get("service") or visit.service,
            region=visit.region,
            place=find_place(following.words) or "",
        )
        opened = ledger.open_ticket(session, draft, at=visit.at, cipher=desk.cipher)
    blocks = answers.filed(opened.ticket, opened.secret, desk.base_url)
    return _ask_next(desk, visit, opened.ticket, blocks, after=None)


def _report(desk: Desk, visit: Visit, following: Next) -> Reply:
    with desk.database.writing() as session:
        words = "" if following.words.strip() == BEYOND_NOTICE else _originals(session, desk, visit, following.words)
        reported = report_notice(
            session,
            find_notice(session, visit.turn.notice or ""),
            words[: ledger.LONGEST_WORDS // 2],  # the rest is what the notice promised
            channel=visit.channel,
            conversation=visit.conversation,
            at=visit.at,
            cipher=desk.cipher,
        )
        if reported.secret is None:
            return Reply(answers.shown([reported.ticket], desk.base_url), _settled(reported.ticket))
    blocks = answers.filed(reported.ticket, reported.secret, desk.base_url)
    return _ask_next(desk, visit, reported.ticket, blocks, after=None)


def _note_what(desk: Desk, visit: Visit, following: Next) -> Reply:
    ticket = _write(desk, visit, ledger.add_words, following.words)
    return _ask_next(desk, visit, ticket, answers.noted(ticket), after="what")


def _note_place(desk: Desk, visit: Visit, following: Next) -> Reply:
    ticket = _write(desk, visit, ledger.set_place, following.words)
    return _ask_next(desk, visit, ticket, answers.place_noted(ticket), after="place")


def _note_contact(desk: Desk, visit: Visit, following: Next) -> Reply:
    ticket = _write(desk, visit, ledger.set_contact, following.words)
    return _ask_next(desk, visit, ticket, answers.contact_noted(ticket), after="contact")


def _use_told_number(desk: Desk, visit: Visit, following: Next) -> Reply:
    return _note_contact(desk, visit, Next(Act.NOTE_CONTACT, visit.turn.state["phone"]))


def _pass(desk: Desk, visit: Visit, following: Next) -> Reply:
    return _ask_next(desk, visit, _current(desk, visit), [], after=visit.turn.step)


def _ask_contact(desk: Desk, visit: Visit, following: Next) -> Reply:
    return _ask(desk, visit, _current(desk, visit), [], "contact")


def _doubt_number(desk: Desk, visit: Visit, following: Next) -> Reply:
    return _ask(desk, visit, _current(desk, visit), answers.number_looks_wrong(), visit.turn.step)


def _add(desk: Desk, visit: Visit, following: Next) -> Reply:
    try:
        ticket = _write(desk, visit, ledger.add_words, following.words)
    except MoveRefused:  # closed meanwhile: what is told now is a matter of its own
        kind = kind_of(visit.turn.intent, following.words)
        return _file(desk, visit, Next(Act.FILE, following.words, kind))
    return _ask(desk, visit, ticket, answers.noted(ticket), visit.turn.step)


def _stop(desk: Desk, visit: Visit, following: Next) -> Reply:
    if not visit.turn.state.get("number"):
        return Reply(answers.nothing_filed(), None)
    ticket = _current(desk, visit)
    return Reply(answers.stopped(ticket), _settled(ticket))


def _withdraw(desk: Desk, visit: Visit, following: Next) -> Reply:
    if (number := _admit(desk, visit, following)) is None:
        return Reply(answers.none_here(), dict(visit.turn.state))
    with desk.database.writing() as session:
        ticket = find_ticket(session, number)
        ledger.withdraw(session, ticket, at=visit.at)
    return Reply(answers.withdrawn(ticket), None)


def _urge(desk: Desk, visit: Visit, following: Next) -> Reply:
    if (number := _admit(desk, visit, following)) is None:
        return Reply(answers.none_here(), dict(visit.turn.state))
    with desk.database.writing() as session:
        ticket = find_ticket(session, number)
        ledger.urge(session, ticket, at=visit.at)
    return Reply(answers.urged(ticket), dict(visit.turn.state))


def _show(desk: Desk, visit: Visit, following: Next) -> Reply:
    number = _admit(desk, visit, following)
    with desk.database.reading() as session:
        own = tickets_of(session, visit.conversation)
        tickets = [find_ticket(session, number)] if following.number and number else own
        answer = answers.shown(tickets, desk.base_url) if tickets else answers.none_here()
    state = {key: value for key, value in visit.turn.state.items() if key != "locked"}
    return Reply(answer, state or None)


_DO: Mapping[Act, Callable[[Desk, Visit, Next], Reply]] = {
    Act.SHOW: _show,
    Act.URGE: _urge,
    Act.WITHDRAW: _withdraw,
    Act.STOP: _stop,
    Act.ASK_STORY: _ask_story,
    Act.FILE: _file,
    Act.REPORT: _report,
    Act.NOTE_WHAT: _note_what,
    Act.NOTE_PLACE: _note_place,
    Act.NOTE_CONTACT: _note_contact,
    Act.USE_TOLD_NUMBER: _use_told_number,
    Act.DOUBT_NUMBER: _doubt_number,
    Act.PASS: _pass,
    Act.ASK_CONTACT: _ask_contact,
    Act.ADD: _add,
    Act.NAME_THE_LINE: _name_the_line,
}


def _ask_next(desk: Desk, visit: Visit, ticket: Ticket, blocks: list[Block], *, after: str | None) -> Reply:
    known = {name for name, value in (("what", ticket.missing), ("place", ticket.place)) if value}
    step = next_question(ticket.kind, after=after, known=known)
    if step is None:
        return Reply(answers.done(blocks, ticket), _settled(ticket))
    return _ask(desk, visit, ticket, blocks, step)


def _ask(desk: Desk, visit: Visit, ticket: Ticket, blocks: list[Block], step: str | None) -> Reply:
    """`blocks`, and under them the question of this step, if one is open."""
    state = _settled(ticket)
    if step is None:
        return Reply(answers.about(ticket, blocks), state)
    state |= {"step": step, "phone": _told_phone(visit.turn)}
    if step == "what":
        return _leaving(answers.ask_what(blocks, ticket), state)
    if step == "place":
        return _leaving(answers.ask_place(blocks, ticket), state)
    if state["phone"]:
        return _leaving(answers.ask_to_use(blocks, ticket, _masked(desk, visit, state["phone"])), state)
    return _leaving(answers.ask_contact(blocks, ticket), state)


def _told_phone(turn: Turn) -> str | None:
    """A phone number that was mentioned while something else was asked."""
    return find_phone(turn.words) or find_phone(turn.state.get("words", "")) or turn.state.get("phone")


def _leaving(answer: Answer, state: dict[str, Any]) -> Reply:
    """The reply, whose choices can be named by number in the next turn."""
    return Reply(answer, {**state, "choices": list(answer.choices)})


def _settled(ticket: Ticket) -> dict[str, Any]:
    """What is remembered of a ticket when nothing is asked: later words about the same matter go to it."""
    return {"number": ticket.number, "service": ticket.service}


def _write(desk: Desk, visit: Visit, change: Callable[..., None], words: str) -> Ticket:
    with desk.database.writing() as session:
        ticket = find_ticket(session, visit.turn.state["number"])
        originals = _originals(session, desk, visit, words)
        change(session, ticket, originals[: ledger.LONGEST_WORDS], at=visit.at, cipher=desk.cipher)
        return ticket


def _current(desk: Desk, visit: Visit) -> Ticket:
    with desk.database.reading() as session:
        return find_ticket(session, visit.turn.state["number"])


def _admit(desk: Desk, visit: Visit, following: Next) -> str | None:
    """The number of the ticket that is meant, once the person is known as its owner; None: there is none.

    Whoever filed it in this very conversation needs no secret.
    """
    with desk.database.reading() as session:
        own = tickets_of(session, visit.conversation)
    if following.number is None:
        living = [ticket for ticket in own if ticket.status in OPEN]
        return next((ticket.number for ticket in [*living, *own]), None)
    if following.number not in [ticket.number for ticket in own]:
        check_secret(desk.database, following.number, following.secret or "", at=visit.at, cipher=desk.cipher)
    return following.number


def _originals(session: Session, desk: Desk, visit: Visit, words: str) -> str:
    """The words as they were sent: numbers in place of tokens, and all of a story that Rasa saw the beginning of."""
    sent = being_answered(session, visit.conversation) or ""
    whole = sent if sent.startswith(words) and len(words) >= LONG_STORY else words
    return restore(whole, tokens_of(session, desk.cipher, visit.conversation))


def _masked(desk: Desk, visit: Visit, phone: str) -> str:
    with desk.database.reading() as session:
        return mask(_originals(session, desk, visit, phone))
