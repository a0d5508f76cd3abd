from datetime import timedelta

import pytest

from base.answer import Outcome
from base.message import Message
from base.privacy import swap
from bot.conversations.models import Conversation
from bot.conversations.store import claim_next, receive
from bot.conversations.vault import keep
from tickets import ledger
from tickets.chain import verify
from tickets.chat import Desk, Visit, reply
from tickets.cues import resolve
from tickets.intake import OFFER, Turn, offer
from tickets.store import MOST_WRONG, find_ticket
from tickets.workflow import Status

STORY = "补身份证跑了三趟，非要居住证明"


class Talk:
    """One person talking with the flow, as the channel and the slot would carry it."""

    def __init__(self, database, cipher, at, conversation="someone"):
        self.database, self.cipher, self.at, self.conversation = database, cipher, at, conversation
        self.state, self.known, self.notice = None, {}, None
        with database.writing() as session:
            session.add(Conversation(id=conversation, channel="web", created_at=at, last_seen_at=at))

    def say(self, words, intent="inform", **about):
        words = swap(words, self.known)
        with self.database.writing() as session:
            keep(session, self.cipher, self.conversation, self.known)
        self.at += timedelta(seconds=20)
        state = self.state or {}
        turn = Turn(resolve(words, state.get("choices") or ()), intent, state, notice=self.notice)
        visit = Visit(turn, self.conversation, "web", self.at, **about)
        done = reply(Desk(self.database, self.cipher, "https://banshi.example"), visit)
        self.state = done.state
        return done.answer

    def ticket(self, number="BS-20261123-0001"):
        with self.database.reading() as session:
            ticket = find_ticket(session, number)
            assert verify(ticket, self.cipher) == []
            return ticket


@pytest.fixture
def talk(memory, cipher, at):
    return Talk(memory, cipher, at)


def secret_of(answer):
    return next(block["secret"] for block in answer.blocks if block["type"] == "ticket")


def test_a_story_is_filed_at_once_with_number_and_secret(talk):
    answer = talk.say(STORY, "report_stuck", service="id-card-replace", region="320402")
    assert (answer.outcome, answer.ticket) == (Outcome.TICKET, "BS-20261123-0001")
    assert "已经登记" in answer.text
    assert "https://banshi.example/t/BS-20261123-0001" in answer.text
    assert secret_of(answer) in answer.text
    assert "跑了 3 趟；对方要：居住证明" in answer.text
    ticket = talk.ticket()
    assert (ticket.kind, ticket.service, ticket.region) == ("stuck", "id-card-replace", "320402")
    assert (ticket.conversation, ticket.filed_by) == ("someone", "citizen")


def test_then_place_and_contact_are_asked_and_both_land_on_the_ticket(talk):
    assert talk.say(STORY, "report_stuck").choices == ("跳过",)
    answer = talk.say("天宁区政务服务中心3号窗口")
    assert "同意" in answer.text  # the consent sentence stands before the first number
    answer = talk.say("13812345678")
    assert "138****5678" in answer.text
    assert answer.choices == ()
    ticket = talk.ticket()
    assert (ticket.place, ticket.contact) == ("天宁区政务服务中心3号窗口", "138****5678")
    assert ticket.contact_consent_at == talk.at
    assert [entry.action for entry in ticket.entries] == ["open", "place", "contact"]


def test_the_ledger_gets_the_number_back_that_the_channel_hid(talk, memory, cipher, at):
    talk.say(f"{STORY}，电话13912345678", "report_stuck")
    with memory.writing() as session:
        personal = ledger.reveal(session, find_ticket(session, "BS-20261123-0001"), at=at, by="lili", cipher=cipher)
    assert personal.text.endswith("13912345678")
    assert talk.ticket().text.endswith("139****5678")


def test_a_story_that_was_cut_for_the_assistant_is_kept_whole(talk, memory, cipher, at):
    whole = STORY + "，" + "窗口说的每一句我都记着。" * 200
    with memory.writing() as session:
        message = Message(talk.conversation, "1", whole, "web")
        receive(session, message, at=at)
        claim_next(session, talk.conversation, at=at)
    talk.say(whole[:2000], "report_stuck")
    with memory.writing() as session:
        ticket = find_ticket(session, "BS-20261123-0001")
        assert ledger.reveal(session, ticket, at=at, by="desk", cipher=cipher).text == whole


def test_a_place_that_the_story_tells_is_not_asked_again(talk):
    answer = talk.say("在翠竹派出所补身份证跑了三趟", "report_stuck")
    assert "同意" in answer.text
    assert talk.ticket().place == "翠竹派出所"


def test_a_number_in_the_story_is_used_only_after_a_yes(talk):
    talk.say("在翠竹派出所跑了三趟，我电话13912345678", "report_stuck")
    assert talk.ticket().contact is None
    answer = talk.say("1")
    assert talk.ticket().contact == "139****5678"
    assert "139****5678" in answer.text


def test_one_tap_files_what_a_counter_asked_beyond_the_notice_and_then_asks_what_it_was(talk, notice):
    talk.notice = notice.code
    answer = talk.say("窗口要的和清单不一样")
    assert "多要了什么" in answer.text
    assert (talk.ticket().kind, talk.ticket().notice) == ("beyond_notice", notice.code)
    assert "在哪里" in talk.say("还要居住证明").text
    assert talk.ticket().missing == ["居住证明"]
    talk.say("跳过")
    assert "都记好了" in talk.say("跳过").text


def test_what_a_counter_asked_for_is_not_asked_again(talk, notice):
    talk.notice = notice.code
    answer = talk.say("窗口还要居住证明，清单上没有写", "report_stuck")
    assert talk.ticket().missing == ["居住证明"]
    assert "多要了什么" not in answer.text


def test_a_second_tap_shows_the_ticket_of_the_first(talk, notice):
    talk.notice = notice.code
    talk.say("窗口要的和清单不一样")
    talk.say("算了", "cancel")
    answer = talk.say("窗口要的和清单不一样")
    assert answer.ticket == "BS-20261123-0001"
    assert "已经收到" in answer.text


def test_without_substance_the_story_is_asked_for_and_nothing_is_filed_yet(talk):
    answer = talk.say("我要投诉", "complain")
    assert (answer.outcome, answer.ticket) == (Outcome.TICKET, None)
    assert talk.say("窗口的人骂我").ticket == "BS-20261123-0001"
    assert talk.ticket().text == "我要投诉，窗口的人骂我"


def test_the_item_of_the_first_message_stays_with_the_story(talk):
    talk.say("身份证没办成", "report_stuck", service="id-card-replace")
    talk.say("他们让我回去")
    assert talk.ticket().service == "id-card-replace"


def test_every_question_can_be_skipped(talk):
    talk.say(STORY, "report_stuck")
    talk.say("跳过")
    assert "都记好了" in talk.say("1").text
    assert [entry.action for entry in talk.ticket().entries] == ["open"]


def test_enough_ends_the_questions_and_the_ticket_stays(talk):
    talk.say(STORY, "report_stuck")
    answer = talk.say("算了", "cancel")
    assert answer.choices == ()
    assert "撤销" in answer.text
    assert talk.ticket().status == Status.PENDING


def test_enough_before_the_story_files_nothing(talk):
    talk.say("我要投诉", "complain")
    answer = talk.say("算了", "cancel")
    assert (answer.outcome, talk.state) == (Outcome.SMALLTALK, None)


def test_withdrawing_withdraws(talk):
    talk.say(STORY, "report_stuck")
    assert "已撤销" in talk.say("撤销", "cancel").text
    assert talk.ticket().status == Status.WITHDRAWN


def test_more_words_are_added_and_the_open_question_is_asked_again(talk):
    talk.say(STORY, "report_stuck")
    answer = talk.say("他们还骂人", "complain")
    assert "已补充" in answer.text
    assert answer.choices == ("跳过",)
    assert talk.ticket().entries[-1].words == "他们还骂人"


def test_a_digit_too_few_is_noticed(talk):
    talk.say("在翠竹派出所跑了三趟", "report_stuck")
    assert "位数好像不对" in talk.say("1381234567").text
    assert talk.ticket().contact is None


def test_a_yes_without_a_number_asks_for_it_again(talk):
    talk.say("在翠竹派出所跑了三趟", "report_stuck")
    assert "同意" in talk.say("可以", "affirm").text


def test_a_number_that_comes_late_is_kept_after_a_yes(talk):
    talk.say(STORY, "report_stuck")
    talk.say("算了", "cancel")
    assert "138****5678 可以用来联系您吗" in talk.say("13812345678").text
    assert talk.ticket().contact is None
    talk.say("可以联系", "affirm")
    assert talk.ticket().contact == "138****5678"


def test_what_is_told_after_the_ticket_was_closed_is_a_new_ticket(talk, memory, at):
    talk.say(STORY, "report_stuck")
    talk.say("算了", "cancel")
    with memory.writing() as session:
        ledger.withdraw(session, find_ticket(session, "BS-20261123-0001"), at=at)
    assert talk.say("又去了一趟还是不给办", "report_stuck").ticket == "BS-20261123-0002"


def test_an_offered_question_is_filed_word_by_word(talk):
    talk.state = offer("我想领养一只大熊猫")
    answer = talk.say("1")
    assert answer.ticket == "BS-20261123-0001"
    assert (talk.ticket().kind, talk.ticket().text) == ("unanswered", "我想领养一只大熊猫")
    assert OFFER not in answer.text


def test_the_own_tickets_are_shown_without_a_secret(talk, memory, at):
    talk.say(STORY, "report_stuck")
    with memory.writing() as session:
        ticket = find_ticket(session, "BS-20261123-0001")
        ledger.move(session, ticket, Status.ACCEPTED, at=at, by="lili")
        ledger.move(session, ticket, Status.ANSWERED, at=at, by="lili", reason="不用这张证明，明天来就能办")
    answer = talk.say("我的工单办得怎么样了", "ask_ticket")
    assert "已答复" in answer.text
    assert "明天来就能办" in answer.text
    assert secret_of(answer) is None
    assert talk.say("BS-20261123-0001", "ask_ticket").ticket == "BS-20261123-0001"


def test_who_has_no_ticket_is_told_how_to_get_one(talk):
    assert "还没有工单" in talk.say("我的工单", "ask_ticket").text
    assert "还没有工单" in talk.say("催一下我的工单", "ask_ticket").text


def test_somebody_elses_number_needs_its_secret(talk, memory, cipher, at):
    secret = secret_of(talk.say(STORY, "report_stuck"))
    other = Talk(memory, cipher, at, "somebody else")
    asked = other.say("BS-20261123-0001", "ask_ticket")
    assert "查询码" in asked.text
    assert "三趟" not in asked.text
    assert "没有查到" in other.say("BS-20261123-0001 K7M2-QD9P", "ask_ticket").text
    assert "三趟" in other.say(secret).text  # alone, since its number was just named


def test_an_unknown_number_reads_like_a_wrong_secret(talk):
    unknown = talk.say("BS-20261123-0099 K7M2-QD9P", "ask_ticket")
    talk.say(STORY, "report_stuck")
    other = Talk(talk.database, talk.cipher, talk.at, "somebody else")
    assert other.say("BS-20261123-0001 K7M2-QD9P", "ask_ticket").text == unknown.text


def test_tries_are_limited(talk, memory, cipher, at):
    secret = secret_of(talk.say(STORY, "report_stuck"))
    other = Talk(memory, cipher, at, "somebody else")
    for _ in range(MOST_WRONG):
        other.say("BS-20261123-0001 K7M2-QD9P", "ask_ticket")
    assert "没有查到" in other.say(f"BS-20261123-0001 {secret}", "ask_ticket").text


def test_urging_is_noted(talk):
    talk.say(STORY, "report_stuck")
    talk.say("催一下我的工单", "ask_ticket")
    assert talk.ticket().entries[-1].action == "urge"


def test_a_refused_move_is_told_in_words(talk, memory, at):
    talk.say(STORY, "report_stuck")
    talk.say("撤销", "cancel")
    assert "不能改为「已撤销」" in talk.say("撤销BS-20261123-0001", "ask_ticket").text


def test_a_state_about_a_ticket_that_is_gone_is_forgotten(talk):
    talk.state = {"step": "contact", "number": "BS-20200101-0001", "service": None}
    talk.say("跳过")
    assert talk.state is None


def test_a_very_long_story_is_filed(talk):
    assert talk.say("窗口不给办，" * 4_000, "report_stuck").ticket
