"""材料自查: what a person says they have, in everyday names."""

import pytest

from knowledge.checklist import Need
from knowledge.precheck import precheck
from knowledge.service import Material

NAMES = (
    "居民户口簿", "居民身份证", "监护人居民身份证", "结婚证", "机动车驾驶证", "不动产权证书", "委托书和代办人身份证", "申请表",
)  # fmt: skip
NEEDS = [Need(Material(id=f"m{n}", name=name, form="原件"), ()) for n, name in enumerate(NAMES)]


@pytest.mark.parametrize(
    ("words", "have"),
    [
        ("我有户口本、身份证,还差什么?", ["居民户口簿", "居民身份证"]),
        ("户口本和红本本带了够不够", ["居民户口簿", "结婚证"]),
        ("带了驾照", ["机动车驾驶证"]),
        ("还差什么材料我只有身份证", ["居民身份证"]),
        ("缺啥，我有户口簿", ["居民户口簿"]),
        ("有户口本，没有身份证", ["居民户口簿"]),
        ("有户口本没有身份证", ["居民户口簿"]),
        ("没身份证", []),
        ("忘带户口本了", []),
        ("身份证丢了，户口本在", ["居民户口簿"]),
        ("身份证没带，户口本带了", ["居民户口簿"]),
        ("户口本有，身份证找不到", ["居民户口簿"]),
        ("身份证没有", []),
        ("结婚证过期了吗", []),
        ("什么都没有", []),
        ("要带什么", []),
        ("", []),
    ],
)
def test_only_what_is_named_as_there_counts(words, have):
    had, missing = precheck(words, NEEDS)
    assert [need.material.name for need in had] == have
    assert [need.material.name for need in missing] == [name for name in NAMES if name not in have]


def test_what_is_another_persons_is_never_taken_as_there():
    had, _ = precheck("我有身份证", NEEDS)
    assert "监护人居民身份证" not in [need.material.name for need in had]
    assert "委托书和代办人身份证" not in [need.material.name for need in had]


@pytest.mark.parametrize(
    ("material", "words"),
    [
        ("居民身份证（原件）", "身份证"),
        ("本人有效居民身份证", "身份证"),
        ("申请人居民户口簿", "户口本"),
        ("中华人民共和国机动车驾驶证", "驾照"),
        ("居民身份证复印件", "身份证"),
    ],
)
def test_official_trimmings_do_not_hide_a_document(material, words):
    need = Need(Material(id="m", name=material, form="原件"), ())
    assert precheck(f"我有{words}", [need]) == ([need], [])


def test_nothing_needed_is_nothing_missing():
    assert precheck("我有身份证", []) == ([], [])
