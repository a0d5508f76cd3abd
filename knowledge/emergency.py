"""Safety first: which number somebody needs at once. Exact cues, each rare in ordinary questions about services."""

from __future__ import annotations

import re
from dataclasses import dataclass

from base.answer import Answer, Block, Outcome, text


@dataclass(frozen=True)
class Emergency:
    """One kind: the cues that name it, what lifts it (a question about papers), and what is said at once."""

    name: str
    cues: re.Pattern[str]
    words: tuple[str, ...]


# Order matters: the first kind that is named decides what is said.
KINDS = (
    Emergency(
        "suicide",
        re.compile(r"不想活|活不下去|想自杀|要自杀|想死|轻生|跳楼|跳河|割腕|结束(?:自己的)?生命|一了百了|了结自己"),
        (
            "您现在很难受，请先别一个人扛着。",
            "请马上拨打 12356 心理援助热线，24 小时有人听您说；已经有危险，请拨打 120 或 110。",
            "如果身边有人，请告诉他您现在的感受，让他陪着您。",
        ),
    ),
    Emergency(
        "violence",
        re.compile(
            r"家暴|(?:老公|丈夫|男人|老婆|男友|男朋友|前夫|爸|妈|继父)[^，。]{0,6}(?:正在?|又在|在|要)(?:打|砍|掐)(?:我|人|孩子|妈)"
            r"|(?:被|遭)(?:老公|丈夫|前夫|男友|男朋友|家里人)[^，。]{0,4}打|(?:他|她)(?:正在?|还在|又)(?:打|砍|掐)我|拿刀"
        ),
        (
            "请马上拨打 110，说清楚您在哪里。",
            "不方便说话可以发短信到 12110。先到安全的地方去，受伤了拨打 120。",
            "想找妇联帮忙，可以拨打 12338。",
        ),
    ),
    Emergency(
        "fraud",
        re.compile(
            r"(?:被|遭|遇到|碰到|刚)[^，。]{0,4}(?:诈骗|骗了|骗走|骗钱|电信诈骗)|诈骗电话|安全账户|(?:让|叫|要)我[^，。]{0,8}转(?:账|钱)"
            r"|(?:自称|冒充)[^，。]{0,8}(?:公安|警察|法院|检察|客服)|刷单[^，。]{0,6}(?:骗|退不|取不|提不)"
        ),
        (
            "先别转账，别告诉对方验证码。",
            "请马上拨打 96110 反诈专线；钱已经转出去了，立刻拨打 110，越快越可能拦住。",
            "公安、法院不会在电话里让您转账。",
        ),
    ),
    Emergency(
        "missing",
        re.compile(
            r"(?:孩子|小孩|娃|儿子|女儿|老人|老爸|老妈|我妈|我爸|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|孙子|孙女)"
            # 儿子身份证丢了 is about a card; 儿子手机关机失联了 is not about a phone.
            r"(?![^，。]{0,10}(?:证|卡|本|簿|照|牌|件|手机|包|钥匙|存折|档案|车)[也都又给被不小心弄搞]{0,4}(?:丢|不见|找不到|失踪))[^，。]{0,10}"
            r"(?:走丢|走失|不见了|失踪|失联|找不到(?:了|人)|没回来|离家出走|丢了(?!(?:户|身|证|出|卡|本)))|(?:被|遭)拐|拐卖|绑架"
        ),
        ("请马上拨打 110 报警，不用等 24 小时。", "说清楚走失的人的年龄、衣着、最后在哪里；有照片先准备好。"),
    ),
    Emergency(
        "fire",
        re.compile(r"着火|起火|失火|火灾(?!.{0,6}(?:证明|认定))|煤气泄漏|燃气泄漏|爆炸了|困在(?:电梯|火)"),
        ("请马上拨打 119，说清楚地址和什么着火。", "先离开危险的地方，不要坐电梯；有人受伤拨打 120。"),
    ),
    Emergency(
        "injury",
        re.compile(
            r"(?:昏|晕)(?:倒|过去|迷)|大出血|流了?(?:好|很)多血|没(?:有)?(?:呼吸|心跳)|喘不上气|心脏病(?:发作|犯了)|中毒了|溺水|休克|快(?:不行|死)了"
            r"|叫救护车|快生了|羊水破"
        ),
        ("请马上拨打 120，说清楚地址和病人的情况。", "不要挂电话，照接线员说的做。"),
    ),
    Emergency(
        "accident",
        re.compile(
            r"(?:出|发生)(?:了)?车祸[^，。]{0,12}(?:人|伤|血|动不了|被撞|卡)|(?:刚刚?|正|现在)[^，。]{0,8}(?:被(?:车)?撞|车祸|撞(?:人|车)了)"
            r"|撞(?:到|了)人|有人被车?撞"
        ),
        ("有人受伤请先拨打 120，再拨打 122 报警。", "打开双闪，人到路边安全处，不要移动伤重的人。"),
    ),
    Emergency(
        "crime",
        re.compile(
            r"(?:有人|小偷|贼|歹徒)[^，。]{0,8}(?:撬(?:我|门|锁)|闯(?:进|入)|跟踪我|尾随|抢(?:我|劫|东西|包)|砸(?:门|窗)|偷(?:我|东西|车|包))"
            r"|(?:被|遭)(?:抢|打劫|绑|非法拘禁|强奸|猥亵|性侵|跟踪|尾随)|入室|救命|(?:正在|在)(?:打人|打架|砍人|抢劫|偷)|(?:我|他|她)要(?:杀|砍)"
            r"|家里(?:进|遭)(?:贼|小偷)"
        ),
        ("请马上拨打 110 报警，说清楚您在哪里、发生了什么。", "先保证自己安全，不方便说话可以发短信到 12110。"),
    ),
)
# Somebody who asks about papers after the fact is not in danger now.
_ABOUT_PAPERS = re.compile(
    r"(?:补办|补领|挂失|证明|回执|材料|手续|怎么办理|咋办理|户口|注销|销户|认定书|驾照|驾驶证|年检|年审|保险|理赔|违章|扣分|"
    r"立案|查询|申请|工伤|低保|补贴|赔偿|报销|登记|身份证|社保|抚恤|继承|庭|判决)"
)
_OVER = re.compile(r"去年|前年|上个?月|上周|之前|以前|曾经|那年|年前|后来|已经(?:报|处理|结)")
ALWAYS = ("suicide", "missing")
"""Kinds that hold even when papers are spoken of: better once too often than once too few."""

_OTHER: tuple[Block, ...] = (
    text("请马上拨打：报警 110，急救 120，火警 119，交通事故 122。"),
    text("被骗转账拨打 96110；心里难受、撑不下去拨打 12356，24 小时有人接。"),
)


def find_emergency(words: str) -> Emergency | None:
    """The emergency that `words` name, None where they only ask about papers or tell of something long over."""
    for kind in KINDS:
        if kind.cues.search(words):
            if kind.name not in ALWAYS and (_ABOUT_PAPERS.search(words) or _OVER.search(words)):
                continue
            return kind
    return None


def emergency_answer(words: str) -> Answer:
    """The right number, and nothing before it; all numbers where the kind is not clear."""
    kind = find_emergency(words)
    blocks = tuple(text(line) for line in kind.words) if kind else _OTHER
    return Answer(outcome=Outcome.EMERGENCY, blocks=blocks)
