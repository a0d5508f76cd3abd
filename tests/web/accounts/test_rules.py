from datetime import datetime, timedelta

import pytest

from base.clock import CHINA
from base.errors import BadRequest, NotAllowed
from web.accounts import rules
from web.accounts.rules import Act, Role

#      1 bureau
#    2 hall   4 police
#  3 window
PARENTS = {1: None, 2: 1, 3: 2, 4: 1}
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        (Act.LOOK_UP, set(Role)),
        (Act.READ_NOTICES, {Role.WINDOW, Role.DESK, Role.SUPERVISOR, Role.AUDITOR}),
        (Act.ISSUE_NOTICES, {Role.WINDOW, Role.DESK, Role.SUPERVISOR}),
        (Act.WITHDRAW_NOTICES, {Role.SUPERVISOR}),
        (Act.READ_FIGURES, set(Role) - {Role.ADMIN}),
        (Act.READ_TICKETS, {Role.WINDOW, Role.DESK, Role.SUPERVISOR, Role.AUDITOR}),
        (Act.SEE_STAFF, {Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN}),
        (Act.MANAGE_STAFF, {Role.ADMIN}),
    ],
)
def test_each_act_belongs_to_these_roles_and_no_others(act, roles):
    assert {role for role in Role if rules.may([(role, 1)], act)} == roles


def test_every_act_and_every_role_has_its_entry():
    assert rules.ALLOWED.keys() == set(Act)
    assert rules.ROLE_WORDS.keys() == {role.value for role in Role}


def test_somebody_without_a_role_may_do_nothing():
    assert not any(rules.may([], act) for act in Act)


@pytest.mark.parametrize(("unit", "units"), [(1, {1, 2, 3, 4}), (2, {2, 3}), (3, {3}), (4, {4})])
def test_a_role_reaches_its_unit_and_everything_below(unit, units):
    assert rules.reach([(Role.ADMIN, unit)], Act.MANAGE_STAFF, PARENTS) == units


def test_a_role_reaches_nothing_for_an_act_of_another_role():
    assert rules.reach([(Role.DESK, 1)], Act.MANAGE_STAFF, PARENTS) == set()


def test_the_administrator_of_a_hall_cannot_manage_somebody_who_holds_power_above_it():
    hall = [(Role.ADMIN, 2)]
    rules.check_may_manage(hall, units=[3, 2], parents=PARENTS)
    with pytest.raises(NotAllowed):
        rules.check_may_manage(hall, units=[3, 1], parents=PARENTS)


def test_the_last_administrator_stays():
    rules.check_administrator_remains(frozenset({1, 2}), without=1)
    rules.check_administrator_remains(frozenset({2}), without=1)
    with pytest.raises(BadRequest):
        rules.check_administrator_remains(frozenset({1}), without=1)


@pytest.mark.parametrize(
    ("of_login", "of_address", "waits"),
    [(0, 0, False), (4, 29, False), (5, 5, True), (0, 30, True)],
)
def test_too_many_failures_of_a_login_or_of_an_address_have_to_wait(of_login, of_address, waits):
    assert rules.must_wait(of_login=of_login, of_address=of_address) is waits


@pytest.mark.parametrize(
    ("idle", "age", "live"),
    [
        (timedelta(minutes=29), timedelta(hours=1), True),
        (timedelta(minutes=30), timedelta(hours=1), False),
        (timedelta(minutes=1), timedelta(hours=12), False),
    ],
)
def test_a_session_ends_when_idle_and_when_old(idle, age, live):
    expires = NINE - age + rules.LONGEST
    assert rules.is_live(last_seen=NINE - idle, expires=expires, at=NINE) is live


@pytest.mark.parametrize(("typed", "login"), [(" Wang.XM ", "wang.xm"), ("a1", "a1"), ("x" * 40, "x" * 40)])
def test_a_login_has_one_form(typed, login):
    assert rules.checked_login(typed) == login


@pytest.mark.parametrize("typed", ["", "a", "1a", "王小满", "a b", "x" * 41, "<b>", "13812345678", "a/../b"])
def test_what_is_no_login_is_refused(typed):
    with pytest.raises(BadRequest, match="login"):
        rules.checked_login(typed)


@pytest.mark.parametrize("typed", ["", "  ", "长" * 41, "a\x00b", "a\u202eb"])
def test_a_name_is_one_line_of_visible_letters(typed):
    with pytest.raises(BadRequest, match="name"):
        rules.checked_words("name", typed, most=40)


def test_blanks_in_a_name_are_tidied():
    assert rules.checked_words("name", "  王\n 小满 ", most=40) == "王 小满"
