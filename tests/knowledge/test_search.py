"""Plain search: what still answers when the assistant is down."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.search import Search, SearchIndex
from knowledge.store import Published, pack

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def index(shipped):
    return SearchIndex(shipped, TODAY)


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("身份证丢了怎么补", "id-card-reissue-lost"),
        ("居民身份证丢失补领", "id-card-reissue-lost"),
        ("临时身份证", "temp-id-card"),
        ("孩子上户口", "birth-registration"),
        ("往来港澳通行证", "hkmo-permit-apply"),
        ("调档函", "archive-transfer"),
        ("养犬登记", "dog-registration"),
    ],
)
def test_what_people_type_is_among_the_first(index, query, service):
    assert service in [found.id for found in index.search(query, 3)]


def test_every_service_is_found_by_its_own_name(index, shipped):
    missed = [s.id for s in shipped.services(TODAY) if s.id not in [found.id for found in index.search(s.name, 3)]]
    assert missed == []


@pytest.mark.parametrize("query", ["", "   ", "？！……", "😀", "ξξξ", "\x00"])
def test_where_no_word_occurs_nothing_is_found(index, query):
    assert index.search(query) == []


def test_a_very_long_question_is_answered_by_its_beginning(index):
    assert index.search("身份证丢了怎么补" + "啊" * 100_000)[0].id == "id-card-reissue-lost"


def test_no_more_come_than_are_wanted(index):
    assert len(index.search("证", 4)) == 4
    assert len(index.search("证", 10_000)) <= 10_000


def test_the_index_follows_the_knowledge_and_the_day(shipped):
    search = Search()
    assert [s.id for s in search.search(shipped, "龙虾登记", TODAY)][:1] != ["lobster"]
    lobster = shipped.find("dog-registration", TODAY).service.model_copy(update={"id": "lobster", "name": "龙虾登记"})
    later = Published("service", pack(lobster.model_dump(mode="json")), 1, date(2027, 1, 1), None)
    newer = replace(shipped, version=shipped.version + 1, revisions={**shipped.revisions, "lobster": (later,)})
    assert [s.id for s in search.search(newer, "龙虾登记", TODAY)][:1] != ["lobster"]
    assert search.search(newer, "龙虾登记", date(2027, 1, 1))[0].id == "lobster"


def test_an_empty_store_finds_nothing(shipped):
    assert Search().search(replace(shipped, version=0, revisions={}), "身份证", TODAY) == []
