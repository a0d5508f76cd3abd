"""A throw-away PostgreSQL for tests, where one is installed; import the fixtures into a conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from base.db import Base, Database
from bench.postgres import find_initdb, throw_away_server


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty cluster of its own, gone with the session."""
    initdb = find_initdb()
    if initdb is None:
        pytest.skip("PostgreSQL is not installed")
    with throw_away_server(initdb) as url:
        yield url


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL database with all tables, empty."""
    database = emptied(postgres_url)
    yield database
    database.close()


def emptied(url: str) -> Database:
    """The database at that address with all tables, and nothing of what was in them."""
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    Base.metadata.create_all(database.engine)
    return database
