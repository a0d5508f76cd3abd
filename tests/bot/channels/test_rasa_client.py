import pytest

from base.answer import Answer, Outcome, text
from base.errors import AssistantDown
from bot.channels.rasa_client import RasaClient
from bot.conversations.models import Gap
from tests.houses import carrying

FEE = Answer(Outcome.ANSWER, (text("工本费20元。"),), choices=("给我完整清单",), aspects=("fee",))


@pytest.fixture
def client(rasa):
    client = RasaClient(rasa.url, timeout=0.3)
    yield client
    client.close()


def test_an_answer_comes_back_with_intent_and_confidence(rasa, client):
    rasa.say = lambda *_: carrying(FEE, "ask_fee", 0.87)
    reply = client.ask("someone", "多少钱")
    assert (reply.answer, reply.intent, reply.confidence) == (FEE, "ask_fee", 0.87)
    assert rasa.heard == [("someone", "多少钱")]


def test_the_reasons_come_along(rasa, client):
    understood = {"intent": "ask_fee", "probability": 0.9, "services": []}
    rasa.say = lambda *_: carrying(FEE, understood=understood, gap="undecided")
    reply = client.ask("someone", "多少钱")
    assert (reply.understood, reply.gap) == (understood, Gap.UNDECIDED)


def test_texts_without_an_answer_are_small_talk(rasa, client):
    button = {"title": "办身份证", "payload": "办身份证"}
    rasa.say = lambda *_: [{"text": "您好！"}, {"text": "想办什么？", "buttons": [button]}]
    reply = client.ask("someone", "你好")
    assert reply.answer == Answer(Outcome.SMALLTALK, (text("您好！"), text("想办什么？")), choices=("办身份证",))
    assert reply.intent is None


def test_two_answers_become_one(rasa, client):
    second = Answer(Outcome.TICKET, (text("已登记。"),), ticket="BS-20261121-0001")
    rasa.say = lambda *_: carrying(FEE) + carrying(second)
    answer = client.ask("someone", "多少钱").answer
    assert [block["text"] for block in answer.blocks] == ["工本费20元。", "已登记。"]
    assert (answer.outcome, answer.ticket) == (Outcome.TICKET, "BS-20261121-0001")


@pytest.mark.parametrize(
    "messages",
    [
        [],
        {},
        {"status": "failure"},
        [{"recipient_id": "x"}],
        [{"custom": {"answer": {"outcome": "unheard_of"}}}],
        [{"custom": {"answer": None}}],
        carrying(FEE, gap="unheard_of"),
        ["text"],
        b"<html>",
    ],
)
def test_a_reply_without_words_counts_as_down(rasa, client, messages):
    rasa.say = lambda *_: messages
    with pytest.raises(AssistantDown):
        client.ask("someone", "多少钱")


def test_an_error_counts_as_down(rasa, client):
    rasa.status = 500
    with pytest.raises(AssistantDown):
        client.ask("someone", "多少钱")
    assert not client.is_up()


def test_no_reply_in_time_counts_as_down(rasa, client):
    rasa.gate.clear()
    with pytest.raises(AssistantDown):
        client.ask("someone", "多少钱")


def test_nobody_listening_counts_as_down(rasa, client):
    assert client.is_up()
    rasa.close()
    assert not client.is_up()
    with pytest.raises(AssistantDown):
        client.ask("someone", "多少钱")
