"""The comparison with stock Rasa: what is told of each side, and what is changed for it."""

from pathlib import Path

import pytest
import yaml

from bench.stock import accuracy, drawn, with_epochs, without_linker
from bench.understanding.sentences import Sentence

ROOT = Path(__file__).parents[2]
RANKINGS = [
    [("ask_fee", 0.9), ("ask_hours", 0.1)],
    [("nlu_fallback", 0.7), ("ask_fee", 0.3)],
    [("ask_fee", 0.9)],
    [("nlu_fallback", 0.7), ("ask_hours", 0.1)],
]


def test_an_unclear_sentence_is_right_by_its_likeliest_intent_and_unclear_in_what_is_said():
    held_out = [("ask_fee", "a"), ("ask_fee", "b"), ("ask_hours", "c"), ("ask_fee", "d")]
    likeliest, calibration, said = accuracy(held_out, RANKINGS)
    assert likeliest[1] == "50.0%"
    # right at 0.9, 0.3 and not at 0.9, 0.1: half of two at 0.9, all of one at 0.3, none of one at 0.1
    assert calibration[1] == f"{(2 * 0.4 + 0.7 + 0.1) / 4:.3f}"
    assert said[1] == "25.0% / 50.0% / 25.0%"


def test_fewer_epochs_change_the_epochs_alone():
    stock = yaml.safe_load((ROOT / "bench" / "stock.yml").read_text("utf-8"))
    few = with_epochs(stock, 5)
    assert {part["epochs"] for part in few["pipeline"] + few["policies"] if "epochs" in part} == {5}
    assert with_epochs(few, 100) == stock
    assert with_epochs(stock, None) == stock


@pytest.mark.parametrize("config", ["config.yml", "bench/logistic.yml"])
def test_the_linker_can_be_taken_out_of_a_pipeline(config):
    linked = yaml.safe_load((ROOT / config).read_text("utf-8"))
    assert len(without_linker(linked)["pipeline"]) == len(linked["pipeline"]) - 1


def test_so_many_sentences_are_drawn_always_the_same():
    sentences = [Sentence(str(n), "ask_fee", None) for n in range(100)]
    few = drawn(sentences, 10)
    assert len(set(few)) == 10
    assert few == drawn(sentences, 10) != sentences[:10]
    assert drawn(sentences, None) == sentences
    assert len(drawn(sentences, 1000)) == 100
