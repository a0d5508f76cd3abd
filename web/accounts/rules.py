"""Who may do what, and when a sign-in has to wait. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum

from base.errors import BadRequest, NotAllowed


class Role(str, Enum):
    """What a person is at a unit; WORDS holds what staff read."""

    WINDOW = "window"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"


ROLE_WORDS: Mapping[str, str] = {
    Role.WINDOW.value: "窗口人员",
    Role.DESK.value: "工单专员",
    Role.SUPERVISOR.value: "督办主管",
    Role.EDITOR.value: "事项编辑",
    Role.APPROVER.value: "事项审核",
    Role.AUDITOR.value: "审计员",
    Role.ADMIN.value: "系统管理员",
}

UNIT_KINDS: Mapping[str, str] = {
    "bureau": "主管部门",
    "hall": "政务服务中心",
    "branch": "部门分厅",
    "community": "便民服务站",
}


class Act(str, Enum):
    """What a console page lets a person do."""

    LOOK_UP = "look_up"
    READ_NOTICES = "read_notices"
    ISSUE_NOTICES = "issue_notices"
    WITHDRAW_NOTICES = "withdraw_notices"
    READ_FIGURES = "read_figures"
    READ_TICKETS = "read_tickets"
    READ_QUESTIONS = "read_questions"
    CLOSE_QUESTIONS = "close_questions"
    SEE_STAFF = "see_staff"
    MANAGE_STAFF = "manage_staff"


# The administrator gives access and does not read citizens' cases with it.
ALLOWED: Mapping[Act, frozenset[Role]] = {
    Act.LOOK_UP: frozenset(Role),
    Act.READ_NOTICES: frozenset({Role.WINDOW, Role.DESK, Role.SUPERVISOR, Role.AUDITOR}),
    Act.ISSUE_NOTICES: frozenset({Role.WINDOW, Role.DESK, Role.SUPERVISOR}),
    Act.WITHDRAW_NOTICES: frozenset({Role.SUPERVISOR}),  # other people's; one's own needs ISSUE_NOTICES alone
    Act.READ_FIGURES: frozenset(Role) - {Role.ADMIN},
    Act.READ_TICKETS: frozenset({Role.WINDOW, Role.DESK, Role.SUPERVISOR, Role.AUDITOR}),
    Act.READ_QUESTIONS: frozenset({Role.EDITOR, Role.APPROVER, Role.AUDITOR}),
    Act.CLOSE_QUESTIONS: frozenset({Role.EDITOR}),
    Act.SEE_STAFF: frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN}),
    Act.MANAGE_STAFF: frozenset({Role.ADMIN}),
}

Grant = tuple[Role, int]
"""A role and the unit that it was given on."""

Parents = Mapping[int, "int | None"]
"""Every unit's id with its parent's."""


def may(grants: Iterable[Grant], act: Act) -> bool:
    """Whether any of the grants allows the act somewhere."""
    return any(role in ALLOWED[act] for role, _ in grants)


def reach(grants: Iterable[Grant], act: Act, parents: Parents) -> frozenset[int]:
    """The units on which the grants allow the act: those named by a grant and everything below them."""
    tops = {unit for role, unit in grants if role in ALLOWED[act]}
    return frozenset(unit for unit in parents if tops.intersection(_upwards(unit, parents)))


def _upwards(unit: int, parents: Parents) -> Iterable[int]:
    above: int | None = unit
    while above is not None:
        yield above
        above = parents[above]


def check_may_manage(manager: Iterable[Grant], *, units: Iterable[int], parents: Parents) -> None:
    """Raise `NotAllowed` unless the manager's reach holds all `units`: a person's own and their grants'.

    Otherwise a branch's administrator could reset the password of somebody with more power who sits there.
    """
    if not reach(manager, Act.MANAGE_STAFF, parents).issuperset(units):
        raise NotAllowed("此人所在单位或其角色超出您的管理范围")


def check_administrator_remains(administrators: frozenset[int], *, without: int) -> None:
    """Raise `BadRequest` when `without` is the only one of those who administer the whole house."""
    if administrators == {without}:
        raise BadRequest("role", "这是最后一名全局系统管理员，请先指定另一名，再停用或撤销")


MOST_FAILURES_PER_LOGIN = 5
# A whole hall may stand behind one address: enough for honest slips, too few for guessing.
MOST_FAILURES_PER_ADDRESS = 30
FAILURES_COUNT_FOR = timedelta(minutes=15)


def must_wait(*, of_login: int, of_address: int) -> bool:
    """Whether a sign-in is refused unread, given the failures of the last FAILURES_COUNT_FOR."""
    return of_login >= MOST_FAILURES_PER_LOGIN or of_address >= MOST_FAILURES_PER_ADDRESS


# A counter is left for minutes, not for half an hour, while somebody else's case is on the screen;
# 12 hours are longer than any shift, so that nobody works on yesterday's sign-in.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


def is_live(*, last_seen: datetime, expires: datetime, at: datetime) -> bool:
    """Whether a session still holds."""
    return at < expires and at - last_seen < IDLE


def plain_login(typed: str) -> str:
    return typed.strip().lower()


def is_login(login: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9._-]{1,39}", login) is not None


def checked_login(login: str) -> str:
    """The login in its one form: 2 to 40 of a-z, 0-9, dot, hyphen and underscore, a letter first."""
    login = plain_login(login)
    if not is_login(login):
        raise BadRequest("login", "登录名须为 2 至 40 位字母、数字、点或短横线，并以字母开头")
    return login


def checked_words(field: str, words: str, *, most: int, needed: bool = True) -> str:
    """`words` on one line without blanks around them."""
    words = " ".join(words.split())
    if needed and not words:
        raise BadRequest(field, "请填写")
    if len(words) > most or not words.isprintable():
        raise BadRequest(field, f"最多 {most} 个字，不能含控制字符")
    return words
