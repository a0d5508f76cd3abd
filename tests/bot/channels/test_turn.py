import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import inspect, select
from sqlalchemy import text as sql

from base.answer import Answer, Outcome, text
from base.clock import now
from base.errors import AssistantDown
from base.message import Message
from bot.channels.turn import MOST_READ, answer_open, clean, handle, receive
from bot.conversations import store
from bot.conversations.models import State, Turn
from bot.conversations.vault import Cipher
from knowledge.notices import visits
from knowledge.notices.notice import PersonCase
from knowledge.notices.store import Wanted, find, issue
from tests.houses import carrying, echo

PHONE, ID_NUMBER, CARD = "13812345678", "11010519491231002X", "6222021234567890128"


@pytest.fixture
def conversation(house):
    with house.database.writing() as session:
        return store.open_conversation(session, "web", at=now()).id


@pytest.fixture
def ask(house, conversation):
    ids = iter(range(1, 1000))

    def ask(words, id=None, **more):
        turn = handle(house, Message(conversation, id or str(next(ids)), words, "web"), **more)
        return Answer.from_json(turn.answer)

    return ask


def turns(house):
    with house.database.reading() as session:
        return session.scalars(select(Turn).order_by(Turn.id)).all()


def test_a_message_gets_the_assistants_answer_and_a_turn(house, rasa, ask):
    answer = Answer(Outcome.ANSWER, (text("20元"),), aspects=("fee",), service="id-card-reissue-lost", region="320402")
    rasa.say = lambda *_: carrying(answer, "ask_fee", 0.8)
    assert ask("多少钱") == answer
    [turn] = turns(house)
    assert (turn.question, turn.intent, turn.confidence, turn.region) == ("多少钱", "ask_fee", 0.8, "320402")
    assert turn.knowledge_version == 1
    assert turn.ms >= 0


@pytest.fixture
def visited(house, conversation):
    """A notice of this conversation, whose holder was asked how the visit went."""
    with house.database.writing() as session:
        knowledge = house.knowledge.current(session)
        service = knowledge.find("passport-endorsement", now().date()).service
        case = PersonCase(service.id, {one.id: next(iter(one.options)) for one in service.situations})
        wanted = Wanted((case,), channel="chat", conversation=conversation)
        notice = issue(session, knowledge, wanted, at=now())
        visits.mark_asked(notice, now())
    return notice.code


def visit_of(house, code):
    with house.database.reading() as session:
        notice = find(session, code)
        return notice.visit, notice.visit_reason


def test_a_visit_of_one_trip_is_told_with_one_tap(house, rasa, ask, visited):
    assert "谢谢" in ask("一趟办成了").text
    assert (visit_of(house, visited), rasa.heard) == (("one_trip", None), [])
    ask("一趟办成了")
    assert [words for _, words in rasa.heard] == ["一趟办成了"]


def test_a_wasted_trip_is_told_with_two_taps(house, rasa, ask, visited):
    answer = ask("没办成。")
    assert answer.choices == tuple(visits.REASONS.values())
    assert "谢谢" in ask("去错了地方").text
    assert (visit_of(house, visited), rasa.heard) == (("not_done", "wrong_place"), [])


def test_a_counter_that_asked_for_more_is_counted_and_goes_on_to_be_filed(house, rasa, ask, visited):
    ask("跑了不止一趟")
    ask("窗口要的和清单不一样")
    assert visit_of(house, visited) == ("more_trips", "beyond_notice")
    assert [words for _, words in rasa.heard] == ["窗口要的和清单不一样"]


@pytest.mark.parametrize("words", ["身份证丢了怎么补", "我跑了两趟都没办成", "去错了地方", "1"])
def test_what_is_no_answer_to_the_visit_goes_on_as_always(house, rasa, ask, visited, words):
    ask(words)
    assert [said for _, said in rasa.heard] == [words]
    assert visit_of(house, visited) == (None, None)


def test_a_visit_that_nobody_asked_about_goes_on_as_always(rasa, ask):
    ask("一趟办成了")
    assert len(rasa.heard) == 1


@pytest.mark.parametrize("words", ["家里着火了", "说来话长。" * MOST_READ + "我不想活了"])
def test_danger_waits_for_no_model(house, rasa, ask, words):
    assert ask(words).outcome is Outcome.EMERGENCY
    assert rasa.heard == []
    assert turns(house)[0].intent == "emergency"


def test_a_repeated_id_is_answered_from_the_record(house, rasa, ask):
    assert ask("多少钱", "a") == ask("多少钱", "a") == ask("别的话", "a")
    assert [message for _, message in rasa.heard] == ["多少钱"]
    assert len(turns(house)) == 1


def test_repeats_at_the_same_moment_are_one_question(house, rasa, ask):
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: ask("多少钱", "a").text, range(8)))
    assert len(set(replies)) == 1
    assert len(rasa.heard) == len(turns(house)) == 1


def test_a_burst_is_answered_in_order_and_one_at_a_time(house, rasa, conversation):
    at_work, most = [], []

    def say(sender, message):
        at_work.append(message)
        most.append(len(at_work))
        at_work.remove(message)
        return echo(sender, message)

    rasa.say = say
    for number in range(10):
        receive(house, Message(conversation, str(number), f"问题{number}", "web"))
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(answer_open, house, conversation) for _ in range(8)]:
            done.result()
    assert [message for _, message in rasa.heard] == [f"问题{number}" for number in range(10)]
    assert max(most) == 1
    assert [turn.question for turn in turns(house)] == [f"问题{number}" for number in range(10)]


def test_a_process_that_ends_leaves_the_rest_in_the_store(house, rasa, conversation):
    for number in range(3):
        receive(house, Message(conversation, str(number), f"问题{number}", "web"))
    answer_open(house, conversation, is_over=lambda: True)
    assert [message for _, message in rasa.heard] == ["问题0"]
    answer_open(house, conversation)
    assert [message for _, message in rasa.heard] == ["问题0", "问题1", "问题2"]


def test_the_assistant_sees_tokens_and_the_person_masked_numbers(rasa, ask):
    reply = ask(f"我的电话{PHONE}，身份证{ID_NUMBER}")
    assert rasa.heard[0][1] == "我的电话〔手机号1〕，身份证〔身份证号1〕"
    assert reply.text == "您说：我的电话138****5678，身份证110***********002X"
    assert ask(f"还是{PHONE}，另有13987654321").text == "您说：还是138****5678，另有139****4321"
    assert rasa.heard[1][1] == "还是〔手机号1〕，另有〔手机号2〕"


def test_numbers_stand_nowhere_in_the_store_or_the_log(house, ask, rasa, caplog):
    caplog.set_level(logging.DEBUG)
    ask(f"电话{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}，证号{ID_NUMBER}，卡号{CARD}")
    rasa.status = 500
    ask(f"电话{PHONE}证号{ID_NUMBER}卡号{CARD}怎么办")
    rows = []
    with house.database.reading() as session:
        for table in inspect(house.database.engine).get_table_names():
            if not table.startswith("knowledge"):
                rows += [str(row) for row in session.execute(sql(f'SELECT * FROM "{table}"'))]
    everything = "\n".join([*rows, caplog.text, str(rasa.heard)])
    assert "〔手机号1〕" in everything
    for number in (PHONE, ID_NUMBER, CARD, PHONE[3:], ID_NUMBER[6:14]):
        assert number not in everything


@pytest.mark.parametrize("words", ["", "   ", "\n\t", "？？？", "😀🎉", "👨‍👩‍👧", "\x00\x07", "\u200b\u200d", "\ud83d"])
def test_nothing_said_is_answered_kindly_without_the_assistant(rasa, ask, words):
    answer = ask(words)
    assert answer.outcome is Outcome.SMALLTALK
    assert "没看到文字" in answer.text
    assert rasa.heard == []


@pytest.mark.parametrize("words", [PHONE, f" {ID_NUMBER}。", f"{PHONE}\n{CARD}", "苏A12345"])
def test_a_bare_number_is_not_passed_on(house, rasa, ask, words):
    answer = ask(words)
    assert "不需要这些号码" in answer.text
    assert rasa.heard == []
    assert turns(house)[0].question.count("〔") >= 1


def test_a_bare_number_is_an_answer_while_a_ticket_is_filed(rasa, ask):
    rasa.say = lambda *_: carrying(Answer(Outcome.TICKET, (text("方便留个电话吗？"),)))
    ask("我要反映问题")
    ask(PHONE)
    assert rasa.heard[1][1] == "〔手机号1〕"


def test_a_question_in_between_does_not_turn_the_number_away(rasa, ask):
    replies = iter([Answer(Outcome.TICKET, (text("方便留个电话吗？"),)), Answer(Outcome.ANSWER, (text("40元"),))])
    rasa.say = lambda *_: carrying(next(replies, Answer(Outcome.TICKET, (text("记好了"),))))
    ask("我要反映问题")
    ask("补身份证多少钱")
    ask(PHONE)
    assert rasa.heard[2][1] == "〔手机号1〕"


def test_a_slash_is_no_command_to_rasa(rasa, ask):
    ask("/restart")
    ask(" \u200b/ask_fee")
    assert [message for _, message in rasa.heard] == ["／restart", "／ask_fee"]


def test_a_long_story_is_cut_and_the_person_is_told(rasa, ask):
    answer = ask("身份证丢了" * 2000)
    assert len(rasa.heard[0][1]) == MOST_READ
    assert answer.text.startswith("您的话比较长")


def test_a_number_at_the_cut_does_not_slip_through(rasa, ask):
    ask("字" * (MOST_READ - 5) + PHONE)
    assert "138" not in rasa.heard[0][1]


@pytest.mark.parametrize(
    "words", ["'; DROP TABLE turn; --", "<script>alert(1)</script>你好", "{{7*7}} %s %(x)s", "𠮷野家〇", "a" * 300]
)
def test_odd_text_is_taken_as_text(house, rasa, ask, words):
    assert ask(words).text == f"您说：{words}"
    assert turns(house)[0].question == words


def test_what_cannot_be_seen_is_removed():
    assert clean("身\u200b份\u202e证\x00\x1b[31m\ufeff 丢\r\n了\ud800") == "身份证[31m 丢 了"


def test_without_the_assistant_the_guides_answer(house, rasa, ask):
    rasa.close()
    answer = ask(f"身份证丢了怎么补办，我的电话{PHONE}")
    assert answer.outcome is Outcome.HANDOFF
    assert "12345" in answer.text
    assert "https://banshi.example.gov.cn/guide/id-card-reissue-lost" in answer.text
    assert turns(house)[0].inbound.state is State.FAILED


def test_without_the_assistant_and_without_a_match_the_honest_sentence_remains(rasa, ask):
    rasa.status = 500
    answer = ask("xyzzy")
    assert "https://banshi.example.gov.cn/guide" in answer.text
    assert "110" in answer.text


def test_a_late_assistant_is_not_waited_for(rasa, ask):
    rasa.gate.clear()
    assert "12345" in ask("多少钱", deadline=0.2).text


class BrokenRasa:
    timeout = 1.0

    def ask(self, *_):
        raise RuntimeError("unforeseen")


def test_whatever_breaks_the_person_gets_words(house, conversation, caplog):
    broken = replace(house, rasa=BrokenRasa())
    turn = handle(broken, Message(conversation, "1", "多少钱", "web"))
    assert "对不起" in Answer.from_json(turn.answer).text
    assert "unforeseen" in caplog.text


def test_a_message_that_cannot_even_be_read_is_not_tried_for_ever(house, conversation):
    handle(house, Message(conversation, "1", f"我的电话是{PHONE}", "web"))
    receive(house, Message(conversation, "2", "多少钱", "web"))
    other_secret = replace(house, cipher=Cipher("another secret, of another installation"))
    answer_open(other_secret, conversation)
    last = turns(house)[-1]
    assert last.inbound.state is State.FAILED
    assert "12345" in Answer.from_json(last.answer).text


def test_a_worker_that_never_returns_is_reported_in_time(house, conversation):
    receive(house, Message(conversation, "1", "多少钱", "web"))
    with house.database.writing() as session:
        store.claim_next(session, conversation, at=now())  # as a process would that then died
    house.rasa.timeout = 0
    with pytest.raises(AssistantDown):
        handle(house, Message(conversation, "1", "多少钱", "web"), deadline=0.05)
