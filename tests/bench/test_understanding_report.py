"""The report: figures that follow from what was asked, and no word of a question."""

import pytest

from bench.understanding.bm25 import GuideSearch
from bench.understanding.evaluation import Asked, Results, Unseen
from bench.understanding.figures import for_pictures
from bench.understanding.questions import Question
from bench.understanding.report import PICTURES, failures, report

LOST, FIRE = "身份证丢了要多少钱", "着火了"


def asked(id, text, aspect, outcome, service=None, **more):
    question = Question(id, text, frozenset({"card"}), aspect, frozenset(), aspect == "fee", unclear=False)
    reply = {"outcome": outcome, "intent": "ask_fee", "confidence": 0.9, "service": service, "aspects": ["fee"],
             "candidates": [], "ms": 12.0, **more}  # fmt: skip
    return Asked(question, reply, linked=[("card", 0.9), ("book", 0.1)], found=[("book", 0.7), ("card", 0.3)])


@pytest.fixture
def results():
    sets = {
        "real": [
            asked("r-1", LOST, "fee", "answer", "card"),
            asked("r-2", LOST, "fee", "answer", "book"),
            asked("r-3", FIRE, "emergency", "not_covered"),
        ]
    }
    unseen = [
        Unseen("多少钱", "ask_fee", "card", "ask_fee", 0.8, [("book", 0.5), ("card", 0.4)]),
        Unseen("几点开门", "ask_hours", None, "ask_fee", 0.6, []),
    ]
    return Results(sets, unseen, [4.0, 6.0, 5.0])


def rows(text):
    """Each row of a table by its first cells."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {tuple(row[:2]): row[2:] for row in cells}


def test_the_report_tells_outcomes_items_and_intents(results):
    table = rows(report("Understanding", ["Made today."], results, "eval"))
    assert table["right, of answerable", "≥ 92 %"] == ["50.0% (9%–91%)"]
    assert table["emergencies missed", "0"] == ["1 of 1"]
    assert table["false emergencies, of all others", "≤ 0.5 %"] == ["0.0% (0%–66%)"]
    assert table["a question, p50 / p95", ""] == ["12.0 / 12.0 ms"]
    assert table["fee", "2"] == ["1", "1", ""]
    assert table["real (2)", "linker"] == ["100.0% (34%–100%)", "100.0% (34%–100%)", "100%"]
    assert table["real (2)", "BM25"] == ["0.0% (0%–66%)", "100.0% (34%–100%)", "0%"]
    assert table["one training", "5.0 s"] == ["median of the folds, NLU alone"]
    assert table["item first", "0.0% (0%–79%)"]
    assert table["ask_hours", "ask_fee"] == ["1"]


def test_the_report_holds_no_question_and_the_list_of_failures_does(results):
    text, listed = report("Understanding", [], results, "eval"), list(failures(results))
    assert LOST not in text
    assert FIRE not in text
    assert [one.split(":")[0] for one in listed] == ["real r-2 wrong", "real r-3 missed"]
    assert LOST in listed[0]


def test_every_picture_is_shown_and_without_cross_validation_none_is_missed(results):
    for some in (results, Results(results.sets, [], [])):
        drawn = for_pictures(some)
        shown = report("Understanding", [], some, "eval")
        assert drawn.keys() <= PICTURES.keys()
        assert [name for name in PICTURES if f"](eval/{name}.png)" in shown] == [n for n in PICTURES if n in drawn]


def test_a_line_is_no_wider_than_a_terminal(results):
    assert max(map(len, report("Understanding", ["words " * 60], results, "eval").splitlines())) <= 120


def test_the_search_finds_by_words_and_shares_its_scores():
    search = GuideSearch({"card": "身份证补领\n身份证丢了", "book": "户口簿补领", "permit": "居住证签注"})
    ids, shares = zip(*search.find("我的身份证丢了，怎么补领"), strict=True)
    assert ids == ("card", "book")
    assert sum(shares) == pytest.approx(1)
    assert search.find("天气") == []
