"""Danger that no cue names: what the model makes of it decides whether the numbers come alone, first, or not at all."""

import pytest

from actions.guidance import ActionGuide
from tests.actions.test_guidance import own_house, run, tracker_of  # noqa: F401

DARK = "门外那阵脚步声停了，灯也灭了"
NUMBERS = "报警 110"


def reply(text, likely):
    answer, _ = run(ActionGuide(), tracker_of(text, [("nlu_fallback", 0.3), ("emergency", likely)]))
    return answer


@pytest.mark.parametrize(("likely", "outcome"), [(0.45, "emergency"), (0.12, "not_covered"), (0.02, "not_covered")])
def test_likely_danger_ends_the_turn_and_possible_danger_only_comes_first(likely, outcome):
    answer = reply(DARK, likely)
    assert answer["outcome"] == outcome
    assert (NUMBERS in answer["blocks"][0]["text"]) is (likely > 0.1)


def test_whoever_calmly_asks_for_papers_is_not_frightened():
    answer = reply("去年家里着火，户口本烧了，怎么补办", 0.45)
    assert answer["outcome"] != "emergency"
    assert NUMBERS not in answer["blocks"][0]["text"]
