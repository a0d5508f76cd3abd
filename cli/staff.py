"""`banshi staff`: who may sign in to the console, from a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from base.clock import now
from base.db import Database
from base.settings import load_settings
from cli.prepare import prepare_database
from web.accounts import people, store
from web.accounts.models import Staff
from web.accounts.rules import ROLE_WORDS, Role

app = typer.Typer(no_args_is_help=True, help="who may sign in to the console: add, list, reset, roles")

By = Annotated[str, typer.Option(help="who does it; stands in the audit trail", default_factory=getuser)]
Login = Annotated[str, typer.Argument(help="the person's login")]
RoleName = Annotated[Role, typer.Argument(help="what the person is there")]
UnitName = Annotated[str | None, typer.Option("--unit", help="id or name of a unit; without it the person's own")]


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="2 to 40 small letters, digits, . - _")],
    name: Annotated[str, typer.Argument(help="the name that colleagues read")],
    by: By,
    role: Annotated[Role, typer.Option(help="what the person is at the unit")] = Role.WINDOW,
    unit: Annotated[str | None, typer.Option(help="id or name of a unit; without it the topmost one")] = None,
    badge: Annotated[str, typer.Option(help="the number on the badge")] = "",
) -> None:
    """Add a person with one role; prints the first password, this once."""
    with _writing() as session:
        where = store.find_unit(session, unit) if unit else store.find_root(session)
        staff, password = people.add_staff(session, login=login, name=name, badge=badge, unit=where, by=by, at=now())
        people.grant_role(session, staff, role, where, by=by, at=now())
    _print_password(staff, password)


@app.command("list")
def list_all() -> None:
    """All people, one a line: login, name, unit, roles."""
    with _writing() as session:
        for staff in store.list_staff(session):
            roles = "、".join(f"{ROLE_WORDS[grant.role]}（{grant.unit.name}）" for grant in staff.grants)
            print(
                staff.login,
                staff.name,
                staff.unit.name,
                roles or "没有角色",
                "" if staff.active else "已停用",
                sep="\t",
            )


@app.command()
def units() -> None:
    """All units, one a line: id, name."""
    with _writing() as session:
        for unit in store.list_units(session):
            print(unit.id, unit.name, sep="\t")


@app.command()
def reset(login: Login, by: By) -> None:
    """Give a new password, printed this once; ends a lock-out and lets a deactivated person back in."""
    with _writing() as session:
        staff = store.find_staff(session, login)
        password = people.reset_password(session, staff, by=by, at=now())
    _print_password(staff, password)


@app.command()
def grant(login: Login, role: RoleName, by: By, unit: UnitName = None) -> None:
    """Give a role on a unit and everything below it."""
    with _writing() as session:
        staff = store.find_staff(session, login)
        where = store.find_unit(session, unit) if unit else staff.unit
        people.grant_role(session, staff, role, where, by=by, at=now())
    print(f"{staff.name}：{ROLE_WORDS[role]}（{where.name}）")


@app.command()
def revoke(login: Login, role: RoleName, by: By, unit: UnitName = None) -> None:
    """Take a role away."""
    with _writing() as session:
        staff = store.find_staff(session, login)
        where = store.find_unit(session, unit) if unit else staff.unit
        people.revoke_role(session, staff, role, where, by=by, at=now())
    print(f"{staff.name}：不再是{ROLE_WORDS[role]}（{where.name}）")


@app.command()
def deactivate(login: Login, by: By) -> None:
    """End a person's access at once; what they did stays on record."""
    with _writing() as session:
        staff = store.find_staff(session, login)
        people.deactivate(session, staff, by=by, at=now())
    print(f"{staff.name}：已停用")


@contextmanager
def _writing() -> Iterator[Session]:
    """A session on the prepared database; a store without anybody first gets and shows its first accounts."""
    settings = load_settings()
    prepare_database(settings)
    database = Database(settings.database_url)
    try:
        with database.writing() as session:
            first = people.first_accounts(session, settings.demo, now())
        for account in first:
            print(account.login, account.password, account.roles, sep="\t", file=sys.stderr)
        with database.writing() as session:
            yield session
    finally:
        database.close()


def _print_password(staff: Staff, password: str) -> None:
    print(f"登录名：{staff.login}")
    print(f"密码：{password}（只显示这一次，首次登录时须修改）")
