from collections.abc import Iterator

import pytest
from sqlalchemy import text

from base.db import Database
from tests.postgres import postgres_url  # noqa: F401


@pytest.fixture
def empty(postgres_url: str) -> Iterator[Database]:  # noqa: F811
    """A PostgreSQL database without a single table."""
    database = Database(postgres_url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    yield database
    database.close()
