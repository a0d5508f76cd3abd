"""What changes units, staff and roles: rule first, then the change and its audit row in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from base import audit
from base.errors import BadRequest
from web.accounts import passwords, rules, store
from web.accounts.models import RoleGrant, Staff, Unit
from web.accounts.rules import ROLE_WORDS, UNIT_KINDS, Role, checked_words
from web.accounts.sign_in import forget_tries


@dataclass(frozen=True)
class FirstAccount:
    """A sign-in of a fresh store; the password is known here and nowhere else."""

    login: str
    password: str
    roles: str


def first_accounts(session: Session, demo: bool, at: datetime) -> list[FirstAccount]:
    """The administrator, with `demo` also the invented city's units and staff; [] when anybody exists."""
    if store.has_staff(session):
        return []
    root = Unit(name="本机构", kind="bureau")
    if demo:
        root = Unit(name="示例市政务服务管理局（演示）", kind="bureau", region="990100", demo=True)
    session.add(root)
    session.flush()
    accounts = [_first_account(session, "admin", "管理员", Role.ADMIN, root, at)]
    return accounts + (_demo_accounts(session, root, at) if demo else [])


def _demo_accounts(session: Session, root: Unit, at: datetime) -> list[FirstAccount]:
    hall = Unit(name="示例市政务服务中心（演示）", kind="hall", region="990104", parent_id=root.id, demo=True)
    police = Unit(name="示例市公安局（演示）", kind="branch", region="990100", parent_id=root.id, demo=True)
    session.add_all([hall, police])
    session.flush()
    people = (
        ("window", "王小满（演示）", Role.WINDOW, hall),
        ("desk", "李春来（演示）", Role.DESK, hall),
        ("police", "赵立夏（演示）", Role.DESK, police),
        ("supervisor", "周处暑（演示）", Role.SUPERVISOR, root),
        ("editor", "孙白露（演示）", Role.EDITOR, root),
        ("approver", "钱秋分（演示）", Role.APPROVER, root),
        ("auditor", "吴霜降（演示）", Role.AUDITOR, root),
    )
    return [_first_account(session, login, name, role, unit, at) for login, name, role, unit in people]


def _first_account(session: Session, login: str, name: str, role: Role, unit: Unit, at: datetime) -> FirstAccount:
    staff, password = add_staff(session, login=login, name=name, unit=unit, by="system", at=at)
    staff.must_change = role is Role.ADMIN  # a demonstration sign-in is there to be used at once
    grant_role(session, staff, role, unit, by="system", at=at)
    return FirstAccount(login, password, ROLE_WORDS[role])


def add_unit(session: Session, *, name: str, kind: str, parent: Unit, phone: str, by: str, at: datetime) -> Unit:
    """A unit below `parent`, in the parent's division."""
    unit = Unit(kind=kind, parent_id=parent.id, region=parent.region, demo=parent.demo)
    unit.name = checked_words("name", name, most=80)
    unit.phone = checked_words("phone", phone, most=40, needed=False)
    if kind not in UNIT_KINDS:
        raise BadRequest("kind", "没有这种单位类型")
    if any(other.name == unit.name for other in store.list_units(session)):
        raise BadRequest("name", "已有同名单位")
    session.add(unit)
    session.flush()
    audit.record(session, at=at, actor=by, action="add_unit", subject=f"unit:{unit.id}")
    return unit


def add_staff(
    session: Session, *, login: str, name: str, badge: str = "", unit: Unit, by: str, at: datetime
) -> tuple[Staff, str]:
    """A new person without roles, and the password that they must change when they first sign in."""
    login = rules.checked_login(login)
    if store.staff_with_login(session, login):
        raise BadRequest("login", f"登录名 {login} 已有人使用")
    password = passwords.new_password()
    staff = Staff(login=login, unit=unit, created_at=at, must_change=True, active=True)
    staff.name = checked_words("name", name, most=40)
    staff.badge = checked_words("badge", badge, most=20, needed=False)
    staff.password_hash = passwords.hash_password(password)
    session.add(staff)
    session.flush()
    audit.record(session, at=at, actor=by, action="add_staff", subject=f"staff:{login}", unit=unit.id)
    return staff, password


def grant_role(session: Session, staff: Staff, role: Role, unit: Unit, *, by: str, at: datetime) -> None:
    """Give the role on the unit; what is already given stays as it is."""
    if (role, unit.id) in store.grants_of(staff):
        return
    staff.grants.append(RoleGrant(role=role.value, unit=unit, unit_id=unit.id))
    _record(session, staff, "grant_role", by=by, at=at, role=role.value, unit=unit.id)


def revoke_role(session: Session, staff: Staff, role: Role, unit: Unit, *, by: str, at: datetime) -> None:
    """Take the role away; raises `BadRequest` if it was not given, or from the last administrator."""
    grant = next((one for one in staff.grants if (one.role, one.unit_id) == (role, unit.id)), None)
    if grant is None:
        raise BadRequest("role", "此人没有这个角色")
    if role is Role.ADMIN and unit.parent_id is None:
        rules.check_administrator_remains(store.lock_administrators(session), without=staff.id)
    staff.grants.remove(grant)
    _record(session, staff, "revoke_role", by=by, at=at, role=role.value, unit=unit.id)


def deactivate(session: Session, staff: Staff, *, by: str, at: datetime) -> None:
    """End the person's access at once; raises `BadRequest` for the last administrator."""
    rules.check_administrator_remains(store.lock_administrators(session), without=staff.id)
    staff.active = False
    store.end_sessions(session, staff)
    _record(session, staff, "deactivate", by=by, at=at)


def reset_password(session: Session, staff: Staff, *, by: str, at: datetime) -> str:
    """A new password, to be changed at the next sign-in; ends sessions and lock-out, and reactivates."""
    password = passwords.new_password()
    staff.password_hash, staff.must_change, staff.active = passwords.hash_password(password), True, True
    store.end_sessions(session, staff)
    forget_tries(session, staff.login)
    _record(session, staff, "reset_password", by=by, at=at)
    return password


def change_password(session: Session, staff: Staff, *, old: str, new: str, at: datetime) -> None:
    """The person's own change; ends all their sessions. Raises `BadRequest` with the field at fault."""
    if not passwords.holds(old, staff.password_hash):
        raise BadRequest("old", "原密码不对")
    if old == new:
        raise BadRequest("password", "新密码不能与原密码相同")
    staff.password_hash = passwords.hash_password(passwords.checked_password(new, login=staff.login))
    staff.must_change = False
    store.end_sessions(session, staff)
    _record(session, staff, "change_password", by=staff.login, at=at)


def _record(session: Session, staff: Staff, action: str, *, by: str, at: datetime, **detail: object) -> None:
    audit.record(session, at=at, actor=by, action=action, subject=f"staff:{staff.login}", **detail)
