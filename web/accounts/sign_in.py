"""The way in and out: tries are counted before a password is read, sessions are kept as digests."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NoReturn

from sqlalchemy.orm import Session

from base import audit
from base.db import Database
from base.errors import SignInRefused
from web.accounts import passwords, rules, store
from web.accounts.models import SignInTry, Staff, StaffSession

REFUSED = "登录名或密码不正确"
WAIT = "尝试次数过多，请 15 分钟后再试，或请管理员重置密码"
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last visit is kept: not one write for each page


def sign_in(database: Database, login: str, password: str, *, address: str, at: datetime) -> str:
    """A new session's token; raises `SignInRefused` with what the person reads.

    The try is stored before the password is looked at: a thousand guesses sent at once are a thousand tries.
    The slow comparison holds no transaction.
    """
    with database.writing() as session:
        tries = _note_try(session, login, address, at)
        staff = store.staff_with_login(session, login)
    known = staff if staff and staff.active else None
    held = passwords.holds(password, known.password_hash if known else None)
    if known is None or not held:
        _refuse(database, staff, last=tries == rules.MOST_FAILURES_PER_LOGIN, address=address, at=at)
    with database.writing() as session:
        forget_tries(session, known.login)
        store.drop_sessions_before(session, at)
        audit.record(session, at=at, actor=known.login, action="sign_in", subject=f"staff:{known.login}")
        return open_session(session, known, at)


def _note_try(session: Session, login: str, address: str, at: datetime) -> int:
    """Keep the try and return how many the login has had; raises `SignInRefused` when there were too many.

    What is refused here is not written down: the trail says when the door closed, and no disk fills up.
    """
    store.lock_tries(session)
    store.drop_tries_before(session, at - rules.FAILURES_COUNT_FOR)
    of_login, of_address = store.count_tries(session, _login_digest(login), address)
    if rules.must_wait(of_login=of_login, of_address=of_address):
        raise SignInRefused(WAIT)
    session.add(SignInTry(at=at, login_digest=_login_digest(login), address=address))
    return of_login + 1


def _refuse(database: Database, staff: Staff | None, *, last: bool, address: str, at: datetime) -> NoReturn:
    """Write the failure down (an unknown login only as such: it may be a password) and raise."""
    subject = f"staff:{staff.login}" if staff else "staff:?"
    with database.writing() as session:
        for action in ("sign_in_refused", "sign_in_locked")[: 1 + last]:
            audit.record(session, at=at, actor="system", action=action, subject=subject, address=address)
    raise SignInRefused(REFUSED)


def open_session(session: Session, staff: Staff, at: datetime) -> str:
    """A session's token, for the cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token_digest=_digest(token),
            staff_id=staff.id,
            csrf=secrets.token_urlsafe(32),
            created_at=at,
            last_seen_at=at,
            expires_at=at + rules.LONGEST,
        )
    )
    return token


def who_is(database: Database, token: str, at: datetime) -> StaffSession:
    """The live session of the token, seen now; raises `SignInRefused`."""
    with database.reading() as session:
        found = store.find_session(session, _digest(token))
    if found is None or not found.staff.active:
        raise SignInRefused("请先登录")
    if not rules.is_live(last_seen=found.last_seen_at, expires=found.expires_at, at=at):
        raise SignInRefused("登录已过期，请重新登录")
    if at - found.last_seen_at >= SEEN_EVERY:
        with database.writing() as session:
            store.touch_session(session, found.token_digest, at)
    return found


def sign_out(database: Database, token: str, at: datetime) -> None:
    with database.writing() as session:
        found = store.find_session(session, _digest(token))
        if found is not None:
            login = found.staff.login
            audit.record(session, at=at, actor=login, action="sign_out", subject=f"staff:{login}")
            session.delete(found)


def forget_tries(session: Session, login: str) -> None:
    """Let the login try again at once."""
    store.drop_tries_of(session, _login_digest(login))


def _login_digest(login: str) -> str:
    return _digest(rules.plain_login(login))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
