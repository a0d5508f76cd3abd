import pytest

from knowledge.linking.lexicon import PlaceNames
from knowledge.linking.places import PlaceIndex


@pytest.fixture(scope="session")
def index(lexicon):
    return PlaceIndex(lexicon.places)


@pytest.mark.parametrize(
    ("text", "adcodes"),
    [
        ("我在常州市天宁区", ["320402"]),
        ("江苏省常州市钟楼区办身份证", ["320404"]),
        ("在天宁区呢", ["320402"]),
        ("深圳社保卡怎么补办", ["440300"]),
        ("从上海迁到杭州", ["310000", "330100"]),
        ("吉林省吉林市", ["220200"]),
        ("我在武进呢", ["320412"]),
        ("海门", ["320614"]),
    ],
)
def test_the_smallest_division_that_is_named_is_found(index, text, adcodes):
    assert [place.adcode for place in index.find(text)] == adcodes


@pytest.mark.parametrize(
    "text", ["京东买的", "苏A12345", "白云机场丢的", "和平饭店", "换了三台电脑", "保安证怎么考", "去香港要办什么证", ""]
)
def test_a_name_inside_other_words_is_no_place(index, text):
    assert index.find(text) == []


def test_a_name_that_several_divisions_bear_gives_all(index):
    assert len({place.adcode for place in index.find("鼓楼区")}) > 1


def test_the_place_before_it_decides_between_them(index):
    assert [place.adcode for place in index.find("南京市鼓楼区")] == ["320106"]


def test_a_district_that_is_not_known_leaves_its_city(index):
    assert [place.adcode for place in index.find("北京朝阳")] in (["110000"], ["110105"])


def test_the_mention_says_where_it_stands():
    (place,) = PlaceIndex([PlaceNames("320400", "常州市", ("常州",), None)]).find("人在常州呢")
    assert (place.text, place.start, place.end) == ("常州", 2, 4)


def test_no_places_find_nothing():
    assert PlaceIndex([]).find("常州") == []
