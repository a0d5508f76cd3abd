"""Which item is meant: when it is asked back, what is offered, and what is not covered."""

from dataclasses import replace
from time import perf_counter

import pytest

from base.answer import Outcome
from knowledge.answers import NONE_OF_THESE
from knowledge.guidance import MENU
from tests.knowledge.talks import ASKED, AT, DOUBTFUL, LOST, PASSPORT, RESIDENCE, UNSURE, hear, talk


def test_where_several_are_meant_a_short_menu_has_a_way_out(shipped):
    (answer,), case = talk(shipped, UNSURE)
    assert answer.outcome is Outcome.CLARIFY
    assert (answer.service, case.service) == (None, None)
    assert list(answer.candidates) == [id for id, _ in DOUBTFUL[:MENU]]
    assert answer.choices == (*(shipped.find(id, AT.date()).service.name for id in answer.candidates), NONE_OF_THESE)


def test_a_menu_leaves_out_what_is_hardly_possible_and_nothing_else(shipped):
    (answer,), _ = talk(shipped, hear("证丢了", "ask_how_to", (LOST, 0.5), (PASSPORT, 0.03), (RESIDENCE, 0.02)))
    assert answer.candidates == (LOST, PASSPORT)


@pytest.mark.parametrize("words", ["身份证丢了怎么补", "我的身份证丢了，护照也快到期了，先办哪个好呢"])
@pytest.mark.parametrize(("confidence", "outcome"), [(0.6, Outcome.ANSWER), (0.59, Outcome.CLARIFY)])
def test_what_is_not_sure_is_asked_back_however_long_it_is(shipped, words, confidence, outcome):
    (answer,), _ = talk(shipped, hear(words, "ask_how_to", (LOST, confidence), (PASSPORT, 0.3)))
    assert answer.outcome is outcome


@pytest.mark.parametrize(
    ("told", "asked", "outcome"),
    [(0.3, 0.2, Outcome.CLARIFY), (0.3, 0.4, Outcome.ANSWER), (0.19, 0.1, Outcome.ANSWER)],
    ids=["a report as likely as a question", "a likelier question", "hardly a report"],
)
def test_what_may_be_told_to_be_dealt_with_is_not_answered_like_a_question(shipped, told, asked, outcome):
    heard = hear("身份证的钱交了，记录里还是没有", "nlu_fallback", LOST)
    ranking = (("nlu_fallback", 0.3), ("report_stuck", told), ("ask_how_to", asked))
    (answer,), _ = talk(shipped, replace(heard, ranking=ranking))
    assert answer.outcome is outcome
    (_, after), _ = talk(shipped, ASKED, replace(heard, ranking=ranking))
    assert after.service == LOST, "the subject that was spoken of stays"


@pytest.mark.parametrize(
    ("intent", "outcome"), [("nlu_fallback", Outcome.NOT_COVERED), ("ask_how_to", Outcome.CLARIFY)]
)
def test_words_that_were_not_understood_bring_no_menu_of_unlikely_items(shipped, intent, outcome):
    (answer,), _ = talk(shipped, hear("这样那样的一些东西到底怎么回事", intent, (LOST, 0.09), (PASSPORT, 0.05)))
    assert answer.outcome is outcome


@pytest.mark.parametrize("said", ["2", "第二个", "居民身份证挂失申报", "就第二个吧"])
def test_a_choice_from_the_menu_answers_what_was_asked(shipped, said):
    name = shipped.find("id-card-loss-report", AT.date()).service.name
    said = name if said.startswith("居民") else said
    replies, _ = talk(shipped, hear("证丢了要多少钱", "ask_fee", *DOUBTFUL), hear(said, "inform"))
    assert (replies[-1].service, replies[-1].aspects) == ("id-card-loss-report", ("fee",))


def test_none_of_these_is_said_honestly(shipped):
    replies, case = talk(shipped, UNSURE, hear(NONE_OF_THESE, "deny"))
    assert replies[-1].outcome is Outcome.NOT_COVERED
    assert (case.asks, case.choices) == (None, ())


def test_a_doubtful_new_subject_is_asked_about_and_an_unlikely_one_ignored(shipped):
    asked, case = talk(shipped, ASKED, hear("护照之类的那个怎么弄", "ask_how_to", (PASSPORT, 0.4)))
    assert (asked[-1].outcome, asked[-1].candidates, case.service) == (Outcome.CLARIFY, (PASSPORT,), None)
    ignored, _ = talk(shipped, ASKED, hear("要多少钱", "ask_fee", (PASSPORT, 0.1)))
    assert ignored[-1].service == LOST


def test_a_bare_question_without_its_item_is_asked_for_it_and_then_answered(shipped):
    replies, _ = talk(shipped, hear("要多少钱", "ask_fee"), hear("补身份证", "inform", LOST))
    assert [answer.outcome for answer in replies] == [Outcome.CLARIFY, Outcome.ANSWER]
    assert replies[0].candidates == ()
    assert replies[1].aspects == ("fee",)


@pytest.mark.parametrize(
    "heard",
    [
        hear("我想问问火星移民的签证在哪里办理比较快", "ask_location"),
        hear("嘛嘛嘛", "nlu_fallback"),
        hear("啊" * 10_000, "nlu_fallback"),
    ],
)
def test_what_nobody_knows_is_not_covered(shipped, heard):
    (answer,), case = talk(shipped, heard)
    assert answer.outcome is Outcome.NOT_COVERED
    assert "12345" in answer.text
    assert case.service is None


@pytest.mark.parametrize("words", ["想要", "吧", "我要", "不是", "不是我是", "都要办", "我能", "了"])
@pytest.mark.parametrize("intent", ["inform", "correct", "ask_eligibility"])
def test_words_said_thousands_of_times_get_words_at_once(shipped, words, intent):
    began = perf_counter()
    replies, _ = talk(shipped, ASKED, hear(words * 5_000 + "x", intent, (LOST, 0.2), ("bundle-newborn", 0.1)))
    assert replies[-1].text
    assert perf_counter() - began < 1


@pytest.mark.parametrize("text", ["", " ", "😀", "\x00", "'; DROP TABLE turn; --", "<script>alert(1)</script>"])
@pytest.mark.parametrize("intent", [None, "nlu_fallback", "inform", "ask_fee", "go_back", "affirm"])
@pytest.mark.parametrize("before", [[], [ASKED], [UNSURE]], ids=["first", "after an answer", "after a menu"])
def test_whatever_is_typed_gets_words(shipped, text, intent, before):
    replies, _ = talk(shipped, *before, hear(text, intent))
    assert replies[-1].text.strip()


@pytest.mark.parametrize("more", [hear("那要多久呢", "ask_time_limit"), hear("示例西区呢", "inform", place="990103")])
def test_whoever_asks_on_before_choosing_is_offered_the_same_menu(shipped, more):
    replies, case = talk(shipped, hear("证丢了要多少钱", "ask_fee", *DOUBTFUL), more)
    assert replies[1].outcome is Outcome.CLARIFY
    assert replies[1].candidates == replies[0].candidates
    (answer,), after = talk(shipped, hear("1", "inform"), case=case)
    assert answer.service == LOST
    assert (after.aspects, after.region) in [(("time_limit",), None), (("fee",), "990103")]


def test_another_question_after_a_menu_is_not_answered_with_it(shipped):
    replies, _ = talk(shipped, UNSURE, hear("到火星上去移民的签证一般要多少钱才够用", "ask_fee"))
    assert replies[1].outcome is Outcome.NOT_COVERED
