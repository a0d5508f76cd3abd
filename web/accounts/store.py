"""Queries over units, staff and sessions. Whoever opens the session commits; nothing here does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from base.errors import BadRequest
from web.accounts.models import RoleGrant, SignInTry, Staff, StaffSession, Unit
from web.accounts.rules import Grant, Parents, Role, is_login, plain_login


def find_staff(session: Session, login: str) -> Staff:
    staff = staff_with_login(session, login)
    if staff is None:
        raise BadRequest("login", f"没有登录名为 {login} 的人员")
    return staff


def staff_with_login(session: Session, login: str) -> Staff | None:
    """For the sign-in, where an unknown login is nothing unusual."""
    login = plain_login(login)
    return session.scalar(select(Staff).where(Staff.login == login)) if is_login(login) else None


def has_staff(session: Session) -> bool:
    return session.scalar(select(Staff.id).limit(1)) is not None


def list_staff(session: Session, units: Collection[int] | None = None) -> Sequence[Staff]:
    """Staff of the units (of all, where none are named), those who may sign in first."""
    query = select(Staff).order_by(Staff.active.desc(), Staff.unit_id, Staff.login)
    if units is not None:
        query = query.where(Staff.unit_id.in_(units))
    return session.scalars(query).all()


def list_units(session: Session) -> Sequence[Unit]:
    return session.scalars(select(Unit).where(Unit.dissolved_at.is_(None)).order_by(Unit.id)).all()


def find_unit(session: Session, which: str) -> Unit:
    """The unit with this id or this exact name."""
    named = [unit for unit in list_units(session) if which in (str(unit.id), unit.name)]
    if len(named) != 1:
        raise BadRequest("unit", f"没有名为 {which} 的单位")
    return named[0]


def find_root(session: Session) -> Unit:
    """The one unit above all others."""
    return session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()


def parents(session: Session) -> Parents:
    """Of every unit, dissolved ones too: what was granted there is still looked up."""
    return {row.id: row.parent_id for row in session.execute(select(Unit.id, Unit.parent_id))}


def grants_of(staff: Staff) -> tuple[Grant, ...]:
    return tuple((Role(grant.role), grant.unit_id) for grant in staff.grants)


def lock_administrators(session: Session) -> frozenset[int]:
    """Ids of the active people who administer the whole house.

    Their rows stay locked, so that two administrators cannot remove one another at the same moment.
    """
    query = (
        select(Staff.id)
        .join(RoleGrant, RoleGrant.staff_id == Staff.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.role == Role.ADMIN.value, Unit.parent_id.is_(None), Staff.active)
        .order_by(Staff.id)
    )
    return frozenset(session.scalars(query.with_for_update(of=(Staff, RoleGrant))))


def find_session(session: Session, token_digest: str) -> StaffSession | None:
    return session.get(StaffSession, token_digest)


def touch_session(session: Session, token_digest: str, at: datetime) -> None:
    """Note a visit; a session that was ended meanwhile stays ended."""
    session.execute(update(StaffSession).where(StaffSession.token_digest == token_digest).values(last_seen_at=at))


def end_sessions(session: Session, staff: Staff) -> None:
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))


def drop_sessions_before(session: Session, at: datetime) -> None:
    session.execute(delete(StaffSession).where(StaffSession.expires_at < at))


def lock_tries(session: Session) -> None:
    """Count one sign-in after the other; SQLite's writers wait for one another anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE sign_in_try IN SHARE ROW EXCLUSIVE MODE"))


def count_tries(session: Session, login_digest: str, address: str) -> tuple[int, int]:
    """How many tries are kept of the login and of the address."""
    tries = select(func.count()).select_from(SignInTry)
    of_login = session.scalar(tries.where(SignInTry.login_digest == login_digest))
    of_address = session.scalar(tries.where(SignInTry.address == address))
    return of_login or 0, of_address or 0


def drop_tries_before(session: Session, at: datetime) -> None:
    session.execute(delete(SignInTry).where(SignInTry.at < at))


def drop_tries_of(session: Session, login_digest: str) -> None:
    session.execute(delete(SignInTry).where(SignInTry.login_digest == login_digest))
