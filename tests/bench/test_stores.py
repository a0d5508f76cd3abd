"""The generator of large stores, and what is typed into their search: the same for the same seed, and never twice."""

import pytest

from bench.stores import make_offices, make_services
from bench.typed import make_typed, read_typed, shares_found
from knowledge.loader import read_content
from knowledge.place import Office
from knowledge.service import Service
from knowledge.store import Head


@pytest.fixture(scope="module")
def models():
    return [document.fact for document in read_content(demo=False) if document.kind == "service"]


def as_head(service):
    return Head(service.id, service.name, service.code, service.domain, service.aliases, service.confidence, False)


def test_the_same_seed_makes_the_same_store(models):
    assert list(make_services(50, models)) == list(make_services(50, models))
    assert list(make_services(50, models)) != list(make_services(50, models, seed=8))
    places = ["320402", "320404"], ["护照", "户籍", "车管", "社保"]
    assert list(make_offices(50, *places)) == list(make_offices(50, *places))
    assert list(make_offices(50, *places)) != list(make_offices(50, *places, seed=8))


def test_offices_may_all_stand_in_one_city_and_few_of_them_never_close():
    offices = list(make_offices(300, ["320402"], ["护照", "户籍", "车管"], cities=1))
    assert max(one.latitude for one in offices) - min(one.latitude for one in offices) < 1
    assert sum(one.all_day for one in offices) == 3
    assert [Office.model_validate(one.model_dump()) for one in offices] == offices


def test_generated_services_are_valid_and_have_names_of_their_own(models):
    made = list(make_services(2000, models))
    assert len({one.id for one in made}) == len({one.name for one in made}) == len({one.code for one in made}) == 2000
    assert [Service.model_validate(one.model_dump()) for one in made[:200]] == made[:200]


def test_a_store_for_a_province_can_be_named_and_a_larger_one_is_refused(models):
    assert sum(1 for _ in make_services(100_000, models[:1])) == 100_000
    with pytest.raises(ValueError, match="can be named"):
        next(make_services(1_000_000, models))


def test_what_is_typed_is_the_same_for_the_same_seed_in_every_way_of_typing(models):
    heads = [as_head(service) for service in make_services(100, models)]
    typed = make_typed(heads, 25, seed=1)
    assert typed == make_typed(heads, 25, seed=1) != make_typed(heads, 25, seed=2)
    assert {one.kind for one in typed} == {"words", "slip", "pinyin", "initials", "code"}


def test_what_is_typed_by_hand_is_for_shipped_services(models):
    known = {service.id for service in models}
    typed = read_typed()
    assert len({one.query for one in typed}) == len(typed) > 90
    assert [one.query for one in typed if not one.services or not one.services <= known] == []


def test_a_query_counts_as_found_only_among_the_first():
    typed = [one for one in read_typed() if one.kind == "slip"][:2]
    right = [min(one.services) for one in typed]
    assert shares_found(typed, [[right[0]], ["x", "x", "x", right[1]]]) == "slip 1 of 2"
