"""Whether a person qualifies, where the place decides that case by case: no rule here can say it. Pure."""

from __future__ import annotations

import re

from knowledge.service import Service

_THE_RULE = re.compile(
    "(?:什么|哪些|啥)(?:样的)?(?:条件|要求|情况|人|资格)|(?:条件|要求|资格|标准)(?:是|有|要|包括)?(?:什么|哪些|啥|多少)|谁(?:能|可以)|问(?:一下|下)?(?:条件|资格)$|怎么认定"
)
_ENTITLEMENT = re.compile("条件|资格|对象|门槛|年限|认定|标准")
_SAYS_NOTHING = {"条件", "资格", "对象", "门槛", "年限", "认定", "标准", "是否", "要求", "范围"}


def asks_for_a_ruling(text: str) -> bool:
    """Whether the question of who qualifies is about the person's own case, and not about the rule."""
    return _THE_RULE.search(text) is None


def is_left_to_the_place(service: Service, text: str) -> bool:
    """Whether nobody but the place can say who qualifies: the sources disagree on the whole item, or the question
    touches an entitlement that is known to differ from place to place."""
    return service.confidence == "low" or any(
        _ENTITLEMENT.search(entry) and _shares_words(entry, text) for entry in service.varies_locally
    )


def _shares_words(entry: str, text: str) -> bool:
    pairs = {entry[start : start + 2] for start in range(len(entry) - 1)} - _SAYS_NOTHING
    return any(pair in text for pair in pairs)
