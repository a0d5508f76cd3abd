"""The comparison with stock Rasa: the same sentences for both, nothing lost and nothing seen twice."""

from collections import Counter
from pathlib import Path

import yaml

from bench.stock import accuracy, read_sentences, split, with_epochs, without_linker, write_sentences

ROOT = Path(__file__).parents[2]
RANKINGS = [["ask_fee", "ask_hours"], ["nlu_fallback", "ask_fee"], ["ask_fee"], ["nlu_fallback", "ask_hours"]]


def test_every_sentence_is_either_learned_or_held_out_a_fifth_of_each_intent():
    sentences = [("ask_fee", f"fee {number}") for number in range(50)] + [
        ("greet", f"hi {number}") for number in range(10)
    ]
    learned, held_out = split(sentences)
    assert Counter(learned + held_out) == Counter(sentences)
    assert Counter(intent for intent, _ in held_out) == {"ask_fee": 10, "greet": 2}
    assert split(sentences) == (learned, held_out)


def test_the_training_data_of_the_project_is_read_whole():
    sentences = read_sentences(ROOT / "data" / "nlu")
    lines = sum(file.read_text("utf-8").count("\n    - ") for file in (ROOT / "data" / "nlu").glob("*.yml"))
    assert len(sentences) == lines
    assert all(intent and text for intent, text in sentences)


def test_written_sentences_are_read_back(tmp_path):
    sentences = [("ask_fee", "要多少钱: 贵吗"), ("ask_fee", "#收费"), ("greet", "你好")]
    write_sentences(tmp_path / "nlu.yml", sentences)
    assert read_sentences(tmp_path) == sentences


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
