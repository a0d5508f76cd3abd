"""The Answer: the same words for every surface, and plain data that reads back as what it was."""

import json

import pytest

from base.answer import Answer, Outcome, question, text

MATERIAL = {"id": "m1", "name": "居民户口簿", "form": "原件", "copies": 1, "why": "", "note": "", "waivable": False}
OFFICE = {
    "id": "hall",
    "name": "示例市政务服务中心",
    "address": "云帆大道1号",
    "phone": "000-00000001",
    "hours": "周一至周五 09:00-17:00",
    "opening": "现在开放",
    "open_now": True,
    "note": "",
    "demo": True,
}
NOTICE = {
    "type": "notice",
    "code": "ABCD-EFGH-JKMN",
    "url": "https://banshi.example/n/ABCD-EFGH-JKMN",
    "qr": "https://banshi.example/n/ABCD-EFGH-JKMN/qr.png",
    "valid_until": "2027年2月20日",
}
TICKET = {
    "type": "ticket",
    "number": "BS-20261121-0007",
    "secret": "ABCD",
    "status": "已登记",
    "url": "/t/BS-20261121-0007",
}


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (text("带上身份证"), ["带上身份证"]),
        (text("补领身份证", "title"), ["【补领身份证】"]),
        (text("别白跑", "warning"), ["⚠ 别白跑"]),
        (
            {"type": "materials", "title": "要带这些：", "items": [MATERIAL]},
            ["要带这些：", "1. 居民户口簿（原件）"],
        ),
        (
            {
                "type": "materials",
                "title": "要带这些：",
                "items": [
                    MATERIAL
                    | {"form": "复印件", "copies": 2, "why": "因为未满16周岁", "note": "两面", "waivable": True}
                ],
            },
            ["要带这些：", "1. 居民户口簿（复印件2份）：因为未满16周岁；两面；可免交或容缺"],
        ),
        ({"type": "facts", "items": [{"label": "费用", "value": "40元"}]}, ["费用：40元"]),
        ({"type": "steps", "title": "怎么办：", "items": ["申请", "领证"]}, ["怎么办：", "1. 申请", "2. 领证"]),
        (
            {"type": "offices", "title": "网点：", "items": [OFFICE]},
            [
                "网点：",
                "· 示例市政务服务中心（演示数据）：云帆大道1号",
                "  现在开放；周一至周五 09:00-17:00；电话 000-00000001",
            ],
        ),
        (
            {
                "type": "offices",
                "title": "网点：",
                "items": [OFFICE | dict.fromkeys(("address", "phone", "hours", "opening"), "") | {"demo": False}],
            },
            ["网点：", "· 示例市政务服务中心"],
        ),
        (
            TICKET,
            [
                "工单号：BS-20261121-0007（已登记）",
                "查询码：ABCD（查进度时要用，请保存）",
                "查询：/t/BS-20261121-0007",
            ],
        ),
        (TICKET | {"secret": None}, ["工单号：BS-20261121-0007（已登记）", "查询：/t/BS-20261121-0007"]),
        (question("age", "您满16周岁了吗？"), ["您满16周岁了吗？"]),
    ],
)
def test_each_block_reads_as_lines(block, lines):
    answer = Answer(Outcome.ANSWER, (block,))
    assert answer.body.splitlines() == lines
    assert answer.text == answer.body


def test_choices_are_numbered_in_the_text_and_absent_from_the_body():
    answer = Answer(Outcome.SITUATION, (question("age", "多大？"),), choices=("未满16周岁", "已满16周岁"))
    assert answer.body == "多大？"
    assert answer.text == "多大？\n1. 未满16周岁\n2. 已满16周岁"


def test_a_notice_reads_as_its_code_and_where_it_opens():
    answer = Answer(Outcome.ANSWER, (NOTICE,))
    assert answer.text == (
        "告知单编号：ABCD-EFGH-JKMN（有效期至2027年2月20日）\n打开、打印：https://banshi.example/n/ABCD-EFGH-JKMN"
    )


def test_an_answer_survives_the_wire():
    answer = Answer(
        outcome=Outcome.CLARIFY,
        blocks=(text("您想问的是哪一件？"), {"type": "materials", "title": "带", "items": [MATERIAL]}, TICKET, NOTICE),
        choices=("补领", "换领", "都不是"),
        aspects=("materials", "fee"),
        service="id-card-reissue-lost",
        asks="age",
        candidates=("a", "b"),
        region="320402",
        ticket="BS-20261121-0007",
    )
    assert Answer.from_json(json.loads(json.dumps(answer.as_json()))) == answer


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"outcome": "answer"},
        Answer(Outcome.ANSWER, ()).as_json() | {"outcome": "perhaps"},
        Answer(Outcome.ANSWER, ()).as_json() | {"blocks": None},
        None,
        "answer",
        [],
    ],
)
def test_anything_else_is_refused(data):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Answer.from_json(data)
