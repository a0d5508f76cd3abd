"""What a person's story tells by itself: trips made, what was found lacking, whether anything happened.

Pure. Every pattern repeats a bounded number of times and none stands inside another: the time is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_MISSING = 5

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2}
_COUNT = r"(?P<count>[0-9]{1,3}|[一二两俩三四五六七八九十]{1,4})(?:来|几|多|余)?"
_TRIPS = re.compile(
    rf"""
    (?<!最多)(?<![再少])(?:跑|去|来|往返|来回|折腾|奔波)(?:了|过)?(?:有|已经|整整|起码|至少|前后)?{_COUNT}个?[趟次回遍]
  | (?<![跑少再])第(?P<nth>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})[趟次回](?:了|来|去|跑|还)
  | (?:已经|都|前后|一共|总共|整整){_COUNT.replace("count", "total")}趟
    """,
    re.VERBOSE,
)
_THING = r"[^，。；：！？,.;:!?\s]"
_END = r"(?=[，。；！？,.;!?\s]|就|不|才|所以|要我|让我|叫我|$)"
_MISSING = (
    re.compile(
        rf"(?:非要|非得要?|硬要|硬是要|偏要|一定要|必须要?|还要|又要|要求|让|叫)"
        rf"我?们?(?:再|重新|回去|去)?(?:提供|出具|开具|开|提交|交|带|拿|出|补)?(?:一?[个份张]|什么)?"
        rf"(?P<thing>{_THING}{{0,24}}?(?:证明|证件|材料|手续|原件|复印件|公证书?|委托书|介绍信|户口[本簿]|身份证|结婚证"
        rf"|离婚证|死亡证|合同|照片|盖章|签字|证书?|本人到场|本人来)(?:原件|复印件)?)"
    ),
    re.compile(
        rf"(?:说|讲)(?:是|我|还|又|材料|手续){{0,2}}(?:缺少?|少了?|差|没带|没有)(?:了|一?[个份张])?"
        rf"(?P<thing>{_THING}{{2,24}}?){_END}"
    ),
    re.compile(rf"(?:缺少?|少了|差了?)(?:一?[个份张])(?P<thing>{_THING}{{2,24}}?){_END}"),
)
_STUCK = re.compile(
    "办不[成了下]|没有?办[成好]|没给办|[不没]让办|不[给肯]办|不予|[不没]受理|拒[收绝]|不收|不认|推来推去|踢皮球|推[卸诿脱给]"
    "|白[跑来]|跑空|空跑|打发|赶回|[让叫]我回|往返|来回跑|没人|无人|不接|打不[通开]|登不上|用不了|报错|出错|系统|卡[在住]"
    "|一直没|还没|迟迟|拖|等了|[逾超]期|过了?[0-9一二三四五六七八九十两几]{1,3}[天周月年]"
    "|刁难|为难|态度|骂|吼|凶|不耐烦|爱理不理|敷衍|乱收|多收|收了|要钱|红包|回扣|不作为|插队|走后门"
    "|(?:太|这么)[慢久难差]|困难|不合理|不方便|不便民|[录弄写]错"
)
_PRAISE = re.compile(
    "表扬|点赞|赞一个|感谢|谢谢|锦旗|热心|耐心|满意|服务(?:特别|非常|很|真)?(?:好|周到|热情)|态度(?:特别|非常|很|真)?好"
)
# Words that only announce a story; what is left after them is the story.
_ANNOUNCED = re.compile(
    "[\u3400-\u9fff]{2,10}(?:中心|大厅|局|所|法院|办事处|委员会)|你好|您好|请问|我要|我想|我有|我来"
    "|反映一?下?|反应|投诉|举报|提个?|意见|建议|表扬|点赞|登记|一下|一个|问题|情况|办不成事?|没办成|事情?"
    "|窗口|工作人员|他们|你们|怎么办|咋办|怎么|这个?|那个?|给我|帮我|有人|我|了|的|吗|呢|啊|吧|就是"
)
_PLACE = re.compile(
    "(?P<name>[\u3400-\u9fffA-Z0-9]{0,14}?)(?P<office>(?:政务|便民|市民|为民|公共)?服务(?:中心|大厅)|政务大厅|办事大厅|便民中心"
    "|行政审批局|派出所|公安分?局|车管所|交警(?:大队|支队)|出入境(?:大厅|管理局|办证中心)|(?:社保|医保)(?:中心|局|大厅)"
    "|税务[局所]|人社局|民政局|婚姻登记处|不动产登记中心|公积金(?:管理)?中心|街道办(?:事处)?|居委会|村委会|镇政府|市场监管[局所])"
    "(?P<window>[一二三四五六七八九十A-Z0-9]{1,3}号窗口?)?"
)
_BEFORE_PLACE = re.compile("[在去到来跑找了给从是趟次遍]|投诉|举报|反映|表扬|建议")
_HAN = re.compile("[\u3400-\u9fff]")
_PLACE_END = re.compile("(?:[省市区县镇乡村路街]|中心|大厅|窗口?|网点|社区|街道)$")
LEAST_OF_NAME = 2  # characters before the kind of office: 天宁派出所, but not 派出所
ENOUGH = 8  # Chinese characters beside announcing words that make a story without any other sign
ENOUGH_WITH_SIGN = 2


@dataclass(frozen=True)
class Story:
    """`trips` at the least, None when not told; `missing` what was demanded or lacking, in their words."""

    trips: int | None
    missing: tuple[str, ...]
    is_stuck: bool
    is_praise: bool
    has_substance: bool


def read_story(text: str) -> Story:
    """What `text` tells; never raises, whatever it is."""
    trips, missing = count_trips(text), find_missing(text)
    is_stuck = bool(trips or missing or _STUCK.search(text))
    is_praise = bool(_PRAISE.search(text))
    rest = len(_HAN.findall(_ANNOUNCED.sub("", text)))
    has_substance = rest >= (ENOUGH_WITH_SIGN if is_stuck or is_praise else ENOUGH)
    return Story(trips, missing, is_stuck, is_praise, has_substance)


def count_trips(text: str) -> int | None:
    """The most trips that the text tells of; 四五次 counts as four, 好几趟 and 最多跑一次 as none."""
    counts = [_number(match["count"] or match["nth"] or match["total"]) for match in _TRIPS.finditer(text)]
    return max((count for count in counts if count), default=None)


def find_missing(text: str) -> tuple[str, ...]:
    """What a counter demanded or found lacking, in order, without repeats, at most MOST_MISSING."""
    things = dict.fromkeys(match["thing"].strip() for form in _MISSING for match in form.finditer(text))
    return tuple(things)[:MOST_MISSING]


def find_place(text: str) -> str | None:
    """The first office that is named so that it can be found; 派出所 alone is none."""
    for match in _PLACE.finditer(text):
        name = _BEFORE_PLACE.split(match["name"])[-1]
        if len(name) >= LEAST_OF_NAME:
            return name + match["office"] + (match["window"] or "")
    return None


def names_a_place(text: str) -> bool:
    """Whether the words hold some office, named or not, or end like a place."""
    return bool(_PLACE.search(text) or _PLACE_END.search(text.strip("。！，")))


def _number(words: str) -> int:
    """三 → 3, 十二 → 12, 二十 → 20, 12 → 12; of 四五 the smaller, which is certain."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return min(_DIGITS[character] for character in words)
    return (_number(tens) if tens.strip("十") else 1) * 10 + (_DIGITS[ones[0]] if ones else 0)
