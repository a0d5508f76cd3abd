"""What spaCy's rules find, in Rasa's environment, seen from a Saturday in November."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from base.settings import ROOT
from knowledge.loader import read_content

PAPERS = {document.fact.id: document.fact.names for document in read_content(demo=True) if document.kind == "document"}
FOUND: dict[str, list[tuple[str, str, str | float, str]]] = {
    "带身份证和户口本": [("身份证", "document", "id-card", ""), ("户口本", "document", "household-booklet", "")],
    "居民身份证和户口簿": [("居民身份证和户口簿", "document", "id-card-and-booklet", "")],
    "港澳通行证": [("港澳通行证", "document", "hkmo-permit", "")],
    "今天明天后天大后天": [
        ("今天", "date", "2026-11-21", ""),
        ("明天", "date", "2026-11-22", ""),
        ("后天", "date", "2026-11-23", ""),
        ("大后天", "date", "2026-11-24", ""),
    ],
    "下周三或这周六": [("下周三", "date", "2026-11-25", ""), ("这周六", "date", "2026-11-21", "")],
    "周末": [("周末", "date", "2026-11-21", "")],
    "3月5日": [("3月5日", "date", "2027-03-05", "")],
    "2026年春节": [("2026年春节", "date", "2026-02-17", "")],
    "2月30日": [],
    "下午三点": [("下午三点", "time", "15:00", "")],
    "9点半": [("9点半", "time", "09:30", "")],
    "下周三十点": [("下周三", "date", "2026-11-25", ""), ("十点", "time", "10:00", "")],
    "8点到12点": [("8点", "time", "08:00", ""), ("12点", "time", "12:00", "")],
    "上午8:30": [("上午8:30", "time", "08:30", "")],
    "下午15时": [("下午15时", "time", "15:00", "")],
    "三点一刻": [("三点一刻", "time", "15:15", "")],
    "99点": [("99点", "time", "99点", "")],
    "中午": [("中午", "time", "中午", "")],
    "上班前": [("上班前", "time", "上班前", "")],
    "有一点问题": [],
    "几点开门": [],
    "5岁": [("5岁", "age", 5, "岁")],
    "未满16周岁": [("未满16周岁", "age", 16, "周岁")],
    "70多岁": [("70多岁", "age", 70, "岁")],
    "半岁": [("半岁", "age", 0.5, "岁")],
    "3个月": [("3个月", "duration", 3, "个月")],
    "十五个工作日": [("十五个工作日", "duration", 15, "个工作日")],
    "125cc": [("125cc", "volume", 125, "cc")],
    "三百块": [("三百块", "money", 300, "块")],
    "2万元": [("2万元", "money", 20_000, "元")],
    "300元/月": [("300元/月", "money", 300, "元/月")],
    "19.9元": [("19.9元", "money", 19.9, "元")],
    "两本": [("两本", "count", 2, "本")],
    "复印件3份": [("3份", "count", 3, "份")],
    "2寸照片两张": [("2寸照片", "document", "two-inch-photo", ""), ("两张", "count", 2, "张")],
    "多少钱": [],
    "": [],
    "?": [],
}
LONG = ["1" * 9_000, "一" * 9_000, "一百" * 4_500, "1点" * 4_500, "满岁" * 4_500, "身份证" * 3_000]


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    python = ROOT / ".venv" / "rasa" / "bin" / "python"
    if not python.exists():
        pytest.skip("no .venv/rasa (./banshi install makes it)")
    asked = {"today": "2026-11-21", "documents": PAPERS, "texts": list(FOUND), "long": LONG}
    done = subprocess.run(
        [python, "-W", "ignore", ROOT / "tests/bot/nlu/find_things.py"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("text", FOUND)
def test_what_a_text_names_is_found_with_its_value(answer, text):
    things = answer["found"][list(FOUND).index(text)]
    found = [(text[thing["start"] : thing["end"]], thing["kind"], thing["value"], thing["unit"]) for thing in things]
    assert found == FOUND[text]


def test_the_matchers_of_all_shipped_papers_are_made_anew_before_anybody_notices(answer):
    assert answer["made"] < 0.3


def test_no_long_message_takes_long(answer):
    assert max(answer["long"]) < 0.5


def test_spacy_brings_no_learning_library_along(answer):
    assert "spacy" in answer["loaded"]
    assert {"tensorflow", "torch", "keras", "jax", "mxnet"} & set(answer["loaded"]) == set()
