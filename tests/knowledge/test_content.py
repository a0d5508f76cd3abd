"""The facts themselves: what the loader's own checks cannot know about real divisions, prices, questions and the invented city."""

from itertools import product

import pytest

from knowledge.checklist import checklist
from knowledge.loader import read_content
from knowledge.precheck import precheck
from knowledge.service import DOMAINS

DOCUMENTS = read_content(demo=True)  # raises on the first file, id or reference that is wrong
SERVICES = {document.key: document.fact for document in DOCUMENTS if document.kind == "service"}
REGIONS = {document.key: document.fact for document in DOCUMENTS if document.kind == "region"}
OFFICES = [document.fact for document in DOCUMENTS if document.kind == "office"]
MATTERS = {document.key: document.fact for document in DOCUMENTS if document.kind == "matter"}
DOCUMENT = {document.key: document.fact for document in DOCUMENTS if document.kind == "document"}
DEMO_OFFICES = [office for office in OFFICES if office.basis == "demo"]


def test_all_the_services_are_there():
    assert len(SERVICES) >= 255
    assert {service.domain for service in SERVICES.values()} == set(DOMAINS)


def full_answers(service):
    """Every full set of answers to the situations that decide a fee."""
    situations = [service.situation(id) for id in sorted({id for fee in service.fees for id in fee.when})]
    for options in product(*(situation.options for situation in situations)):
        yield {situation.id: option for situation, option in zip(situations, options, strict=True)}


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.id)
def test_every_full_set_of_answers_finds_a_fee(service):
    for answers in full_answers(service):
        assert checklist(service, answers).fees, answers


@pytest.mark.parametrize(
    ("service", "answers", "amounts"),
    [
        ("id-card-renew-expired", {"old_card": "lost"}, ["40元"]),
        ("id-card-minor", {"kind": "first"}, ["免费"]),
        ("hkmo-permit-apply", {"withsign": "yes"}, ["60元/证", "15元/件"]),
        ("deed-tax", {"source": "secondhand", "family": "first"}, ["面积140平方米及以下1%、140平方米以上1.5%"]),
        ("deed-tax", {"source": "gift", "family": "first"}, ["法定税率3%至5%（多数省定3%）"]),
    ],
)
def test_a_situation_decides_the_fee(service, answers, amounts):
    assert [fee.amount for fee in checklist(SERVICES[service], answers).fees] == amounts


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.id)
def test_every_question_can_change_the_list(service):
    conditions = [part.when for part in (*service.materials, *service.fees)]
    for situation in service.situations:
        effects = {
            tuple(option in when[situation.id] for when in conditions if situation.id in when)
            for option in situation.options
        }
        assert len(effects) > 1, situation.id


def test_questions_and_answers_are_written_for_citizens():
    asked = [situation.ask for service in SERVICES.values() for situation in service.situations]
    asked += [faq.q for service in SERVICES.values() for faq in service.faq]
    assert [ask for ask in asked if not ask.endswith("？")] == []
    buttons = [words for s in SERVICES.values() for situation in s.situations for words in situation.options.values()]
    assert [words for words in buttons if len(words) > 16] == []


def test_no_two_services_are_called_the_same():
    names = [name for service in SERVICES.values() for name in (service.name, *service.aliases)]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_notes_about_offices_are_chinese_and_run_on():
    # An answer joins them with ；, so a full stop at the end would double.
    notes = [note for office in OFFICES for note in (office.note, office.hours_note) if note]
    assert [note for note in notes if note.isascii() or note.endswith("。")] == []


def test_every_matter_stands_in_some_office():
    assert set(MATTERS) == {matter for office in OFFICES for matter in office.matters}
    assert {domain for matter in MATTERS.values() for domain in matter.domains} <= set(DOMAINS)


def test_the_invented_city_touches_nothing_real():
    demo = {adcode for adcode, region in REGIONS.items() if region.demo}
    assert demo == {adcode for adcode in REGIONS if adcode.startswith("99")}
    assert {office.region for office in DEMO_OFFICES} <= demo
    assert not {office.region for office in OFFICES if office.basis != "demo"} & demo
    assert all(REGIONS[adcode].parent in {None, *demo} for adcode in demo)


def test_demonstration_data_says_that_it_is():
    for office in DEMO_OFFICES:
        assert (office.confidence, office.sources) == ("low", ("演示数据",))
        assert all(number.startswith("000-") for number in office.phone)
        assert None not in (office.latitude, office.longitude)
        assert office.has_hours


def test_the_invented_city_deals_with_every_domain():
    matters = [MATTERS[name] for office in DEMO_OFFICES for name in office.matters]
    done = {domain for matter in matters for domain in matter.domains}
    done |= {SERVICES[id].domain for matter in matters for id in matter.services}
    assert done == set(DOMAINS)


def test_every_district_of_the_invented_city_has_the_offices_of_everyday():
    districts = {adcode for adcode, region in REGIONS.items() if region.demo and region.parent == "990100"}
    for kind in ("政务服务中心", "派出所", "便民服务中心"):
        assert {office.region for office in DEMO_OFFICES if office.kind == kind} == districts, kind


def agree(material, document):
    """Whether a material's words name the document: it by one of its names, all its parts, or one of its stand-ins."""
    return (
        any(name in material.name for name in document.names)
        or (bool(document.parts) and all(agree(material, DOCUMENT[id]) for id in document.parts))
        or any(agree(material, DOCUMENT[id]) for id in document.stand_in_documents)
    )


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.id)
def test_every_material_names_the_document_that_it_refers_to(service):
    for material in service.materials:
        if material.document is not None:
            assert agree(material, DOCUMENT[material.document]), (material.id, material.name, material.document)


def test_most_materials_are_one_of_the_canonical_documents():
    materials = [material for service in SERVICES.values() for material in service.materials]
    assert sum(material.document is not None for material in materials) / len(materials) > 0.78


def test_a_material_that_is_called_like_a_document_refers_to_one():
    names = {name for document in DOCUMENT.values() for name in document.names}
    materials = [(service.id, material) for service in SERVICES.values() for material in service.materials]
    forgotten = [(id, material.name) for id, material in materials if material.name in names and not material.document]
    assert forgotten == []


@pytest.mark.parametrize(
    ("service", "answers", "words", "have"),
    [
        (
            "birth-registration",
            {"marriage": "married", "follow": "mother", "ethnicity": "same", "place": "local"},
            "我有出生证、户口本、红本本，我和老公的身份证也有",
            {"birth-certificate", "parent-booklet", "marriage-certificate", "both-parents-id-cards"},
        ),
        (
            "death-cancel",
            {"where": "hospital", "move": "notmoving", "idcard": "have"},
            "户口本、死亡证、我的身份证",  # which is never taken for that of the deceased
            {"deceased-booklet", "death-proof", "id-card"},
        ),
        ("residence-permit-first", {}, "身份证、一寸照片", {"id-card-or-booklet", "photo"}),
        (
            "foreigner-residence",
            {"biz": "first", "type": "work"},
            "护照、签证、住宿登记、工作许可证",
            {"passport-and-residence", "lodging-registration", "work-permit"},
        ),
        (
            "individual-business-setup",
            {"place": "rent"},
            "身份证、租房合同、房东房产证复印件",
            {"id-card", "lease-and-lessor-property"},
        ),
        ("legal-aid", {"hardship": "exempt"}, "身份证、低保证", {"id-card", "exemption-proof"}),
        ("home-return-permit", {}, "香港身份证", {"hmt-id-card"}),
        (
            "dl-military",
            {},
            "部队驾照、体检表、身份证",
            {"military-licence", "driver-medical", "traffic-identity"},
        ),
        (
            "teacher-cert",
            {"action": "first", "place": "hukou"},
            "身份证、毕业证、普通话证、体检表",
            {"id-card", "graduation-certificate", "putonghua-certificate", "health-check"},
        ),
        ("dl-renew", {}, "驾照和照片", {"driving-licence"}),  # it must be one of one inch
    ],
)
def test_everyday_names_are_understood(service, answers, words, have):
    asked = checklist(SERVICES[service], answers)
    said = precheck(DOCUMENT, words, asked.needs, asked.undecided)
    assert {need.material.document for need in said.have} == have
    assert said.not_needed == ()


def test_the_same_words_are_the_same_document():
    referred = {}
    for service in SERVICES.values():
        for material in service.materials:
            referred.setdefault(material.name, set()).add(material.document)
    assert {name: documents for name, documents in referred.items() if len(documents) > 1} == {}


def test_every_document_is_asked_for_somewhere():
    asked = {material.document for service in SERVICES.values() for material in service.materials}
    within = {id for document in DOCUMENT.values() for id in (*document.parts, *document.stand_in_documents)}
    assert set(DOCUMENT) - asked - within == {"temp-id-card"}  # known, so that it is never taken for the real one
