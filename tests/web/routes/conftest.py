"""Notices of the invented city, as the running site has them."""

from __future__ import annotations

import pytest
from pypdfium2 import PdfDocument

from base.clock import now
from base.errors import QuestionOpen
from knowledge.notices import store
from knowledge.notices.codes import shown
from knowledge.notices.notice import PersonCase
from tests.houses import house, prepared_store, rasa, settings, site  # noqa: F401

PASSPORT = {"age": "minor", "companion": "parent", "identity": "ordinary"}


def text_of(pdf):
    """All words of a PDF, without the blanks."""
    with PdfDocument(pdf) as document:
        return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


@pytest.fixture
def known(house):  # noqa: F811
    """What is published now."""

    def known():
        with house.database.reading() as session:
            return house.knowledge.current(session)

    return known


@pytest.fixture
def give(house, known):  # noqa: F811
    """Issues a notice, every open question answered with its first option; returns its code as people read it."""

    def give(service="passport-first", answers=PASSPORT, region="990102", **more):
        answers = dict(answers) if service == "passport-first" else {}
        while True:
            wanted = store.Wanted((PersonCase(service, answers),), region=region, **more)
            try:
                with house.database.writing() as session:
                    return shown(store.issue(session, known(), wanted, at=now()).code)
            except QuestionOpen as error:
                answers[error.question["id"]] = next(iter(error.question["options"]))

    return give


@pytest.fixture
def change(house):  # noqa: F811
    """Runs a function on a session and the notice with this code."""

    def change(code, act):
        with house.database.writing() as session:
            return act(session, store.find(session, code))

    return change
