"""What a short reply means: a number, an ordinal, the words of an option, or everyday words for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from knowledge.linking.measures import Measure, find_measures

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_ORDINAL = re.compile(r"(?:选|要|是|就)?第?([一二两三四五六七八]|[1-8１-８])(?:个|项|种|条|号)?[吧的。.!！了]?")
_NOISE = re.compile(r"[\s，。,.!！?？、；;“”\"'（）()~～]|^(?:我是|我要|就是|选择|选|是)|[吧啊呀呢哦嗯的了]$")
_BRACKETS = re.compile(r"（[^）]*）|\([^)]*\)")
_YES = ("是", "是的", "对", "对的", "有", "有的", "在", "可以", "嗯", "好", "好的", "要", "需要")
_NO = ("不是", "没有", "没", "否", "不", "不在", "无", "不要", "不需要", "不用")
_NEGATED = re.compile(r"^(?:没|不|无|否|[未非](?P<denied>.))|没有|不是|不在")

# Everyday words → how options say the same. Each pair is a fact of language, not of a service.
_SAME = (
    (r"(?:我|俺)?(?:妈|爸|爹|娘|母亲|父亲|老公|老婆|爱人|儿子|女儿|家里人|家人|亲戚|媳妇|丈夫|妻子|哥|姐|弟|妹)"
     r"[^，。]{0,4}(?:帮|替|代|来|去)|(?:帮|替|代)(?:我|俺)?(?:妈|爸|老公|老婆|爱人|儿子|女儿|家人)",
     r"亲属代|近亲属|家属代|代领|代办|委托(?!的)|(?<!其)他人(?!的)"),
    # 本人身份证 and 我自己的车 speak of a thing, 仅本人 and 本人或户主 of more than who comes.
    (r"我自己(?!的)|^自己|自己(?:去|来|办|领|到|拿)|亲自|本人(?:去|来|办|领|到|拿|自己)",
     r"^[^仅只]{0,5}本人(?:（[^）]*）)?(?:到场|办理|领取|申报|到窗口领)?$"),
    # 给孩子上户口 and 孩子出生 name a matter of their own: whose it is, not how old the person of this one is.
    (r"(?:小孩|孩子|娃|宝宝|儿童|未成年)(?!.{0,3}(?:户口|落户|入户|出生|入学|上学|改名|改姓))", "[未不]满1[68]|未成年|儿童"),
    (r"成年人|大人|成人", "[已年]满1[68]|(?<!未)成年"),
    (r"丢了|掉了|弄丢|不见|被偷|遗失", "丢|遗失"),
    (r"过期|到期", "到期|期满|过期"),
    (r"坏了|破损|损坏|看不清|断了", "损坏|损毁|破损"),
    (r"外省|外地|异地|跨省", "外省|异地|跨省|外地|省外"),
    (r"本省|省内|本地|当地", "省内|本省|(?<!非)本地|(?<!非)户籍地"),
    (r"寄|快递|邮", "寄"),
)  # fmt: skip


def chosen(text: str, options: Sequence[str]) -> int | None:
    """The index of the one option that `text` means; None where it means none, or could mean two."""
    plain = _plain(text)
    if not plain:  # 是的 or 嗯 alone
        said = _by_yes_or_no(text, plain, options)
        return said[0] if said else None
    exact = [i for i, words in enumerate(options) if plain in (_plain(words), _plain(_BRACKETS.sub("", words)))]
    if len(exact) == 1:
        return exact[0]
    if (match := _ORDINAL.fullmatch(text.strip())) is not None:
        number = _DIGITS.get(match[1]) or int(match[1])
        return number - 1 if number <= len(options) else None
    for finding in (_words_inside, _by_age, _by_length, _words_around, _by_yes_or_no, _by_everyday_words):
        found = finding(text, plain, options)
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def situations_told(text: str, situations: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The situation answers that a sentence gives by itself: 换成我妈帮我去领 → {pickup: relative}.

    Only what clearly belongs to one option of one situation; a bare yes, no or number answers nothing here.
    """
    plain = _plain(text)
    told = {}
    for id, options in situations.items():
        words = list(options.values())
        for finding in (_words_inside, _by_age, _by_everyday_words):
            if found := finding(text, plain, words):
                if len(found) == 1:
                    told[id] = list(options)[found[0]]
                break
    return told


def _plain(text: str) -> str:
    return _NOISE.sub("", text)


def _words_inside(text: str, plain: str, options: Sequence[str]) -> list[int]:
    """Options whose words stand in the text; the longest wins (非本省 before 本省)."""
    cores = [_plain(_BRACKETS.sub("", words)) for words in options]
    inside = [i for i, core in enumerate(cores) if len(core) >= 2 and core in plain]
    longest = max((len(cores[i]) for i in inside), default=0)
    return [i for i in inside if len(cores[i]) == longest]


def _words_around(text: str, plain: str, options: Sequence[str]) -> list[int]:
    """Options in whose words the whole short text stands: 亲属 → 亲属代领."""
    return [i for i, words in enumerate(options) if len(plain) >= 2 and plain in _plain(words)]


def _by_age(text: str, plain: str, options: Sequence[str]) -> list[int]:
    """Options within whose lines an age (or the size of an engine) lies; what a bare 没有 denies is a line too."""
    said = [measure for measure in find_measures(text) if measure.kind != "duration"]
    return sorted({i for measure in said for i in _fitting(measure, options)})


def _by_length(text: str, plain: str, options: Sequence[str]) -> list[int]:
    """The same for 3年, where all options are lengths; only a reply says the length that was asked for."""
    said = [measure for measure in find_measures(text) if measure.kind == "duration"]
    if not all(_lines(words, "duration") for words in options):
        return []
    return sorted({i for measure in said for i in _fitting(measure, options)})


def _fitting(said: Measure, options: Sequence[str]) -> list[int]:
    lines = [_lines(words, said.kind) for words in options]
    found = [i for i, bounds in enumerate(lines) if bounds and all(said.lies_in(line) for line in bounds)]
    if found or len(options) != 2:
        return found
    return [i for i in (0, 1) if options[i] in _NO and any(said.lies_outside(line) for line in lines[1 - i])]


@lru_cache(maxsize=2048)
def _lines(words: str, kind: str) -> tuple[Measure, ...]:
    """What an option asks of a measure: 已满8周岁未满18周岁 has two lines, and 18至20周岁（两年内） one."""
    bare = _BRACKETS.sub("", words)
    return tuple(measure for measure in find_measures(bare) if measure.is_line and measure.kind == kind)


def _by_yes_or_no(text: str, plain: str, options: Sequence[str]) -> list[int]:
    """A bare yes or no, where the options are two and one of them is the other's denial."""
    bare = re.sub(r"[\s，。,.!！?？]", "", text)
    if len(options) != 2 or bare not in _YES + _NO:
        return []
    denials = [i for i, words in enumerate(options) if _denies(words, options[1 - i])]
    if len(denials) != 1:
        return []
    return denials if bare in _NO else [1 - denials[0]]


def _denies(words: str, other: str) -> bool:
    """未婚 denies 已婚, and 没有 whatever it stands beside; 未成年子女投靠 does not deny 父母投靠."""
    match = _NEGATED.search(words)
    return match is not None and (match["denied"] or "") in other


def _by_everyday_words(text: str, plain: str, options: Sequence[str]) -> list[int]:
    found: set[int] = set()
    for everyday, formal in _SAME:
        match = re.search(everyday, text)
        if match and not text[: match.start()].endswith(("不是", "没", "没有", "别")):
            found |= {i for i, option in enumerate(options) if re.search(formal, option)}
    return sorted(found)
