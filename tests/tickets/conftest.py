from datetime import datetime, timedelta

import pytest

from base import audit, outbox  # noqa: F401  their tables
from base.clock import CHINA
from base.db import Base, Database
from bot.conversations.vault import Cipher
from knowledge.notices.models import Notice
from tests.postgres import postgres, postgres_url  # noqa: F401
from tickets.ledger import Draft, open_ticket

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)


@pytest.fixture
def cipher():
    return Cipher("only for tests, forty characters long ..")


@pytest.fixture
def memory():
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def on_file(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def at():
    return MONDAY


@pytest.fixture
def later():
    return MONDAY + timedelta(minutes=5)


@pytest.fixture
def notice(memory, at):
    content = {
        "name": "补领身份证",
        "told": [{"label": "您的情况", "value": "未满16周岁"}],
        "blocks": [],
        "place": "",
        "as_of": None,
    }
    with memory.writing() as session:
        made = Notice(
            code="23456789ABCH",
            service="id-card-reissue-lost",
            cases=[],
            region="990102",
            office="east",
            content=content,
            revisions={"id-card-reissue-lost@": 3, "id-card-reissue-lost@990102": 1},
            knowledge_version=7,
            issued_at=at,
            valid_until=at.date(),
            channel="web",
            card=[],
        )
        session.add(made)
    return made


@pytest.fixture
def file(memory, cipher, at):
    """Files a ticket; whatever of the draft a test cares for can be said."""

    def file(text="补办身份证跑了三趟，非要居住证明", kind="stuck", channel="web", **more):
        with memory.writing() as session:
            return open_ticket(session, Draft(kind, text, channel, **more), at=at, cipher=cipher)

    return file
