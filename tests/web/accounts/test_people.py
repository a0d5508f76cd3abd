import pytest
from sqlalchemy import select

from base.audit import AuditRow
from base.errors import BadRequest
from web.accounts import passwords, people, sign_in, store
from web.accounts.models import StaffSession
from web.accounts.rules import Role


def actions(session, subject):
    rows = session.scalars(select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.id))
    return [(row.actor, row.action) for row in rows]


def test_a_fresh_store_gets_one_administrator_who_must_change_the_password(database, nine):
    with database.writing() as session:
        (account,) = people.first_accounts(session, False, nine)
    with database.reading() as session:
        admin = store.find_staff(session, account.login)
        assert [unit.name for unit in store.list_units(session)] == ["本机构"]
    assert admin.must_change
    assert account.password not in admin.password_hash
    assert passwords.holds(account.password, admin.password_hash)
    assert account.roles == "系统管理员"


def test_a_store_with_staff_gets_no_second_administrator(database, accounts, nine):
    with database.writing() as session:
        assert people.first_accounts(session, True, nine) == []
        assert people.first_accounts(session, False, nine) == []


def test_demonstration_staff_cover_every_role_and_say_what_they_are(database, accounts):
    with database.reading() as session:
        staff = store.list_staff(session)
        units = store.list_units(session)
    assert {role for person in staff for role, _ in store.grants_of(person)} == set(Role)
    assert all("演示" in person.name for person in staff if person.login != "admin")
    assert all("演示" in unit.name and unit.demo for unit in units)
    assert [person.login for person in staff if person.must_change] == ["admin"]


def test_the_last_administrator_is_neither_deactivated_nor_revoked(database, accounts, nine):
    with database.writing() as session:
        admin, root = store.find_staff(session, "admin"), store.find_root(session)
        with pytest.raises(BadRequest, match="最后一名"):
            people.deactivate(session, admin, by="admin", at=nine)
        with pytest.raises(BadRequest, match="最后一名"):
            people.revoke_role(session, admin, Role.ADMIN, root, by="admin", at=nine)
        assert admin.active
        assert (Role.ADMIN, root.id) in store.grants_of(admin)


def test_an_administrator_of_a_part_does_not_stand_in_for_the_last_one(database, accounts, nine):
    with database.writing() as session:
        admin = store.find_staff(session, "admin")
        hall = store.find_unit(session, "示例市政务服务中心（演示）")
        people.grant_role(session, store.find_staff(session, "desk"), Role.ADMIN, hall, by="admin", at=nine)
        with pytest.raises(BadRequest, match="最后一名"):
            people.deactivate(session, admin, by="admin", at=nine)


def test_an_inactive_administrator_does_not_count(database, accounts, nine):
    with database.writing() as session:
        admin, root = store.find_staff(session, "admin"), store.find_root(session)
        second = store.find_staff(session, "editor")
        people.grant_role(session, second, Role.ADMIN, root, by="admin", at=nine)
        people.deactivate(session, second, by="admin", at=nine)
        with pytest.raises(BadRequest, match="最后一名"):
            people.deactivate(session, admin, by="admin", at=nine)


def test_with_a_second_administrator_the_first_may_go(database, accounts, nine):
    with database.writing() as session:
        admin, root = store.find_staff(session, "admin"), store.find_root(session)
        people.grant_role(session, store.find_staff(session, "editor"), Role.ADMIN, root, by="admin", at=nine)
        people.deactivate(session, admin, by="editor", at=nine)
    with database.reading() as session:
        assert not store.find_staff(session, "admin").active
        assert actions(session, "staff:admin")[-1] == ("editor", "deactivate")


def test_deactivation_and_reset_end_every_session(database, accounts, nine):
    with database.writing() as session:
        desk, window = store.find_staff(session, "desk"), store.find_staff(session, "window")
        for staff in (desk, desk, window):
            sign_in.open_session(session, staff, nine)
        people.deactivate(session, desk, by="admin", at=nine)
        people.reset_password(session, window, by="admin", at=nine)
        assert session.scalars(select(StaffSession)).all() == []


def test_a_reset_password_replaces_the_old_one_and_must_be_changed(database, accounts, nine):
    with database.writing() as session:
        desk = store.find_staff(session, "desk")
        password = people.reset_password(session, desk, by="admin", at=nine)
        assert passwords.holds(password, desk.password_hash)
        assert not passwords.holds(accounts["desk"].password, desk.password_hash)
        assert desk.must_change


def test_a_login_is_given_once(database, accounts, nine):
    with database.writing() as session, pytest.raises(BadRequest, match="已有人使用"):
        people.add_staff(session, login="DESK", name="另一人", unit=store.find_root(session), by="admin", at=nine)


def test_granting_twice_is_one_grant_and_one_entry(database, accounts, nine):
    with database.writing() as session:
        window, root = store.find_staff(session, "window"), store.find_root(session)
        for _ in range(2):
            people.grant_role(session, window, Role.EDITOR, root, by="admin", at=nine)
        assert len(window.grants) == 2
        assert actions(session, "staff:window").count(("admin", "grant_role")) == 1


def test_a_role_that_was_not_given_cannot_be_taken(database, accounts, nine):
    with database.writing() as session:
        window, root = store.find_staff(session, "window"), store.find_root(session)
        with pytest.raises(BadRequest, match="没有这个角色"):
            people.revoke_role(session, window, Role.EDITOR, root, by="admin", at=nine)


def test_a_unit_stands_below_another_and_its_name_is_free_once(database, accounts, nine):
    def add(session, name, kind="hall"):
        root = store.find_root(session)
        return people.add_unit(session, name=name, kind=kind, parent=root, phone="", by="admin", at=nine)

    with database.writing() as session:
        assert add(session, "示例市西区便民服务站").parent_id == store.find_root(session).id
        with pytest.raises(BadRequest, match="同名"):
            add(session, "示例市西区便民服务站")
        with pytest.raises(BadRequest, match="单位类型"):
            add(session, "别的", kind="castle")


def test_changing_ones_own_password_asks_for_the_old_one(database, accounts, nine):
    with database.writing() as session:
        desk = store.find_staff(session, "desk")
        with pytest.raises(BadRequest, match="原密码"):
            people.change_password(session, desk, old="wrong", new="entirely new 26", at=nine)
        people.change_password(session, desk, old=accounts["desk"].password, new="entirely new 26", at=nine)
        assert passwords.holds("entirely new 26", desk.password_hash)
