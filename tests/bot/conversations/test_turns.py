from dataclasses import replace

from base.answer import Answer, Outcome, text
from base.clock import now
from base.message import Message
from bot.conversations import store
from bot.conversations.models import State
from bot.conversations.turns import Reply, answer_of
from bot.conversations.turns import record as record_turn
from bot.conversations.vault import Cipher

NOW = now()
ANSWER = Answer(Outcome.ANSWER, (text("工本费20元。"),), aspects=("fee",), service="id-card-reissue", region="320402")


CIPHER = Cipher("s" * 32)


def record(session, inbound, reply, *, ms=1):
    return record_turn(session, inbound, reply, cipher=CIPHER, at=NOW, ms=ms, knowledge_version=1)


def claimed(session, conversation, id="1", *, at=NOW):
    store.receive(session, Message(conversation, id, "多少钱", "web"), at=at)
    inbound = store.claim_next(session, conversation, at=at)
    session.expunge(inbound)  # a worker holds it between two transactions
    return inbound


def test_a_turn_holds_the_question_the_reply_and_what_it_was_about(session, conversation):
    inbound = claimed(session, conversation)
    reply = Reply(ANSWER, intent="ask_fee", confidence=0.93)
    turn = record(session, inbound, reply, ms=42)
    assert (turn.question, turn.outcome, turn.service, turn.aspects) == (
        "多少钱",
        Outcome.ANSWER,
        "id-card-reissue",
        ["fee"],
    )
    assert (turn.intent, turn.confidence, turn.ms, turn.channel) == ("ask_fee", 0.93, 42, "web")
    assert Answer.from_json(turn.answer) == ANSWER
    assert store.turn_of(session, inbound.id) is turn
    assert turn.inbound.state == State.ANSWERED


def test_a_tickets_secret_is_sealed_in_the_record_and_opened_for_its_owner(session, conversation):
    block = {"type": "ticket", "number": "BS-20261121-0007", "secret": "3QH6-SCS5", "status": "待受理", "url": "/t"}
    filed = Answer(Outcome.TICKET, (text("已经登记。"), block), ticket="BS-20261121-0007")
    turn = record(session, claimed(session, conversation), Reply(filed))
    assert "3QH6" not in str(turn.answer)
    assert answer_of(turn, CIPHER) == filed
    shown = replace(filed, blocks=({**block, "secret": None},))
    assert answer_of(record(session, claimed(session, conversation, "2"), Reply(shown)), CIPHER) == shown


def test_the_conversation_remembers_the_place_that_was_spoken_of(session, conversation):
    record(session, claimed(session, conversation), Reply(ANSWER))
    placeless = Reply(Answer(Outcome.SMALLTALK, (text("您好"),)))
    record(session, claimed(session, conversation, "2"), placeless)
    assert store.open_conversation(session, "web", at=NOW).region is None
    assert session.get(store.Conversation, conversation).region == "320402"


def test_a_reply_without_the_assistant_is_marked_as_failed(session, conversation):
    inbound = claimed(session, conversation)
    turn = record(session, inbound, Reply(ANSWER, failed=True))
    assert turn.inbound.state == State.FAILED


def test_a_worker_that_was_overtaken_writes_nothing(session, conversation):
    slow = claimed(session, conversation)
    quick = store.claim_next(session, conversation, at=NOW + store.STALE)
    session.expunge(quick)
    assert record(session, slow, Reply(ANSWER)) is None
    assert record(session, quick, Reply(ANSWER))
    assert record(session, quick, Reply(ANSWER)) is None


def test_turns_come_back_in_order_and_only_the_newest(session, conversation):
    turns = [record(session, claimed(session, conversation, str(n)), Reply(ANSWER)) for n in range(5)]
    assert store.turns_after(session, conversation, 0, most=100) == turns
    assert store.turns_after(session, conversation, turns[1].id, most=2) == turns[3:]
    assert store.turns_after(session, conversation, turns[4].id, most=2) == []
