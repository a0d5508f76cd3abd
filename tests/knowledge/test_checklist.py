"""The exact list: the same as by reckoning over all conditions, with as few questions as make a difference."""

from functools import cache
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import UnknownAnswer
from knowledge.checklist import checklist
from knowledge.loader import read_content
from knowledge.service import Service

SERVICES = [document.fact for document in read_content(demo=True) if document.kind == "service"]

BASE = {
    "id": "id-card",
    "name": "补领身份证",
    "domain": "身份证",
    "authority": "公安机关",
    "handled_at": ["派出所"],
    "scope": "全国通办",
    "audience": "自然人",
    "eligibility": "中国公民",
    "fees": [{"amount": "40元"}],
    "time_limit": {"statutory": "60日"},
    "steps": ["申请"],
    "online": "可以",
    "result": "身份证",
    "appointment": "不用",
    "agent": "不可以",
    "phone": "12345",
    "confidence": "high",
}
AGE = {"id": "age", "ask": "多大？", "options": {"minor": "未满16周岁", "adult": "已满16周岁"}}
WHO = {"id": "who", "ask": "谁来办？", "options": {"self": "本人", "relative": "亲属代办", "other": "他人代办"}}


def service(*, situations=(AGE, WHO), materials=(), fees=BASE["fees"]):
    return Service.model_validate(BASE | {"situations": situations, "materials": materials, "fees": fees})


def material(id, **when):
    return {"id": id, "name": id, "form": "原件", "when": when}


def needs(service, answers):
    return [need.material.id for need in checklist(service, answers).needs]


BOOKLET = material("booklet")
GUARDIAN = material("guardian", age=["minor"])
LETTER = material("letter", who=["relative", "other"])
NOTARY = material("notary", age=["minor"], who=["other"])


@pytest.mark.parametrize(
    ("answers", "certain", "undecided", "asked"),
    [
        ({}, ["booklet"], ["guardian", "letter", "notary"], "age"),
        ({"age": "adult"}, ["booklet"], ["letter"], "who"),
        ({"age": "minor"}, ["booklet", "guardian"], ["letter", "notary"], "who"),
        ({"who": "self"}, ["booklet"], ["guardian"], "age"),
        ({"who": "relative"}, ["booklet", "letter"], ["guardian"], "age"),
        ({"age": "minor", "who": "other"}, ["booklet", "guardian", "letter", "notary"], [], None),
        ({"age": "adult", "who": "other"}, ["booklet", "letter"], [], None),
    ],
)
def test_the_list_grows_with_what_is_known(answers, certain, undecided, asked):
    found = checklist(service(materials=[BOOKLET, GUARDIAN, LETTER, NOTARY]), answers)
    assert [need.material.id for need in found.needs] == certain
    assert [material.id for material in found.undecided] == undecided
    assert (found.question and found.question.id) == asked
    assert found.is_complete is (asked is None)


def test_a_question_that_decides_nothing_is_never_asked():
    assert checklist(service(materials=[BOOKLET]), {}).is_complete
    everybody = material("form", who=["self", "relative", "other"])
    assert needs(service(materials=[everybody]), {}) == ["form"]


def test_a_fee_alone_is_reason_enough_to_ask():
    fees = [{"amount": "免费", "when": {"age": ["minor"]}}, {"amount": "40元", "when": {"age": ["adult"]}}]
    open_ = checklist(service(fees=fees), {})
    assert (open_.question.id, len(open_.undecided_fees), open_.fees) == ("age", 2, ())
    assert [fee.amount for fee in checklist(service(fees=fees), {"age": "minor"}).fees] == ["免费"]


def test_each_material_says_which_answers_brought_it_in():
    found = checklist(service(materials=[BOOKLET, NOTARY]), {"age": "minor", "who": "other"})
    assert {need.material.id: need.because for need in found.needs} == {
        "booklet": (),
        "notary": ("未满16周岁", "他人代办"),
    }


@pytest.mark.parametrize("answers", [{"height": "tall"}, {"age": "old"}, {"age": "未满16周岁"}, {"age": ""}])
def test_an_answer_that_the_service_does_not_know_is_refused(answers):
    with pytest.raises(UnknownAnswer, match=r"id-card"):
        checklist(service(), answers)


# --- every shipped service -------------------------------------------------------------------------------------------


def by_reckoning(service, answers):
    """Materials and fees that apply to complete answers, straight from the conditions."""
    return [
        part
        for part in (*service.materials, *service.fees)
        if all(answers[situation] in options for situation, options in part.when.items())
    ]


def all_answers(service):
    options = ([(situation.id, option) for option in situation.options] for situation in service.situations)
    return [dict(chosen) for chosen in product(*options)]


def conversation(service, answers):
    """The lists that a person sees who answers `answers` to whatever is asked, first to last."""
    told, lists = {}, [checklist(service, {})]
    while (question := lists[-1].question) is not None:
        assert question.id not in told
        told[question.id] = answers[question.id]
        lists.append(checklist(service, told))
    return told, lists


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_every_person_gets_the_list_that_the_conditions_give(service):
    for answers in all_answers(service):
        told, lists = conversation(service, answers)
        last = lists[-1]
        assert [*(need.material for need in last.needs), *last.fees] == by_reckoning(service, answers)
        assert not last.undecided
        assert not last.undecided_fees
        for earlier, later in pairwise(lists):
            assert {need.material.id for need in earlier.needs} <= {need.material.id for need in later.needs}
        assert len(told) <= len(service.situations)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_every_question_asked_makes_a_difference(service):
    everybody = all_answers(service)
    for told in partial_answers(service):
        lists = {
            tuple(map(id, by_reckoning(service, answers))) for answers in everybody if told.items() <= answers.items()
        }
        question = checklist(service, told).question
        # Asked while the list is open, and only then; and with at least two different lists behind its options.
        assert (question is not None) == (len(lists) > 1), told
        if question is not None:
            effects = [
                {
                    tuple(map(id, by_reckoning(service, a)))
                    for a in everybody
                    if {**told, question.id: o}.items() <= a.items()
                }
                for o in question.options
            ]
            assert any(effect != effects[0] for effect in effects), (told, question.id)


def partial_answers(service):
    """Every set of answers that somebody may have given, in whatever order they told them."""
    options = ([None, *((situation.id, option) for option in situation.options)] for situation in service.situations)
    return [dict(filter(None, chosen)) for chosen in product(*options)]


def test_hardly_more_is_asked_than_must_be(capsys):
    asked = least = people = 0
    for service in SERVICES:
        everybody = all_answers(service)
        asked += sum(len(conversation(service, answers)[0]) for answers in everybody)
        least += least_questions(service, everybody)
        people += len(everybody)
    with capsys.disabled():
        print(f"\nquestions a person: {asked / people:.3f}, least possible {least / people:.3f}, over {people} cases")
    assert asked <= least * 1.02


def least_questions(service, everybody):
    """The fewest questions in sum over everybody, by trying every order."""
    lists = [tuple(map(id, by_reckoning(service, answers))) for answers in everybody]

    @cache
    def least(cases):
        if len({lists[case] for case in cases}) == 1:
            return 0
        return len(cases) + min(
            sum(least(part) for part in parts)
            for situation in service.situations
            if len(parts := split(cases, situation)) > 1
        )

    def split(cases, situation):
        parts = {}
        for case in cases:
            parts.setdefault(everybody[case][situation.id], []).append(case)
        return [tuple(part) for part in parts.values()]

    return least(tuple(range(len(everybody))))


# --- any service whatever --------------------------------------------------------------------------------------------

OPTIONS = {"a": ["1", "2"], "b": ["1", "2", "3"], "c": ["1", "2"], "d": ["1", "2", "3", "4"]}
conditions = st.fixed_dictionaries(
    {}, optional={id: st.lists(st.sampled_from(options), min_size=1, unique=True) for id, options in OPTIONS.items()}
)
SITUATIONS = [{"id": id, "ask": "？", "options": {o: o for o in options}} for id, options in OPTIONS.items()]


@given(
    st.lists(conditions, max_size=6),
    st.fixed_dictionaries({id: st.sampled_from(options) for id, options in OPTIONS.items()}),
)
def test_whatever_the_conditions_the_questions_end_at_the_right_list(whens, answers):
    made = service(situations=SITUATIONS, materials=[material(f"m{n}", **when) for n, when in enumerate(whens)])
    _, lists = conversation(made, answers)
    assert [*(need.material for need in lists[-1].needs), *lists[-1].fees] == by_reckoning(made, answers)
