"""管理: units, people and their roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from base.clock import now
from base.errors import BadRequest
from web.accounts import people, rules, store
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, database_of, page
from web.accounts.models import Staff, Unit
from web.accounts.rules import ROLE_WORDS, UNIT_KINDS, Act, Role

PEOPLE = "/staff/people"
Reader = Annotated[Visitor, Depends(allowed(Act.SEE_STAFF))]
Manager = Annotated[Visitor, Depends(allowed(Act.MANAGE_STAFF))]
Words = Annotated[str, Form()]

router = APIRouter(prefix=PEOPLE, route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@router.get("")
def list_people(request: Request, visitor: Reader) -> Response:
    with database_of(request).reading() as session:
        units = _units_within(session, visitor, Act.SEE_STAFF)
        staff = store.list_staff(session, [unit.id for unit in units])
    names = {unit.id: unit.name for unit in units}
    return page(request, "people", visitor, units=units, names=names, staff=staff, kinds=UNIT_KINDS, words=ROLE_WORDS)


@router.get("/new")
def show_new_person(request: Request, visitor: Manager) -> Response:
    return _new_person_page(request, visitor)


@router.post("/new")
def do_add_person(
    request: Request,
    visitor: Manager,
    login: Words = "",
    name: Words = "",
    badge: Words = "",
    unit: Words = "",
    role: Words = "",
) -> Response:
    typed = {"login": login, "name": name, "badge": badge, "unit": unit, "role": role}
    by, at = visitor.staff.login, now()
    try:
        with database_of(request).writing() as session:
            where = _managed_unit(session, visitor, unit)
            staff, password = people.add_staff(session, login=login, name=name, badge=badge, unit=where, by=by, at=at)
            people.grant_role(session, staff, _role(role), where, by=by, at=at)
    except BadRequest as error:
        return _new_person_page(request, visitor, typed, error, 422)
    return page(request, "password_once", visitor, person=staff, password=password)


@router.get("/units/new")
def show_new_unit(request: Request, visitor: Manager) -> Response:
    return _new_unit_page(request, visitor)


@router.post("/units/new")
def do_add_unit(
    request: Request,
    visitor: Manager,
    name: Words = "",
    kind: Words = "",
    parent: Words = "",
    phone: Words = "",
) -> Response:
    typed = {"name": name, "kind": kind, "parent": parent, "phone": phone}
    try:
        with database_of(request).writing() as session:
            above = _managed_unit(session, visitor, parent)
            people.add_unit(session, name=name, kind=kind, parent=above, phone=phone, by=visitor.staff.login, at=now())
    except BadRequest as error:
        return _new_unit_page(request, visitor, typed, error, 422)
    return RedirectResponse(PEOPLE, 303)


@router.get("/{login}")
def show_person(request: Request, visitor: Manager, login: str) -> Response:
    return _person_page(request, visitor, login)


@router.post("/{login}/grant")
def do_grant(request: Request, visitor: Manager, login: str, role: Words = "", unit: Words = "") -> Response:
    def change(session: Session, staff: Staff) -> None:
        where = _managed_unit(session, visitor, unit)
        people.grant_role(session, staff, _role(role), where, by=visitor.staff.login, at=now())

    return _changed(request, visitor, login, change)


@router.post("/{login}/revoke")
def do_revoke(request: Request, visitor: Manager, login: str, role: Words = "", unit: Words = "") -> Response:
    def change(session: Session, staff: Staff) -> None:
        where = _managed_unit(session, visitor, unit)
        people.revoke_role(session, staff, _role(role), where, by=visitor.staff.login, at=now())

    return _changed(request, visitor, login, change)


@router.post("/{login}/deactivate")
def do_deactivate(request: Request, visitor: Manager, login: str) -> Response:
    def change(session: Session, staff: Staff) -> None:
        people.deactivate(session, staff, by=visitor.staff.login, at=now())

    return _changed(request, visitor, login, change)


@router.post("/{login}/reset")
def do_reset(request: Request, visitor: Manager, login: str) -> Response:
    with database_of(request).writing() as session:
        staff = _managed_person(session, visitor, login)
        password = people.reset_password(session, staff, by=visitor.staff.login, at=now())
    return page(request, "password_once", visitor, person=staff, password=password)


def _changed(request: Request, visitor: Visitor, login: str, change: Callable[[Session, Staff], None]) -> Response:
    """Carry the change out and show the person again, with the problem if it was refused."""
    try:
        with database_of(request).writing() as session:
            change(session, _managed_person(session, visitor, login))
    except BadRequest as error:
        return _person_page(request, visitor, login, error, 422)
    return RedirectResponse(f"{PEOPLE}/{login}", 303)


def _person_page(
    request: Request, visitor: Visitor, login: str, error: BadRequest | None = None, status: int = 200
) -> Response:
    with database_of(request).reading() as session:
        person = _managed_person(session, visitor, login)
        units = _units_within(session, visitor, Act.MANAGE_STAFF)
    return page(request, "person", visitor, status, person=person, units=units, words=ROLE_WORDS, error=error)


def _new_person_page(
    request: Request,
    visitor: Visitor,
    typed: dict[str, str] | None = None,
    error: BadRequest | None = None,
    status: int = 200,
) -> Response:
    with database_of(request).reading() as session:
        units = _units_within(session, visitor, Act.MANAGE_STAFF)
    typed = typed or {"login": "", "name": "", "badge": "", "unit": "", "role": Role.WINDOW.value}
    return page(request, "new_person", visitor, status, units=units, words=ROLE_WORDS, typed=typed, error=error)


def _new_unit_page(
    request: Request,
    visitor: Visitor,
    typed: dict[str, str] | None = None,
    error: BadRequest | None = None,
    status: int = 200,
) -> Response:
    with database_of(request).reading() as session:
        units = _units_within(session, visitor, Act.MANAGE_STAFF)
    typed = typed or {"name": "", "kind": "hall", "parent": "", "phone": ""}
    return page(request, "new_unit", visitor, status, units=units, kinds=UNIT_KINDS, typed=typed, error=error)


def _units_within(session: Session, visitor: Visitor, act: Act) -> list[Unit]:
    within = rules.reach(visitor.grants, act, store.parents(session))
    return [unit for unit in store.list_units(session) if unit.id in within]


def _managed_unit(session: Session, visitor: Visitor, which: str) -> Unit:
    unit = store.find_unit(session, which)
    rules.check_may_manage(visitor.grants, units=[unit.id], parents=store.parents(session))
    return unit


def _managed_person(session: Session, visitor: Visitor, login: str) -> Staff:
    staff = store.find_staff(session, login)
    units = [staff.unit_id, *(unit for _, unit in store.grants_of(staff))]
    rules.check_may_manage(visitor.grants, units=units, parents=store.parents(session))
    return staff


def _role(value: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise BadRequest("role", "请选择角色") from None
