"""What is published while somebody talks: what is no longer true is no longer told."""

from dataclasses import replace

from base.answer import Outcome
from knowledge.store import Published, pack
from tests.knowledge.talks import ASKED, AT, LOST, PASSPORT, UNSURE, hear, talk


def without(knowledge, service_id):
    return replace(knowledge, revisions={id: all_ for id, all_ in knowledge.revisions.items() if id != service_id})


def test_an_item_retired_since_it_was_spoken_of_is_no_longer_told(shipped):
    _, case = talk(shipped, ASKED)
    (answer,), after = talk(without(shipped, LOST), hear("要多少钱", "ask_fee"), case=case)
    assert (answer.outcome, answer.service, after.service) == (Outcome.CLARIFY, None, None)


def test_an_item_retired_since_it_was_offered_cannot_be_chosen(shipped):
    _, case = talk(shipped, UNSURE)
    (answer,), after = talk(without(shipped, LOST), hear("1", "inform"), case=case)
    assert (answer.service, after.service) == (None, None)
    assert answer.text


def test_back_to_an_item_that_was_retired_asks_what_is_meant(shipped):
    _, case = talk(shipped, ASKED, hear("护照怎么办", "ask_how_to", PASSPORT))
    (answer,), after = talk(without(shipped, LOST), hear("回到刚才", "go_back"), case=case)
    assert (answer.service, after.service) == (None, None)
    assert answer.text


def test_a_link_to_an_item_that_is_not_in_force_is_no_link(shipped):
    (sure,), _ = talk(without(shipped, LOST), hear("身份证丢了怎么补一个新的证件", "ask_how_to", LOST))
    assert sure.outcome is Outcome.NOT_COVERED
    (menu,), _ = talk(without(shipped, LOST), UNSURE)
    assert LOST not in menu.candidates


def test_an_answer_to_a_question_that_is_no_longer_asked_is_dropped(shipped):
    _, case = talk(shipped, ASKED, hear("2", "inform"))
    body = shipped.find(LOST, AT.date()).service.model_dump(mode="json")
    options = {"child": "未满18周岁", "adult": "已满18周岁"}
    body["situations"] = [s | ({"options": options} if s["id"] == "age" else {}) for s in body["situations"]]
    body["materials"] = [m for m in body["materials"] if "age" not in m["when"]]
    changed = Published("service", pack(body), 2)
    knowledge = replace(shipped, revisions={**shipped.revisions, LOST: (changed,)})
    (answer,), after = talk(knowledge, hear("要带什么", "ask_materials"), case=case)
    assert answer.outcome is Outcome.ANSWER
    assert after.answers == {}
