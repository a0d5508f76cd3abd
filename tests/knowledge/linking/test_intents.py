import numpy as np
import pytest

from knowledge.linking.intents import IntentModel, features, shorten
from knowledge.linking.linear import LinearModel, numbered, packed

FEE, LOCATION = np.eye(2, dtype=np.float32)
SAYS = {"=多少": (4, 0), "费": (4, 0), "=哪里": (0, 4)}


def never():
    raise AssertionError("the meaning of a clear sentence was asked for")


@pytest.fixture
def linear():
    rows = sorted(zip(numbered(SAYS), SAYS.values(), strict=True))
    weights, scale = packed(np.array([row for _, row in rows], dtype=np.float32))
    return LinearModel(
        classes=("ask_fee", "ask_location"),
        columns=np.array([number for number, _ in rows], dtype=np.uint32),
        rarity=np.ones(3, dtype=np.float32),
        weights=weights,
        scale=scale,
        meaning=np.array([[9, 0], [0, 9]], dtype=np.float32),
        centre=np.zeros(2, dtype=np.float32),
    )


@pytest.fixture
def model(linear):
    return IntentModel(linear, by_words=1.0, full=1.0, sure=0.9)


def test_the_likeliest_intent_comes_first(model):
    assert model.ranking("在哪里", ["在", "哪里"], never)[0][0] == "ask_location"


def test_the_probabilities_add_up(model):
    assert sum(likely for _, likely in model.ranking("费多少", ["费", "多少"], never)) == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "xyz"])
def test_nothing_known_gives_no_ranking(model, text):
    assert model.ranking(text, [text], never) == []


def test_where_the_words_leave_a_doubt_the_meaning_decides(model):
    words = ["多少", "哪里"]
    assert model.ranking("多少钱在哪里", words, lambda: FEE)[0][0] == "ask_fee"
    assert model.ranking("多少钱在哪里", words, lambda: LOCATION)[0][0] == "ask_location"


def test_a_model_that_was_kept_ranks_as_before(model, tmp_path):
    model.save(tmp_path)
    kept = IntentModel.load(tmp_path, sure=0.9)
    assert kept.ranking("费多少", ["多少"], never) == model.ranking("费多少", ["多少"], never)


def test_nothing_that_was_kept_can_run(model, tmp_path):
    model.save(tmp_path)
    np.load(tmp_path / "linear.npz", allow_pickle=False)
    assert {file.suffix for file in tmp_path.iterdir()} == {".npz", ".json"}


def test_a_higher_temperature_is_less_sure(linear, model):
    cooler = IntentModel(linear, by_words=4.0, full=4.0, sure=0.0)
    assert cooler.ranking("费", [], never)[0][1] < model.ranking("费", [], never)[0][1]


def test_long_numbers_and_lines_of_a_menu_count_as_one():
    assert list(features("BS-20261121-0007", [])) == list(features("BS-20270101-9999", []))
    assert list(features("1", ["1"])) == list(features("3", ["3"]))
    assert list(features("1", ["1"])) != list(features("88", ["88"]))


def test_of_a_very_long_text_the_beginning_and_the_end_are_read():
    text = "头" + "中" * 10_000 + "尾"
    assert (shorten(text)[0], shorten(text)[-1]) == ("头", "尾")


def test_packing_keeps_every_weight_to_a_two_hundredth_of_its_rows_largest():
    weights = np.random.default_rng(7).normal(size=(50, 9)).astype(np.float32)
    weights[3] = 0
    small, scale = packed(weights)
    assert small.dtype == np.int8
    assert (np.abs(small * scale[:, None] - weights) <= np.abs(weights).max(axis=1, keepdims=True) / 200).all()
