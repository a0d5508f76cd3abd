"""A store of its own for each test, with all that is shipped; and an editor who changes what it says."""

import shutil

import pytest

import knowledge.notices.models  # noqa: F401 - its tables, for the schema
from base.db import Base, Database
from base.errors import QuestionOpen
from knowledge import revisions
from knowledge.notices import store
from knowledge.notices.notice import PersonCase, assemble
from knowledge.store import KnowledgeCache, fill_empty
from tests.knowledge.conftest import AT


@pytest.fixture(scope="session")
def filled_file(documents, tmp_path_factory):
    file = tmp_path_factory.mktemp("notices") / "banshi.db"
    database = Database(f"sqlite:///{file}", durable=False)
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        fill_empty(session, documents, at=AT)
    database.close()
    return file


class Desk:
    """Whoever gives notices and looks at them again, and an editor beside; every step is a transaction."""

    def __init__(self, database):
        self.database, self._cache = database, KnowledgeCache()

    @property
    def knowledge(self):
        with self.database.reading() as session:
            return self._cache.current(session)

    def issue(self, service, answers=None, *, who="本人", also=(), at=AT, **wanted):
        cases = (PersonCase(service, answers or {}, who), *also)
        with self.database.writing() as session:
            return store.issue(session, self.knowledge, store.Wanted(cases, **wanted), at=at)

    def find(self, notice):
        with self.database.reading() as session:
            return store.find(session, notice.code)

    def do(self, work, notice, *args, **more):
        """One function of the store, with the notice as it is now."""
        with self.database.writing() as session:
            return work(session, store.find(session, notice.code), *args, **more)

    def changes(self, notice, at=AT):
        return store.changes_since(self.find(notice), self.knowledge, at)

    def change(self, kind, key, change, *, since=None, at=AT):
        """Publish the document with what `change` makes of its body."""
        with self.database.writing() as session:
            last = revisions.history(session, kind, key)[-1]
            body = change({**last.body})
            number = revisions.propose(
                session, kind, key, body, based_on=last.number, author="wang", reason="核对后修改", at=at
            ).number
            revisions.publish(session, kind, key, number, by="li", at=at, effective_from=since)

    def set(self, service, *, since=None, **fields):
        self.change("service", service, lambda body: body | fields, since=since)

    def retire(self, kind, key, at=AT):
        with self.database.writing() as session:
            revisions.retire(session, kind, key, by="li", reason="停办", at=at)


@pytest.fixture
def desk(filled_file, tmp_path):
    shutil.copy(filled_file, tmp_path / "banshi.db")
    database = Database(f"sqlite:///{tmp_path / 'banshi.db'}", durable=False)
    yield Desk(database)
    database.close()


@pytest.fixture(scope="session")
def complete(shipped):
    """Answers that leave nothing open: of each question the option in that place."""

    def answer(service, pick=0, **where):
        answers = {}
        while (question := open_question(service, answers, where)) is not None:
            answers[question["id"]] = list(question["options"])[pick % len(question["options"])]
        return answers

    def open_question(service, answers, where):
        try:
            assemble(shipped, [PersonCase(service, answers)], at=AT, **where)
        except QuestionOpen as error:
            return error.question
        return None

    return answer
