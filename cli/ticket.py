"""`banshi ticket`: the ledger from a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from typing import Annotated

import typer

from base.clock import now
from base.db import Database
from base.settings import load_settings
from bot.conversations.vault import Cipher
from cli.prepare import prepare_database
from tickets import ledger
from tickets.answers import as_public, page_url
from tickets.chain import verify
from tickets.chat import Desk
from tickets.models import KINDS, Ticket
from tickets.store import find_ticket, open_tickets
from tickets.workflow import Status

app = typer.Typer(no_args_is_help=True, help="the ledger of what could not be done: list, show, add, move")

By = Annotated[str, typer.Option(help="who does it; stands in the ticket's entries", default_factory=getuser)]
Number = Annotated[str, typer.Argument(help="such as BS-20261121-0007")]


@app.command("list")
def list_open(
    newest: Annotated[bool, typer.Option(help="the newest first instead of the oldest")] = False,
    kind: Annotated[str | None, typer.Option(help="only this kind: " + " ".join(KINDS))] = None,
    status: Annotated[Status | None, typer.Option(help="only this status, closed ones too")] = None,
    after: Annotated[str | None, typer.Option(help="go on after this number")] = None,
    most: Annotated[int, typer.Option(min=1, max=500)] = 50,
) -> None:
    """The tickets that somebody still works on, one a line."""
    with _desk() as desk, desk.database.reading() as session:
        found = open_tickets(session, newest_first=newest, after=after, most=most, kind=kind, status=status)
        for ticket in found:
            print(_line(ticket))
    if not found:
        print("没有这样的工单", file=sys.stderr)


@app.command()
def show(
    number: Number,
    by: By,
    originals: Annotated[bool, typer.Option(help="personal numbers readable; the audit trail notes it")] = False,
) -> None:
    """One ticket with its entries, and whether their chain is whole."""
    with _desk() as desk, desk.database.writing() as session:
        ticket = find_ticket(session, number)
        print(_line(ticket))
        shown = as_public(ticket)
        if originals:
            personal = ledger.reveal(session, ticket, at=now(), by=by, cipher=desk.cipher)
            shown |= {"text": personal.text, "contact": personal.contact}
        for label, name in (("经过", "text"), ("地点", "place"), ("联系方式", "contact"), ("次数", "trips")):
            if shown[name]:
                print(f"  {label}：{shown[name]}")
        for entry in ticket.entries:
            print(f"  {entry.at:%m-%d %H:%M} {entry.by} {entry.action} {entry.words or entry.reason}".rstrip())
        print("  流水完整" if not (problems := verify(ticket, desk.cipher)) else "\n".join(problems))


@app.command()
def add(
    text: Annotated[str, typer.Argument(help="what happened, in the citizen's words")],
    by: By,
    kind: Annotated[str, typer.Option(help=" ".join(KINDS))] = "stuck",
    place: str = "",
    service: str | None = None,
    contact: Annotated[str | None, typer.Option(help="only with the citizen's consent")] = None,
    urgent: bool = False,
) -> None:
    """File a ticket for a citizen; prints its number and its owner's secret."""
    draft = ledger.Draft(
        kind=kind,
        text=text,
        channel="counter",
        service=service,
        place=place,
        contact=contact,
        urgency="urgent" if urgent else "normal",
    )
    with _desk() as desk:
        with desk.database.writing() as session:
            opened = ledger.open_ticket(session, draft, at=now(), by=by, cipher=desk.cipher)
        print(f"工单号：{opened.ticket.number}")
        print(f"查询码：{opened.secret}（只显示这一次，请交给本人）")
        print(f"查询：{page_url(desk.base_url, opened.ticket.number)}")


@app.command()
def move(
    number: Number,
    to: Annotated[Status, typer.Argument()],
    by: By,
    reason: Annotated[str, typer.Option(help="the citizen reads it")] = "",
) -> None:
    """Move a ticket along the workflow."""
    with _desk() as desk:
        with desk.database.writing() as session:
            ticket = find_ticket(session, number)
            ledger.move(session, ticket, to, at=now(), by=by, reason=reason)
        print(_line(ticket))


@contextmanager
def _desk() -> Iterator[Desk]:
    settings = load_settings()
    prepare_database(settings)
    database = Database(settings.database_url)
    try:
        yield Desk(database, Cipher(settings.secret), settings.site)
    finally:
        database.close()


def _line(ticket: Ticket) -> str:
    urgent = "【急】" if ticket.urgency == "urgent" else ""
    story = " ".join(ticket.text.split())[:40]
    return (
        f"{ticket.number} {ticket.status.words} {urgent}{KINDS[ticket.kind]} {ticket.received_at:%m-%d %H:%M} {story}"
    )
