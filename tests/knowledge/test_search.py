"""Search for people who type: what still answers when the assistant is down."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.typed import read_typed
from knowledge.search import Search, SearchIndex, by_domain, hot_services
from knowledge.store import Published, pack

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def index(shipped):
    return SearchIndex(shipped, TODAY)


def ids(found):
    return [one.service.id for one in found]


def with_service(shipped, **changes):
    """The knowledge one version on, with one more service: like the dog's, but for the changes."""
    service = shipped.find("dog-registration", TODAY).service.model_copy(update=changes)
    published = Published("service", pack(service.model_dump_json()), 1)
    return replace(shipped, version=shipped.version + 1, revisions={**shipped.revisions, service.id: (published,)})


@pytest.mark.parametrize("kind", ["words", "pinyin", "initials", "slip"])
def test_what_people_type_is_among_the_first_three(index, kind):
    typed = [one for one in read_typed() if one.kind == kind]
    missed = [one.query for one in typed if not one.services & set(ids(index.search(one.query, 3)))]
    assert len(missed) * 20 <= len(typed), missed


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("身份证丢了怎么补", "id-card-reissue-lost"),
        ("临时身份证", "temp-id-card"),
        ("养犬登记", "dog-registration"),
        ("養犬登記", "dog-registration"),
        ("shenfenzheng", "id-card-reissue-lost"),
        ("ju zhu zheng", "residence-permit-first"),
        ("办juzhuzheng", "residence-permit-first"),
        ("senfenzen bulin", "id-card-reissue-lost"),
        ("sfz", "id-card-reissue-lost"),
        ("JZZ", "residence-permit-first"),
        ("hkb", "hukou-book-reissue"),
        ("居主证", "residence-permit-first"),
        ("身证份补办", "id-card-reissue-lost"),
        ("户口薄丢了", "hukou-book-reissue"),
    ],
)
def test_the_item_that_is_meant_comes_first(index, query, service):
    assert ids(index.search(query, 1)) == [service]


def test_every_service_is_found_by_its_own_name(index, shipped):
    missed = [head.id for head in shipped.heads(TODAY) if head.id not in ids(index.search(head.name, 2))]
    assert missed == []


@pytest.mark.parametrize(
    ("query", "service", "matched"),
    [
        ("养犬登记", "dog-registration", "养犬登记"),
        ("sfzdl", "id-card-reissue-lost", "身份证丢了"),
        ("shenfenzheng diule", "id-card-reissue-lost", "身份证丢了"),
        ("身份正丢了", "id-card-reissue-lost", "身份证丢了"),
        ("居民身份证丢失补领", "id-card-reissue-lost", "居民身份证丢失补领"),
    ],
)
def test_a_result_says_by_which_name_it_was_found(index, query, service, matched):
    assert {one.service.id: one.matched for one in index.search(query)}[service] == matched


def test_a_code_leads_to_its_item_alone(shipped):
    index = SearchIndex(with_service(shipped, id="lobster", name="龙虾登记", code="11320400MB1-5021"), TODAY)
    for typed in ("11320400MB1-5021", "11320400mb1 5021", "1132"):
        assert [(one.service.id, one.matched) for one in index.search(typed)] == [("lobster", "11320400MB1-5021")]
    assert "lobster" not in ids(index.search("113"))


def test_a_name_in_full_width_letters_is_found(shipped):
    index = SearchIndex(with_service(shipped, id="toll", name="ＥＴＣ（不停车收费）办理"), TODAY)
    assert ids(index.search("etc办理", 1)) == ids(index.search("ＥＴＣ", 1)) == ["toll"]


def test_of_two_like_items_the_one_that_is_asked_for_most_comes_first(shipped):
    hot = shipped.find("id-card-reissue-lost", TODAY).service
    like = {"id": "a-copy", "name": hot.name, "aliases": hot.aliases}
    index = SearchIndex(with_service(shipped, **like), TODAY)
    assert ids(index.search("身份证丢了", 2)) == ["id-card-reissue-lost", "a-copy"]


def test_every_item_that_is_asked_for_most_is_an_item_of_the_content(shipped):
    assert hot_services()
    assert set(hot_services()) <= set(shipped.revisions)


def test_what_is_found_is_grouped_by_domain_and_the_best_group_leads(index):
    found = index.search("居住证丢了", 12)
    groups = by_domain(found)
    assert groups[0][0] == found[0].service.domain
    assert sorted(ids(found)) == sorted(one.service.id for _, group in groups for one in group)
    assert all(one.service.domain == domain for domain, group in groups for one in group)
    places = {one.service.id: place for place, one in enumerate(found)}
    for _, group in groups:
        assert all(places[a.service.id] < places[b.service.id] for a, b in pairwise(group))


@pytest.mark.parametrize("query", ["", "   ", "？！……", "😀", "ξξξ", "\x00", "\ud800", "%", "'", "龘"])
def test_where_no_word_occurs_nothing_is_found(index, query):
    assert index.search(query) == []


@pytest.mark.parametrize(
    "query",
    [
        "身份证'; DROP TABLE knowledge_revision;--",
        "<script>身份证</script>",
        "身份证*",
        ".*身份证",
        "身份证%_",
        "\\n身份证\n",
    ],
)
def test_what_looks_like_an_attack_is_only_words(index, query):
    assert "id-card" in index.search(query)[0].service.id


def test_a_very_long_question_is_answered_by_its_beginning(index):
    assert ids(index.search("身份证丢了怎么补" + "啊" * 10_000, 1)) == ["id-card-reissue-lost"]
    assert index.search("zhuang" * 2000) is not None


@settings(max_examples=60, deadline=None)
@given(query=st.text(max_size=60))
def test_nothing_that_can_be_typed_breaks_the_search(index, query):
    found = index.search(query, 5)
    assert len(found) <= 5
    assert all(one.matched in (one.service.name, one.service.code, *one.service.aliases) for one in found)


def test_no_more_come_than_are_wanted(index):
    assert len(index.search("证", 4)) == 4
    assert len(index.search("证", 10_000)) <= 10_000


def test_the_index_follows_the_knowledge_and_the_day(shipped):
    search = Search()
    assert ids(search.search(shipped, "龙虾登记", TODAY))[:1] != ["lobster"]
    newer = with_service(shipped, id="lobster", name="龙虾登记")
    (published,) = newer.revisions["lobster"]
    newer.revisions["lobster"] = (replace(published, effective_from=TODAY + timedelta(days=1)),)
    assert ids(search.search(newer, "龙虾登记", TODAY))[:1] != ["lobster"]
    assert ids(search.search(newer, "longxia", TODAY + timedelta(days=1)))[:1] == ["lobster"]


class SlowlyRead:
    """Knowledge one version on, whose names come only when `allowed` is set."""

    def __init__(self, knowledge):
        self.version, self._knowledge = knowledge.version + 1, knowledge
        self.reading, self.allowed = Event(), Event()

    def heads(self, on):
        self.reading.set()
        assert self.allowed.wait(10)
        return self._knowledge.heads(on)


def test_while_the_index_is_renewed_the_old_one_answers(shipped):
    search, newer = Search(), SlowlyRead(with_service(shipped, id="lobster", name="龙虾登记"))
    search.search(shipped, "护照", TODAY)
    with ThreadPoolExecutor(1) as thread:
        renewing = thread.submit(search.search, newer, "龙虾登记", TODAY)
        assert newer.reading.wait(10)
        assert ids(search.search(newer, "护照", TODAY, 1)) == ["passport-first"]
        newer.allowed.set()
        assert ids(renewing.result())[0] == "lobster"
    assert ids(search.search(newer, "龙虾登记", TODAY))[0] == "lobster"


def test_an_empty_store_finds_nothing(shipped):
    assert Search().search(replace(shipped, version=0, revisions={}), "身份证", TODAY) == []
    assert Search().search(replace(shipped, version=0, revisions={}), "sfz 1234", TODAY) == []
