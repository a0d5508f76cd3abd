"""Sets of questions: what a line may say, what is refused and how, and the project's own set."""

import json
import re

import pytest
import yaml

from base.errors import BadContent
from base.settings import ROOT
from bench.understanding.questions import OWN_SET, Items, read_labels, read_questions
from bench.understanding.sentences import read_documents, sentences_of

ITEMS = Items(
    ids={"move-local", "move-out", "id-card"},
    names={"身份证补领": ["id-card"], "迁户口": ["move-local", "move-out"], "签证": ["move-out"]},
    labels={"签证": (), "户口迁移": ("move-local", "move-out")},
)
LINE = {"id": "a", "text": "身份证丢了", "service": "id-card", "aspect": "process", "answerable": True}


def read(tmp_path, *lines):
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return read_questions(file, ITEMS)


@pytest.mark.parametrize(
    ("service", "accepted"),
    [
        ("id-card", {"id-card"}),
        ("move-out/id-card", {"move-out", "id-card"}),
        ("none/id-card", {"id-card"}),
        ("户口迁移", {"move-local", "move-out"}),
        ("迁户口", {"move-local", "move-out"}),
        ("签证", set()),
        ("none", set()),
    ],
)
def test_a_service_is_an_id_several_a_label_a_name_or_none(tmp_path, service, accepted):
    (question,) = read(tmp_path, LINE | {"service": service})
    assert question.accepted == accepted


def test_what_may_be_left_out_is_nothing_and_the_note_tells_that_a_message_is_unclear(tmp_path):
    plain, unclear = read(tmp_path, LINE, "", LINE | {"id": "b", "also": ["fee"], "note": "模糊，问哪一件"})
    assert (plain.also, plain.unclear) == (frozenset(), False)
    assert (unclear.also, unclear.unclear) == ({"fee"}, True)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "b", ', "is no JSON"),
        ("[]", "is no JSON object"),
        (LINE | {"id": "b", "text": None}, "lacks the text 'text'"),
        (LINE | {"id": "b", "answerable": "yes"}, "lacks 'answerable', true or false"),
        (LINE | {"id": "b", "also": "fee"}, "'also' is no list"),
        (LINE | {"id": "b", "aspect": "price"}, "there is no aspect 'price'; there are materials, location"),
        (LINE, "the id a stands here for the second time"),
        (LINE | {"id": "b", "service": "护照/id-card"}, "the service '护照' is neither the id"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_its_line(tmp_path, line, problem):
    with pytest.raises(BadContent, match=re.escape(problem)) as refused:
        read(tmp_path, LINE, line)
    assert refused.value.line == 2


def test_an_unknown_service_is_told_with_all_labels(tmp_path):
    with pytest.raises(BadContent, match="labels are: 签证, 户口迁移"):
        read(tmp_path, LINE | {"service": "护照"})


def test_a_file_without_a_question_or_in_another_encoding_is_refused(tmp_path):
    with pytest.raises(BadContent, match="holds no question"):
        read(tmp_path, "")
    file = tmp_path / "gbk.jsonl"
    file.write_bytes(b"\n" + json.dumps(LINE, ensure_ascii=False).encode("gbk"))
    with pytest.raises(BadContent, match="is no UTF-8") as refused:
        read_questions(file, ITEMS)
    assert refused.value.line == 2


@pytest.fixture(scope="module")
def shipped():
    """The ids of all items that are shipped."""
    files = (ROOT / "knowledge/content/services").glob("*.yaml")
    return {service["id"] for file in files for service in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)}


def plain(text):
    return re.sub(r"[\W_]+", "", text.lower())


def test_labels_stand_for_items_that_are_shipped(shipped):
    assert {label: set(ids) - shipped for label, ids in read_labels().items() if set(ids) - shipped} == {}


def test_the_own_set_names_shipped_items_and_says_nothing_twice(shipped):
    questions = read_questions(OWN_SET, Items(shipped, {}, {}))
    assert len({plain(question.text) or question.text for question in questions}) == len(questions)


def test_no_question_of_the_own_set_is_trained_with(shipped):
    trained = {plain(sentence.text) for sentence in sentences_of(read_documents(ROOT / "data" / "nlu"))}
    assert [one.id for one in read_questions(OWN_SET, Items(shipped, {}, {})) if plain(one.text) in trained] == []
