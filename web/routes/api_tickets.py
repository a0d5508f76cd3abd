"""The anonymous API on tickets: filed by anybody, seen and moved by whoever holds number and secret."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from base.clock import now
from bot.channels.house import House
from tickets import ledger, store
from tickets.answers import as_public, page_url
from tickets.ledger import Draft
from tickets.models import KINDS, Ticket
from web.idempotency import write_once
from web.problems import PROBLEMS
from web.routes.api import Adcode, Id, InHouse, Known


def _keep_out_of_caches(response: Response) -> None:
    """Whether a reply is yours depends on a header, which a cache on the way does not look at."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(
    prefix="/api/v1/tickets", tags=["tickets"], responses=PROBLEMS, dependencies=[Depends(_keep_out_of_caches)]
)

Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=128)]
Secret = Annotated[str, Header(alias="X-Ticket-Secret", max_length=64)]


class NewTicket(BaseModel):
    """`contact` is optional; sending it is the consent to be reached by it."""

    kind: str = Field(max_length=32, examples=list(KINDS))
    text: str = Field(max_length=ledger.LONGEST_WORDS)
    service: Id | None = None
    office: Id | None = None
    region: Adcode | None = None
    notice: str | None = Field(None, max_length=32)
    contact: str | None = Field(None, max_length=ledger.LONGEST_LINE)


class FiledTicket(BaseModel):
    """The secret is told this once."""

    number: str
    secret: str
    status: str
    url: str


class TicketEntry(BaseModel):
    """One thing that happened, in Chinese words; staff stand there without names."""

    at: datetime
    who: str
    what: str
    words: str


class TicketShown(BaseModel):
    """What the owner may see; personal numbers are masked."""

    number: str
    kind: str
    kind_name: str
    status: str
    status_name: str
    stands: str
    service: str | None
    office: str | None
    region: str | None
    notice: str | None
    place: str
    text: str
    trips: int | None
    missing: list[str]
    contact: str | None
    received_at: datetime
    history: list[TicketEntry]


class TicketAction(BaseModel):
    """`text` is what is added, or why."""

    action: Literal["add", "urge", "withdraw", "reopen", "confirm"]
    text: str = Field("", max_length=ledger.LONGEST_WORDS)


@router.post("", status_code=201)
def file_ticket(wanted: NewTicket, house: InHouse, knowledge: Known, idempotency_key: Key = None) -> FiledTicket:
    """File a ticket; it is stored when the reply is sent."""
    at = now()
    if wanted.service is not None:
        knowledge.find(wanted.service, at.date())
    if wanted.office is not None:
        knowledge.office(wanted.office)
    if wanted.region is not None:
        knowledge.region(wanted.region)

    def file(session: Session) -> FiledTicket:
        draft = Draft(channel="api", **wanted.model_dump())
        opened = ledger.open_ticket(session, draft, at=at, cipher=house.cipher)
        ticket = opened.ticket
        return FiledTicket(
            number=ticket.number,
            secret=opened.secret,
            status=ticket.status.value,
            url=page_url(house.settings.site, ticket.number),
        )

    return write_once(house, file, FiledTicket, key=idempotency_key, request=f"tickets {wanted.model_dump_json()}")


@router.get("/{number}")
def show_ticket(number: str, house: InHouse, x_ticket_secret: Secret = "") -> TicketShown:
    """The ticket and all that happened to it, for whoever holds its secret."""
    store.check_secret(house.database, number, x_ticket_secret, at=now(), cipher=house.cipher)
    with house.database.reading() as session:
        return TicketShown.model_validate(as_public(store.find_ticket(session, number)))


@router.post("/{number}/actions")
def act_on_ticket(
    number: str,
    wanted: TicketAction,
    house: InHouse,
    x_ticket_secret: Secret = "",
    idempotency_key: Key = None,
) -> TicketShown:
    """Add to the ticket, ask for haste, withdraw it, open it again, or say that it is solved."""
    store.check_secret(house.database, number, x_ticket_secret, at=now(), cipher=house.cipher)

    def act(session: Session) -> TicketShown:
        ticket = store.find_ticket(session, number)
        _do(session, house, ticket, wanted)
        session.flush()
        return TicketShown.model_validate(as_public(ticket))

    request = f"tickets/{number}/actions {wanted.model_dump_json()}"
    return write_once(house, act, TicketShown, key=idempotency_key, request=request)


def _do(session: Session, house: House, ticket: Ticket, wanted: TicketAction) -> None:
    at = now()
    if wanted.action == "add":
        ledger.add_words(session, ticket, wanted.text, at=at, cipher=house.cipher)
    elif wanted.action == "urge":
        ledger.urge(session, ticket, at=at)
    elif wanted.action == "withdraw":
        ledger.withdraw(session, ticket, at=at, reason=wanted.text)
    elif wanted.action == "reopen":
        ledger.reopen(session, ticket, at=at, reason=wanted.text)
    else:
        ledger.confirm(session, ticket, at=at)
