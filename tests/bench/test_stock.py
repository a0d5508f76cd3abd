"""The comparison with stock Rasa: what is told of each side, and what is changed for it."""

from pathlib import Path

import yaml

from bench.stock import accuracy, with_epochs, without_linker

ROOT = Path(__file__).parents[2]
RANKINGS = [["ask_fee", "ask_hours"], ["nlu_fallback", "ask_fee"], ["ask_fee"], ["nlu_fallback", "ask_hours"]]


def test_an_unclear_sentence_is_right_by_its_likeliest_intent_and_unclear_in_what_is_said():
    held_out = [("ask_fee", "a"), ("ask_fee", "b"), ("ask_hours", "c"), ("ask_fee", "d")]
    likeliest, said = accuracy(held_out, RANKINGS)
    assert likeliest[1] == "50.0%"
    assert said[1] == "25.0% / 50.0% / 25.0%"


def test_fewer_epochs_change_the_epochs_alone():
    stock = yaml.safe_load((ROOT / "bench" / "stock.yml").read_text("utf-8"))
    few = with_epochs(stock, 5)
    assert {part["epochs"] for part in few["pipeline"] + few["policies"] if "epochs" in part} == {5}
    assert with_epochs(few, 100) == stock
    assert with_epochs(stock, None) == stock


def test_the_linker_can_be_taken_out_of_our_pipeline():
    ours = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    assert len(without_linker(ours)["pipeline"]) == len(ours["pipeline"]) - 1
