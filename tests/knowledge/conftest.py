"""One store in memory with all that is shipped, which tests only read; and an empty one of either kind."""

from datetime import datetime

import pytest

import knowledge.models  # noqa: F401 - its tables, for the schema
from base.clock import CHINA
from base.db import Base, Database
from knowledge import store
from knowledge.loader import read_content
from tests.postgres import postgres, postgres_url  # noqa: F401

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)  # a Monday morning


@pytest.fixture(scope="session")
def documents():
    return read_content(demo=True)


@pytest.fixture(scope="session")
def shipped(documents):
    """The knowledge as it is published on a fresh installation."""
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        store.fill_empty(session, documents, at=AT)
    with database.reading() as session:
        loaded = store.load(session)
    database.close()
    return loaded


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """Where an empty store is: a file, then a PostgreSQL."""
    if request.param == "postgres":
        request.getfixturevalue("postgres")
        return request.getfixturevalue("postgres_url")
    url = f"sqlite:///{tmp_path / 'banshi.db'}"
    made = Database(url)
    Base.metadata.create_all(made.engine)
    made.close()
    return url


@pytest.fixture
def database(address):
    database = Database(address)
    yield database
    database.close()
