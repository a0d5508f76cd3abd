"""一件事: who takes part, each paper once, and the question that is still open."""

from datetime import date

import pytest

import knowledge.models  # noqa: F401 - its tables, for the schema
from base.clock import now
from base.db import Base, Database
from base.errors import BadContent, ServiceNotFound
from knowledge import store
from knowledge.bundles import bundle_checklist
from knowledge.checklist import checklist
from knowledge.loader import read_content

ON = date(2026, 11, 23)
SERVICE = """
- id: {id}
  name: {id}
  domain: 其他
  authority: 窗口
  handled_at: [窗口]
  scope: 全国通办
  audience: 自然人
  eligibility: 所有人
  {more}
  materials: [{materials}]
  fees: [{{amount: 免费}}]
  time_limit: {{statutory: 当场}}
  steps: [申请]
  online: 不能
  result: 证
  appointment: 不用
  agent: 可以
  phone: '12345'
  confidence: high
"""
DOCUMENTS = """
- {id: card, name: 身份证, shared: true}
- {id: booklet, name: 户口簿}
- {id: both, name: 身份证和户口簿, parts: [card, booklet]}
"""
WHO = "situations: [{id: who, ask: 谁？, options: {self: 本人, other: 别人}}]"
COLOUR = "situations: [{id: colour, ask: 什么颜色？, options: {red: 红, blue: 蓝}}]"


def service(id, *materials, more=""):
    return SERVICE.format(id=id, more=more, materials=", ".join(materials))


def paper(id, document=None, name="纸", **fields):
    fields = {"id": id, "name": name, "form": "原件", "document": document} | fields
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items() if value is not None) + "}"


def trip(when="{}", situations=WHO):
    return f"bundle: {{lead: 民政, members: [first, second], when: {when}, others: [别的]}}\n  {situations}"


@pytest.fixture
def knowledge_of(tmp_path):
    """The knowledge of these services, with the three documents above."""
    opened = []

    def make(*services):
        (tmp_path / "services").mkdir(exist_ok=True)
        (tmp_path / "services" / "all.yaml").write_text("".join(services), "utf-8")
        (tmp_path / "documents.yaml").write_text(DOCUMENTS, "utf-8")
        database = Database("sqlite://")
        opened.append(database)
        Base.metadata.create_all(database.engine)
        with database.writing() as session:
            store.fill_empty(session, read_content(tmp_path, demo=False), at=now())
        with database.reading() as session:
            return store.load(session)

    yield make
    for database in opened:
        database.close()


def brought(found):
    return [(shared.need.material.name, [member.id for member in shared.members]) for shared in found.needs]


def test_a_bundles_own_list_is_the_whole_list(knowledge_of):
    knowledge = knowledge_of(
        service("trip", paper("m1", "card", "证"), more=trip()),
        service("first", paper("m1", "both"), paper("m2", name="途中才有的")),
        service("second", paper("m1", "booklet")),
    )
    found = bundle_checklist(knowledge, "trip", {}, on=ON)
    assert brought(found) == [("证", ["first"])]
    assert (found.lead, found.others, found.question) == ("民政", ("别的",), None)


def test_without_a_list_of_its_own_each_paper_of_the_members_is_brought_once(knowledge_of):
    knowledge = knowledge_of(
        service("trip", more=trip()),
        service("first", paper("m1", "both"), paper("m2", name="申请表")),
        service("second", paper("m1", "card", "居民身份证"), paper("m2", name="照片")),
    )
    found = bundle_checklist(knowledge, "trip", {}, on=ON)
    assert brought(found) == [
        ("身份证", ["first", "second"]),
        ("户口簿", ["first"]),
        ("申请表", ["first"]),
        ("照片", ["second"]),
    ]
    assert [shared.need.material.id for shared in found.needs] == ["m1", "m2", "m3", "m4"]


@pytest.mark.parametrize(
    ("document", "first", "second", "form", "copies"),
    [
        ("card", "原件", "原件", "原件", 1),
        ("card", "原件", "复印件", "原件及复印件", 1),
        ("card", "复印件", "复印件", "复印件", 1),  # taken once, it serves all
        ("booklet", "复印件", "复印件", "复印件", 2),
        ("booklet", "原件", "原件", "原件", 1),
    ],
)
def test_every_item_keeps_its_own_copy_unless_one_serves_all(knowledge_of, document, first, second, form, copies):
    knowledge = knowledge_of(
        service("trip", more=trip()),
        service("first", paper("m1", document, form=first, waivable="true")),
        service("second", paper("m1", document, form=second)),
    )
    [shared] = bundle_checklist(knowledge, "trip", {}, on=ON).needs
    material = shared.need.material
    assert (material.form, material.copies, material.waivable) == (form, copies, False)


@pytest.mark.parametrize(
    ("answers", "applies", "why_not", "question"),
    [
        ({}, None, "", "who"),
        ({"who": "self"}, False, "本人", None),
        ({"who": "other"}, True, "", None),
    ],
)
def test_what_was_answered_leaves_an_item_out(knowledge_of, answers, applies, why_not, question):
    knowledge = knowledge_of(
        service("trip", more=trip(when="{second: {who: [other]}}")),
        service("first"),
        service("second", paper("m1", name="二")),
    )
    found = bundle_checklist(knowledge, "trip", answers, on=ON)
    second = found.members[1]
    assert (found.members[0].applies, second.applies, second.why_not) == (True, applies, why_not)
    assert (found.question and found.question.id) == question
    assert [name for name, _ in brought(found)] == ["二"] * (applies is True)


def test_a_members_own_question_comes_after_the_bundles(knowledge_of):
    knowledge = knowledge_of(
        service("trip", more=trip(when="{second: {who: [other]}}")),
        service("first", paper("m1", name="红纸", when="{colour: [red]}"), more=COLOUR),
        service("second"),
    )
    first = bundle_checklist(knowledge, "trip", {}, on=ON)
    assert (first.question.id, first.asked_by) == ("who", "trip")
    then = bundle_checklist(knowledge, "trip", {"who": "self"}, on=ON)
    assert (then.question.id, then.asked_by, brought(then)) == ("colour", "first", [])
    last = bundle_checklist(knowledge, "trip", {"who": "self"}, on=ON, of_members={"first": {"colour": "red"}})
    assert (last.question, brought(last)) == (None, [("红纸", ["first"])])


def test_what_the_bundle_asked_in_the_same_words_is_not_asked_again(knowledge_of):
    knowledge = knowledge_of(
        service("trip", more=trip(situations=COLOUR)),
        service("first", paper("m1", name="红纸", when="{colour: [red]}"), more=COLOUR),
        service("second"),
    )
    found = bundle_checklist(knowledge, "trip", {"colour": "red"}, on=ON)
    assert (found.question, brought(found)) == (None, [("红纸", ["first"])])


def test_a_condition_for_what_is_no_member_is_refused(knowledge_of):
    with pytest.raises(BadContent, match="no member"):
        knowledge_of(service("trip", more=trip(when="{third: {who: [self]}}")), service("first"), service("second"))
    with pytest.raises(BadContent, match="unknown option 'nobody'"):
        knowledge_of(service("trip", more=trip(when="{first: {who: [nobody]}}")), service("first"), service("second"))


def test_a_service_that_is_no_bundle_has_no_trip(shipped):
    with pytest.raises(ServiceNotFound, match="no bundle"):
        bundle_checklist(shipped, "id-card-reissue-lost", {}, on=ON)


# --- the shipped ones -----------------------------------------------------------------------------------------------


def test_a_married_couple_that_insures_nobody_is_spared_two_of_the_newborns_items(shipped):
    answers = {"parents": "married", "follow": "mother", "insured": "later", "wish": "none"}
    found = bundle_checklist(shipped, "bundle-newborn", answers, on=ON)
    assert [member.service.id for member in found.members if not member.applies] == [
        "resident-medical-enroll",
        "maternity-allowance",
    ]
    assert found.taking_part[0].id == "birth-certificate-first"
    assert found.question is None


def test_every_shipped_bundle_asks_only_for_its_own_list_and_ends(shipped):
    bundles = [service for service in shipped.services(ON) if service.bundle]
    assert bundles
    for bundle in bundles:
        answers = {}
        while (question := bundle_checklist(shipped, bundle.id, answers, on=ON).question) is not None:
            assert question.id not in answers
            answers[question.id] = next(iter(question.options))
        found = bundle_checklist(shipped, bundle.id, answers, on=ON)
        assert [shared.need for shared in found.needs] == list(checklist(bundle, answers).needs)
        assert all(member.applies is not None for member in found.members), bundle.id
        assert found.taking_part, bundle.id
