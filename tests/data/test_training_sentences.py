"""The training sentences are enough, said once each, and really different from one another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from bench.understanding.sentences import read_documents, sentences_of

ROOT = Path(__file__).parents[2]
LEAST_SENTENCES = 20
LEAST_DISTINCT_SKELETONS = 0.85
# What most names are made of; the names and aliases alone would leave a bare 护照 standing.
PAPERS = """身份证 户口本 户口 护照 签注 居住证 驾驶证 驾照 行驶证 车牌 社保 医保 养老 低保 公积金
结婚证 离婚证 出生证 老年证 残疾证 健康证 狗证 房产证 营业执照 执照 公司 档案 学历 工伤"""


def plain(sentence: str) -> str:
    return re.sub(r"[\W_]+", "", sentence.lower()) or sentence


def item_words() -> re.Pattern[str]:
    """What citizens call the items, longest first, so that 居住证签注 goes as a whole."""
    words: set[str] = set()
    for path in (ROOT / "knowledge/content/services").glob("*.yaml"):
        for service in yaml.safe_load(path.read_text("utf-8")):
            words |= {service["name"], *service["aliases"]}
    short = {word for word in words if 3 <= len(word) <= 8}
    short |= set(PAPERS.split())
    return re.compile("|".join(sorted(map(re.escape, short), key=len, reverse=True)))


@pytest.fixture(scope="module")
def sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences_of(read_documents(ROOT / "data/nlu")):
        found[sentence.intent].append(sentence.text)
    return found


def test_every_intent_of_the_domain_has_enough_sentences(sentences: dict[str, list[str]]) -> None:
    intents = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]
    assert sentences.keys() == set(intents)
    assert {i: len(s) for i, s in sentences.items() if len(s) < LEAST_SENTENCES} == {}


def test_no_sentence_stands_twice_in_any_intent(sentences: dict[str, list[str]]) -> None:
    times = Counter(plain(sentence) for said in sentences.values() for sentence in said)
    assert [sentence for sentence, count in times.items() if count > 1] == []


def test_sentences_differ_in_more_than_the_item_and_the_digits(sentences: dict[str, list[str]]) -> None:
    words = item_words()
    for intent, said in sentences.items():
        skeletons = {re.sub(r"[0-9〇一二三四五六七八九十两]+", "0", words.sub("X", plain(s))) for s in said}
        assert len(skeletons) / len(said) >= LEAST_DISTINCT_SKELETONS, intent


def test_every_item_is_meant_by_several_sentences_of_several_intents() -> None:
    said: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences_of(read_documents(ROOT / "data/nlu")):
        if sentence.service is not None:
            said[sentence.service].append(sentence.intent)
    items = {
        service["id"]
        for path in (ROOT / "knowledge/content/services").glob("*.yaml")
        for service in yaml.safe_load(path.read_text("utf-8"))
    }
    assert said.keys() == items
    assert {id: intents for id, intents in said.items() if len(intents) < 5 or len(set(intents)) < 3} == {}
