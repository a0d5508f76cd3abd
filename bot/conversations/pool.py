"""The pool of unanswered questions: counted with the turn that left them open, closed by an editor.

Whoever opens the session commits. Nothing here points to a conversation, so none of it has to go when those do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from base import audit
from base.answer import Outcome
from base.errors import BadRequest, QuestionNotFound
from base.privacy import TOKEN, mask_text
from bot.conversations.models import Conversation, Gap, Turn, UnansweredQuestion
from knowledge.linking.cleaning import clean

LIKELY = 0.1  # a linked service less likely than this is no hint to an editor
LEAST_OF_QUESTION = 2  # letters or characters
MOST_MENUS = 8  # one menu is offered again at most so often that its question is still found
# Said within a talk or to be polite: where that found no answer, nothing was asked.
NO_QUESTION = frozenset(
    ["affirm", "deny", "cancel", "go_back", "greet", "thank", "goodbye", "chitchat", "ask_who_are_you"]
)


def take_in(session: Session, turn: Turn, gap: Gap | None) -> None:
    """Count the question that this new turn leaves open, if it does; one that was closed is open again.

    Without a `gap` the outcome decides. Call it once for a turn, in the transaction that stores it.
    """
    gap = gap or (Gap.NOT_COVERED if turn.outcome is Outcome.NOT_COVERED else None)
    asked = _behind_the_menu(session, turn) if gap is Gap.NONE_FITS else turn
    if gap is None or asked is None or asked.intent in NO_QUESTION or not is_question(asked.question):
        return
    row = _locked_row(session, asked.question, gap, turn.at)
    row.times += 1
    row.last_asked_at, row.gap, row.service = turn.at, gap, _likeliest(asked)
    row.channels = sorted({*row.channels, turn.channel})
    row.region = session.get_one(Conversation, turn.conversation_id).region or row.region
    if not row.is_open:
        row.is_open, row.closed_at = True, None
        audit.record(session, at=turn.at, actor="system", action="reopen_question", subject=f"question:{row.id}")
    turn.unanswered_id = row.id
    session.flush()


def is_question(text: str) -> bool:
    """Whether the words say anything beside numbers and marks."""
    return sum(one.isalpha() for one in TOKEN.sub("", text)) >= LEAST_OF_QUESTION


def key_of(text: str) -> str:
    """The same for texts that differ only in marks, blanks, polite words, or whose number stands in them."""
    plain = TOKEN.sub(lambda match: match.group().strip("〔〕0123456789"), text)
    return hashlib.sha256(re.sub(r"[\W_]+", "", clean(plain)).casefold().encode()).hexdigest()


def find_question(session: Session, number: int) -> UnansweredQuestion:
    question = session.get(UnansweredQuestion, number)
    if question is None:
        raise QuestionNotFound(f"没有编号为 {number} 的问题")
    return question


def list_questions(
    session: Session, *, is_open: bool, words: str = "", skip: int = 0, most: int = 50
) -> Sequence[UnansweredQuestion]:
    """The open or the closed ones whose text holds `words`, most asked first."""
    row = UnansweredQuestion
    query = select(row).where(row.is_open == is_open)
    if words:
        query = query.where(row.text.icontains(words, autoescape=True))
    query = query.order_by(row.times.desc(), row.last_asked_at.desc(), row.id)
    return session.scalars(query.offset(skip).limit(most)).all()


def count_open(session: Session) -> int:
    query = select(func.count()).select_from(UnansweredQuestion).where(UnansweredQuestion.is_open)
    return session.scalar(query) or 0


def latest_turns(session: Session, question: UnansweredQuestion, most: int) -> Sequence[Turn]:
    """The newest turns that are still kept and left this question open."""
    query = select(Turn).where(Turn.unanswered_id == question.id)
    return session.scalars(query.order_by(Turn.id.desc()).limit(most)).all()


def close(session: Session, number: int, *, note: str, by: str, at: datetime) -> None:
    """Note what came of a question; raises BadRequest when somebody else has done so already."""
    question = find_question(session, number)
    session.refresh(question, with_for_update=True)
    if not question.is_open:
        raise BadRequest("note", f"{question.closed_by} 已经处理过这个问题：{question.note}")
    question.is_open, question.closed_at, question.closed_by, question.note = False, at, by, mask_text(note)
    audit.record(session, at=at, actor=by, action="close_question", subject=f"question:{number}", note=question.note)


def _locked_row(session: Session, text: str, gap: Gap, at: datetime) -> UnansweredQuestion:
    """The question's row, new or not; nobody else counts or closes it until the commit."""
    key = key_of(text)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = {"key": key, "text": text, "times": 0, "channels": [], "gap": gap, "is_open": True, "note": ""}
    session.execute(
        insert(UnansweredQuestion)
        .values(**new, first_asked_at=at, last_asked_at=at)
        .on_conflict_do_nothing(index_elements=["key"])
    )
    query = select(UnansweredQuestion).where(UnansweredQuestion.key == key).with_for_update()
    return session.scalars(query).one()


def _behind_the_menu(session: Session, turn: Turn) -> Turn | None:
    """The turn whose question first brought the menu that this one refuses."""
    query = select(Turn).where(Turn.conversation_id == turn.conversation_id, Turn.id < turn.id)
    first = None
    for earlier in session.scalars(query.order_by(Turn.id.desc()).limit(MOST_MENUS)):
        if not earlier.candidates or (first is not None and earlier.candidates != first.candidates):
            break
        first = earlier
    return first


def _likeliest(asked: Turn) -> str | None:
    """The service that was answered about, else the likeliest one that was not offered in vain."""
    links = (asked.understood or {}).get("services", ())
    likely = (one["id"] for one in links if one["confidence"] >= LIKELY and one["id"] not in asked.candidates)
    return asked.service or next(likely, None)
