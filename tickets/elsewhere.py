"""Quarrels that no government counter settles: whose they are, and which line takes them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """Who takes such quarrels: `words` name the line and what it is for."""

    cues: re.Pattern[str]
    words: str


CONSUMER = "买东西、办卡、培训退费这类消费纠纷，可以拨打 12315 消费者投诉热线，带上合同、付款记录。"
# The first that is named; what is most special stands first.
LINES = (
    Line(
        re.compile("快递|包裹|驿站|快件"),
        "快递的事先找快递公司；不处理的，可以拨打 12305 邮政业申诉热线，准备好运单号。",
    ),
    Line(
        re.compile("银行|信用卡|保险公司|理财|贷款(?:公司|平台)"),
        "银行、保险的纠纷，可以拨打 12378 金融消费者投诉热线。",
    ),
    Line(
        re.compile("移动公司|联通|电信公司|宽带|话费|套餐(?:费|乱)|流量费"),
        "电话、宽带的纠纷先找运营商；不处理的，可以拨打 12300 电信用户申诉热线。",
    ),
    Line(
        re.compile(
            "健身|年卡|会员卡|充值卡|理发|美容|餐厅|饭店|饭馆|外卖|网购|网上买|商家|店家|淘宝|拼多多|京东|退货|驾校|培训(?:班|机构)|补习班|早教"
            "|商场|超市|4[sS]店|二手车|装修(?:公司|队)|婚庆|旅行社|酒店|民宿|商铺|直播间|预付卡|家政"
        ),
        CONSUMER,
    ),
    Line(
        re.compile(
            "房东|押金|租客|二房东|中介|借(?:了|走)?我?[^，。]{0,8}不还|欠我[^，。]{0,8}(?:不还|不给)|前男友|前女友|彩礼|分手"
        ),
        "租房、借钱这类个人之间的纠纷，可以拨打 12348 法律服务热线问怎么办，也可以找社区调解。",
    ),
    Line(
        re.compile("邻居|楼上|楼下(?:的|天天|每)|隔壁|对门|物业|业委会|广场舞|停车位被"),
        "邻里和物业的纠纷，可以先请社区（居委会、村委会）调解；晚上太吵可以拨打 110。",
    ),
    Line(
        re.compile("学校[^，。]{0,8}(?:收费|退费|学费)|学费|幼儿园[^，。]{0,8}(?:费|钱)"),
        "学校收费的事，可以拨打 12345，由教育部门核查。",
    ),
)
# A public office has a part in it: then it is a matter for the desk.
_OFFICE = re.compile(
    "窗口|大厅|派出所|公安|民政|社保|医保|公积金|车管|税务|法院|政府|街道|居委|社区|政务|不动产|市场监管|市监|工商|监察|执法|城管|教育局|住建"
    "|人社|出入境|护照|登记|备案|补贴|补助|考试中心|驾考|科[一二三]|主管|监管|运管|民警|所里|检测站|申报|过户|上牌|红头|[^凭见]证(?!据)|石沉大海|不闻不问|无人处罚"
    "|服务中心|交警|审批|卫健|12345|12315|户口|身份证|营业执照|[^邮房]局"
)


LONGEST = 60  # characters; a longer story has more in it than a quarrel


def line_for(words: str) -> str | None:
    """What to tell somebody about a quarrel between private parties; None where an office has a part in it."""
    if len(words) > LONGEST or _OFFICE.search(words):
        return None
    return next((line.words for line in LINES if line.cues.search(words)), None)
