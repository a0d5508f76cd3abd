"""Danger first: the right number at once, and no alarm for a question about papers."""

import re
import time

import pytest
import yaml

from base.answer import Outcome
from base.settings import ROOT
from knowledge import emergency_cues, emergency_scenes
from knowledge.emergency import emergency_answer, find_emergency

SENTENCES = yaml.safe_load((ROOT / "tests" / "knowledge" / "emergencies.yml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("words", "kind", "number"),
    [
        ("我不想活了", "suicide", "12356"),
        ("活不下去了，办什么证都没用", "suicide", "12356"),
        ("我老公又在打我", "violence", "110"),
        ("被家暴了怎么办", "violence", "110"),
        ("接到电话说让我把钱转到安全账户", "fraud", "96110"),
        ("刚被骗了五万块", "fraud", "96110"),
        ("有人自称公安让我转账", "fraud", "96110"),
        ("孩子走丢了", "missing", "110"),
        ("我妈早上出门到现在没回来，身份证在家", "missing", "110"),
        ("儿子手机关机失联了", "missing", "110"),
        ("女儿坐车出去到现在失联了", "missing", "110"),
        ("老人从家里走失", "missing", "110"),
        ("家里着火了", "fire", "119"),
        ("楼下煤气泄漏", "fire", "119"),
        ("我爸晕倒了", "injury", "120"),
        ("他没有呼吸了", "injury", "120"),
        ("刚刚被车撞了", "accident", "122"),
        ("出车祸了有人受伤", "accident", "120"),
        ("有人在撬我家门", "crime", "110"),
        ("救命", "crime", "110"),
        ("正在有人尾随我", "crime", "110"),
    ],
)
def test_danger_gets_its_number(words, kind, number):
    found = find_emergency(words)
    assert found is not None
    assert found.name == kind
    answer = emergency_answer(words)
    assert answer.outcome is Outcome.EMERGENCY
    assert number in answer.text


@pytest.mark.parametrize(
    "words",
    [
        "身份证丢了怎么补",
        "户口本不见了",
        "孩子的出生证找不到了",
        "老人证丢了",
        "儿子身份证丢了",
        "孩子户口本丢了怎么办",
        "我妈医保卡不小心弄丢了",
        "儿子的车不见了",
        "火灾证明在哪里开",
        "火灾事故认定书怎么申请",
        "家暴报警回执怎么补",
        "去年被骗了想查立案没有",
        "出了车祸怎么理赔，人受伤了",
        "工伤认定要什么材料",
        "去世了怎么注销户口",
        "死亡证明去哪里开",
        "离婚要带什么",
        "电动车被偷了报警回执怎么开",
        "跟踪一下我的工单",
        "护照快到期了",
        "",
    ],
)
def test_a_question_about_papers_is_no_alarm(words):
    assert find_emergency(words) is None


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, many in SENTENCES.items() for words in many])
def test_what_runs_now_is_told_from_what_is_over_asked_about_or_said_in_jest(kind, words):
    found = find_emergency(words)
    assert (found.name if found else "none") == kind


def test_where_the_kind_is_not_clear_all_numbers_are_given():
    text = emergency_answer("出事了").text
    assert all(number in text for number in ("110", "119", "120", "122", "96110", "12356"))


@pytest.mark.parametrize(
    "table", [emergency_cues.RUNNING, emergency_cues.NAMED, emergency_scenes.RUNNING, emergency_scenes.NAMED]
)
def test_every_repetition_in_a_cue_is_bounded(table):
    assert [
        kind for kind, cue in table.items() if re.search(r"(?<!\\)[+*]|\{\d*,\}|\{\d+, |\(\d+, \d+\)", cue.pattern)
    ] == []
    assert [kind for kind, cue in table.items() if cue.search("")] == []


@pytest.mark.parametrize(
    "words",
    [
        "被" * 50_000,
        "孩子" * 50_000,
        "刚" * 50_000 + "转账",
        "自称" * 50_000,
        "老人出去" * 25_000,
        "他" * 90_000,
        "九十" * 45_000,
    ],
)
def test_long_texts_are_read_in_one_go(words):
    began = time.perf_counter()
    assert find_emergency(words + "证明") is None
    assert time.perf_counter() - began < 5
