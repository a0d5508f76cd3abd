"""材料自查: which of the needed materials a person says they have, everyday names understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.checklist import Need

# Canonical document → what people call it.
EVERYDAY_NAMES = {
    "户口簿": ("户口簿", "户口本", "户口薄", "户口页"),
    "身份证": ("身份证", "身分证", "二代证"),
    "结婚证": ("结婚证", "红本本"),
    "离婚证": ("离婚证",),
    "出生医学证明": ("出生医学证明", "出生证", "出生证明"),
    "驾驶证": ("驾驶证", "驾照", "驾证", "车本"),
    "行驶证": ("行驶证", "行车证", "行驶本"),
    "居住证": ("居住证", "暂住证"),
    "护照": ("护照",),
    "不动产权证": ("不动产权证", "房产证", "房本", "房证", "不动产证", "产权证"),
    "照片": ("照片", "相片", "证件照"),
    "社会保障卡": ("社会保障卡", "社保卡"),
    "营业执照": ("营业执照", "执照"),
    "委托书": ("委托书", "授权书"),
    "银行卡": ("银行卡", "银行账户", "银行账号"),
}
_NAMES = "|".join(sorted((name for names in EVERYDAY_NAMES.values() for name in names), key=len, reverse=True))
# 身份证丢了 and 身份证没有, then 没有身份证; 还差什么 asks, and takes nothing away.
_GONE = re.compile(
    rf"(?:{_NAMES})[也都还又]?(?:弄?丢了?|掉了|不见了|过期了?|忘了?带了?|没带|找不到|没有(?=[，。,；;、]|$))"
)
_LACK = re.compile(r"(?:没有?|缺|差|丢了|不见了|忘带?了?|找不到)(?!什么|啥|哪|多少|几)[^，。,；;]{0,12}")


def precheck(words: str, needs: Sequence[Need]) -> tuple[list[Need], list[Need]]:
    """What of `needs` the person has by their own words, and what is missing; the order stays.

    A material counts as had only when its document is named, and belongs to nobody else (监护人居民身份证 is not 身份证).
    """
    named = _named_documents(_LACK.sub("", _GONE.sub("", words)))
    have = [need for need in needs if _document(need.material.name) in named]
    return have, [need for need in needs if need not in have]


def _named_documents(words: str) -> set[str]:
    return {document for document, names in EVERYDAY_NAMES.items() if any(name in words for name in names)}


def _document(material: str) -> str | None:
    core = re.sub(r"（.*?）|^(?:申请人|本人|居民|有效|原|中华人民共和国|机动车)+", "", material)
    core = re.sub(r"^(?:居民|有效)+|(?:原件|复印件)$", "", core)
    return next((document for document in EVERYDAY_NAMES if core == document or core in EVERYDAY_NAMES[document]), None)
