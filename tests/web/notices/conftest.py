"""Notices as they are handed out, from what is shipped."""

from datetime import datetime

import pytest

import knowledge.models  # noqa: F401 - its tables, for the schema
from base.answer import text
from base.clock import CHINA
from base.db import Base, Database
from base.errors import QuestionOpen
from knowledge import store
from knowledge.loader import read_content
from knowledge.notices.notice import PersonCase, assemble
from knowledge.notices.sheet import Sheet

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)  # a Monday morning
CARD = ({"label": "经办人", "value": "李警官"}, {"label": "警号", "value": "032145"})


@pytest.fixture(scope="session")
def shipped():
    """The knowledge as it is published on a fresh installation."""
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        store.fill_empty(session, read_content(demo=True), at=AT)
    with database.reading() as session:
        loaded = store.load(session)
    database.close()
    return loaded


@pytest.fixture(scope="session")
def sheet_for(shipped):
    """A sheet for an item in the demo city, every open question answered with its first option."""

    def make(service, region="990102"):
        case = PersonCase(service, {})
        while True:
            try:
                content = assemble(shipped, [case], region=region, at=AT).content
            except QuestionOpen as error:
                asked = error.question
                case = PersonCase(service, {**case.answers, asked["id"]: next(iter(asked["options"]))})
            else:
                break
        return Sheet(
            code="7KQM-3XPA-VN8R",
            url="https://banshi.example.gov.cn/n/7KQM-3XPA-VN8R",
            name=content.name,
            head=(*content.told, {"label": "开具日期", "value": "2026年11月23日"}),
            banner=(text("您 11 月 3 日的清单有变化：照片改为窗口现场采集，不用带了。", "warning"),),
            blocks=content.blocks,
            card=CARD,
        )

    return make
