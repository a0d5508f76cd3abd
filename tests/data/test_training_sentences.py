"""The training sentences are enough, said once each, and really different from one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from bench.understanding.sentences import plain, read_documents, sentences_of, skeletons

ROOT = Path(__file__).parents[2]
LEAST_SENTENCES = 20
LEAST_DISTINCT_SKELETONS = 0.85


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
    for intent, said in sentences.items():
        assert len(skeletons(said)) / len(said) >= LEAST_DISTINCT_SKELETONS, intent


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
