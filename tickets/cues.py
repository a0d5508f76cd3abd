"""The short words that steer a talk about tickets: skip, stop, withdraw, a number, a secret, a phone. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from base.privacy import TOKEN, find_personal_numbers
from knowledge.notices.answers import BEYOND_NOTICE

_NUMBER = re.compile(r"(?<![A-Z0-9])BS-?([0-9]{8})-?([0-9]{4,6})(?![0-9])")
_SECRET = re.compile(r"(?<![A-Z0-9])([2-9A-HJKMNP-Z]{4})[- ]?([2-9A-HJKMNP-Z]{4})(?![A-Z0-9])")
_CHOICE = re.compile("(?:选|第)?([1-9一二三])[个项、.。]?")
_SKIP = re.compile("跳过|不留了?|不方便留?|不知道|不清楚|忘了|记不清了?|没有|不想留|不需要|不告诉你|保密|无|否|不了?")
_STOP = re.compile("算了|不用了?|不必了?|不说了|别问了|取消|不想说了?|就这样吧?|没了|没有了")
_YES = re.compile("好的?|可以的?|行的?|嗯+|是的?|同意|没问题|OK|愿意|能|可以联系")
_REGISTER = re.compile(
    "(?:那|好|好的|行)?[，, ]?(?:还是|就|请|麻烦|你|您)*(?:给我|帮我|替我|帮忙)?(?:登记|反映|记)(?:一下|下来|上去|上)?(?:吧|好了|嘛)?"
)
_WITHDRAW = re.compile("撤销|撤回|取消|不想?反映了|不投诉了")
_WITHDRAW_ALONE = re.compile(
    "(?:我要|请|帮我|把)?(?:我的|这个|这张|刚才的?)?(?:工单|登记|投诉|反映)?(?:给我)?(?:撤销|撤回)(?:吧|了|掉)?"
    "|我?不想?(?:反映|投诉)了"
)
_URGE = re.compile("催|快点|快些|加急|尽快|怎么还没")
_MINE = re.compile("我的工单|工单(?:进度|状态|办得|到哪)|查(?:一下|下)?工单")
_ASKS = re.compile("[?？吗呢]|怎么|咋|多少|哪|什么|啥|几|如何|能不能|可不可以|要不要")
_OTHER_CONTACT = re.compile(
    r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z]{2,10}|微信|[Qq]{2}|(?<![0-9])[2-8][0-9]{6,7}(?![0-9])"
)
_BEYOND = re.compile(
    "(?:窗口|柜台|大厅|现场|那边|派出所|工作人员|办事员|人家|他们|她|他).*(?:清单|告知单|单子)"
    ".{0,6}(?:不一样|不一致|不同|不符|对不上|没有|没写|没提|没列|没说|之?外|不认)"
    "|(?:清单|告知单|单子).{0,6}(?:没有|没写|没提|没列|没说|之?外).{0,8}(?:窗口|柜台|大厅|派出所|人家|他们).{0,6}要"
)
_LONG_DIGITS = re.compile("[0-9]{9,}")
SHORT = 12  # characters within which 工单 and 取消 surely belong together


def find_number(words: str) -> str | None:
    """The ticket number in the words, in its proper form."""
    match = _NUMBER.search(_plain(words))
    return f"BS-{match[1]}-{match[2]}" if match else None


def find_secret(words: str) -> str | None:
    match = _SECRET.search(_NUMBER.sub(" ", _plain(words)))
    return f"{match[1]}-{match[2]}" if match else None


def find_phone(words: str) -> str | None:
    """The first phone number, as its token where the channel swapped it."""
    token = next((match.group() for match in TOKEN.finditer(words) if match.group()[1] in "手电"), None)
    if token:
        return token
    return next((n.value for n in find_personal_numbers(words) if n.kind in ("手机号", "电话号")), None)


def is_contact(words: str) -> bool:
    """Whether somebody can be reached by what the words tell."""
    return bool(find_phone(words) or _OTHER_CONTACT.search(_plain(words)))


def is_broken_number(words: str) -> bool:
    """Whether the words hold digits that look like a phone number and are none."""
    return bool(_LONG_DIGITS.search(_plain(words)))


def is_skip(words: str) -> bool:
    return _is_only(_SKIP, words)


def is_stop(words: str) -> bool:
    return _is_only(_STOP, words)


def is_yes(words: str) -> bool:
    return _is_only(_YES, words)


def is_order_to_register(words: str) -> bool:
    """Whether the words by themselves take up the offer to register."""
    return _is_only(_REGISTER, words)


def is_beyond_notice(words: str) -> bool:
    """Whether a counter is said to have asked for other things than the notice names."""
    return words.strip() == BEYOND_NOTICE or (bool(_BEYOND.search(words)) and not is_question(words))


def is_question(words: str) -> bool:
    return bool(_ASKS.search(words))


def is_about_my_tickets(words: str) -> bool:
    return bool(_MINE.search(words))


def is_urging(words: str) -> bool:
    return bool(_URGE.search(words))


def is_withdrawing(words: str) -> bool:
    """Whether the words, known to be about a ticket, ask to take it back."""
    return bool(_WITHDRAW.search(words))


def is_withdrawal(words: str) -> bool:
    """Whether the words by themselves ask to withdraw a ticket, and not how some registration is revoked."""
    return _is_only(_WITHDRAW_ALONE, words) or (
        len(words) <= SHORT and "工单" in words and is_withdrawing(words) and not is_question(words)
    )


def resolve(words: str, choices: Sequence[str]) -> str:
    """The words of the choice that a number or an ordinal names; other words as they are."""
    match = _CHOICE.fullmatch(_plain(words).strip())
    order = "一二三".find(match[1]) + 1 or int(match[1]) if match else 0
    return choices[order - 1] if 0 < order <= len(choices) else words


def _is_only(pattern: re.Pattern[str], words: str) -> bool:
    return bool(pattern.fullmatch(_plain(words).strip(" \n，。！,.!~")))


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).upper()
