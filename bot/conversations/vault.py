"""The vault of personal numbers: what stands behind the tokens of a conversation, encrypted at rest.

Only the ledger gets the originals back (`restore`); people read them masked (`show`).
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import Session

from base.errors import BadSetting
from base.privacy import TOKEN, mask
from bot.conversations.models import PersonalNumber


def derive_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose; whoever learns them learns neither the secret nor another purpose's key."""
    return HKDF(SHA256(), length=32, salt=None, info=f"banshi {purpose}".encode()).derive(secret.encode())


class Cipher:
    """Seals short texts with a key derived from the installation's secret for one purpose."""

    def __init__(self, secret: str, purpose: str = "vault") -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derive_key(secret, purpose)))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed; raises BadSetting when it was sealed under another secret."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise BadSetting("BANSHI_SECRET", "is not the secret that this database was written with") from error


def tokens_of(session: Session, cipher: Cipher, conversation: str) -> dict[str, str]:
    """Token → plain number for the whole conversation."""
    query = select(PersonalNumber).where(PersonalNumber.conversation_id == conversation).order_by(PersonalNumber.id)
    return {row.token: cipher.open(row.ciphertext) for row in session.scalars(query)}


def keep(session: Session, cipher: Cipher, conversation: str, known: dict[str, str]) -> None:
    """Store the tokens of `known` that the (locked) conversation does not have yet."""
    query = select(PersonalNumber.token).where(PersonalNumber.conversation_id == conversation)
    stored = set(session.scalars(query))
    for token, number in known.items():
        if token not in stored:
            kind = token.strip("〔〕0123456789")
            sealed = cipher.seal(number)
            session.add(PersonalNumber(conversation_id=conversation, token=token, kind=kind, ciphertext=sealed))


def restore(text: str, known: dict[str, str]) -> str:
    """`text` with the original numbers back in it, for the ledger alone."""
    return TOKEN.sub(lambda match: known.get(match.group(), match.group()), text)


def show(text: str, known: dict[str, str]) -> str:
    """`text` with every known token as a masked number, 138****1234."""
    return TOKEN.sub(lambda m: mask(known[m.group()]) if m.group() in known else m.group(), text)
