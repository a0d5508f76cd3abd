import pytest

from knowledge.linking.lexicon import PlaceNames
from knowledge.linking.places import PlaceIndex
from knowledge.loader import read_content


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
        ("怀柔身份证在哪办", ["110116"]),
        ("户口在马边县", ["511133"]),
        ("科右前旗能办护照吗", ["152221"]),
        ("我在雄安", ["130600"]),
        ("吉林的社保", ["220000"]),
        ("淮安的社保", ["320800"]),
        ("牡丹江西安区", ["231005"]),
        ("大连中山", ["210202"]),
        ("台州路桥", ["331004"]),
        ("唐山路北区", ["130203"]),
        ("天宁区红梅街道", ["320402"]),
        ("人在成都", ["510100"]),
    ],
)
def test_the_smallest_division_that_is_named_is_found(index, text, adcodes):
    assert [place.adcode for place in index.find(text)] == adcodes


@pytest.mark.parametrize(
    "text",
    [
        *("京东买的", "苏A12345", "白云机场丢的", "和平饭店", "换了三台电脑", "保安证怎么考", "去香港要办什么证", ""),
        *(
            "公安局",
            "去公安局办",
            "资源",
            "比如身份证",
            "村委会同意",
            "治多久",
            "示范县",
            "劳动能力鉴定结论",
            "新建商品房",
        ),
        *(
            "城区禁摩",
            "在郊区",
            "去开发区",
            "和平",
            "住新城区",
            "小店要消防检查",
            "能上高速吗",
            "办成都要什么",
            "股东营业执照",
        ),
        *("中山路派出所", "南京西路", "解放大道", "北京东路88号", "南京银行的卡", "常州大学毕业", "卡尔·马克思"),
    ],
)
def test_a_name_inside_other_words_is_no_place(index, text):
    assert index.find(text) == []


@pytest.mark.parametrize(
    ("text", "adcodes"),
    [
        ("鼓楼区", {"320106", "320302", "350102", "410204"}),
        ("我在朝阳区", {"110105", "220104"}),
        ("朝阳", {"110105", "220104", "211300"}),
        ("永定区的户口", {"350803", "430802"}),
    ],
)
def test_a_name_that_several_divisions_bear_gives_all(index, text, adcodes):
    found = index.find(text)
    assert {place.adcode for place in found} == adcodes
    assert len(found) == len(adcodes)


@pytest.mark.parametrize(
    ("text", "adcodes"),
    [
        ("南京市鼓楼区", ["320106"]),
        ("北京朝阳", ["110105"]),
        ("天津 和平", ["120101"]),
        ("天津和平区", ["120101"]),
        ("阳泉城区", ["140302"]),
        ("鼓楼区，就是南京那个", ["320106", "320100"]),
        ("常州城区", ["320400"]),
    ],
)
def test_another_place_that_is_named_decides_between_them(index, text, adcodes):
    assert [place.adcode for place in index.find(text)] == adcodes


def test_every_division_is_found_by_its_full_name_behind_its_citys(index, lexicon):
    by_code = {place.adcode: place for place in lexicon.places}
    for place in lexicon.places:
        if place.adcode.startswith(("71", "81", "82")):
            continue
        outer = by_code[place.parent].name if place.parent else ""
        found = [mention.adcode for mention in index.find(f"我的户口在{outer}{place.name}，身份证丢了")]
        assert found == [place.adcode], f"{outer}{place.name}"


def test_all_counties_of_the_mainland_are_known(lexicon):
    counties = [place for place in lexicon.places if not place.adcode.endswith("00")]
    assert len(counties) == 2847
    assert len({place.adcode[:2] for place in lexicon.places}) == 34


def test_words_of_the_guides_themselves_name_no_county(index):
    """Nobody means a place by the words that materials and steps are made of."""
    documents = read_content(demo=False)
    facts = [document.fact for document in documents if document.kind == "service"]
    words = [text for fact in facts for material in fact.materials for text in (material.name, material.note)]
    words += [step for fact in facts for step in fact.steps]
    found = [
        (mention.text, text) for text in words for mention in index.find(text) if not mention.adcode.endswith("00")
    ]
    assert found == []


def test_the_mention_says_where_it_stands():
    (place,) = PlaceIndex([PlaceNames("320400", "常州市", ("常州",), None)]).find("人在常州呢")
    assert (place.text, place.start, place.end) == ("常州", 2, 4)


def test_no_places_find_nothing():
    assert PlaceIndex([]).find("常州") == []
