"""The pipeline of config.yml in the real Rasa, in its own environment."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from base.clock import now
from base.settings import ROOT
from knowledge.linking.lexicon import parse_lexicon, save_lexicon

PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"
MESSAGES = [
    "身份證丟了要帶什麼材料？？",
    "",
    "😀",
    "／greet",
    "/greet",
    "1",
    "在天宁区呢",
    "打〔手机号1〕找我",
    "嗯那个我想问一下明天下午三点去天宁区",
    "８岁的娃辦身份證，要兩份嗎？？在天寧區",
    "😀身份\u200b证",
    "我身份证丢了，" * 1_430,
    "\u200b\x00<script>alert(1)</script>' OR 1=1 --",
]
LEXICON = {
    "revision": "1",
    "services": [
        {"id": "id-card-reissue-lost", "name": "居民身份证丢失补领", "aliases": ["身份证丢了"], "domain": "身份证"},
        {"id": "passport-first", "name": "普通护照首次申领", "aliases": ["办护照"], "domain": "出入境"},
        {"id": "vehicle-record", "name": "机动车变更备案", "aliases": ["改手机号"], "domain": "车管"},
    ],
    "places": [{"adcode": "320402", "name": "天宁区", "names": ["天宁"], "parent": None}],
    "documents": [{"id": "id-card", "names": ["居民身份证", "身份证"]}],
}


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What a small model of the project's pipeline makes of each message."""
    folder = tmp_path_factory.mktemp("rasa")
    save_lexicon(folder / "var" / "lexicon.json", parse_lexicon(LEXICON))
    done = train_and_parse(MESSAGES, folder)
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    return dict(zip(MESSAGES, result["parsed"], strict=True))


def train_and_parse(messages: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    if not PYTHON.exists():
        pytest.skip("no .venv/rasa (./banshi install makes it)")
    settings = {
        "PYTHONPATH": str(ROOT),
        "BANSHI_VAR": str(folder / "var"),
        "BANSHI_APP_URL": "http://127.0.0.1:9",
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "RASA_TELEMETRY_ENABLED": "false",
    }
    return subprocess.run(
        [PYTHON, Path(__file__).with_name("train_and_parse.py"), folder],
        input=json.dumps(messages),
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **settings},
        timeout=300,
    )


def test_the_intent_comes_with_a_probability_and_a_ranking(parsed):
    message = parsed[MESSAGES[0]]
    assert message["intent"]["name"] == "ask_materials"
    assert 0 < message["intent"]["confidence"] < 1
    assert message["intent_ranking"][0] == message["intent"]


def test_the_service_travels_with_the_message(parsed):
    (link, *_) = parsed[MESSAGES[0]]["linking"]["services"]
    assert link["id"] == "id-card-reissue-lost"
    assert set(link) == {"id", "confidence", "reason"}


def test_so_does_the_place(parsed):
    assert parsed["在天宁区呢"]["linking"]["places"] == [{"adcode": "320402", "text": "天宁区"}]


def spans(message: dict) -> list[tuple[str, str, object]]:
    """Kind, words as they were typed, and value of each entity."""
    return [(e["entity"], message["text"][e["start"] : e["end"]], e["value"]) for e in message["entities"]]


def test_what_a_message_names_comes_as_rasas_entities(parsed):
    message = parsed["嗯那个我想问一下明天下午三点去天宁区"]
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    assert spans(message) == [
        ("date", "明天", tomorrow),
        ("time", "下午三点", "15:00"),
        ("place", "天宁区", "320402"),
    ]
    assert {entity["extractor"] for entity in message["entities"]} == {"ThingFinder"}


def test_entities_stand_where_they_were_typed_though_they_were_read_cleaned(parsed):
    message = parsed["８岁的娃辦身份證，要兩份嗎？？在天寧區"]
    assert spans(message) == [
        ("age", "８岁", 8),
        ("document", "身份證", "id-card"),
        ("count", "兩份", 2),
        ("place", "天寧區", "320402"),
    ]
    assert [entity["text"] for entity in message["entities"]] == ["8岁", "身份证", "两份", "天宁区"]


def test_an_entity_that_was_not_typed_in_a_row_spans_the_message(parsed):
    assert spans(parsed["😀身份\u200b证"]) == [("document", "😀身份\u200b证", "id-card")]


def test_the_name_of_a_hidden_number_leads_to_no_service(parsed):
    assert all(link["confidence"] < 0.3 for link in parsed["打〔手机号1〕找我"]["linking"]["services"])


def test_what_was_typed_stays_what_was_typed(parsed):
    assert [message["text"] for message in parsed.values()][:3] == MESSAGES[:3]


@pytest.mark.parametrize("nothing", ["", "😀"])
def test_what_holds_no_words_is_unclear(parsed, nothing):
    assert parsed[nothing]["intent"]["name"] == "nlu_fallback"
    assert parsed[nothing]["linking"] == {"services": [], "places": []}


def test_a_full_width_slash_gives_no_command(parsed):
    assert parsed["／greet"]["linking"] is not None
    assert parsed["／greet"]["intent"]["confidence"] < 1


def test_a_plain_slash_stays_a_developers_command(parsed):
    assert parsed["/greet"]["intent"] == {"name": "greet", "confidence": 1.0}


def test_a_line_of_a_menu_informs(parsed):
    assert parsed["1"]["intent"]["name"] == "inform"


def test_hostile_and_very_long_messages_are_parsed_like_others(parsed):
    assert all(parsed[message]["intent"]["name"] for message in MESSAGES[-2:])
    assert parsed[MESSAGES[-2]]["linking"]["services"][0]["id"] == "id-card-reissue-lost"


def test_a_missing_lexicon_names_the_command_that_makes_it(tmp_path):
    done = train_and_parse([], tmp_path)
    assert done.returncode != 0
    assert "./banshi prepare" in done.stderr.splitlines()[-1]
