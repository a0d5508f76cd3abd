"""What a service's facts read like: what was asked first, nothing unsure as certain, one open question at most."""

from datetime import date, datetime

import pytest

from base.answer import ASPECTS, Answer, Outcome
from base.clock import CHINA
from knowledge.answers import NONE_OF_THESE, WHOLE_LIST, item_answer, situation_again, which_item
from knowledge.aspects import ASPECTS_OF, HOW_TO, NOTICE
from knowledge.inquiry import Inquiry

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
LOST = "id-card-reissue-lost"
ALL = {"age": "adult", "place": "local", "pickup": "self"}


def inquiry(knowledge, *aspects, service=LOST, answers=None, region=None, **more):
    found = knowledge.resolve(service, AT.date(), region)
    return Inquiry(knowledge, found, answers or {}, aspects, region, AT, **more)


def told(knowledge, *aspects, **more):
    return item_answer(inquiry(knowledge, *aspects, **more))


def labels(answer):
    return [item["label"] for block in answer.blocks if block["type"] == "facts" for item in block["items"]]


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [
        ("fee", ["费用"]),
        ("time_limit", ["法定时限", "承诺或常见"]),
        ("location", ["在哪办", "谁受理"]),
        ("eligibility", ["谁能办"]),
        ("online", ["网上能办吗"]),
        ("agent", ["能代办吗"]),
        ("appointment", ["要预约吗"]),
        ("validity", ["办好拿到"]),
        ("phone", ["咨询电话"]),
    ],
)
def test_an_aspect_is_answered_by_its_facts(shipped, aspect, expected):
    answer = told(shipped, aspect)
    assert answer.outcome is Outcome.ANSWER
    assert (answer.service, answer.aspects) == (LOST, (aspect,))
    assert labels(answer) == expected


@pytest.mark.parametrize("aspects", ASPECTS_OF.values(), ids=ASPECTS_OF)
def test_every_aspect_of_every_service_reads_as_something(shipped, aspects):
    for service in shipped.services(AT.date()):
        answer = told(
            shipped, *aspects, service=service.id, region="990103", day=date(2026, 11, 28), words="我有户口本"
        )
        assert answer.body.startswith(f"【{service.name}】")
        assert set(answer.aspects) <= set(ASPECTS)
        assert answer.aspects[0] == aspects[0]
        assert Answer.from_json(answer.as_json()) == answer
        asked = [block for block in answer.blocks if block["type"] == "question"]
        assert len(asked) == (answer.asks is not None)
        assert "None" not in answer.text
        assert "{" not in answer.text


def test_the_notice_holds_everything_in_one_fixed_order(shipped):
    answer = told(shipped, *NOTICE, answers=ALL, region="990103")
    kinds = [block["type"] for block in answer.blocks]
    assert kinds.index("materials") < kinds.index("steps") < kinds.index("offices")
    expected = [
        "费用",
        "法定时限",
        "承诺或常见",
        "在哪办",
        "谁受理",
        "网上能办吗",
        "能代办吗",
        "要预约吗",
        "办好拿到",
        "咨询电话",
    ]
    assert labels(answer) == expected
    assert answer.asks is None
    assert answer.choices == ()


def test_how_to_begins_with_what_to_bring(shipped):
    kinds = [block["type"] for block in told(shipped, *HOW_TO).blocks]
    assert kinds[1] == "materials"


def test_what_is_asked_first_is_told_first(shipped):
    assert labels(told(shipped, "phone", "fee"))[0] == "咨询电话"
    assert labels(told(shipped, "fee", "phone"))[0] == "费用"


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({}, "不管哪种情况，这些都要带："),
        ({"age": "minor"}, "目前能确定要带这些："),
        (ALL, "按您的情况（已满16周岁、户口所在省内、本人领取），要带这些："),
    ],
)
def test_the_list_says_how_certain_it_is(shipped, answers, title):
    (block,) = [block for block in told(shipped, "materials", answers=answers).blocks if block["type"] == "materials"]
    assert block["title"] == title


def test_a_material_says_which_answer_brought_it_in(shipped):
    answer = told(shipped, "materials", answers={"age": "minor"})
    why = {
        item["id"]: item["why"] for block in answer.blocks if block["type"] == "materials" for item in block["items"]
    }
    assert why["m3"] == "因为未满16周岁"
    assert why["m6"] == ""


def test_only_a_list_that_is_asked_for_asks_back(shipped):
    assert told(shipped, "materials").asks == "age"
    assert told(shipped, "fee").asks is None
    assert told(shipped, "materials", answers=ALL).choices == (WHOLE_LIST,)


@pytest.mark.parametrize("aspect", ["location", "hours"])
def test_without_a_place_it_is_asked_for(shipped, aspect):
    assert told(shipped, aspect).asks == "region"
    assert told(shipped, aspect, region="990103").asks is None


def test_a_place_without_known_offices_says_so_and_gives_a_number(shipped):
    answer = told(shipped, "location", region="320300")
    assert not [block for block in answer.blocks if block["type"] == "offices"]
    assert "江苏省徐州市的具体网点我这里还没有收录，请拨打 12345" in answer.text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 28), "11月28日（周六）不是工作日"),
        (date(2026, 10, 10), "10月10日（周六）是调休上班日"),
        (date(2026, 10, 1), "10月1日（周四）是国庆节假期"),
        (date(2027, 3, 1), "放假安排尚未公布"),
        (date(2026, 11, 24), "11月24日（周二）是工作日"),
    ],
)
def test_a_day_is_said_as_the_calendar_has_it(shipped, day, words):
    assert words in told(shipped, "hours", day=day).text


def test_a_fee_that_depends_is_told_with_all_its_cases(shipped):
    fees = {fee.amount for fee in shipped.find("id-card-minor", AT.date()).service.fees}
    answer = told(shipped, "fee", service="id-card-minor")
    assert "看情况" in answer.text
    assert all(amount in answer.text for amount in fees)
    assert "看情况" not in told(shipped, "fee", service="id-card-minor", answers={"kind": "first"}).text


def test_what_is_unsure_is_never_told_as_certain(shipped):
    for service in shipped.services(AT.date()):
        for aspects in (("fee",), HOW_TO, NOTICE):
            warned = "只供参考" in told(shipped, *aspects, service=service.id).text
            assert warned is (service.confidence == "low")


def test_what_differs_from_place_to_place_is_said_once_nothing_is_open(shipped):
    assert "各地可能不一样" in told(shipped, "fee").text
    assert "容易白跑" in told(shipped, "materials", answers=ALL).text
    assert "容易白跑" not in told(shipped, "materials").text
    assert "依据：" in told(shipped, *NOTICE, answers=ALL).text


def test_the_pre_check_tells_what_is_there_and_what_is_missing(shipped):
    answer = told(shipped, "check", "materials", answers=ALL, words="我有户口本，还差什么")
    assert "已经有了：居民户口簿" in answer.text
    (missing,) = [block for block in answer.blocks if block["type"] == "materials"]
    assert missing["title"] == "还差这些："
    assert "居民户口簿" not in [item["name"] for item in missing["items"]]


@pytest.mark.parametrize(("tries", "person"), [(1, False), (2, True), (3, True)])
def test_who_cannot_choose_twice_is_offered_a_person(shipped, tries, person):
    open_ = inquiry(shipped, "materials")
    answer = situation_again(open_, open_.checklist.question, tries)
    assert (answer.outcome, answer.asks) == (Outcome.SITUATION, "age")
    assert answer.choices == ("已满16周岁", "未满16周岁")
    assert ("12345" in answer.text) is person


def test_a_menu_has_a_way_out_and_one_item_is_asked_by_name(shipped):
    services = [shipped.find(id, AT.date()).service for id in (LOST, "id-card-loss-report")]
    menu = which_item(services, "990103")
    assert menu.choices == (services[0].name, services[1].name, NONE_OF_THESE)
    assert (menu.outcome, menu.region, menu.service) == (Outcome.CLARIFY, "990103", None)
    assert which_item(services[:1], None).body == f"您说的是“{services[0].name}”吗？"


def test_the_pre_check_says_which_part_is_missing_and_what_need_not_be_brought(shipped):
    answer = told(shipped, "check", "materials", service="name-change", words="我有户口本和驾照，还差什么")
    lines = [item for block in answer.blocks if block["type"] == "materials" for item in block["items"]]
    [line] = [line for line in lines if line["name"] == "居民户口簿和居民身份证"]
    assert line["note"].startswith("还差居民身份证；")
    assert "这份清单没有要：驾照" in answer.text


def test_the_pre_check_says_where_a_missing_paper_is_had(shipped):
    answer = told(shipped, "check", "materials", service="dl-renew", words="驾照带了")
    assert "怎么拿到：有资质的体检医疗机构" in answer.text


def test_a_bundle_is_told_as_one_trip(shipped):
    answers = {"parents": "married", "follow": "mother", "insured": "later", "wish": "none"}
    answer = told(shipped, *HOW_TO, service="bundle-newborn", answers=answers)
    assert "一次办好这5件（卫生健康部门牵头）：\n1. 出生医学证明首次签发" in answer.text
    assert "按您的情况不用办：城乡居民基本医疗保险参保登记与缴费（暂不参保）" in answer.text
    assert "母亲居民户口簿（原件）：因为随母；新生儿出生登记（上户口）要用" in answer.text


def test_an_item_of_a_bundle_that_hangs_on_an_open_answer_is_called_so(shipped):
    assert "结婚登记（看情况）" in told(shipped, *HOW_TO, service="bundle-marriage-birth").text
