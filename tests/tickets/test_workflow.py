import pytest

from base.errors import MoveRefused
from tickets.workflow import CITIZEN, MOVES, OPEN, STATUS_WORDS, Status, check_move, check_open, moves_from


def test_every_status_has_its_words():
    assert set(STATUS_WORDS) == set(Status)
    assert [status.words for status in Status] == [
        "待受理",
        "已受理",
        "办理中",
        "待补充",
        "已答复",
        "已办结",
        "已撤销",
    ]


def test_no_two_moves_of_one_person_lead_from_and_to_the_same():
    ways = [(move.before, move.after, move.owner) for move in MOVES]
    assert len(ways) == len(set(ways))


def test_every_status_can_be_reached_and_left():
    assert {move.after for move in MOVES} == set(Status)
    assert {move.before for move in MOVES} == set(Status)


@pytest.mark.parametrize(
    ("before", "after", "by", "action"),
    [
        (Status.PENDING, Status.ACCEPTED, "lili", "accept"),
        (Status.ACCEPTED, Status.IN_PROGRESS, "lili", "start"),
        (Status.IN_PROGRESS, Status.NEEDS_MORE, "lili", "ask_more"),
        (Status.NEEDS_MORE, Status.IN_PROGRESS, "lili", "resume"),
        (Status.IN_PROGRESS, Status.ANSWERED, "lili", "answer"),
        (Status.ANSWERED, Status.CLOSED, "lili", "close"),
        (Status.ANSWERED, Status.CLOSED, CITIZEN, "confirm"),
        (Status.CLOSED, Status.IN_PROGRESS, CITIZEN, "reopen"),
        (Status.WITHDRAWN, Status.PENDING, CITIZEN, "reopen"),
        *((status, Status.WITHDRAWN, CITIZEN, "withdraw") for status in OPEN),
    ],
)
def test_the_table_permits(before, after, by, action):
    assert check_move(before, after, by=by, reason="因为").action == action


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        (Status.PENDING, Status.CLOSED, "lili"),  # nobody closes what nobody answered
        (Status.PENDING, Status.ANSWERED, "lili"),
        (Status.IN_PROGRESS, Status.WITHDRAWN, "lili"),  # only its owner withdraws a ticket
        (Status.PENDING, Status.ACCEPTED, CITIZEN),
        (Status.CLOSED, Status.WITHDRAWN, CITIZEN),
        (Status.WITHDRAWN, Status.ACCEPTED, "lili"),
        (Status.PENDING, Status.PENDING, "lili"),
    ],
)
def test_the_table_forbids_and_says_so_in_words(before, after, by):
    with pytest.raises(MoveRefused) as refusal:
        check_move(before, after, by=by, reason="因为")
    assert f"现在是「{before.words}」，不能改为「{after.words}」" in str(refusal.value)


def test_a_refusal_names_what_is_possible():
    with pytest.raises(MoveRefused, match="可以改为「已受理」"):
        check_move(Status.PENDING, Status.CLOSED, by="lili")


@pytest.mark.parametrize("after", [Status.NEEDS_MORE, Status.ANSWERED])
def test_what_the_citizen_has_to_understand_needs_a_reason(after):
    with pytest.raises(MoveRefused, match="理由"):
        check_move(Status.IN_PROGRESS, after, by="lili", reason=" ")


def test_moves_from_a_status_are_what_the_console_offers():
    assert [move.after for move in moves_from(Status.PENDING, by="lili")] == [Status.ACCEPTED]


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_nothing_is_added_to_what_nobody_works_on(status):
    with pytest.raises(MoveRefused, match=status.words):
        check_open(status)
