"""Private quarrels: the line that takes them, and none where an office has a part in it."""

import pytest

from tickets.elsewhere import line_for


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("健身房跑路了，年卡没退", "12315"),
        ("培训班不给退费", "12315"),
        ("餐厅吃出虫子，老板态度差", "12315"),
        ("网上买的鞋是假的", "12315"),
        ("驾校教练老骂人，考试一直不给约", "12315"),
        ("快递员把包裹弄丢了", "12305"),
        ("网购的东西快递弄坏了", "12305"),
        ("银行乱扣我的钱", "12378"),
        ("宽带乱扣费", "12300"),
        ("房东扣着押金", "12348"),
        ("朋友借我两万不还", "12348"),
        ("楼上天天半夜拖椅子", "社区"),
        ("物业把电梯停了半个月", "社区"),
        ("学校收费太高了", "12345"),
    ],
)
def test_a_quarrel_gets_its_line(words, number):
    assert number in (line_for(words) or "")


@pytest.mark.parametrize(
    "words",
    [
        "窗口的人说我健身房的执照不给办",
        "派出所不管邻居打我",
        "社保局让我去银行开户，银行又不给开",
        "街道办拖着不管物业的事",
        "跑了三趟没办成",
        "市场监管局收了我对商家的投诉，三个月没下文",
        "房东不配合，居委会不给我盖章",
        "",
    ],
)
def test_where_an_office_has_a_part_it_is_for_the_desk(words):
    assert line_for(words) is None
