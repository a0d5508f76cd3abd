"""What may happen to a ticket, as one table of moves. Pure: no session, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from base.errors import MoveRefused

CITIZEN = "citizen"  # stands in `by` for the ticket's owner; anything else there is a staff login


class Status(str, Enum):
    """Where a ticket stands; the value is stored, `words` is what people read."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    NEEDS_MORE = "needs_more"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        return STATUS_WORDS[self]


STATUS_WORDS = {
    Status.PENDING: "待受理",
    Status.ACCEPTED: "已受理",
    Status.IN_PROGRESS: "办理中",
    Status.NEEDS_MORE: "待补充",
    Status.ANSWERED: "已答复",
    Status.CLOSED: "已办结",
    Status.WITHDRAWN: "已撤销",
}
OPEN = tuple(status for status in Status if status not in (Status.CLOSED, Status.WITHDRAWN))


@dataclass(frozen=True)
class Move:
    """One permitted change: `owner` moves are the citizen's own, the others the desk's."""

    action: str
    before: Status
    after: Status
    owner: bool = False
    needs_reason: bool = False


MOVES = (
    Move("accept", Status.PENDING, Status.ACCEPTED),
    Move("start", Status.ACCEPTED, Status.IN_PROGRESS),
    Move("ask_more", Status.ACCEPTED, Status.NEEDS_MORE, needs_reason=True),
    Move("ask_more", Status.IN_PROGRESS, Status.NEEDS_MORE, needs_reason=True),
    Move("resume", Status.NEEDS_MORE, Status.IN_PROGRESS),
    Move("answer", Status.ACCEPTED, Status.ANSWERED, needs_reason=True),
    Move("answer", Status.IN_PROGRESS, Status.ANSWERED, needs_reason=True),
    Move("close", Status.ANSWERED, Status.CLOSED, needs_reason=True),
    Move("reopen", Status.ANSWERED, Status.IN_PROGRESS, needs_reason=True),
    Move("reopen", Status.CLOSED, Status.IN_PROGRESS, needs_reason=True),
    Move("confirm", Status.ANSWERED, Status.CLOSED, owner=True),
    Move("reopen", Status.ANSWERED, Status.IN_PROGRESS, owner=True),
    Move("reopen", Status.CLOSED, Status.IN_PROGRESS, owner=True),
    Move("reopen", Status.WITHDRAWN, Status.PENDING, owner=True),
    *(Move("withdraw", status, Status.WITHDRAWN, owner=True) for status in OPEN),
)


def moves_from(status: Status, *, by: str) -> tuple[Move, ...]:
    """Every move that this person may make now."""
    return tuple(move for move in MOVES if move.before == status and move.owner == (by == CITIZEN))


def check_move(before: Status, after: Status, *, by: str, reason: str = "") -> Move:
    """The move from `before` to `after`; raises MoveRefused, which says in words what the rules forbid."""
    possible = moves_from(before, by=by)
    found = [move for move in possible if move.after == after]
    if not found:
        ways = "、".join(f"「{move.after.words}」" for move in possible)
        rest = f"现在可以改为{ways}" if ways else "这一步之后不能再改"
        raise MoveRefused(f"工单现在是「{before.words}」，不能改为「{after.words}」；{rest}。")
    if found[0].needs_reason and not reason.strip():
        raise MoveRefused(f"改为「{after.words}」要写明理由。")
    return found[0]


def check_open(status: Status) -> None:
    """Raises MoveRefused where nobody works on the ticket any more."""
    if status not in OPEN:
        raise MoveRefused(f"工单已经是「{status.words}」，如果还有问题，可以先重新打开。")
