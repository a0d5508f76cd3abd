"""Several people at the same moment, on each database that the accounts may live in."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from base.db import Base, Database
from base.errors import BadRequest, SignInRefused
from web.accounts import people, sign_in, store
from web.accounts.rules import MOST_FAILURES_PER_LOGIN, Role


@pytest.fixture
def on_file(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'accounts.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(params=["on_file", "postgres"])
def shared(request, nine):
    database = request.getfixturevalue(request.param)
    with database.writing() as session:
        people.first_accounts(session, True, nine)
        desk = store.find_staff(session, "desk")
        people.grant_role(session, desk, Role.ADMIN, store.find_root(session), by="system", at=nine)
    return database


def at_once(doers):
    start = Barrier(len(doers))

    def run(do):
        start.wait(10)
        try:
            return do()
        except (BadRequest, SignInRefused) as refused:
            return refused

    with ThreadPoolExecutor(len(doers)) as pool:
        return list(pool.map(run, doers))


@pytest.mark.parametrize("way", ["deactivate", "revoke"])
def test_two_administrators_cannot_remove_one_another(shared, nine, way):
    def remove(login, by):
        with shared.writing() as session:
            staff = store.find_staff(session, login)
            if way == "deactivate":
                return people.deactivate(session, staff, by=by, at=nine)
            return people.revoke_role(session, staff, Role.ADMIN, store.find_root(session), by=by, at=nine)

    results = at_once([lambda: remove("admin", "desk"), lambda: remove("desk", "admin")])
    assert sorted(type(result).__name__ for result in results) == ["BadRequest", "NoneType"]
    with shared.writing() as session:
        assert len(store.lock_administrators(session)) == 1


def test_guesses_sent_at_once_are_counted_one_by_one(shared, nine):
    def guess():
        return sign_in.sign_in(shared, "window", "wrong", address="10.1.2.3", at=nine)

    results = [str(refused) for refused in at_once([guess] * 12)]
    assert results.count(sign_in.REFUSED) == MOST_FAILURES_PER_LOGIN
    assert results.count(sign_in.WAIT) == 12 - MOST_FAILURES_PER_LOGIN
