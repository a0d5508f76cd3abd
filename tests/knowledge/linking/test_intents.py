import numpy as np
import pytest

from knowledge.linking.intents import IntentModel, features, shorten


@pytest.fixture
def model():
    columns = {"=多少": 0, "费": 1, "=哪里": 2}
    weights = np.array([[4, 0], [4, 0], [0, 4]], dtype=np.float32)
    ones, none = np.ones(3, dtype=np.float32), np.zeros(2, dtype=np.float32)
    return IntentModel(("ask_fee", "ask_location"), columns, ones, weights, none, temperature=1.0)


def test_the_likeliest_intent_comes_first(model):
    assert model.ranking("在哪里", ["在", "哪里"])[0][0] == "ask_location"


def test_the_probabilities_add_up(model):
    assert sum(likely for _, likely in model.ranking("费多少", ["费", "多少"])) == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "xyz"])
def test_nothing_known_gives_no_ranking(model, text):
    assert model.ranking(text, [text]) == []


def test_a_model_that_was_kept_ranks_as_before(model, tmp_path):
    model.save(tmp_path)
    assert IntentModel.load(tmp_path).ranking("费多少", ["多少"]) == model.ranking("费多少", ["多少"])


def test_nothing_that_was_kept_can_run(model, tmp_path):
    model.save(tmp_path)
    np.load(tmp_path / "intents.npz", allow_pickle=False)
    assert {file.suffix for file in tmp_path.iterdir()} == {".npz", ".json"}


def test_a_higher_temperature_is_less_sure(model):
    cooler = IntentModel(model.intents, model.columns, model.rarity, model.weights, model.bias, temperature=4.0)
    assert cooler.ranking("费", [])[0][1] < model.ranking("费", [])[0][1]


def test_long_numbers_and_lines_of_a_menu_count_as_one():
    assert list(features("BS-20261121-0007", [])) == list(features("BS-20270101-9999", []))
    assert list(features("1", ["1"])) == list(features("3", ["3"]))
    assert list(features("1", ["1"])) != list(features("88", ["88"]))


def test_of_a_very_long_text_the_beginning_and_the_end_are_read():
    text = "头" + "中" * 10_000 + "尾"
    assert (shorten(text)[0], shorten(text)[-1]) == ("头", "尾")
