"""Several persons on one notice: each paper once where one will do, and never too few of them."""

from datetime import datetime

import pytest

import knowledge.models  # noqa: F401 - its tables, for the schema
from base.db import Base, Database
from knowledge import store
from knowledge.loader import read_content
from knowledge.notices.notice import PersonCase, assemble, materials_of
from tests.knowledge.conftest import AT
from tests.knowledge.test_bundles import paper, service

DOCUMENTS = """
- {id: card, name: 身份证, shared: true}
- {id: booklet, name: 户口簿, family: true, lookup: true}
- {id: guardian-card, name: 监护人身份证, holder: guardian, own: card}
- {id: agent-card, name: 代办人身份证, holder: agent, own: card}
- {id: spouse-card, name: 配偶身份证, holder: spouse, own: card}
- {id: guardian-papers, name: 监护人身份证和户口簿, parts: [guardian-card, booklet]}
"""
NOON: datetime = AT.replace(hour=12)


@pytest.fixture
def listed(tmp_path):
    """The materials of a joint notice for persons and what each has to bring."""
    opened = []

    def content(**whose):
        folder = tmp_path / "services"
        folder.mkdir(exist_ok=True)
        items = {who: f"s{number}" for number, who in enumerate(whose, 1)}
        texts = [service(items[who], *papers) for who, papers in whose.items()]
        (folder / "all.yaml").write_text("".join(texts), "utf-8")
        (tmp_path / "documents.yaml").write_text(DOCUMENTS, "utf-8")
        database = Database("sqlite://")
        opened.append(database)
        Base.metadata.create_all(database.engine)
        with database.writing() as session:
            store.fill_empty(session, read_content(tmp_path, demo=False), at=AT)
        with database.reading() as session:
            knowledge = store.load(session)
        cases = [PersonCase(item, {}, who) for who, item in items.items()]
        return assemble(knowledge, cases, at=NOON).content

    def lines(**whose):
        found = materials_of(content(**whose))
        assert len({line["id"] for line in found}) == len(found)
        return [(line["name"], line["form"], line["copies"], line["why"]) for line in found]

    lines.content = content
    yield lines
    for database in opened:
        database.close()


SHARED = "本人、孩子共用"
EACH_HAS = "，各有各的就都带上"


def test_the_familys_booklet_is_brought_once(listed):
    assert listed(本人=[paper("m1", "booklet", "户口簿")], 孩子=[paper("m1", "booklet", "户口本")]) == [
        ("户口簿", "原件", 1, SHARED + EACH_HAS)
    ]


def test_the_guardians_card_is_the_parents_own(listed):
    own, guardians = [paper("m1", "card", "身份证")], [paper("m3", "guardian-card", "监护人身份证")]
    assert listed(本人=own, 孩子=guardians) == [("身份证", "原件", 1, SHARED)]
    assert listed(孩子=guardians, 本人=own) == [("身份证", "原件", 1, "孩子、本人共用")]


def test_every_persons_own_card_is_brought_by_each(listed):
    own = [paper("m1", "card", "身份证")]
    assert listed(本人=own, 爱人=own) == [
        ("身份证", "原件", 1, "本人的事要用"),
        ("身份证", "原件", 1, "爱人的事要用"),
    ]


def test_two_children_have_one_guardian_whose_card_is_neithers(listed):
    # The second child must never be taken for the guardian of the first.
    both = [paper("m1", "card", "身份证"), paper("m2", "guardian-card", "监护人身份证")]
    assert listed(老大=both, 老二=both) == [
        ("身份证", "原件", 1, "老大的事要用"),
        ("监护人身份证", "原件", 1, "老大、老二共用" + EACH_HAS),
        ("身份证", "原件", 1, "老二的事要用"),
    ]


def test_whoever_needs_a_guardian_is_not_the_guardian_of_others(listed):
    # 本人 is the person whom the first question was about, and that may be a child.
    both = [paper("m1", "card", "身份证"), paper("m2", "guardian-card", "监护人身份证")]
    assert [name for name, *_ in listed(本人=both, 孩子=both)] == ["身份证", "监护人身份证", "身份证"]


def test_who_acts_for_both_parents_shows_one_card(listed):
    agents = [paper("m1", "card", "身份证"), paper("m2", "agent-card", "代办人身份证")]
    own = [paper("m1", "card", "身份证")]
    assert [name for name, *_ in listed(爸爸=agents, 妈妈=agents)] == ["身份证", "代办人身份证", "身份证"]
    assert listed(本人=own, 爸爸=agents, 妈妈=agents) == [
        ("身份证", "原件", 1, "本人、爸爸、妈妈共用"),
        ("身份证", "原件", 1, "爸爸的事要用"),
        ("身份证", "原件", 1, "妈妈的事要用"),
    ]


def test_a_couple_brings_two_cards_for_what_each_asks_of_the_other(listed):
    papers = [paper("m1", "card", "身份证"), paper("m2", "spouse-card", "配偶身份证")]
    assert listed(本人=papers, 爱人=papers) == [
        ("身份证", "原件", 1, "本人、爱人共用"),
        ("身份证", "原件", 1, "本人、爱人共用"),
    ]
    assert [name for name, *_ in listed(妈妈=papers, 爸爸=papers)].count("配偶身份证") == 2


def test_every_matter_keeps_its_copies(listed):
    copies = [paper("m1", "booklet", "户口簿", form="复印件")]
    assert listed(本人=copies, 孩子=copies)[0][1:3] == ("复印件", 2)
    both = [paper("m1", "booklet", "户口簿", form="原件及复印件", copies=2)]
    assert listed(本人=copies, 孩子=both)[0][1:3] == ("原件及复印件", 3)


def test_a_paper_with_parts_gives_its_parts(listed):
    assert listed(本人=[paper("m1", "booklet", "户口簿")], 孩子=[paper("m1", "guardian-papers", "材料")]) == [
        ("户口簿", "原件", 1, SHARED + EACH_HAS),
        ("监护人身份证", "原件", 1, "孩子的事要用"),
    ]


def test_only_what_all_do_without_is_waived(listed):
    waived, asked = [paper("m1", "booklet", "户口簿", waivable="true")], [paper("m1", "booklet", "户口簿")]
    assert [line["waivable"] for line in materials_of(listed.content(本人=waived, 孩子=asked))] == [False]
    assert [line["waivable"] for line in materials_of(listed.content(本人=waived, 孩子=waived))] == [True]


def test_what_no_document_names_is_never_shared(listed):
    form = [paper("m1", name="申请表")]
    assert [why for *_, why in listed(本人=form, 孩子=form)] == ["本人的事要用", "孩子的事要用"]


def test_who_needs_nothing_is_named(listed):
    content = listed.content(本人=[paper("m1", "card", "身份证")], 孩子=[])
    texts = [block["text"] for block in content.blocks if block["type"] == "text"]
    assert "孩子：这件事不用带材料。" in texts
    nothing = listed.content(本人=[], 孩子=[])
    assert [block["text"] for block in nothing.blocks if block["type"] == "text"] == ["这件事不用带材料。"]
    assert materials_of(nothing) == []


# --- the shipped ones -----------------------------------------------------------------------------------------------

PASSPORT = "passport-first"
ADULT = {"age": "adult", "identity": "ordinary"}
CHILD = {"age": "minor", "companion": "parent", "identity": "ordinary"}


def family(shipped, *cases, **where):
    return assemble(shipped, [PersonCase(*case) for case in cases], at=AT, **where).content


def test_me_and_my_child_get_one_list(shipped):
    content = family(shipped, (PASSPORT, ADULT, "本人"), (PASSPORT, CHILD, "孩子"), region="990102")
    assert content.name == shipped.find(PASSPORT, AT.date()).service.name
    assert [line["label"] for line in content.told] == ["本人", "孩子"]
    shared = [line["name"] for line in materials_of(content) if "共用" in line["why"]]
    assert shared == ["居民身份证"]
    types = [block["type"] for block in content.blocks]
    assert [types.count(one) for one in ("materials", "facts", "steps", "offices")] == [1, 1, 1, 1]


def test_what_differs_is_told_by_whose(shipped, complete):
    low = next(one for one in shipped.services(AT.date()) if one.confidence == "low" and not one.bundle)
    content = family(shipped, (PASSPORT, ADULT, "本人"), (low.id, complete(low.id), "爸爸"))
    first = content.blocks[0]
    assert first["text"].startswith("爸爸：这一项的资料来源说法不一")
    titles = [block["title"] for block in content.blocks if block["type"] == "steps"]
    assert [title.partition("（")[2] for title in titles] == ["本人）：", "爸爸）："]
    labels = [line["label"] for block in content.blocks if block["type"] == "facts" for line in block["items"]]
    assert len(set(labels)) == len(labels)


def test_what_the_place_does_without_stands_below_the_list(shipped):
    lost = {"age": "adult", "place": "local", "pickup": "self"}
    content = family(
        shipped, (PASSPORT, ADULT, "本人"), ("id-card-reissue-lost", lost, "爸爸"), region="990102"
    )  # fmt: skip
    listed = next(number for number, block in enumerate(content.blocks) if block["type"] == "materials")
    assert content.blocks[listed + 1]["text"] == "爸爸：示例市规定，不用带：居民户口簿"


def test_a_local_rule_is_told_in_the_joint_list_too(shipped, complete):
    permit = "residence-permit-first"
    answers = {"reason": "home", "dwelling": "rent", "agent": "self"}
    content = family(shipped, (permit, answers, "本人"), (permit, answers, "爱人"), region="990104")
    receipts = [line for line in materials_of(content) if line["name"] == "社区出具的入住登记回执"]
    assert [line["why"].rpartition("；")[2] for line in receipts] == ["本人的事要用", "爱人的事要用"]
    assert all("示例新区规定" in line["note"] for line in receipts)


def test_every_pair_of_the_same_item_brings_all_that_each_needs(shipped, complete):
    for item in shipped.heads(AT.date()):
        answers = complete(item.id)
        alone = materials_of(family(shipped, (item.id, answers, "本人")))
        both = materials_of(family(shipped, (item.id, answers, "本人"), (item.id, answers, "孩子")))
        assert len({line["id"] for line in both}) == len(both), item.id
        assert sum(line["copies"] for line in both) >= sum(line["copies"] for line in alone), item.id
        assert all("本人" in line["why"] or "孩子" in line["why"] for line in both), item.id
