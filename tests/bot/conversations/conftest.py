from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from base.clock import now
from base.db import Base, Database
from bot.conversations import store
from tests.postgres import postgres, postgres_url  # noqa: F401


@pytest.fixture
def session() -> Iterator[Session]:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        yield session
    database.close()


@pytest.fixture
def conversation(session: Session) -> str:
    return store.open_conversation(session, "web", at=now()).id
