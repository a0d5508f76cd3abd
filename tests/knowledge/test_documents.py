"""Canonical documents: what their shape refuses, and the shipped vocabulary."""

import pytest
from pydantic import ValidationError

from base.errors import BadContent
from knowledge.documents import Document
from knowledge.loader import read_content

DOCUMENTS = {document.key: document.fact for document in read_content(demo=False) if document.kind == "document"}


def test_stand_ins_are_documents_or_words():
    document = Document(id="booklet", name="户口簿", stand_ins=("id-card", "本人常住人口登记卡"))
    assert document.stand_in_documents == ("id-card",)


@pytest.mark.parametrize(
    "slip", [{"parts": ["card"]}, {"stand_ins": ["card"]}, {"holder": "uncle"}, {"name": ""}, {"lost": True}]
)
def test_a_slip_is_refused(slip):
    with pytest.raises(ValidationError):
        Document.model_validate({"id": "card", "name": "身份证"} | slip)


def test_whose_own_paper_it_is_leads_to_a_paper(tmp_path):
    (tmp_path / "documents.yaml").write_text(
        "- {id: card, name: 监护人身份证, holder: guardian, own: no-such}\n", "utf-8"
    )
    with pytest.raises(BadContent, match="没有 document no-such"):
        read_content(tmp_path, demo=False)
    with pytest.raises(ValidationError):
        Document(id="card", name="身份证", own="card")


def test_what_a_family_has_one_of_is_nobodys_own():
    assert {"household-booklet", "marriage-certificate"} <= {one.id for one in DOCUMENTS.values() if one.family}
    assert [one.id for one in DOCUMENTS.values() if one.own and (one.family or one.holder == "applicant")] == []


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_no_document_leads_back_to_itself(document):
    met, left = set(), [document]
    while left:
        for id in (*(one := left.pop()).parts, *one.stand_in_documents):
            assert id != document.id
            if id not in met:
                met.add(id)
                left.append(DOCUMENTS[id])


def test_a_document_has_parts_or_stand_ins_never_both():
    assert [document.id for document in DOCUMENTS.values() if document.parts and document.stand_ins] == []


def test_no_two_documents_have_the_same_name():
    names = [document.name for document in DOCUMENTS.values()]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_a_name_that_several_documents_share_tells_one_holder_from_another():
    # 身份证 alone must mean one's own card, never the guardian's.
    by_name = {}
    for document in DOCUMENTS.values():
        for name in document.names:
            by_name.setdefault(name, []).append(document)
    for name, sharing in by_name.items():
        others = [document.holder for document in sharing if document.holder != "applicant"]
        if others:
            assert len(others) == len(sharing) or "applicant" in {document.holder for document in sharing}, name


def test_everyday_names_are_said_once_and_add_something():
    for document in DOCUMENTS.values():
        assert len(set(document.names)) == len(document.names), document.id
        assert all(len(name) > 1 for name in document.names), document.id
