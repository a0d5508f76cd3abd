"""The name on a notice: typed by staff, shown masked, whole only to who knows the last four digits of the phone."""

from __future__ import annotations

import json
import re
import secrets

from base.errors import BadRequest
from base.privacy import find_personal_numbers
from bot.conversations.vault import Cipher
from web.accounts.rules import checked_words

LONGEST_NAME = 30


def checked_holder(name: str, last4: str) -> tuple[str, str] | None:
    """The name and the digits as they are kept, None where neither was typed; raises `BadRequest` for half of it."""
    name, last4 = name.strip(), last4.strip()
    if not name and not last4:
        return None
    if not name:
        raise BadRequest("name", "填了手机号后四位，请把姓名也填上，或者两样都不填")
    if not re.fullmatch("[0-9]{4}", last4):
        raise BadRequest("last4", "填了姓名，请再填手机号后四位（4 位数字），查看全名时要用")
    name = checked_words("name", name, most=LONGEST_NAME)
    if any(find_personal_numbers(name)):
        raise BadRequest("name", "这里只填姓名，不要填号码")
    return name, last4


def masked(name: str) -> str:
    """张**, whatever the length of the name."""
    return f"{name[0]}**"


def seal(cipher: Cipher, name: str, last4: str) -> str:
    return cipher.seal(json.dumps({"name": name, "last4": last4}, ensure_ascii=False))


def unlock(cipher: Cipher, sealed: str, last4: str) -> str | None:
    """The whole name, or None when the digits are not those that were sealed with it."""
    kept = json.loads(cipher.open(sealed))
    fits = secrets.compare_digest(str(kept["last4"]).encode(), last4.strip().encode())
    return str(kept["name"]) if fits else None
