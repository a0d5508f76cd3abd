import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.guides import GuideIndex

GUIDES = ["孩子学籍卡 出生医学证明 改小了的年龄", "买了摩托车的人 购车发票 合格证", "", "单位代缴 NFC手机"]
INDEX = GuideIndex(GUIDES)


@pytest.mark.parametrize(("text", "guide"), [("手里有学籍卡，年龄写错了", 0), ("发票和合格证都在", 1), ("nfc", 3)])
def test_the_guide_that_speaks_of_the_same_things_scores_best(text, guide):
    assert INDEX.scores(text).argmax() == guide


def test_what_no_guide_speaks_of_scores_nothing():
    assert INDEX.scores("qwz").tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("guides", [[], [""], ["", ""]])
def test_services_without_guides_have_a_score_each_all_the_same(guides):
    assert GuideIndex(guides).scores("学籍卡").tolist() == [0] * len(guides)


@given(st.text(max_size=200))
def test_any_text_has_a_score_for_each_guide(text):
    scores = INDEX.scores(text)
    assert scores.shape == (4,)
    assert (scores >= 0).all()
