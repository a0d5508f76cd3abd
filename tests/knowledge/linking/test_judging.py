import json

import numpy as np
import pytest

from knowledge.linking.judging import Judge, evidence


@pytest.fixture
def judge():
    return Judge(candidate=np.array([5.0, 0.0]), none=np.array([4.0, 0.0]))


def test_all_probabilities_and_that_of_nothing_add_up(judge):
    likely = judge.likelihoods(evidence([[1.0, 0.2, 0.9]]), np.array([0.5, 1.0]))
    assert len(likely) == 4
    assert likely.sum() == pytest.approx(1)


def test_two_that_explain_a_text_equally_share_what_there_is(judge):
    alone = judge.likelihoods(evidence([[1.0]]), np.array([0.1, 1.0]))
    shared = judge.likelihoods(evidence([[1.0, 1.0]]), np.array([0.1, 1.0]))
    assert shared[0] == shared[1] < alone[0]


def test_a_strange_text_is_about_nothing(judge):
    assert judge.likelihoods(evidence([[0.1]]), np.array([1.0, 1.0])).argmax() == 1


def test_without_a_candidate_nothing_is_meant(judge):
    assert judge.likelihoods(np.empty((0, 2)), np.array([0.3, 1.0])).tolist() == [1.0]


def test_what_was_kept_judges_as_before(judge):
    kept = Judge.of_json(json.loads(json.dumps(judge.as_json())))
    asked = evidence([[1.0, 0.3]]), np.array([0.2, 1.0])
    assert kept.likelihoods(*asked).tolist() == judge.likelihoods(*asked).tolist()
