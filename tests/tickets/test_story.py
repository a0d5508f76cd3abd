import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tickets.story import MOST_MISSING, count_trips, find_missing, find_place, names_a_place, read_story


@pytest.mark.parametrize(
    ("text", "trips"),
    [
        ("跑了三趟都没办成", 3),
        ("来回往返4次，也无果", 4),
        ("去了四五次", 4),  # at the least
        ("跑了十几趟", 10),
        ("前后二十趟", 20),
        ("跑了二十三趟", 23),
        ("俩地来回跑了两趟，后来又去了5次", 5),
        ("今天是第三次来了", 3),
        ("多跑了两趟", 2),
        ("说好最多跑一次，我跑了五趟", 5),
        ("最多跑一次", None),
        ("让我再跑一趟", None),
        ("跑了好几趟", None),
        ("打了三次电话", None),
        ("有一次去", None),
        ("补办身份证要带什么", None),
        ("", None),
    ],
)
def test_trips_are_counted_as_told(text, trips):
    assert count_trips(text) == trips


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("非要我开单身证明", ["单身证明"]),
        ("说缺结婚证原件不给办", ["结婚证原件"]),
        ("说我少了一份委托书", ["委托书"]),
        ("让我回去补户口本", ["户口本"]),
        ("缺一张照片就让我回去", ["照片"]),
        ("要求我提供亲属关系证明，又让我开居住证明", ["亲属关系证明", "居住证明"]),
        ("非要单身证明，还是非要单身证明", ["单身证明"]),
        ("窗口态度差", []),
    ],
)
def test_what_was_demanded_is_kept_in_the_tellers_words(text, missing):
    assert list(find_missing(text)) == missing


@pytest.mark.parametrize(
    "text",
    [
        "跑了三趟都没办成",
        "窗口态度差",
        "说我材料不全不给办",
        "一直没人接电话",
        "办护照，窗口说系统坏了",
        "表扬3号窗口的小王，服务很热情",
        "建议中午也上班，方便上班族",
        "到社区开证明，社区让去派出所，派出所又让回社区",
    ],
)
def test_a_story_with_substance_can_be_filed(text):
    assert read_story(text).has_substance


@pytest.mark.parametrize(
    "text",
    ["", "我要投诉", "办不成", "事情没办成怎么办", "我要投诉公安局", "我想反映一下问题", "😀😀😀", "123456", "你好"],
)
def test_an_announcement_alone_is_no_story(text):
    assert not read_story(text).has_substance


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("跑了三趟派出所还是不给办", None),
        ("跑了三趟城东派出所还是不给办", "城东派出所"),
        ("我去天宁区政务服务中心跑了三趟", "天宁区政务服务中心"),
        ("在翠竹派出所补身份证", "翠竹派出所"),
        ("天宁区社保中心3号窗口不给办", "天宁区社保中心3号窗口"),
        ("去派出所办", None),  # which one?
        ("办不成", None),
    ],
)
def test_an_office_counts_as_told_when_it_can_be_found(text, place):
    assert find_place(text) == place


@pytest.mark.parametrize("text", ["派出所", "天宁区", "3号窗口", "翠竹街道", "市民中心"])
def test_a_short_place_is_known_as_one(text):
    assert names_a_place(text)


PIECES = some.sampled_from(
    [
        "非要",
        "让我",
        "缺一个",
        "说少了",
        "跑了",
        "第三次",
        "三趟",
        "证明",
        "在",
        "派出所",
        "服务中心",
        "一二三四",
        "，",
        "😀",
        "\n",
        "1",
        "A",
        "态度",
    ]
)


@given(some.one_of(some.text(), some.lists(PIECES).map("".join)))
def test_any_text_is_read_without_failing(text):
    story = read_story(text)
    assert story.trips is None or story.trips > 0
    assert len(story.missing) <= MOST_MISSING
    find_place(text)


@pytest.mark.parametrize("piece", ["让", "非要", "缺一个", "说少", "第三", "一", "去了一二三", "服务", "在", "A", "中"])
def test_reading_takes_time_in_proportion_to_the_length(piece):
    def seconds(length):
        text = (piece * length)[:length]
        started = time.process_time()
        read_story(text)
        find_place(text)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(40_000) < 2  # what grows with the square would take minutes


def test_the_hall_of_an_insurance_is_a_place():
    assert find_place("我在江北区医保大厅排了三小时队") == "江北区医保大厅"
