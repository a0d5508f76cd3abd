import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.cleaning import clean
from knowledge.linking.lexicon import ServiceNames
from knowledge.linking.services import ServiceIndex


@pytest.fixture(scope="session")
def index(lexicon):
    return ServiceIndex(lexicon.services)


def best(index, text):
    compared = index.compare(index.read(clean(text)))
    number = int(compared.services.argmax())
    return index.services[number].id, index.common(number, compared)


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("身份证丢了怎么补", "id-card-reissue-lost"),
        ("sfz丢了", "id-card-reissue-lost"),
        ("生份证掉了", "id-card-reissue-lost"),
        ("居主证丢了", "residence-permit-reissue"),
        ("户照过期了", "passport-expired-reapply"),
        ("hkb丢了咋整", "hukou-book-reissue"),
        ("電動車怎麼上牌", "ebike-register"),
    ],
)
def test_what_shares_most_with_the_text_scores_best(index, text, service):
    assert best(index, text)[0] == service


def test_a_name_that_stands_there_whole_is_told_apart_from_a_similar_one(index):
    assert best(index, "我的身份证丢了呀")[1].exact
    assert best(index, "身份证丢了")[1].recall == pytest.approx(1)
    assert not best(index, "居主证在哪个窗口换新")[1].exact


@pytest.mark.parametrize("talk", ["", "😀", "?", "qqq"])
def test_what_shares_nothing_with_any_name_is_not_compared(index, talk):
    assert index.compare(index.read(clean(talk))) is None


def test_an_index_of_nothing_compares_nothing():
    index = ServiceIndex([])
    assert index.compare(index.read("身份证丢了")) is None


@given(st.text(max_size=300))
def test_any_text_has_shares_between_none_and_all(index, text):
    reading = index.read(text)
    if (compared := index.compare(reading)) is not None:
        common = index.common(int(compared.services.argmax()), compared)
        assert 0 < common.recall <= 1 + 1e-9
        assert 0 < common.coverage <= 1 + 1e-9
        assert 0 <= compared.strange < 1


def test_a_service_whose_name_says_nothing_disturbs_no_other():
    mute = ServiceNames("mute", "?", ("！",), "其他")
    index = ServiceIndex([mute, ServiceNames("passport-first", "护照首次申领", (), "出入境"), mute])
    assert best(index, "护照申领")[0] == "passport-first"
