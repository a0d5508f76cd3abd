"""Finding tickets. Whoever opens the session commits; nothing here does, but for counting wrong secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.db import Database
from base.errors import TicketClosedToYou, TicketNotFound
from bot.conversations.vault import Cipher
from tickets.ledger import fits
from tickets.models import Ticket
from tickets.workflow import OPEN, Status

# Secrets for one number within WRONG_WINDOW; then even the right one has to wait. A secret has 40 bits, so that many
# tries win nothing, and fewer would let anybody shut an owner out with a handful of guesses.
MOST_WRONG = 30
WRONG_WINDOW = timedelta(hours=1)


def find_ticket(session: Session, number: str) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None:
        raise TicketNotFound(f"没有工单 {number}")
    return ticket


def tickets_of(session: Session, conversation: str) -> Sequence[Ticket]:
    """All tickets filed in a conversation, newest first."""
    query = select(Ticket).where(Ticket.conversation == conversation).order_by(Ticket.id.desc())
    return session.scalars(query).all()


def open_tickets(
    session: Session,
    *,
    newest_first: bool = False,
    after: str | None = None,
    most: int = 50,
    kind: str | None = None,
    status: Status | None = None,
) -> Sequence[Ticket]:
    """One page of the desk's list, in the order of receipt; `after` is the last number of the page before."""
    query = select(Ticket).where(Ticket.status.in_([status] if status else OPEN))
    if kind:
        query = query.where(Ticket.kind == kind)
    if after:
        seen = find_ticket(session, after).id
        query = query.where(Ticket.id < seen if newest_first else Ticket.id > seen)
    return session.scalars(query.order_by(Ticket.id.desc() if newest_first else Ticket.id).limit(most)).all()


def check_secret(database: Database, number: str, secret: str, *, at: datetime, cipher: Cipher) -> None:
    """Raises TicketNotFound or TicketClosedToYou unless the secret is the ticket's own.

    Opens its own transaction: a wrong try must stay counted although it ends in an error.
    """
    with database.writing() as session:
        ticket = find_ticket(session, number)
        session.refresh(ticket, with_for_update=True)
        if ticket.wrong_since is None or at - ticket.wrong_since >= WRONG_WINDOW:
            ticket.wrong_since, ticket.wrong_tries = None, 0
        allowed = ticket.wrong_tries < MOST_WRONG
        welcome = allowed and fits(ticket, secret, cipher)
        if allowed and not welcome:
            ticket.wrong_since, ticket.wrong_tries = ticket.wrong_since or at, ticket.wrong_tries + 1
    if not welcome:
        raise TicketClosedToYou(f"{number} 的查询码不对，或者错的次数太多")
