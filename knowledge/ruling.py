"""Whether a person qualifies, where the place decides that case by case: no rule here can say it. Pure."""

from __future__ import annotations

import re

from knowledge.service import Service

_WHO = "(?:我|俺|咱|我们|我家)"
_OWN_CASE = re.compile(
    rf"{_WHO}(?:家)?(?:的|这种|这个|这样的?|这)?情况|像{_WHO}|{_WHO}(?:这样|这种)"
    rf"|{_WHO}[^，。！？?]{{0,10}}(?:能不能|可不可以|能否|可否|是否|是不是|有没有|够不够|算不算|符不符合|符合)"
    rf"|{_WHO}(?:也|还)?(?:能|可以|够|算|符合)[^，。！？?]{{0,12}}[吗么不]"
    r"|是否符合|是不是符合|符不符合|够不够|够格|算不算|有没有资格"
)
_ENTITLEMENT = re.compile("条件|资格|对象|门槛|年限|认定|标准")
_SAYS_NOTHING = {"条件", "资格", "对象", "门槛", "年限", "认定", "标准", "是否", "要求", "范围"}


def asks_for_a_ruling(text: str) -> bool:
    """Whether the question is about the person's own case, and not about the rule."""
    return _OWN_CASE.search(text) is not None


def is_left_to_the_place(service: Service, text: str) -> bool:
    """Whether nobody but the place can say who qualifies: the sources disagree on the whole item, or the question
    touches an entitlement that is known to differ from place to place."""
    return service.confidence == "low" or any(
        _ENTITLEMENT.search(entry) and _shares_words(entry, text) for entry in service.varies_locally
    )


def _shares_words(entry: str, text: str) -> bool:
    pairs = {entry[start : start + 2] for start in range(len(entry) - 1)} - _SAYS_NOTHING
    return any(pair in text for pair in pairs)
