from __future__ import annotations

from datetime import datetime

import pytest

from base.clock import CHINA
from base.db import Base, Database
from knowledge import lexicon as published
from knowledge.linking.lexicon import Lexicon, parse_lexicon
from knowledge.loader import read_content
from knowledge.store import fill_empty, load

A_DAY = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The names of the content as it ships."""
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        fill_empty(session, read_content(demo=False), at=A_DAY)
    with database.reading() as session:
        names = published.lexicon(load(session), A_DAY.date())
    database.close()
    return parse_lexicon(names)
