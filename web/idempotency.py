"""A write that is sent twice under one key happens once: the second gets the reply of the first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import String, Text, bindparam, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from base.clock import now
from base.db import Base, Instant
from base.errors import BadRequest
from bot.channels.house import House
from bot.conversations.vault import Cipher

Reply = TypeVar("Reply", bound=BaseModel)

_TAKE = text(
    "INSERT INTO idempotency (key, request, reply, at) VALUES (:key, :request, '', :at) ON CONFLICT (key) DO NOTHING"
).bindparams(bindparam("at", type_=Instant))


class KeptReply(Base):
    """One reply under its key: `request` digests what was asked; `reply` is sealed, it may hold secrets."""

    __tablename__ = "idempotency"

    key: Mapped[str] = mapped_column(String(256), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    reply: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


class Once:
    """One write within the caller's transaction; whoever comes second with its key waits for the commit."""

    def __init__(self, session: Session, cipher: Cipher, *, key: str, request: str, at: datetime) -> None:
        """Raises BadRequest when the key was used for another request."""
        digest = hashlib.sha256(request.encode()).hexdigest()
        session.execute(_TAKE, {"key": key, "request": digest, "at": at})
        self._cipher, self._kept = cipher, session.get_one(KeptReply, key, with_for_update=True)
        if self._kept.request != digest:
            raise BadRequest("Idempotency-Key", "was used for another request")

    def recall(self, kind: type[Reply]) -> Reply | None:
        """The reply that was given before."""
        return kind.model_validate_json(self._cipher.open(self._kept.reply)) if self._kept.reply else None

    def keep(self, reply: BaseModel) -> None:
        self._kept.reply = self._cipher.seal(reply.model_dump_json())


def write_once(
    house: House, write: Callable[[Session], Reply], kind: type[Reply], *, key: str | None, request: str
) -> Reply:
    """Do it and commit, or give the reply that the same key and request got before."""
    with house.database.writing() as session:
        if key is None:
            return write(session)
        once = Once(session, house.cipher, key=key, request=request, at=now())
        reply = once.recall(kind)
        if reply is None:
            reply = write(session)
            once.keep(reply)
        return reply
