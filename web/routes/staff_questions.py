"""未答问题: what people asked and no guide answered, and the talks in which they did, with the reasons for each reply."""

from __future__ import annotations

from heapq import merge
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from base import audit
from base.answer import Outcome
from base.clock import now
from base.errors import BadRequest, QuestionNotFound
from bot.conversations import pool, store
from bot.conversations.models import Gap
from bot.conversations.pushes import pushes_between
from bot.conversations.turns import answer_for_staff
from knowledge.store import Knowledge
from web.accounts.door import StaffRoute, Visitor, allowed, check_csrf, database_of, house_of, page
from web.accounts.rules import Act, checked_words
from web.intents import INTENT_WORDS

QUESTIONS = "/staff/questions"
ON_A_PAGE = 50
LONGEST_QUERY = 100
LONGEST_NOTE = 200
MOST_ASKINGS = 10  # talks that a question's page leads to, newest first
AROUND = 30  # turns that are shown before the one with the question, and after it
GAP_WORDS = {Gap.NOT_COVERED: "没有收录", Gap.UNDECIDED: "指南定不了", Gap.NONE_FITS: "选项都不是"}
CHANNEL_WORDS = {"web": "网页", "terminal": "终端"}
OUTCOME_WORDS = {
    Outcome.ANSWER: "已答",
    Outcome.SITUATION: "追问情形",
    Outcome.CLARIFY: "追问事项",
    Outcome.TICKET: "工单",
    Outcome.HANDOFF: "转人工",
    Outcome.NOT_COVERED: "没有收录",
    Outcome.EMERGENCY: "紧急",
    Outcome.SMALLTALK: "寒暄",
}
Reader = Annotated[Visitor, Depends(allowed(Act.READ_QUESTIONS))]
Closer = Annotated[Visitor, Depends(allowed(Act.CLOSE_QUESTIONS))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

router = APIRouter(prefix=QUESTIONS, route_class=StaffRoute, dependencies=[Depends(check_csrf)])


@router.get("")
def list_questions(
    request: Request,
    visitor: Reader,
    q: str = "",
    closed: bool = False,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> Response:
    house, words = house_of(request), q.strip()[:LONGEST_QUERY]
    with house.database.reading() as session:
        knowledge = house.knowledge.current(session)
        skip, most = (number - 1) * ON_A_PAGE, ON_A_PAGE + 1
        found = pool.list_questions(session, is_open=not closed, words=words, skip=skip, most=most)
    return page(
        request,
        "questions",
        visitor,
        questions=found[:ON_A_PAGE],
        closed=closed,
        query=words,
        number=number,
        more=len(found) > ON_A_PAGE,
        services=_service_names(knowledge),
        gaps=GAP_WORDS,
        channels=CHANNEL_WORDS,
    )


@router.get("/{number}")
def show_question(request: Request, visitor: Reader, number: Number) -> Response:
    return _question_page(request, visitor, number)


@router.post("/{number}/close")
def do_close(request: Request, visitor: Closer, number: Number, note: Annotated[str, Form()] = "") -> Response:
    try:
        words = checked_words("note", note, most=LONGEST_NOTE)
        with database_of(request).writing() as session:
            pool.close(session, number, note=words, by=visitor.staff.login, at=now())
    except BadRequest as error:
        return _question_page(request, visitor, number, note, error, 422)
    return RedirectResponse(f"{QUESTIONS}/{number}", 303)


@router.get("/{number}/talks/{turn_id}")
def show_talk(request: Request, visitor: Reader, number: Number, turn_id: Number) -> Response:
    """The talk in which the question stayed open; words of people may be personal, so who read them is written down."""
    house = house_of(request)
    with house.database.reading() as session:
        knowledge = house.knowledge.current(session)
    with house.database.writing() as session:
        turn = store.find_turn(session, turn_id)
        if turn is None or turn.unanswered_id != number:
            raise QuestionNotFound("这次对话已不再保存")
        turns = store.turns_around(session, turn, most=AROUND)
        before, after = turns.index(turn), len(turns) - 1 - turns.index(turn)
        until = turns[-1].at if after == AROUND else None
        told = pushes_between(session, turn.conversation_id, turns[0].at, until)
        audit.record(
            session, at=now(), actor=visitor.staff.login, action="read_conversation", subject=f"turn:{turn_id}"
        )
    return page(
        request,
        "talk",
        visitor,
        number=number,
        asked=turn,
        entries=[(one, answer_for_staff(one).text) for one in merge(turns, told, key=lambda one: one.at)],
        around=AROUND,
        cut=AROUND in (before, after),
        intents=INTENT_WORDS,
        outcomes=OUTCOME_WORDS,
        services=_service_names(knowledge),
        channels=CHANNEL_WORDS,
    )


def _question_page(
    request: Request, visitor: Visitor, number: int, note: str = "", error: BadRequest | None = None, status: int = 200
) -> Response:
    house = house_of(request)
    with house.database.reading() as session:
        knowledge = house.knowledge.current(session)
        question = pool.find_question(session, number)
        turns = pool.latest_turns(session, question, MOST_ASKINGS)
    return page(
        request,
        "question",
        visitor,
        status,
        question=question,
        turns=turns,
        service=_service_names(knowledge).get(question.service or ""),
        region=knowledge.region_words(question.region or ""),
        gap=GAP_WORDS[question.gap],
        channels=CHANNEL_WORDS,
        longest=LONGEST_NOTE,
        note=note,
        error=error,
    )


def _service_names(knowledge: Knowledge) -> dict[str, str]:
    return {service.id: service.name for service in knowledge.services(now().date())}
