import json

from base.answer import Answer, Outcome
from tickets import ledger
from tickets.answers import _ACTIONS, _REGISTERED, as_public, elsewhere, filed, page_url, shown
from tickets.models import KINDS
from tickets.workflow import MOVES, Status


def test_every_kind_and_every_action_has_its_words():
    assert set(_REGISTERED) == set(KINDS)
    assert {move.action for move in MOVES} <= set(_ACTIONS)


def test_the_owner_sees_everything_but_originals_and_names(file, memory, cipher, at):
    ticket = file("不给办，电话13812345678", contact="13812345678").ticket
    with memory.writing() as session:
        ticket = session.merge(ticket)
        ledger.move(session, ticket, Status.ACCEPTED, at=at, by="lili")
        public = as_public(ticket)
    told = json.dumps(public, ensure_ascii=False)
    assert "13812345678" not in told
    assert "lili" not in told
    assert ticket.secret not in told
    assert (public["status"], public["status_name"], public["kind_name"]) == ("accepted", "已受理", "办不成事")
    assert [(entry["who"], entry["what"]) for entry in public["history"]] == [
        ("您", "登记"),
        ("您", "留下联系方式"),
        ("工作人员", "受理"),
    ]


def test_the_secret_is_told_once(file):
    opened = file()
    once = Answer("ticket", tuple(filed(opened.ticket, opened.secret, "https://banshi.example")))
    assert once.text.count(opened.secret) == 1
    assert opened.secret not in shown([opened.ticket], "https://banshi.example").text


def test_more_than_five_tickets_are_not_all_listed(file):
    tickets = [file().ticket for _ in range(7)]
    answer = shown(tickets, "https://banshi.example")
    assert sum(block["type"] == "ticket" for block in answer.blocks) == 5
    assert "还有更早的 2 张" in answer.text


def test_the_page_stands_below_the_public_address():
    assert page_url("https://banshi.example", "BS-1") == "https://banshi.example/t/BS-1"


def test_a_quarrel_that_no_counter_settles_is_not_filed_at_once():
    answer = elsewhere("可以拨打 12315。")
    assert answer.outcome is Outcome.NOT_COVERED
    assert answer.choices == ("帮我登记下来",)
    assert "12315" in answer.text
