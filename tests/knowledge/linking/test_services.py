import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.cleaning import clean
from knowledge.linking.lexicon import ServiceNames
from knowledge.linking.services import MOST_LINKS, ServiceIndex


@pytest.fixture(scope="session")
def index(lexicon):
    return ServiceIndex(lexicon.services)


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("身份证丢了怎么补", "id-card-reissue-lost"),
        ("sfz丢了", "id-card-reissue-lost"),
        ("生份证掉了", "id-card-reissue-lost"),
        ("居主证丢了", "residence-permit-reissue"),
        ("户藉迁移要啥", "move-out-cross"),
        ("户照过期了", "passport-expired-reapply"),
        ("passport过期了", "passport-expired-reapply"),
        ("hkb丢了咋整", "hukou-book-reissue"),
        ("车本到期了", "dl-renew"),
        ("娃上户口", "birth-registration"),
        ("孩子上学要改名字", "name-change"),
        ("電動車怎麼上牌", "ebike-register"),
        ("老公户口迁到我这", "move-spouse"),
        ("怎样知道自己驾照还有多少分", "dl-record"),
    ],
)
def test_the_item_that_is_meant_comes_first(index, text, service):
    assert index.link(clean(text))[0].id == service


@pytest.mark.parametrize("thing", ["身份证", "护照", "驾驶证", "户口", "公积金", "居住证", "身份正"])
def test_a_bare_thing_gives_several_items_and_is_sure_of_none(index, thing):
    links = index.link(thing)
    assert len(links) >= 3
    assert links[0].confidence < 0.5


def test_every_name_and_nearly_every_alias_links_to_its_service(index, lexicon):
    asked = [(service.id, alias) for service in lexicon.services for alias in (service.name, *service.aliases)]
    missed = [alias for id, alias in asked if id not in [link.id for link in index.link(clean(alias))[:3]]]
    assert len(missed) / len(asked) < 0.02, missed


@pytest.mark.parametrize("talk", ["今天天气怎么样", "讲个笑话", "巨蟹座今年的运势怎么样", "64除以三", "", "😀", "?"])
def test_what_names_no_item_links_to_nothing_with_confidence(index, talk):
    assert all(link.confidence < 0.3 for link in index.link(clean(talk)))


def test_links_come_likeliest_first_and_are_not_too_many(index):
    confidences = [link.confidence for link in index.link("身份证丢了，护照也过期了，还要迁户口")]
    assert confidences == sorted(confidences, reverse=True)
    assert len(confidences) <= MOST_LINKS


def test_the_reason_names_what_was_matched(index):
    assert "身份证丢了" in index.link("身份证丢了")[0].reason


def test_a_service_added_a_moment_ago_is_found(lexicon):
    new = ServiceNames("drone-register", "无人机实名登记", ("无人机登记", "飞无人机要登记吗"), "其他")
    assert ServiceIndex([*lexicon.services, new]).link("我的无人机怎么登记")[0].id == "drone-register"


def test_an_empty_lexicon_links_to_nothing():
    assert ServiceIndex([]).link("身份证丢了") == []


@given(st.text(max_size=300))
def test_any_text_gives_probabilities(index, text):
    assert all(0 < link.confidence < 1 for link in index.link(text))


def test_ten_thousand_characters_take_no_longer_than_they_should(index):
    for text in ("我身份证丢了怎么办，" * 1_000, "证" * 10_000, "sfz" * 3_333, "1" * 10_000):
        start = time.thread_time()
        index.link(text)
        assert time.thread_time() - start < 0.5


def test_a_service_whose_name_says_nothing_disturbs_no_other():
    mute = ServiceNames("mute", "?", ("！",), "其他")
    index = ServiceIndex([mute, ServiceNames("passport-first", "护照首次申领", (), "出入境"), mute])
    assert [link.id for link in index.link("护照申领")] == ["passport-first"]
