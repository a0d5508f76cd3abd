from datetime import timedelta

import pytest
from sqlalchemy import select

from base.audit import AuditRow
from base.errors import SignInRefused
from web.accounts import people, sign_in, store
from web.accounts.models import SignInTry, StaffSession
from web.accounts.rules import FAILURES_COUNT_FOR, IDLE, LONGEST, MOST_FAILURES_PER_ADDRESS, MOST_FAILURES_PER_LOGIN

HALL = "10.1.2.3"


@pytest.fixture
def enter(database, accounts):
    def enter(login, at, password=None, address=HALL):
        password = accounts[login].password if password is None else password
        return sign_in.sign_in(database, login, password, address=address, at=at)

    return enter


def refusal(enter, *args, **more):
    with pytest.raises(SignInRefused) as caught:
        enter(*args, **more)
    return str(caught.value)


def audit(database):
    with database.reading() as session:
        return [(row.actor, row.action, row.subject) for row in session.scalars(select(AuditRow))]


def test_the_right_password_opens_a_session(database, enter, nine):
    found = sign_in.who_is(database, enter("desk", nine), nine)
    assert found.staff.login == "desk"
    assert audit(database)[-1] == ("desk", "sign_in", "staff:desk")


def test_the_store_holds_no_token_that_opens_anything(database, enter, nine):
    token = enter("desk", nine)
    with database.reading() as session:
        (kept,) = session.scalars(select(StaffSession.token_digest))
    assert kept != token
    with pytest.raises(SignInRefused):
        sign_in.who_is(database, kept, nine)


def test_unknown_login_wrong_password_and_deactivated_read_the_same(database, enter, accounts, nine):
    with database.writing() as session:
        people.deactivate(session, store.find_staff(session, "window"), by="admin", at=nine)
    said = {
        refusal(enter, "desk", nine, password="wrong"),
        refusal(enter, "nobody", nine, password="wrong"),
        refusal(enter, "window", nine),
        refusal(enter, "", nine, password=""),
    }
    assert said == {sign_in.REFUSED}


def test_a_password_typed_as_login_is_stored_nowhere(database, enter, nine):
    refusal(enter, "my secret passphrase", nine, password="")
    assert audit(database)[-1] == ("system", "sign_in_refused", "staff:?")
    with database.reading() as session:
        assert "secret" not in session.scalars(select(SignInTry.login_digest)).one()


def test_after_five_failures_even_the_right_password_waits(database, enter, nine):
    for _ in range(MOST_FAILURES_PER_LOGIN):
        assert refusal(enter, "desk", nine, password="wrong") == sign_in.REFUSED
    assert audit(database)[-1] == ("system", "sign_in_locked", "staff:desk")
    assert refusal(enter, "desk", nine) == sign_in.WAIT
    later = nine + FAILURES_COUNT_FOR / 2
    assert refusal(enter, "Desk ", later, password="wrong", address="10.9.9.9") == sign_in.WAIT
    assert enter("desk", nine + FAILURES_COUNT_FOR + timedelta(seconds=1))


def test_waiting_guesses_fill_neither_trail_nor_table(database, enter, nine):
    for _ in range(MOST_FAILURES_PER_LOGIN):
        refusal(enter, "desk", nine, password="wrong")
    before = audit(database)
    for _ in range(20):
        refusal(enter, "desk", nine, password="wrong")
    assert audit(database) == before


def test_one_address_cannot_try_one_password_on_everybody(enter, nine):
    for number in range(MOST_FAILURES_PER_ADDRESS):
        refusal(enter, f"clerk{number}", nine, password="Spring2026!")
    assert refusal(enter, "desk", nine) == sign_in.WAIT
    assert enter("desk", nine, address="10.9.9.9")


def test_a_success_forgets_the_slips_before_it(database, enter, nine):
    for _ in range(3):
        for _ in range(MOST_FAILURES_PER_LOGIN - 1):
            refusal(enter, "desk", nine, password="wrong")
        assert enter("desk", nine)


def test_a_reset_ends_the_wait(database, enter, nine):
    for _ in range(MOST_FAILURES_PER_LOGIN):
        refusal(enter, "desk", nine, password="wrong")
    with database.writing() as session:
        password = people.reset_password(session, store.find_staff(session, "desk"), by="admin", at=nine)
    assert enter("desk", nine, password=password)


def test_a_session_lives_while_it_is_used_and_twelve_hours_at_most(database, enter, nine):
    token, at = enter("desk", nine), nine
    while at < nine + LONGEST - IDLE:
        at += IDLE - timedelta(minutes=1)
        sign_in.who_is(database, token, at)
    with pytest.raises(SignInRefused):
        sign_in.who_is(database, token, nine + LONGEST)


def test_an_idle_session_has_ended(database, enter, nine):
    token = enter("desk", nine)
    with pytest.raises(SignInRefused, match="过期"):
        sign_in.who_is(database, token, nine + IDLE)


def test_signing_out_ends_the_session_and_is_written_down(database, enter, nine):
    token = enter("desk", nine)
    sign_in.sign_out(database, token, nine)
    sign_in.sign_out(database, token, nine)
    with pytest.raises(SignInRefused):
        sign_in.who_is(database, token, nine)
    assert audit(database)[-1] == ("desk", "sign_out", "staff:desk")


def test_old_sessions_are_swept_when_somebody_signs_in(database, enter, nine):
    enter("desk", nine)
    enter("desk", nine + LONGEST + timedelta(seconds=1))
    with database.reading() as session:
        assert len(session.scalars(select(StaffSession)).all()) == 1
