"""What holders are told without asking, from the notice to the conversation's stream."""

from datetime import timedelta

import pytest

from base.answer import Answer
from base.clock import now
from base.outbox import deliver_due
from bot.channels.notices import NoticeMessages
from bot.channels.pushing import Pusher
from bot.conversations import store
from bot.conversations.pushes import TOPIC, pushes_after
from knowledge import revisions
from knowledge.notices import store as notices
from knowledge.notices import visits
from knowledge.notices.codes import shown
from knowledge.notices.notice import PersonCase

SERVICE = "passport-endorsement"


@pytest.fixture
def conversation(house):
    with house.database.writing() as session:
        return store.open_conversation(session, "web", at=now()).id


@pytest.fixture
def give(house, conversation):
    """Give the conversation a notice for the item."""

    def give():
        with house.database.writing() as session:
            knowledge = house.knowledge.current(session)
            service = knowledge.find(SERVICE, now().date()).service
            answers = {one.id: next(iter(one.options)) for one in service.situations}
            wanted = notices.Wanted((PersonCase(SERVICE, answers),), channel="chat", conversation=conversation)
            return notices.issue(session, knowledge, wanted, at=now())

    return give


@pytest.fixture
def told(house, conversation):
    """What the conversation is told by a round, and by a delivery, at that time."""
    messages = NoticeMessages(house)

    def told(at):
        messages.do_round(at)
        deliver_due(house.database, {TOPIC: Pusher(house)}, at=at)
        with house.database.reading() as session:
            return [Answer.from_json(push.answer) for push in pushes_after(session, conversation, 0, most=100)]

    return told


def raise_fee(house, amount, service=SERVICE):
    with house.database.writing() as session:
        last = revisions.history(session, "service", service)[-1]
        change = {"body": {**last.body, "fees": [{"amount": amount}]}, "based_on": last.number}
        proposed = revisions.propose(session, "service", service, **change, author="editor", reason="调价", at=now())
        revisions.publish(session, "service", service, proposed.number, by="approver", at=now())


def test_a_published_change_is_told_once_with_only_what_changed(house, give, told):
    notice = give()
    assert told(now()) == []
    raise_fee(house, "77元")
    (answer,) = told(now())
    assert "清单有变化" in answer.text
    assert "77元" in answer.text
    assert shown(notice.code) in answer.text
    assert told(now()) == [answer]
    raise_fee(house, "88元")
    assert ["88元" in one.text for one in told(now())] == [False, True]


def test_a_change_that_touches_no_notice_is_told_nobody(house, give, told):
    give()
    raise_fee(house, "77元", "id-card-reissue-lost")
    assert told(now()) == []


def test_a_change_of_which_two_processes_know_is_told_once(house, give, told):
    give()
    raise_fee(house, "77元")
    NoticeMessages(house).do_round(now())
    assert len(told(now())) == 1


def test_after_a_while_the_holder_is_asked_how_the_visit_went(give, told):
    notice = give()
    later = notice.issued_at + visits.ASK_UNSEEN_AFTER
    assert told(later - timedelta(minutes=1)) == []
    (question,) = told(later)
    assert "一趟办成了吗" in question.text
    assert question.choices == tuple(visits.OUTCOMES.values())
    assert told(later + timedelta(days=1)) == [question]


def test_who_has_not_gone_yet_is_asked_again_another_day(house, conversation, give, told):
    first = give().issued_at + visits.ASK_UNSEEN_AFTER
    told(first)
    with house.database.writing() as session:
        visits.report(visits.open_question(session, conversation), visits.NOT_GONE, at=first)
    assert len(told(first + visits.ASK_UNSEEN_AFTER)) == 2


def test_an_open_stream_hears_of_a_change_from_the_worker_alone(site, house, conversation, give):
    give()
    raise_fee(house, "77元")
    (message,) = site.listen(conversation, 1)
    assert message["reply_to"] is None
    assert "77元" in message["text"]
    assert message["card"]["blocks"][-1]["type"] == "notice"
