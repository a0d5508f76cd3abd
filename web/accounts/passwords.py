"""Passwords: how long, how hashed, how made."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from base.errors import BadRequest

SHORTEST = 10
LONGEST = 128  # more costs time to hash and adds nothing
_EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"  # without i l o 0 1: read from a screen and typed
# OWASP's smallest argon2id setting: 19 MiB, 20 ms; a whole hall's sign-ins at nine fit a small machine.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a random password that nobody kept: what a sign-in of an unknown login is compared with.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$WLiivmW0yOMuqlJEPvoaFg$xN/Ypdvpu8SxX2FpaSJ6WODSgGjY4e9PGTId7gRIMOQ"


def checked_password(password: str, *, login: str) -> str:
    """The password if it may be used; raises `BadRequest` with what is missing."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadRequest("password", f"密码须为 {SHORTEST} 至 {LONGEST} 个字符")
    if login in password.lower() or len(set(password)) < 5:
        raise BadRequest("password", "密码太简单：不能含登录名，至少要有 5 个不同的字符")
    return password


def hash_password(password: str) -> str:
    return _HASHER.hash(_plain_form(password))


def holds(password: str, password_hash: str | None) -> bool:
    """Whether the password is the hashed one; takes as long without a hash, so that time tells no logins."""
    try:
        _HASHER.verify(password_hash or _NOBODYS, _plain_form(password))
    except VerifyMismatchError:
        return False
    return password_hash is not None


def new_password() -> str:
    """A random password of 79 bits in four groups."""
    return "-".join("".join(secrets.choice(_EASY_TO_READ) for _ in range(4)) for _ in range(4))


def _plain_form(password: str) -> str:
    """Full-width letters and digits of a Chinese keyboard count as plain ones."""
    return unicodedata.normalize("NFKC", password[: LONGEST * 2])
