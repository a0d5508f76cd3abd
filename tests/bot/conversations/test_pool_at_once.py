"""One question asked by many at the same moment, on each database that the pool may live in."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from base.answer import Answer, Outcome, text
from base.clock import now
from base.db import Base, Database
from base.message import Message
from bot.conversations import store
from bot.conversations.models import Turn, UnansweredQuestion
from bot.conversations.turns import Reply, record
from bot.conversations.vault import Cipher

ASKERS = 40
NOT_COVERED = Reply(Answer(Outcome.NOT_COVERED, (text("没有资料"),)), "not_covered")


@pytest.fixture
def on_file(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'pool.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(params=["on_file", "postgres"])
def shared(request):
    return request.getfixturevalue(request.param)


def test_no_asking_and_no_turn_is_lost(shared):
    cipher = Cipher("s" * 32)

    def ask(order):
        with shared.writing() as session:
            conversation = store.open_conversation(session, "web", at=now()).id
            store.receive(session, Message(conversation, "1", f"养{'蛇鳄'[order % 2]}要什么手续", "web"), at=now())
            inbound = store.claim_next(session, conversation, at=now())
        with shared.writing() as session:
            record(session, inbound, NOT_COVERED, cipher=cipher, at=now(), ms=1, knowledge_version=1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(ASKERS)))
    with shared.reading() as session:
        assert session.scalars(select(UnansweredQuestion.times)).all() == [ASKERS // 2] * 2
        assert session.scalar(select(func.count(Turn.unanswered_id))) == ASKERS
