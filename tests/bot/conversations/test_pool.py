from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from base.answer import Answer, Outcome, text
from base.audit import AuditRow
from base.clock import now
from base.errors import BadRequest, QuestionNotFound
from base.message import Message
from bot.conversations import pool, store
from bot.conversations.models import Conversation, Gap, State, Turn, UnansweredQuestion
from bot.conversations.turns import Reply, record
from bot.conversations.vault import Cipher

NOW = now()
NOT_COVERED = Answer(Outcome.NOT_COVERED, (text("没有资料"),))
PASSED_ON = Answer(Outcome.HANDOFF, (text("由当地认定"),), service="talent-subsidy", region="320402")
ANSWERED = Answer(Outcome.ANSWER, (text("20元"),))


def menu(*items):
    return Answer(Outcome.CLARIFY, (text("哪一件？"),), choices=(*items, "都不是"), candidates=items)


def understood(intent, *links):
    services = [{"id": id, "confidence": likely, "reason": "说法相近"} for id, likely in links]
    return {"intent": intent, "probability": 0.9, "services": services}


@pytest.fixture
def ask(session):
    """Ask in a new conversation or an old one; the turn comes back."""
    ids = iter(range(1000))

    def ask(words, answer, intent="ask_how_to", *links, gap=None, conversation=None, channel="web", at=NOW, **more):
        conversation = conversation or store.open_conversation(session, channel, at=at).id
        store.receive(session, Message(conversation, str(next(ids)), words, channel), at=at)
        inbound = store.claim_next(session, conversation, at=at)
        reply = Reply(answer, intent, 0.9, understood=understood(intent, *links), gap=gap, **more)
        return record(session, inbound, reply, cipher=Cipher("s" * 32), at=at, ms=1, knowledge_version=1)

    return ask


def questions(session):
    return session.scalars(select(UnansweredQuestion)).all()


def test_a_question_that_is_not_covered_is_kept_with_all_that_an_editor_needs(session, ask):
    turn = ask("养蛇要什么手续", NOT_COVERED, "not_covered", ("pet-licence", 0.4), ("hunting", 0.2))
    (row,) = questions(session)
    assert (row.text, row.times, row.gap, row.service) == ("养蛇要什么手续", 1, Gap.NOT_COVERED, "pet-licence")
    assert (row.first_asked_at, row.last_asked_at, row.channels, row.is_open) == (NOW, NOW, ["web"], True)
    assert turn.unanswered_id == row.id


def test_the_same_question_is_one_row_that_counts(session, ask):
    ask("养蛇要什么手续", NOT_COVERED)
    later = NOW + timedelta(hours=1)
    ask("请问 养蛇要什麼手續？？", NOT_COVERED, channel="terminal", at=later)
    ask("养鳄鱼要什么手续", NOT_COVERED)
    rows = pool.list_questions(session, is_open=True)
    assert [(row.text, row.times) for row in rows] == [("养蛇要什么手续", 2), ("养鳄鱼要什么手续", 1)]
    assert (rows[0].first_asked_at, rows[0].last_asked_at) == (NOW, later)
    assert rows[0].channels == ["terminal", "web"]


def test_whose_number_it_is_makes_no_other_question_and_no_number_is_kept(session, ask):
    ask("能查〔身份证号1〕的档案吗", NOT_COVERED)
    ask("能查〔身份证号3〕的档案吗", NOT_COVERED)
    (row,) = questions(session)
    assert (row.text, row.times) == ("能查〔身份证号1〕的档案吗", 2)


def test_what_no_guide_decides_is_kept_with_its_item_and_place(session, ask):
    ask("我这种情况能领吗", PASSED_ON, "ask_ruling", ("other", 0.9), gap=Gap.UNDECIDED)
    (row,) = questions(session)
    assert (row.gap, row.service, row.region) == (Gap.UNDECIDED, "talent-subsidy", "320402")


def test_a_refused_menu_counts_the_question_that_brought_it(session, ask, conversation):
    ask("先问问别的", menu("c"), conversation=conversation)
    ask("弄个那个证", menu("a", "b"), "ask_how_to", ("a", 0.4), ("z", 0.2), conversation=conversation)
    ask("要多少钱", menu("a", "b"), "ask_fee", conversation=conversation)
    turn = ask("都不是", NOT_COVERED, "deny", gap=Gap.NONE_FITS, conversation=conversation)
    (row,) = questions(session)
    assert (row.text, row.times, row.gap, row.service) == ("弄个那个证", 1, Gap.NONE_FITS, "z")
    assert turn.unanswered_id == row.id


@pytest.mark.parametrize(
    ("words", "answer", "intent", "more"),
    [
        ("多少钱", ANSWERED, "ask_fee", {}),
        ("我要找人工", Answer(Outcome.HANDOFF, (text("12345"),)), "ask_human", {}),
        ("着火了", Answer(Outcome.EMERGENCY, (text("119"),)), "emergency", {}),
        ("今天天气真好", Answer(Outcome.SMALLTALK, (text("是呀"),)), "chitchat", {}),
        ("好的好的那我就知道了明天再说吧", NOT_COVERED, "affirm", {}),
        ("？！3", NOT_COVERED, "nlu_fallback", {}),
        ("〔手机号1〕", NOT_COVERED, "nlu_fallback", {}),
        ("都不是", NOT_COVERED, "deny", {"gap": Gap.NONE_FITS}),  # with no menu before it
        ("养蛇要什么手续", NOT_COVERED, None, {"failed": True}),
    ],
)
def test_what_is_answered_or_no_question_is_not_kept(session, ask, words, answer, intent, more):
    assert ask(words, answer, intent, **more).unanswered_id is None
    assert questions(session) == []


def test_a_repeat_of_one_message_counts_once(session, conversation):
    inbound = store.receive(session, Message(conversation, "1", "养蛇要什么手续", "web"), at=NOW)
    store.claim_next(session, conversation, at=NOW)
    more = {"cipher": Cipher("s" * 32), "at": NOW, "ms": 1, "knowledge_version": 1}
    assert record(session, inbound, Reply(NOT_COVERED), **more)
    assert record(session, inbound, Reply(NOT_COVERED), **more) is None
    assert inbound.state is State.ANSWERED
    assert [row.times for row in questions(session)] == [1]


def test_the_pool_outlives_the_conversation(session, ask):
    turn = ask("养蛇要什么手续", NOT_COVERED)
    (row,) = questions(session)
    assert pool.latest_turns(session, row, 5) == [turn]
    session.execute(delete(Conversation))
    session.expire_all()
    assert session.scalars(select(Turn)).all() == []
    assert [row.times for row in questions(session)] == [1]


def test_a_closed_question_keeps_its_note_and_opens_when_it_is_asked_again(session, ask):
    ask("养蛇要什么手续", NOT_COVERED)
    (row,) = questions(session)
    pool.close(session, row.id, note="不属本市，见 13812345678", by="editor", at=NOW)
    assert (row.is_open, row.closed_by, row.note) == (False, "editor", "不属本市，见 138****5678")
    assert pool.count_open(session) == 0
    assert pool.list_questions(session, is_open=False) == [row]
    with pytest.raises(BadRequest, match="editor 已经处理过"):
        pool.close(session, row.id, note="已加别名", by="other", at=NOW)
    ask("养蛇要什么手续", NOT_COVERED)
    assert (row.is_open, row.closed_at, row.times, row.note) == (True, None, 2, "不属本市，见 138****5678")
    session.flush()
    acts = [(one.actor, one.action, one.subject) for one in session.scalars(select(AuditRow))]
    subject = f"question:{row.id}"
    assert acts == [("editor", "close_question", subject), ("system", "reopen_question", subject)]


def test_words_are_searched_for_as_they_stand(session, ask):
    ask("养蛇要什么手续", NOT_COVERED)
    ask("OFO押金100%能退吗", NOT_COVERED)

    def found(words):
        return [row.text for row in pool.list_questions(session, is_open=True, words=words)]

    assert found("蛇") == ["养蛇要什么手续"]
    assert found("ofo") == found("0%") == ["OFO押金100%能退吗"]
    assert found("_") == []


def test_a_question_that_does_not_exist_is_said_so(session):
    with pytest.raises(QuestionNotFound):
        pool.find_question(session, 7)
