"""What is asked, and in which portions."""

import pytest

from bench.clients import plan, read_conversations


def test_the_questions_are_conversations_of_several_turns():
    conversations = read_conversations()
    assert sum(map(len, conversations)) >= 120
    assert {len(conversation) for conversation in conversations} == {4}
    assert all(question == question.strip() != "" for conversation in conversations for question in conversation)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (0, []),
        (1, [["a"]]),
        (3, [["a", "b"], ["c"]]),
        (4, [["a", "b"], ["c"], ["a"]]),
    ],
)
def test_conversations_are_repeated_and_the_last_is_cut(turns, expected):
    assert plan([["a", "b"], ["c"]], turns) == expected
