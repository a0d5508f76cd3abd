"""The hash chain of one ticket's entries. Pure: rows in, digests and complaints out.

Each digest covers the one before it and all that its entry says, and of what was said in person only a salted
digest: without salt and words nobody can guess a phone number back, and the chain is still whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timezone

from bot.conversations.vault import Cipher
from tickets.models import Entry, Ticket


def digest_of(entry: Entry, previous: str) -> str:
    """The digest that belongs to `entry` after an entry with the digest `previous`."""
    said = {
        "seq": entry.seq,
        "at": entry.at.astimezone(timezone.utc).isoformat(),
        "by": entry.by,
        "action": entry.action,
        "before": entry.before and entry.before.value,
        "after": entry.after and entry.after.value,
        "reason": entry.reason,
        "data": entry.data,
        "words": entry.words_digest,
    }
    return _sha256(previous, json.dumps(said, ensure_ascii=False, sort_keys=True))


def digest_of_words(salt: str, words: str, original: str) -> str:
    return _sha256(salt, json.dumps([words, original], ensure_ascii=False))


def verify(ticket: Ticket, cipher: Cipher) -> list[str]:
    """What is wrong with the ticket's chain, one line each; empty when it is whole."""
    return list(_problems(ticket, cipher))


def _problems(ticket: Ticket, cipher: Cipher) -> Iterator[str]:
    previous = ""
    status = None
    for seq, entry in enumerate(ticket.entries, 1):
        if entry.seq != seq:
            yield f"{ticket.number}: entry {seq} is missing"
            return
        if entry.digest != digest_of(entry, previous):
            yield f"{ticket.number}: entry {seq} was changed"
        if entry.sealed is not None and entry.words_digest != digest_of_words(
            entry.salt or "", entry.words or "", cipher.open(entry.sealed)
        ):
            yield f"{ticket.number}: the words of entry {seq} were changed"
        previous, status = entry.digest, entry.after or status
    if (ticket.length, ticket.head) != (len(ticket.entries), previous):
        yield f"{ticket.number}: entries are missing at the end"
    if ticket.status != status:
        yield f"{ticket.number}: the status is not that of the entries"


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
