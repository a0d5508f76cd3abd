"""What a message wants, where its words are plainer than the model's guess: an answer, a ticket, or neither. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tickets.story import read_story

REPORTS = ("report_stuck", "complain")
_MAY_REPORT = ("ask_", "check_", "request_", "inform", "nlu_fallback", "not_covered", "chitchat")
_NEVER_REPORTS = ("ask_ticket", "ask_human", "ask_who_are_you")
_UNCLEAR = "nlu_fallback"
SURE_OF_REPORT = 0.75  # calibrated: a report this likely is one, unless it asks about an item that it names
LEAST_OF_QUESTION = 0.03  # probability of all questions together that leaves room for one
LONGEST_QUESTION = 60  # characters; who tells a longer story wants it dealt with, whatever it asks on the way
NAMED_ITEM = 0.5  # calibrated: the question is about this item

# Somebody could not get something done, or was treated badly: this is told to be dealt with, whatever is asked beside.
_REFUSED = re.compile(
    "(?:不给|不肯|不让|没给|没有给|拒绝|拒不)(?:我们?|他|她)?(?:办|受理|盖章|登记|开|处理|解决)|没有?办[成好]|办不(?:成|下来)|不予|不受理|拒[收绝]"
    "|[跑去来](?:了|过)?[好几0-9一二三四五六七八九十两数多]{1,3}[趟次回遍]|[白空]跑|跑空|来回[跑折]|(?:互相|来回|相互)推|推来推去|踢皮球|推[诿脱卸]"
    "|(?:没|无)人(?:接|管|理|在|办|应|值班)|打不(?:通|开)|一直(?:占线|忙音|没)|进不去|登(?:录)?不(?:上|了)|闪退|报错|系统(?:故障|错误|崩)"
    "|态度|骂[我人]|吼[我人]|不耐烦|爱理不理|不理人|翻白眼|拖[了着]|等了[^，。]{0,6}(?:月|年|周|天|小时)|(?:窗口|他们|大厅)[^，。]{0,4}(?:乱收|多收)|刁难|索要|红包|赶(?:我|出来)"
    "|[让叫](?:我|他|她|老人)(?:回去|再来|再跑|先去)|退回来?了|插队|迟迟|敷衍|不作为|非[要得让]|硬要|凭什么|不了了之|没通过[，,]也不|乱涨"
)
_ASKED_FOR_TICKET = re.compile("我要(?:投诉|反映)|帮我(?:投诉|反映|登记)|我想(?:投诉|反映)")
# How something is done, who does it, what it takes.
_ASKS_HOW = re.compile(
    "(?:去|到|上|找|向|往|在|跟|归)(?:哪|什么(?:地方|部门|单位|窗口)|谁)|哪(?:里|儿|个(?:部门|单位|窗口|电话|局))|谁[来能]?管|归谁|该找|找谁"
    "|(?:怎么|如何|咋|怎样)(?:才能|去|来|样)?(?:办|申诉|投诉|申请|弄|整|告|补|查|改|处理|退|开|领|交|走|维权|举报|反映|解决|注销|转|证明|复议|复核|取)"
    "|要(?:带|准备|提供|交)?(?:什么|啥|哪些)|需要(?:带|准备|提供|交)?(?:什么|啥|哪些)|(?:电话|热线|号码)(?:是)?(?:多少|几)|打(?:什么|哪个)电话"
    "|(?:多少钱|多久)(?!了)|(?:能不能|可不可以|可以|能|是不是可以)[^，。？?]{0,14}[吗么?？]|能不能|可不可以|合不合[法规]|什么(?:材料|条件|手续|流程|证据)|缺什么|还差什么|算不算|够不够|会不会|给不给|有没有(?:别|其他|网页)"
)
# What looks like a question and is none.
_RHETORICAL = re.compile(
    "什么态度|(?:到|去|上)哪(?:里|儿)?(?:去了|了)|上哪(?:里|儿)?(?:证明|弄|找)去|(?:卡|贴|公平)在哪|哪[里儿]不?(?:对|有问题)|下回还要什么|咋弄都|怎么(?:这么|还|能|可以|就)|(?:到底|究竟)?有没有人管|谁(?:来)?管管|(?:到底|究竟)(?:要|能不能|还)|能不能(?:快|有点|好好|管)|什么时候是个头"
)
# No trip failed and nobody answers: told as it stands, and nothing is asked.
_PLAINLY_STUCK = re.compile(
    "[跑去来](?:了|过)[好几0-9一二三四五六七八九十两数多]{1,3}[趟次回遍][^。]{0,16}(?:还是|都|也|又|没|不|仍)|(?:不给|不肯|不让)(?:我们?)?办"
    "|(?:互相|来回|相互)推|推来推去|踢皮球|推[诿卸]|窗口(?:一直|都|根本)?(?:没|无)人|电话[^，。]{0,6}(?:没人接|无人接|打不通|不接)"
    "|(?:网站|网页|系统|小程序|[Aa][Pp]{2}|平台|页面)[^，。]{0,8}(?:打不开|进不去|登不上|崩|闪退|报错|卡死)|系统报错|[网系][^，。]{0,4}崩了|打不通|拒收|拒不受理|白跑"
    "|拖了[^，。]{0,5}(?:月|年|周|天)|等了[^，。]{0,5}(?:月|年)|不理人|没人理|没人管"
)
_ABUSE = re.compile(
    "傻[逼比叉xX]|[滚蠢]蛋|^滚|垃圾(?:机器人|东西|客服|玩意)|废物|智障|脑残|他妈的|去死|你妈|王八|白痴|笨死|蠢(?:货|机器|死)|神经病|狗屁|闭嘴|你们?(?:就|都)?是?(?:骗子|垃圾)|^(?:垃圾|骗子)|sb(?![a-z])"
)
_PROMPTS = re.compile(
    "(?:忽略|无视|忘掉)(?:之前|以上|前面|所有)|系统提示|我是管理员|(?:所有人|别人|其他人|大家)的(?:投诉|工单|信息|电话)"
)
_WISHES = re.compile(
    "(?:新年|春节|中秋|国庆|端午|元旦|节日|生日|圣诞)(?:节)?快乐|祝(?:你|您|大家)|恭喜发财|万事如意|阖家幸福|讲个笑话|哈哈"
)


def meant(words: str, ranking: Sequence[tuple[str, float]], item: float = 0.0) -> str:
    """The intent to act on; `ranking` likeliest first and never empty, `item` the confidence of the best linked item.

    A report that plainly asks how is a question, a question that plainly tells of a refusal is a report, and abuse
    good wishes and tricks are small talk.
    """
    intent, confidence = ranking[0]
    if intent in REPORTS:
        if _is_talk(words):
            return "chitchat"
        return _question_in(ranking) if _is_question(words, ranking, confidence, item) else intent
    is_long_question = len(words) > LONGEST_QUESTION and confidence >= SURE_OF_REPORT
    may_report = intent.startswith(_MAY_REPORT) and intent not in _NEVER_REPORTS and not is_long_question
    if (
        may_report
        and _PLAINLY_STUCK.search(words)
        and not asks_how(words)
        and not words.rstrip().endswith(("?", "？", "吗"))
    ):
        return "report_stuck"
    return intent


def asks_how(words: str) -> bool:
    """Whether the words ask how, where, by whom or with what something is done."""
    return bool(_ASKS_HOW.search(_RHETORICAL.sub("", words)))


def _is_question(words: str, ranking: Sequence[tuple[str, float]], confidence: float, item: float) -> bool:
    if len(words) > LONGEST_QUESTION or _REFUSED.search(words) or not asks_how(words):
        return False
    if item >= NAMED_ITEM:
        return True
    return (
        not _ASKED_FOR_TICKET.search(words)
        and confidence < SURE_OF_REPORT
        and sum(likely for name, likely in ranking if _asks(name)) >= LEAST_OF_QUESTION
    )


def _question_in(ranking: Sequence[tuple[str, float]]) -> str:
    """The likeliest question; the words themselves are read where none is likely."""
    return next((name for name, likely in ranking if _asks(name) and likely >= LEAST_OF_QUESTION), _UNCLEAR)


def _asks(intent: str) -> bool:
    return intent.startswith(("ask_", "check_", "request_")) and intent not in _NEVER_REPORTS


def _is_talk(words: str) -> bool:
    if _PROMPTS.search(words):
        return True
    story = read_story(words)
    if _REFUSED.search(words) or story.trips or story.missing:
        return False
    return bool(_ABUSE.search(words) or (_WISHES.search(words) and not story.is_stuck))
