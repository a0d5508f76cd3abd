"""A fresh in-memory store with the invented city's units and staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from base.clock import CHINA
from base.db import Base, Database
from tests.postgres import postgres, postgres_url  # noqa: F401
from web.accounts import people
from web.accounts.people import FirstAccount

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)  # a Monday


@pytest.fixture
def nine() -> datetime:
    return NINE


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def accounts(database: Database) -> dict[str, FirstAccount]:
    """The demonstration sign-ins by login."""
    with database.writing() as session:
        return {account.login: account for account in people.first_accounts(session, True, NINE)}
