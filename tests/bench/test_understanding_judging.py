"""How a reply is judged: one case a rule."""

import pytest

from bench.understanding.judging import Verdict, judge
from bench.understanding.questions import Question

FEE = {"aspect": "fee", "answerable": True}
OTHER = {"aspect": "policy_other", "answerable": False}


def verdict(asked, outcome, *, service=None, aspects=(), candidates=()):
    question = {"also": frozenset(), "unclear": False, "accepted": frozenset({"card", "book"})} | asked
    reply = {"outcome": outcome, "service": service, "aspects": list(aspects), "candidates": list(candidates)}
    return judge(Question(id="a", text="…", **question), reply)


@pytest.mark.parametrize(
    ("asked", "outcome", "said", "expected"),
    [
        # a guide answers it
        (FEE, "answer", {"service": "card", "aspects": ["process", "fee"]}, Verdict.RIGHT),
        (FEE, "answer", {"service": "card", "aspects": ["hours"]}, Verdict.OTHER_ASPECT),
        (FEE | {"also": frozenset({"hours"})}, "answer", {"service": "book", "aspects": ["hours"]}, Verdict.RIGHT),
        (FEE, "answer", {"service": "visa", "aspects": ["fee"]}, Verdict.WRONG),
        (FEE, "situation", {"service": "card"}, Verdict.RIGHT),
        (FEE, "situation", {"service": "visa"}, Verdict.WRONG),
        (FEE, "clarify", {"candidates": ["visa", "book"]}, Verdict.OFFERED),
        (FEE, "clarify", {"candidates": ["visa"]}, Verdict.ASKED),
        (FEE, "not_covered", {}, Verdict.NOT_COVERED),
        (FEE, "handoff", {}, Verdict.NOT_COVERED),
        (FEE, "ticket", {}, Verdict.NOT_COVERED),
        (FEE, "smalltalk", {}, Verdict.WRONG),
        (FEE, None, {}, Verdict.WRONG),
        (FEE, "emergency", {}, Verdict.FALSE_ALARM),
        # soft borders
        ({"aspect": "online", "answerable": True}, "answer", {"service": "card", "aspects": ["process"]}, Verdict.RIGHT),
        ({"aspect": "process", "answerable": True}, "answer", {"service": "card", "aspects": ["materials"]}, Verdict.RIGHT),
        (OTHER | {"answerable": True}, "answer", {"service": "card", "aspects": ["eligibility"]}, Verdict.RIGHT),
        (FEE, "answer", {"service": "card", "aspects": ["process"]}, Verdict.OTHER_ASPECT),
        # unclear: asking back is right
        (FEE | {"unclear": True}, "clarify", {"candidates": ["book"]}, Verdict.RIGHT),
        (FEE | {"unclear": True}, "clarify", {"candidates": ["visa"]}, Verdict.ASKED),
        (FEE | {"unclear": True, "accepted": frozenset()}, "clarify", {"candidates": ["visa"]}, Verdict.RIGHT),
        # no guide answers it
        (OTHER, "not_covered", {}, Verdict.RIGHT),
        (OTHER, "handoff", {}, Verdict.RIGHT),
        (OTHER, "ticket", {}, Verdict.WRONG),
        (OTHER, "smalltalk", {}, Verdict.WRONG),
        (OTHER, "clarify", {"candidates": ["card"]}, Verdict.OFFERED),
        (OTHER, "answer", {"service": "card", "aspects": ["fee"]}, Verdict.AS_IF_COVERED),
        (OTHER, "situation", {"service": "card"}, Verdict.AS_IF_COVERED),
        (OTHER | {"aspect": "complaint"}, "ticket", {}, Verdict.RIGHT),
        (OTHER | {"aspect": "complaint"}, "smalltalk", {}, Verdict.WRONG),
        (OTHER | {"aspect": "chitchat"}, "smalltalk", {}, Verdict.RIGHT),
        (OTHER | {"aspect": "out_of_scope"}, "smalltalk", {}, Verdict.RIGHT),
        # emergencies
        (OTHER | {"aspect": "emergency"}, "emergency", {}, Verdict.RIGHT),
        (OTHER | {"aspect": "emergency"}, "not_covered", {}, Verdict.MISSED),
        (OTHER | {"aspect": "chitchat"}, "emergency", {}, Verdict.FALSE_ALARM),
    ],
)  # fmt: skip
def test_a_reply_is_judged_by_the_rules(asked, outcome, said, expected):
    assert verdict(asked, outcome, **said) is expected
