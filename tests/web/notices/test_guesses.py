import logging
from types import SimpleNamespace

import pytest
from fastapi import HTTPException

from web.notices import guesses
from web.notices.guesses import Guesses


@pytest.fixture
def app():
    return SimpleNamespace(state=SimpleNamespace(guesses=Guesses()))


@pytest.fixture
def request_from(app):
    return lambda host: SimpleNamespace(app=app, client=SimpleNamespace(host=host))


def miss(request, times):
    for _ in range(times):
        guesses.check(request)
        guesses.missed(request)


def test_twenty_slips_in_a_minute_are_forgiven_and_the_next_one_waits(request_from, caplog):
    caplog.set_level(logging.WARNING)
    request = request_from("192.0.2.7")
    miss(request, 21)
    with pytest.raises(HTTPException) as refused:
        guesses.check(request)
    assert refused.value.status_code == 429
    assert 0 < int(refused.value.headers["Retry-After"]) <= 60
    guesses.check(request_from("192.0.2.8"))


def test_a_storm_of_guesses_is_one_line_in_the_log(request_from, caplog):
    caplog.set_level(logging.WARNING)
    request = request_from("192.0.2.7")
    for _ in range(1000):  # all under way before the first was refused
        guesses.missed(request)
    assert [record.getMessage() for record in caplog.records] == [
        "192.0.2.7 guesses at codes of notices: refused for 60 s"
    ]


@pytest.mark.parametrize(
    ("host", "other", "together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
    ],
)
def test_one_household_counts_as_one(request_from, host, other, together):
    miss(request_from(host), 21)
    if together:
        with pytest.raises(HTTPException):
            guesses.check(request_from(other))
    else:
        guesses.check(request_from(other))


def test_digits_can_be_tried_five_times_an_hour():
    tries = Guesses()
    for _ in range(5):
        tries.begin_try("23456789ABCD")
    with pytest.raises(HTTPException) as refused:
        tries.begin_try("23456789ABCD")
    assert refused.value.status_code == 429
    assert 3000 < int(refused.value.headers["Retry-After"]) <= 3600
    tries.begin_try("another")


def test_the_right_digits_end_the_count():
    tries = Guesses()
    for _ in range(20):
        assert tries.begin_try("23456789ABCD") is None  # the sixth would raise, were they still counted
        tries.end_tries("23456789ABCD")
