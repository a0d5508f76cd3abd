"""Out and in again: YAML loses nothing, and an import is all or nothing."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.clock import CHINA
from base.db import Base, Database
from base.errors import BadContent, BadOverlay, BadRequest, BadTable, EditConflict
from knowledge import revisions, store
from knowledge.check import clashes, find_errors, find_warnings
from knowledge.export import export, find_later, held, to_yaml
from knowledge.imports import apply_plan, plan_import
from knowledge.loader import KINDS, read_content, read_file
from knowledge.models import Revision
from knowledge.service import UNSEEN
from tests.postgres import emptied

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
TODAY = AT.date()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def database(request, documents):
    """A store with everything that is shipped; no test changes it for good."""
    database = emptied(request.getfixturevalue("postgres_url")) if request.param == "postgres" else empty_store()
    with database.writing() as session:
        store.fill_empty(session, documents, at=AT)
    yield database
    database.close()


@pytest.fixture
def session(database):
    with database.reading() as session:
        yield session


def bodies(session, on=TODAY):
    return {key: one.body for key, one in held(session, on).items()}


def services(session, on):
    return {key: body for (kind, key), body in bodies(session, on).items() if kind == "service"}


def plan(session, file, **more):
    return plan_import(session, file, on=TODAY, **more)


def carry_out(session, file, **more):
    apply_plan(session, plan(session, file), author="wang", reason="年度核对", at=AT, **more)


def seal(session, **changed):
    """The body of one shipped service, changed."""
    return {**held(session, TODAY)["service", "seal-engraving"].body, **changed}


def written(tmp_path, *bodies, name="services/changed.yaml"):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(to_yaml(bodies), "utf-8")
    return file


def test_a_folder_holds_everything_and_is_read_back_without_loss(session, tmp_path, documents):
    assert export(held(session, TODAY), tmp_path / "out") == len(documents)
    again = read_content(tmp_path / "out", demo=False)
    assert {(d.kind, d.key): d.fact for d in again} == {(d.kind, d.key): d.fact for d in documents}
    assert plan(session, tmp_path / "out").steps == ()


def test_an_export_fills_an_empty_store_with_the_same(session, tmp_path):
    export(held(session, TODAY), tmp_path / "out")
    empty = Database("sqlite://")
    Base.metadata.create_all(empty.engine)
    with empty.writing() as other:
        store.fill_empty(other, read_content(tmp_path / "out", demo=False), at=AT)
        assert bodies(other) == bodies(session)
    empty.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_yaml_file_holds_one_kind(session, tmp_path, kind):
    count = export(held(session, TODAY), tmp_path / "out.yaml", kind)
    found = list(read_file(kind, tmp_path / "out.yaml"))
    assert {(d.kind, d.key): d.body() for d in found} == {
        key: body for key, body in bodies(session).items() if key[0] == kind
    }
    assert count == len(found) > 0
    assert plan(session, tmp_path / "out.yaml", kind=kind).same == count


def test_where_an_export_can_go_is_said(session, tmp_path):
    documents = held(session, TODAY)
    with pytest.raises(BadRequest, match="一个 YAML 文件只放一种"):
        export(documents, tmp_path / "out.yaml")
    with pytest.raises(BadRequest, match="只能是文件夹"):
        export(documents, tmp_path / "out.docx")
    (tmp_path / "old.yaml").write_text("- id: old")
    with pytest.raises(BadRequest, match="不是空的"):
        export(documents, tmp_path)


@given(st.text(min_size=1, max_size=200).map(str.strip).filter(lambda words: words and not UNSEEN.search(words)))
def test_any_words_survive_yaml(tmp_path_factory, words):
    file = tmp_path_factory.getbasetemp() / "matters.yaml"
    body = {"name": "印章", "domains": [words, words]}
    file.write_text(to_yaml([body]), "utf-8", newline="")
    assert next(iter(read_file("matter", file))).body() == body


def test_a_changed_service_is_shown_first_and_then_published(session, tmp_path):
    file = written(
        tmp_path, seal(session, result="一枚新印章"), seal(session, id="seal-new", name="刻新章", aliases=[])
    )
    wanted = plan(session, file)
    assert [(step.key[1], step.is_new) for step in wanted.steps] == [
        ("seal-engraving", False),
        ("seal-new", True),
    ]
    (change,) = wanted.steps[0].changes
    assert (change.path, change.after) == ("result", "一枚新印章")
    assert bodies(session)["service", "seal-engraving"]["result"] != "一枚新印章"
    done = []
    carry_out(session, file, progress=lambda: done.append(1))
    assert len(done) == 4
    assert bodies(session)["service", "seal-engraving"]["result"] == "一枚新印章"
    latest = revisions.history(session, "service", "seal-engraving")[-1]
    assert (latest.number, latest.origin, latest.author, latest.reason) == (2, "import", "wang", "年度核对")
    assert plan(session, file).steps == ()


def test_an_import_may_hold_from_a_later_day(session, tmp_path):
    new_year = date(2027, 1, 1)
    carry_out(session, written(tmp_path, seal(session, result="新印章")), on=new_year)
    assert bodies(session)["service", "seal-engraving"]["result"] != "新印章"
    assert bodies(session, new_year)["service", "seal-engraving"]["result"] == "新印章"


NEW_YEAR, SPRING = date(2027, 1, 1), date(2027, 3, 1)


def schedule(session):
    """What is published today and turns later: changed for a time, begun, ended, come back."""
    at_work = {"by": "wang", "at": AT}
    told = {"author": "wang", "reason": "新规", "at": AT}
    for body, based_on, dates in [
        (seal(session, result="新印章"), 1, {"effective_from": NEW_YEAR, "effective_to": SPRING}),
        (seal(session, result="现在的印章"), 2, {}),
        (seal(session, id="seal-new", name="刻新章", aliases=[]), None, {"effective_from": NEW_YEAR}),
    ]:
        number = revisions.propose(session, "service", body["id"], body, based_on=based_on, **told).number
        revisions.publish(session, "service", body["id"], number, **at_work, **dates)
    revisions.retire(session, "service", "seal-lost", by="wang", reason="取消", at=AT, on=NEW_YEAR)
    lost = held(session, TODAY)["service", "seal-lost"].body
    revisions.propose(session, "service", "seal-lost", lost, based_on=2, **told)
    revisions.publish(session, "service", "seal-lost", 3, **at_work, effective_from=SPRING)


def empty_store():
    empty = Database("sqlite://")
    Base.metadata.create_all(empty.engine)
    return empty


def test_what_is_scheduled_goes_out_and_in_without_loss(session, tmp_path):
    schedule(session)
    export(held(session, TODAY), tmp_path / "out", later=find_later(session, TODAY))
    assert sorted(one.name for one in tmp_path.glob("out/2*")) == [str(NEW_YEAR), str(SPRING)]
    empty = empty_store()
    with empty.writing() as other:
        carry_out(other, tmp_path / "out")
        for day in (TODAY, date(2026, 12, 31), NEW_YEAR, date(2027, 2, 28), SPRING, date(2030, 1, 1)):
            assert bodies(other, day) == bodies(session, day)
        assert find_later(other, TODAY) == find_later(session, TODAY)
        assert plan(other, tmp_path / "out").steps == ()
    empty.close()
    assert plan(session, tmp_path / "out").steps == ()


def test_what_has_come_about_since_the_export_holds_at_once(session, tmp_path):
    schedule(session)
    export(held(session, TODAY), tmp_path / "out", later=find_later(session, TODAY))
    matters = tmp_path / "out" / "matters.yaml"  # nothing can lead to what has ended already
    matters.write_text(matters.read_text("utf-8").replace("- seal-lost\n", "- seal-engraving\n"), "utf-8")
    empty, later = empty_store(), AT.replace(year=2027, month=2)
    with empty.writing() as other:
        wanted = plan_import(other, tmp_path / "out", on=later.date())
        apply_plan(other, wanted, author="wang", reason="年度核对", at=later)
        for day in (later.date(), SPRING):
            assert services(other, day) == services(session, day)
    empty.close()


def test_what_a_file_holds_is_what_the_guide_says_on_that_day(session):
    schedule(session)
    knowledge = store.load(session)
    for day in (TODAY, NEW_YEAR, SPRING):
        said = {
            service.id: service.model_dump(mode="json", exclude_defaults=True) for service in knowledge.services(day)
        }
        assert said == {key: body for (kind, key), body in bodies(session, day).items() if kind == "service"}


def test_documents_of_one_import_may_lead_to_each_other(session, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder, {"adcode": "990200", "name": "示例二市", "parent": "990000", "demo": True}, name="regions.yaml")
    hall = {"name": "大厅", "kind": "大厅", "region": "990200", "basis": "demo", "confidence": "low"}
    written(folder, {**hall, "id": "hall-b", "part_of": "hall-z"}, {**hall, "id": "hall-z"}, name="offices.yaml")
    carry_out(session, folder)
    assert {("region", "990200"), ("office", "hall-b"), ("office", "hall-z")} <= set(bodies(session))
    assert list(find_errors(session, TODAY)) == []


def test_an_import_may_change_a_service_and_the_rule_over_it_together(session, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    local = {"id": "seal-local", "service": "seal-engraving", "at": "990100", "reason": "试点", "source": "演示数据"}
    materials = seal(session)["materials"]
    written(folder, {**local, "change": {"m-extra": {"copies": 2}}}, name="overlays.yaml")
    written(folder, seal(session, materials=[*materials, {"id": "m-extra", "name": "居住证明", "form": "原件"}]))
    carry_out(session, folder)
    alone = written(tmp_path, seal(session, materials=materials))
    version, before = store.find_version(session), bodies(session)
    with pytest.raises(BadOverlay, match="overlay seal-local: seal-engraving has no material 'm-extra'"):
        plan(session, alone)
    assert (store.find_version(session), bodies(session)) == (version, before)
    written(folder, {**local, "set": {"phone": "000-1"}}, name="overlays.yaml")
    written(folder, seal(session, materials=materials))
    carry_out(session, folder)
    assert list(find_errors(session, TODAY)) == []


def test_a_rule_that_somebody_publishes_meanwhile_is_seen_when_the_import_is_carried_out(session, tmp_path):
    materials = seal(session)["materials"]
    carry_out(session, written(tmp_path, seal(session, materials=[*materials, materials[0] | {"id": "m-extra"}])))
    planned = plan(session, written(tmp_path, seal(session, materials=materials)))
    local = {"id": "seal-local", "service": "seal-engraving", "at": "990100", "reason": "试点", "source": "演示数据"}
    (tmp_path / "in").mkdir()
    written(tmp_path / "in", {**local, "change": {"m-extra": {"copies": 2}}}, name="overlays.yaml")
    carry_out(session, tmp_path / "in")
    with pytest.raises(BadOverlay, match="has no material 'm-extra'"):
        apply_plan(session, planned, author="wang", reason="年度核对", at=AT)


def test_what_is_retired_can_come_back(session, tmp_path):
    file = written(tmp_path, seal(session))
    revisions.retire(session, "service", "seal-engraving", by="wang", reason="取消", at=AT)
    assert ("service", "seal-engraving") not in bodies(session)
    (step,) = plan(session, file).steps
    assert (step.is_new, step.newest) == (True, 2)
    carry_out(session, file)
    assert ("service", "seal-engraving") in bodies(session)


def test_coordinates_are_added_and_nothing_else_changes(session, tmp_path):
    key = ("office", "cz-tianning-zwzx")
    before = bodies(session)[key]
    file = tmp_path / "坐标.csv"
    file.write_text("网点编号,纬度,经度\ncz-tianning-zwzx,31.7812,119.9743\n", "utf-8")
    carry_out(session, file)
    assert bodies(session)[key] == before | {"latitude": 31.7812, "longitude": 119.9743}


def test_two_editors_never_overwrite_each_other(session, tmp_path):
    mine = plan(session, written(tmp_path, seal(session, result="我的")))
    carry_out(session, written(tmp_path, seal(session, result="她的")))
    with pytest.raises(EditConflict, match="wang 在"):
        apply_plan(session, mine, author="li", reason="", at=AT)


def test_two_services_with_one_alias_are_both_named(session, tmp_path):
    file = written(tmp_path, seal(session, id="seal-new", name="再刻章", aliases=["刻章 子", "补 身份证"]))
    (warning,) = [words for words in plan(session, file).warnings if "补身份证" in words]
    assert (
        warning == "seal-new：“补身份证”同时是 id-card-reissue-lost、seal-new 的名称或别名；有人这样问时会反问是哪一个"
    )
    carry_out(session, file)
    assert any("“补身份证”同时是" in warning for warning in find_warnings(held(session, TODAY)))


def test_a_clash_in_a_workbook_is_named_with_its_cell(session, tmp_path):
    file = tmp_path / "事项.xlsx"
    key = ("service", "seal-engraving")
    one = held(session, TODAY)[key]
    export({key: type(one)(1, {**one.body, "aliases": ["补身份证"]})}, file)
    (warning,) = plan(session, file).warnings
    assert warning.startswith("工作表“事项”第 2 行 E 列（别名）：“补身份证”同时是 ")


def test_names_are_compared_without_spaces_and_case():
    assert clashes({"a": ["ETC 办理", "etc办理"], "b": ["Etc办理"], "c": ["别的"]}) == {"etc办理": ["a", "b"]}


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        ("- {id: hall, name: 大厅, kind: 大厅, region: '999999', basis: demo, confidence: low}", BadContent, "没有 region 999999"),
        ("- {id: hall, name: 大厅, kind: 大厅, region: '990100', basis: demo, confidence: low}\n" * 2, BadContent, "重复，"),
        ("- {id: hall, name: 大厅}", BadContent, "kind: Field required"),
        ("办公", BadContent, "应是一个列表"),
    ],
)  # fmt: skip
def test_a_bad_yaml_file_changes_nothing(session, tmp_path, content, error, says):
    before, version = bodies(session), store.find_version(session)
    (tmp_path / "offices.yaml").write_text(content, "utf-8")
    with pytest.raises(error, match=says):
        carry_out(session, tmp_path / "offices.yaml")
    assert (bodies(session), store.find_version(session)) == (before, version)


def test_a_workbook_that_leads_nowhere_changes_nothing(session, tmp_path):
    before = bodies(session)
    file = tmp_path / "网点.xlsx"
    key = ("office", "cz-tianning-zwzx")
    export({key: type(held(session, TODAY)[key])(1, {**before[key], "matters": ["公章"]})}, file)
    with pytest.raises(BadTable, match="工作表“网点”第 2 行 P 列（办理业务）：没有编号为“公章”的办理业务"):
        carry_out(session, file)
    assert bodies(session) == before


def test_a_failure_on_the_way_leaves_the_store_as_it_was(database, tmp_path):
    with database.reading() as session:
        before = bodies(session)
        file = written(tmp_path, seal(session, result="新"), seal(session, id="seal-new", name="刻新章"))

    def fail():
        raise BadRequest("disk", "is full")

    with pytest.raises(BadRequest), database.writing() as session:
        carry_out(session, file, progress=fail)
    with database.reading() as session:
        assert bodies(session) == before
        assert session.query(Revision).filter_by(origin="import").count() == 0


@pytest.mark.parametrize("name", ["notes.txt", "notes.docx", "notes"])
def test_a_file_of_another_kind_is_refused(session, tmp_path, name):
    (tmp_path / name).write_text("x")
    with pytest.raises(BadRequest, match="只能是文件夹"):
        plan(session, tmp_path / name)


def test_a_folder_without_content_and_a_file_without_a_telling_name_are_refused(session, tmp_path):
    with pytest.raises(BadRequest, match="里面没有可以导入的文件"):
        plan(session, tmp_path)
    with pytest.raises(BadRequest, match="看不出里面是哪一种"):
        plan(session, written(tmp_path, seal(session), name="mine.yaml"))


def test_the_shipped_store_is_sound(session):
    assert list(find_errors(session, TODAY)) == []
    assert list(find_warnings(held(session, TODAY))) == []


def test_what_was_changed_behind_the_programs_back_is_found(session):
    wrong = {"kind": "matter", "number": 1, "body": {"name": "公章"}, "origin": "staff", "author": "x", "at": AT}
    session.add(Revision(key="公章", digest="0", status="published", **wrong))
    session.add(
        Revision(
            key="印信", digest=store.digest({"nam": "印信"}), status="proposed", **wrong | {"body": {"nam": "印信"}}
        )
    )
    session.flush()
    assert list(find_errors(session, TODAY)) == [
        "matter 公章 第 1 版: 内容与登记的摘要不符，有人绕过程序改过",
        "matter 印信 第 1 版: name: Field required",
    ]
