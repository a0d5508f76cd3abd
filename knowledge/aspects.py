"""What can be asked about a service, and what one message asks of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

NOTICE = (
    "materials", "fee", "time_limit", "process", "location", "online", "agent", "appointment", "validity", "phone",
)  # fmt: skip
"""The fixed order of the one-time notification (一次性告知)."""
HOW_TO = ("process", "materials", "eligibility", "fee", "time_limit", "location", "online", "agent")
ASPECTS_OF = {
    "ask_materials": ("materials",),
    "ask_location": ("location",),
    "ask_hours": ("hours",),
    "ask_fee": ("fee",),
    "ask_time_limit": ("time_limit",),
    "ask_process": ("process",),
    "ask_how_to": HOW_TO,
    "ask_eligibility": ("eligibility", "location"),
    "ask_ruling": ("eligibility",),
    "ask_online": ("online",),
    "ask_agent": ("agent",),
    "ask_validity": ("validity",),
    "ask_phone": ("phone",),
    "ask_appointment": ("appointment", "online"),
    "ask_progress": ("progress",),
    "check_materials": ("check", "materials"),
    "request_notice": NOTICE,
}
REPORTS = ("report_stuck", "complain", "give_feedback", "report_wrong", "emergency")
_BRIEFLY = HOW_TO[:2]  # what 怎么办 asks beside something else
ALSO_MEANT = 0.12  # an intent at least this likely beside the best one is asked as well
UNCLEAR = "nlu_fallback"
# What an intent asks first; whoever holds up papers does so in the main, or not at all.
_FIRST = {intent: aspects[0] for intent, aspects in ASPECTS_OF.items() if intent != "check_materials"}
_MAY_ASK = ("inform", "correct", UNCLEAR, "not_covered")  # they ask nothing themselves, but their words may

_UNHEARD = (UNCLEAR, "not_covered")  # who is asked about an item all the same is told what comes next in likelihood

Ranking = Sequence[tuple[str, float]]
"""Intents with their probabilities, likeliest first."""

_CLAUSE = re.compile(r"[，。？！；、,.?!;\s]+|还有(?![一二三四五六七八九十两半几多0-9])|另外|以及|顺便|再问一?下")
_KIN = "(?:家里?人|别人|亲戚|朋友|爱人|老公|老婆|丈夫|妻子|爸爸?|妈妈?|父母|儿子|女儿|孩子|哥哥?|姐姐?|弟弟?|妹妹?|中介|同事|他人)"
_OTHERS = "(?:让|找|叫|请|托|由|给)?我?的?"
# What asks for an aspect in so many words. Each is a question by itself, so that a fact that is told
# (有效期还有三个月, 我预约了周五) asks nothing; what other aspects use the same words for is kept out.
_CUES = {
    "fee": r"(?<![领发拿退提取贴给得助赔])多少钱(?!.{0,2}[补津]贴)|几(?:块|元)钱?|(?:什么|啥)价|费用|收费|(?:手续|工本)费|要钱|花钱|要不要钱|贵不贵|是?免费的?[吗么不]",
    "time_limit": r"(?<!提前)(?:多久|多长时间|几天|多少天|多少个?工作日|几个工作日)(?!.{0,3}(?:过期|到期|失效|有效|换))"
    r"|(?:什么|啥)时候(?:能|可以)?(?:好|拿到?|取|领|下来|办好|出证)",
    "materials": r"(?:带|拿|备|准备|提供|提交|交)(?:些|点)?(?:什么|啥|哪些)(?!时)|(?:什么|啥|哪些)(?:材料|资料|证件|证明|手续|东西)|(?:材料|资料|手续)(?:要|有|是|需要)*(?:什么|啥|哪些)",
    "location": r"(?:在|去|往|到)(?:哪(?!了|一步|步)|啥地方|什么地方)|哪(?:里|儿|个地方)(?:可以|能)?(?:办|领|交|申请|弄)|地址|(?:什么|哪个|哪些)(?:窗口|派出所|大厅|部门|单位|网点|银行)"
    r"|(?:异地|外地|跨省|跨市|外省)(?:也|就)?(?:能|可|行)|(?:能|可以|能否|可否|是否|要不要|必须|非要|只能)(?:在|去|回|到)?(?:异地|外地|跨省|跨市|老家|户籍地|户口所在地|原籍|本地)",
    "hours": r"几点|(?:周末|周[一二三四五六日天]|星期[一二三四五六日天]|礼拜[一二三四五六日天]|节假日|中午|晚上).{0,4}(?:上班|开门|开不开|办公|办理|营业|能|可以|有人|休息|行)"
    r"|(?:上班|下班|营业|办公|开放|办理)时间",
    "online": r"(?:网上|线上|手机上?|小程序|[Aa][Pp]{2}|微信|支付宝|网页).{0,5}(?:能|可以|可不可以|行|办|申请|弄|搞|交)(?!了|过)|(?:能|可以|能否|不能).{0,6}(?:网上|线上|手机|小程序)(?!预约|查)|网办",
    "agent": rf"代办|代领|代为|代替|委托|{_KIN}.{{0,2}}(?:替|帮|代)(?:我|他|她|老人)?.{{0,3}}(?:办|领|去|弄|拿|取)(?=.{{0,8}}(?:能|可|行|吗|么|不))"
    rf"|(?:能|可以|能否|可否){_OTHERS}{_KIN}.{{0,3}}(?:替|帮|代|办|领|去|拿|取)|替我"
    r"|(?:必须|一定要|要不要|非要|用不用|得).{0,3}(?:本人|自己)|本人.{0,3}(?:必须|一定|要不要|不去|不到场|不在)"
    r"|(?:一个人|一方|单独)(?:去|来|办|到场).{0,4}(?:行|可以|能)|(?:双方|两个?人|两口子|夫妻俩?).{0,3}(?:都|一起).{0,3}(?:去|到|来)",
    "phone": r"(?:咨询|联系|服务)?(?:电话|热线)(?:号码)?(?:是|有|多少|几|给)|(?:什么|哪个|咨询|联系|窗口)电话|打(?:什么|哪个)",
    "appointment": r"(?:要|需要|用|得|必须|怎么|如何|可以|能|在哪|提前|先).{0,3}预约|预约(?:吗|不|么|怎么|在哪)",
    "validity": r"有效期(?:是|有|为|限)*(?:多|几)|有效期(?=$)|(?:能用|管|有效|用)(?:多久|几年|多长|多少年)|(?:多久|几年|什么时候)(?:就|会|要)?(?:过期|到期|失效|换一次)",
    "eligibility": r"(?:什么|哪些|啥)(?:样的)?(?:条件|人能|人可以|要求)|条件(?:是|有|要)?(?:什么|哪些|啥|高不高)|符合.{0,6}(?:条件|要求|规定|资格)|够不够|(?:有没有|有无|是否有).{0,8}(?:资格|条件)|算不算|谁(?:能|可以)"
    r"|(?:满|要|到)?(?:多大|几岁|多少岁|多少周岁)(?:才|就|能|可以|了?$)|年龄.{0,3}(?:要求|限制|多)",
    "process": r"流程|步骤",
    "how_to": r"(?:怎么|咋|如何)个?(?:办|弄|整|搞|申请|操作)",
    "progress": r"进度|办到哪|(?:办好|批下来|下来|做好)了?(?:吗|没)",
}  # fmt: skip
_CUE = {aspect: re.compile(words) for aspect, words in _CUES.items()}
_WHETHER = re.compile(r"能不能|可不可以|能否|可否")


def asked_aspects(text: str, ranking: Ranking) -> tuple[str, ...]:
    """What the message asks for, each once: what its intent asks first, then the rest as it comes in the text.

    Empty where it asks for nothing about an item; a report of what went wrong asks for nothing. Of an unclear message
    the likeliest intents are taken as they are: each is told, and none in place of the others.
    """
    if len(ranking) > 1 and ranking[0][0] in _UNHEARD and ranking[1][0] in ASPECTS_OF:
        ranking = ranking[1:]
    intent = ranking[0][0] if ranking else ""
    if intent in REPORTS or not (intent in ASPECTS_OF or intent in _MAY_ASK):
        return ()
    main = ASPECTS_OF.get(intent, ())
    if main == NOTICE or any(name in REPORTS and likely >= ALSO_MEANT for name, likely in ranking):
        return main
    beside = [_FIRST[name] for name, likely in ranking[1:] if likely >= ALSO_MEANT and name in _FIRST] if main else []
    how_to = _BRIEFLY if main else HOW_TO
    cued = [aspect for clause in _CLAUSE.split(text) for aspect in _cued(clause, how_to)]
    return tuple(dict.fromkeys((*main, *cued, *beside)))


def _cued(clause: str, how_to: tuple[str, ...]) -> Iterator[str]:
    """The aspects that a clause asks for in so many words, in their order in it; 怎么办 asks for `how_to`."""
    found = sorted((match.start(), aspect) for aspect, cue in _CUE.items() if (match := cue.search(clause)))
    for _, aspect in found:
        yield from how_to if aspect == "how_to" else (aspect,)
    if not found and _WHETHER.search(clause):
        yield "eligibility"
