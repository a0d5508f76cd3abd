"""Training sentences dealt for cross-validation: nothing that is asked about was learned from."""

from collections import Counter

import pytest
import yaml

from bench.understanding.sentences import Sentence, deal, read_documents, sentences_of, write_without

LINES = """
version: "3.1"
nlu:
- intent: ask_fee
  metadata: {service: id-card}
  examples: |
    - 办身份证多少钱
    - 身份证收费吗
- intent: ask_fee
  examples:
  - text: 护照多少钱
    metadata: {service: passport}
  - text: 要钱吗
- lookup: place
  examples: |
    - 武进
"""


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "nlu" / "asked"
    folder.mkdir(parents=True)
    (folder / "fee.yml").write_text(LINES, "utf-8")
    return read_documents(tmp_path / "nlu")


def test_a_sentence_carries_its_intent_and_its_item(documents):
    assert sentences_of(documents) == [
        Sentence("办身份证多少钱", "ask_fee", "id-card"),
        Sentence("身份证收费吗", "ask_fee", "id-card"),
        Sentence("护照多少钱", "ask_fee", "passport"),
        Sentence("要钱吗", "ask_fee", None),
    ]


def test_a_part_is_left_out_and_all_else_stays(documents, tmp_path):
    part_of = {"办身份证多少钱": 1, "身份证收费吗": 0, "护照多少钱": 0, "要钱吗": 1}
    write_without(documents, 0, part_of, tmp_path / "left")
    (left,) = read_documents(tmp_path / "left")
    assert left["nlu"] == [
        {"intent": "ask_fee", "metadata": {"service": "id-card"}, "examples": "- 办身份证多少钱\n"},
        {"intent": "ask_fee", "examples": [{"text": "要钱吗"}]},
        {"lookup": "place", "examples": "- 武进\n"},
    ]


def test_a_block_that_has_nothing_left_goes(documents, tmp_path):
    write_without(
        documents,
        0,
        dict.fromkeys(("办身份证多少钱", "身份证收费吗", "护照多少钱"), 0) | {"要钱吗": 1},
        tmp_path / "left",
    )
    (left,) = read_documents(tmp_path / "left")
    assert [block.get("intent") for block in left["nlu"]] == ["ask_fee", None]
    assert yaml.safe_load(LINES)["nlu"][0] == documents[0]["nlu"][0], "what was read stays as it was"


def test_each_intent_is_spread_evenly_and_a_text_is_in_one_part():
    sentences = [Sentence(f"{intent} {n}", intent, None) for intent in ("fee", "hours") for n in range(10)]
    part_of = deal([*sentences, Sentence("fee 3", "hours", None)], 5)
    assert Counter(part_of[one.text] for one in sentences if one.intent == "fee") == dict.fromkeys(range(5), 2)
    assert part_of == deal([*sentences, Sentence("fee 3", "hours", None)], 5)
    assert len(part_of) == 20
