"""材料自查: what a person says they have, in everyday names."""

import pytest

from knowledge.checklist import Need
from knowledge.loader import read_content
from knowledge.precheck import precheck
from knowledge.service import Material

DOCUMENTS = {document.key: document.fact for document in read_content(demo=False) if document.kind == "document"}
PAPERS = (
    ("居民户口簿", "household-booklet"), ("居民身份证", "id-card"), ("监护人居民身份证", "guardian-id-card"),
    ("结婚证", "marriage-certificate"), ("机动车驾驶证", "driving-licence"), ("不动产权证书", "property-certificate"),
    ("委托书和代办人身份证", "agent-papers"), ("申请表", None),
)  # fmt: skip
NAMES = [name for name, _ in PAPERS]


def need(name, document=None, **more):
    return Need(Material(**{"id": "m", "name": name, "form": "原件", "document": document} | more), ())


def had(words, *needs):
    return [need.material.name for need in precheck(DOCUMENTS, words, needs).have]


NEEDS = [need(name, document, id=f"m{n}") for n, (name, document) in enumerate(PAPERS)]


@pytest.mark.parametrize(
    ("words", "have"),
    [
        ("我有户口本、身份证,还差什么?", ["居民户口簿", "居民身份证"]),
        ("户口本和红本本带了够不够", ["居民户口簿", "结婚证"]),
        ("带了驾照", ["机动车驾驶证"]),
        ("房本身份证户口本都带了", ["居民户口簿", "居民身份证", "不动产权证书"]),
        ("还差什么材料我只有身份证", ["居民身份证"]),
        ("我的身份证在，够吗", ["居民身份证"]),
        ("缺啥，我有户口簿", ["居民户口簿"]),
        ("申请表填好了", ["申请表"]),
        ("身份证照片都有", []),
        ("有户口本，没有身份证", ["居民户口簿"]),
        ("有户口本没有身份证", ["居民户口簿"]),
        ("没有身份证和户口本，有结婚证", ["结婚证"]),
        ("没身份证", []),
        ("忘带户口本了", []),
        ("除了身份证，户口本和房本我都有", ["居民户口簿", "不动产权证书"]),
        ("就差身份证，户口本有", ["居民户口簿"]),
        ("身份证丢了，户口本在", ["居民户口簿"]),
        ("身份证丢了户口本在", ["居民户口簿"]),
        ("身份证没带，户口本带了", ["居民户口簿"]),
        ("户口本和身份证都没带，有结婚证", ["结婚证"]),
        ("户口本，身份证都没带", []),
        ("户口本有，身份证找不到", ["居民户口簿"]),
        ("身份证没有", []),
        ("身份证没有，户口本有", ["居民户口簿"]),
        ("结婚证过期了吗", []),
        ("我有身份证，要不要户口本", ["居民身份证"]),
        ("需要带户口本吗", []),
        ("用户口本代替身份证行不行", ["居民户口簿"]),
        ("有身份证，不过身份证过期了", []),
        ("什么都没有", []),
        ("要带什么", []),
        ("", []),
    ],
)
def test_only_what_is_named_as_there_counts(words, have):
    found = precheck(DOCUMENTS, words, NEEDS)
    assert [need.material.name for need in found.have] == have
    assert [need.material.name for need in found.missing] == [name for name in NAMES if name not in have]


@pytest.mark.parametrize(
    ("words", "have"),
    [
        ("我有身份证", ["居民身份证"]),
        ("我妈的身份证", ["监护人居民身份证", "代办人身份证"]),
        ("妈妈身份证带了", ["监护人居民身份证", "代办人身份证"]),
        ("监护人身份证", ["监护人居民身份证"]),
        ("代办人的身份证", ["代办人身份证"]),
        ("朋友身份证", ["代办人身份证"]),
        ("我老公的身份证", ["配偶身份证", "代办人身份证"]),
        ("我们俩的身份证", ["居民身份证", "双方居民身份证", "配偶身份证"]),
        ("爸妈的身份证都有", ["监护人居民身份证", "父母居民身份证", "代办人身份证"]),
        ("孩子的身份证", ["居民身份证", "代办人身份证"]),
        ("房东的身份证", ["代办人身份证"]),
        ("法人身份证", ["法定代表人身份证"]),
        ("我自己的身份证和我爸的身份证", ["居民身份证", "监护人居民身份证", "代办人身份证"]),
    ],
)
def test_somebody_elses_paper_is_only_the_one_that_is_asked_of_them(words, have):
    needs = [
        need("居民身份证", "id-card"),
        need("监护人居民身份证", "guardian-id-card"),
        need("双方居民身份证", "both-id-cards"),
        need("父母居民身份证", "parents-id-cards"),
        need("配偶身份证", "spouse-id-card"),
        need("代办人身份证", "agent-id-card"),
        need("法定代表人身份证", "legal-representative-id-card"),
    ]
    assert had(words, *needs) == have


def test_a_childs_paper_is_the_applicants_only_where_a_guardian_is_asked_for():
    assert had("孩子的户口本", need("居民户口簿", "household-booklet")) == []
    assert had("孩子的户口本", need("居民户口簿", "household-booklet"), NEEDS[2]) == ["居民户口簿"]


@pytest.mark.parametrize(
    ("words", "form", "note", "have"),
    [
        ("身份证复印件", "原件", "", False),
        ("身份证复印件", "复印件", "", True),
        ("身份证照片", "原件", "", False),
        ("身份证", "复印件", "", True),
        ("电子身份证", "原件", "", False),
        ("身份证电子版", "原件", "可用电子证照", True),
        ("身份证电子版", "电子证照", "", True),
    ],
)
def test_a_copy_or_an_electronic_form_counts_where_it_will_do(words, form, note, have):
    assert (had(words, need("居民身份证", "id-card", form=form, note=note)) == ["居民身份证"]) is have


def test_the_electronic_licence_of_a_business_is_as_good_as_the_paper():
    assert had("电子营业执照", need("营业执照", "business-license")) == ["营业执照"]


@pytest.mark.parametrize(
    ("document", "words", "have"),
    [
        ("id-card-or-booklet", "户口本", True),
        ("id-card-or-booklet", "结婚证", False),
        ("id-card-and-booklet", "身份证和户口本", True),
        ("id-card-and-booklet", "户口本", False),
        ("property-or-contract", "网签合同", True),
        ("medical-identity", "医保码", True),
        ("agent-papers", "委托书，我妈的身份证", True),
        ("agent-papers", "委托书和我的身份证", False),
        ("id-card", "临时身份证", False),
    ],
)
def test_one_of_several_is_enough_and_all_parts_are_needed(document, words, have):
    assert bool(had(words, need(DOCUMENTS[document].name, document))) is have


def test_what_is_missing_of_several_parts_is_named():
    both = need("居民身份证和户口簿", "id-card-and-booklet")
    assert precheck(DOCUMENTS, "我有户口本", [both]).lacking == {"m": ("居民身份证",)}
    assert precheck(DOCUMENTS, "我有结婚证", [both]).lacking == {}


@pytest.mark.parametrize(
    ("words", "not_needed"),
    [
        ("我有身份证和护照", ("护照",)),
        ("我有身份证和台胞卡，没带护照", ()),
        ("我有身份证和驾照，没带护照", ("驾照",)),
        ("我妈的护照", ()),
        ("户口本", ()),
    ],
)
def test_what_nothing_asks_for_need_not_be_brought(words, not_needed):
    undecided = [Material(id="u", name="户口簿", form="原件", document="id-card-and-booklet")]
    assert precheck(DOCUMENTS, words, [need("居民身份证", "id-card")], undecided).not_needed == not_needed


def test_what_may_be_a_paper_of_the_list_by_another_name_is_not_called_unneeded():
    contract = need("网签买卖合同", "registered-house-contract")
    assert precheck(DOCUMENTS, "我有购房合同和护照", [contract]).not_needed == ("护照",)


def test_a_material_without_a_document_goes_by_its_own_name():
    assert had("准考证带了", need("准考证（原件）")) == ["准考证（原件）"]
    assert had("准考证没带", need("准考证（原件）")) == []


def test_nothing_needed_is_nothing_missing():
    found = precheck(DOCUMENTS, "我有身份证", [])
    assert (found.have, found.missing, found.not_needed) == ((), (), ("身份证",))


@pytest.mark.parametrize("words", ["我爸的死亡证明有了", "死亡证明开好了", "有我妈的火化证", "爷爷的死亡证明在"])
def test_what_was_issued_about_the_dead_belongs_to_whoever_brings_it(words):
    proof = need("死亡证明或火化证明", "death-or-cremation")
    assert had(words, proof) == ["死亡证明或火化证明"]
