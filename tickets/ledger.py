"""What changes a ticket: each change and its entry in one transaction, which the session's owner commits.

Whoever tells a person that something is registered does so after that commit.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session

from base import audit
from base.clock import CHINA
from base.errors import BadRequest
from base.privacy import mask_text
from bot.conversations.vault import Cipher
from knowledge.notices.codes import ALPHABET
from tickets.chain import digest_of, digest_of_words
from tickets.models import KINDS, Entry, Ticket
from tickets.story import read_story
from tickets.workflow import CITIZEN, Status, check_move, check_open

LONGEST_WORDS = 20_000  # characters of one story or addition
LONGEST_LINE = 200  # characters of a place or a contact
_NEXT_OF_DAY = text(
    "INSERT INTO ticket_day (day, last) VALUES (:day, 1)"
    " ON CONFLICT (day) DO UPDATE SET last = ticket_day.last + 1 RETURNING last"
).bindparams(bindparam("day", type_=Date))


@dataclass(frozen=True)
class Draft:
    """A ticket to be: `text` and `contact` as they were typed, personal numbers included."""

    kind: str
    text: str
    channel: str
    conversation: str | None = None
    service: str | None = None
    office: str | None = None
    region: str | None = None
    place: str = ""
    notice: str | None = None
    contact: str | None = None
    urgency: str = "normal"


@dataclass(frozen=True)
class Opened:
    """A new ticket and its owner's secret, which nobody can read back later."""

    ticket: Ticket
    secret: str


@dataclass(frozen=True)
class Personal:
    """What the citizen really wrote."""

    text: str
    contact: str | None


def open_ticket(session: Session, draft: Draft, *, at: datetime, by: str = CITIZEN, cipher: Cipher) -> Opened:
    """File a ticket; a contact in the draft means that the consent sentence stood beside its field.

    Raises BadRequest with the field's name when the draft cannot be filed.
    """
    if draft.kind not in KINDS:
        raise BadRequest("kind", f"没有“{draft.kind}”这一类，只有：{'、'.join(KINDS)}")
    if draft.urgency not in ("normal", "urgent"):
        raise BadRequest("urgency", "只能是 normal 或 urgent")
    story = _tidy("text", draft.text, LONGEST_WORDS)
    told = read_story(story)
    secret = _new_secret()
    ticket = Ticket(
        number=_next_number(session, at.astimezone(CHINA).date()),
        secret=cipher.seal(_hash(secret)),
        kind=draft.kind,
        status=Status.PENDING,
        urgency=draft.urgency,
        filed_by=by,
        channel=draft.channel,
        conversation=draft.conversation,
        received_at=at,
        service=draft.service,
        office=draft.office,
        region=draft.region,
        notice=draft.notice,
        text=mask_text(story),
        trips=told.trips,
        missing=[mask_text(thing) for thing in told.missing],
    )
    session.add(ticket)
    pen = _Pen(session, ticket, at, by)
    pen.write("open", words=story, cipher=cipher, after=Status.PENDING, kind=draft.kind, channel=draft.channel)
    if draft.place.strip():
        _note_place(pen, draft.place, cipher)
    if draft.contact and draft.contact.strip():
        _note_contact(pen, draft.contact, cipher)
    session.flush()
    return Opened(ticket, secret)


def add_words(session: Session, ticket: Ticket, words: str, *, at: datetime, by: str = CITIZEN, cipher: Cipher) -> None:
    """Add what came to mind later; trips and missing things told in it count as well."""
    words = _tidy("text", words, LONGEST_WORDS)
    pen = _Pen.taken(session, ticket, at, by)
    check_open(ticket.status)
    pen.write("add", words=words, cipher=cipher)
    told = read_story(words)
    ticket.trips = max(filter(None, (ticket.trips, told.trips)), default=None)
    ticket.missing = list(dict.fromkeys([*ticket.missing, *map(mask_text, told.missing)]))


def set_place(session: Session, ticket: Ticket, place: str, *, at: datetime, by: str = CITIZEN, cipher: Cipher) -> None:
    """Note where it happened, in the person's words."""
    pen = _Pen.taken(session, ticket, at, by)
    check_open(ticket.status)
    _note_place(pen, place, cipher)


def set_contact(
    session: Session, ticket: Ticket, contact: str, *, at: datetime, by: str = CITIZEN, cipher: Cipher
) -> None:
    """Note how the person wants to be reached; giving it after the consent sentence is the consent."""
    pen = _Pen.taken(session, ticket, at, by)
    check_open(ticket.status)
    _note_contact(pen, contact, cipher)


def urge(session: Session, ticket: Ticket, *, at: datetime, by: str = CITIZEN) -> None:
    """Note that the person asks for haste."""
    pen = _Pen.taken(session, ticket, at, by)
    check_open(ticket.status)
    pen.write("urge")


def withdraw(session: Session, ticket: Ticket, *, at: datetime, by: str = CITIZEN, reason: str = "") -> None:
    move(session, ticket, Status.WITHDRAWN, at=at, by=by, reason=reason)


def confirm(session: Session, ticket: Ticket, *, at: datetime, by: str = CITIZEN) -> None:
    """The owner says that it is solved."""
    move(session, ticket, Status.CLOSED, at=at, by=by)


def reopen(session: Session, ticket: Ticket, *, at: datetime, by: str = CITIZEN, reason: str = "") -> None:
    to = Status.PENDING if ticket.status == Status.WITHDRAWN else Status.IN_PROGRESS
    move(session, ticket, to, at=at, by=by, reason=reason)


def move(session: Session, ticket: Ticket, to: Status, *, at: datetime, by: str, reason: str = "") -> None:
    """Move a ticket along the workflow; raises MoveRefused, in words, where the table has no such move.

    The reason is part of the chain and shown to the owner: personal numbers in it are masked.
    """
    pen = _Pen.taken(session, ticket, at, by)
    before = ticket.status
    done = check_move(before, to, by=by, reason=reason)
    ticket.status = to
    pen.write(done.action, before=before, after=to, reason=mask_text(reason.strip()))


def reveal(session: Session, ticket: Ticket, *, at: datetime, by: str, cipher: Cipher) -> Personal:
    """The original story and contact; who read them stands in the audit trail."""
    audit.record(session, at=at, actor=by, action="read_ticket_originals", subject=ticket.number)
    sealed = {entry.action: entry.sealed for entry in ticket.entries if entry.action in ("open", "contact")}
    texts = {action: cipher.open(words) for action, words in sealed.items() if words}
    return Personal(texts.get("open", ticket.text), texts.get("contact"))


def fits(ticket: Ticket, secret: str, cipher: Cipher) -> bool:
    """Whether this is the owner's secret, however it was typed."""
    return secrets.compare_digest(cipher.open(ticket.secret), _hash(secret))


@dataclass(frozen=True)
class _Pen:
    """Writes the entries of one ticket at one moment."""

    session: Session
    ticket: Ticket
    at: datetime
    by: str

    @classmethod
    def taken(cls, session: Session, ticket: Ticket, at: datetime, by: str) -> _Pen:
        """The pen for a stored ticket: whoever comes second waits here and then sees the newest state."""
        session.flush()
        session.refresh(ticket, with_for_update=True)
        return cls(session, ticket, at, by)

    def write(
        self,
        action: str,
        *,
        words: str = "",
        cipher: Cipher | None = None,
        before: Status | None = None,
        after: Status | None = None,
        reason: str = "",
        **data: Any,
    ) -> None:
        ticket = self.ticket
        entry = Entry(
            ticket=ticket,
            seq=(ticket.length or 0) + 1,
            at=self.at,
            by=self.by,
            action=action,
            before=before,
            after=after,
            reason=reason,
            data=data,
            words_digest="",
        )
        if cipher:
            entry.words, entry.sealed, entry.salt = (
                mask_text(words),
                cipher.seal(words),
                secrets.token_hex(16),
            )
            entry.words_digest = digest_of_words(entry.salt, entry.words, words)
        entry.digest = digest_of(entry, ticket.head or "")
        ticket.length, ticket.head = entry.seq, entry.digest
        self.session.add(entry)


def _note_place(pen: _Pen, place: str, cipher: Cipher) -> None:
    place = _tidy("place", place, LONGEST_LINE)
    pen.write("place", words=place, cipher=cipher)
    pen.ticket.place = mask_text(place)


def _note_contact(pen: _Pen, contact: str, cipher: Cipher) -> None:
    contact = _tidy("contact", contact, LONGEST_LINE)
    pen.write("contact", words=contact, cipher=cipher, consent=True)
    pen.ticket.contact, pen.ticket.contact_consent_at = mask_text(contact), pen.at


def _next_number(session: Session, day: date) -> str:
    """The day's next number; its row stays locked until the commit, so no two writers get the same one."""
    return f"BS-{day:%Y%m%d}-{session.scalar(_NEXT_OF_DAY, {'day': day}):04d}"


def _new_secret() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _hash(secret: str) -> str:
    # Forty bits fall to trial from a stolen table, so the hash is also sealed with the installation's key.
    plain = "".join(secret.upper().split()).replace("-", "")
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def _tidy(field: str, words: str, most: int) -> str:
    """`words` without what no database or screen takes; raises BadRequest when they are empty or too long."""
    seen = "".join(letter for letter in words if letter.isprintable() or letter in "\n\t").strip()
    seen = seen.encode(errors="replace").decode()
    if not seen:
        raise BadRequest(field, "内容是空的")
    if len(seen) > most:
        raise BadRequest(field, f"最多 {most} 个字")
    return seen
