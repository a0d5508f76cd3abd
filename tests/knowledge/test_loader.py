"""Reading the content: whatever is wrong is named with file and line, and nothing is half loaded."""

import shutil
from datetime import datetime

import pytest
from sqlalchemy import func, select

from base.clock import CHINA
from base.db import Base, Database
from base.errors import BadContent
from knowledge import store
from knowledge.loader import CONTENT, MOST_BYTES, read_content
from knowledge.models import Revision

SERVICE = """\
# One service.
- id: seal
  name: 刻章
  domain: 治安
  authority: 公安机关
  handled_at: [派出所]
  scope: 属地办理
  audience: 法人
  eligibility: 已登记的单位
  situations:
    - {id: who, ask: 谁来办？, options: {self: 法定代表人, other: 经办人}}
  materials:
    - {id: m1, name: 营业执照, form: 原件}
    - {id: m2, name: 委托书, form: 原件, when: {who: [other]}}
  fees:
    - {amount: 免费}
  time_limit: {statutory: 当日}
  steps: [备案]
  online: 可以
  result: 印章
  appointment: 不用
  agent: 可以
  phone: '12345'
  confidence: high
"""
REGIONS = "- {adcode: '990000', name: 示例省}\n- {adcode: '990100', name: 示例市, parent: '990000'}\n"
MATTERS = "- {name: 印章, services: [seal]}\n"
OFFICES = """\
- id: hall
  name: 示例市政务服务中心
  kind: 政务服务中心
  region: '990100'
  hours: 1-5 09:00-12:00
  matters: [印章]
  basis: sourced
  confidence: high
"""
FILES = {"services/seal.yaml": SERVICE, "regions.yaml": REGIONS, "matters.yaml": MATTERS, "offices.yaml": OFFICES}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "services").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def refused(folder):
    with pytest.raises(BadContent) as caught:
        read_content(folder, demo=False)
    error = caught.value
    return error.path.relative_to(folder).as_posix(), error.line, error.problem


def test_sound_files_become_documents_that_know_where_they_stand(folder):
    documents = read_content(folder, demo=False)
    assert [(d.kind, d.key, d.file.name, d.line) for d in documents] == [
        ("service", "seal", "seal.yaml", 2),
        ("region", "990000", "regions.yaml", 1),
        ("region", "990100", "regions.yaml", 2),
        ("office", "hall", "offices.yaml", 1),
        ("matter", "印章", "matters.yaml", 1),
    ]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("at: '990100', set: {phone: '12345'}", "second: changes nothing"),
        ("at: '990100', set: {fax: '12345'}", "second: set: a service has no field 'fax' to set"),
        ("at: hall, drop: [m2]", "second: seal has no material 'm2'"),
        ("at: '990100', drop: [m1]", ""),
        ("at: '990199', drop: [m1]", "second：没有 region 990199"),
        ("at: counter, drop: [m1]", "second：没有 office counter"),
        ("at: '990100', drop: [m1], price: 1", "price: Extra inputs are not permitted"),
    ],
)
def test_a_local_rule_is_checked_against_what_it_changes(folder, rule, problem):
    first = "- {id: first, service: seal, at: '990000', drop: [m2], reason: 试点, source: 通知}\n"
    second = f"- {{id: second, service: seal, {rule}, reason: 试点, source: 通知}}\n"
    (folder / "overlays.yaml").write_text(first + second, "utf-8")
    if problem:
        assert refused(folder) == ("overlays.yaml", 2, problem)
    else:
        assert [d.key for d in read_content(folder, demo=False) if d.kind == "overlay"] == ["first", "second"]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "problem"),
    [
        ("services/seal.yaml", "phone:", "telephone:", 2, "phone: Field required"),
        ("services/seal.yaml", "  result: 印章\n", "", 2, "result: Field required"),
        ("services/seal.yaml", "  agent: 可以", "  agent: 可以\n  agnet: 可以", 23, "agnet: Extra inputs are not permitted"),
        ("services/seal.yaml", "form: 原件}\n    - {id: m2", "form: 原木}\n    - {id: m2", 13, "materials.0.form: Input should be"),
        ("services/seal.yaml", "[other]", "[others]", 2, "material 'm2': condition on unknown option 'others' of situation 'who'"),
        ("services/seal.yaml", "[other]", "[]", 2, "condition on situation 'who' names no option"),
        ("services/seal.yaml", "{who: [other]}", "{whom: [other]}", 2, "unknown situation 'whom'"),
        ("services/seal.yaml", "{who: [other]}", "[who]", 14, "materials.1.when: Input should be a valid dictionary"),
        ("services/seal.yaml", "id: m2", "id: m1", 2, "material id 'm1' stands twice"),
        ("services/seal.yaml", "domain: 治安", "domain: 治安管理", 4, "domain: Input should be"),
        ("services/seal.yaml", "confidence: high", "confidence: sure", 24, "confidence: Input should be"),
        ("services/seal.yaml", "amount: 免费", "amount: -40元", 16, "fees.0.amount: negative amount '-40元'"),
        ("services/seal.yaml", "amount: 免费", "amount: 工本费：－５元", 16, "fees.0.amount: negative amount '工本费：－５元'"),
        ("services/seal.yaml", "amount: 免费", "amount: 人民币-5元", 16, "fees.0.amount: negative amount '人民币-5元'"),
        ("services/seal.yaml", "amount: 免费", "amount: 工本费 负5元", 16, "fees.0.amount: negative amount '工本费 负5元'"),
        ("services/seal.yaml", "amount: 免费", "amount: -¥5", 16, "fees.0.amount: negative amount '-¥5'"),
        ("services/seal.yaml", "other: 经办人", "other: 法定 代表人", 11, "situations.0.options: options 'self' and 'other' read the same"),
        ("services/seal.yaml", "name: 刻章", 'name: "刻\\0章"', 3, "name: unseen character U+0000 after '刻'"),
        ("services/seal.yaml", "name: 刻章", 'name: "\\u200b"', 3, "name: unseen character U+200B after ''"),
        ("services/seal.yaml", "self: 法定代表人", 'self: "法定\\u202e代表人"', 11, "situations.0.options: unseen character U+202E"),
        ("services/seal.yaml", "  agent: 可以", "  agent: 可以\n  verified_on: 2026-02-30", 23, "读不懂 '2026-02-30'"),
        ("services/seal.yaml", "  agent: 可以", "  agent: 可以\n  visits: " + "9" * 5000, 23, "读不懂 '9999"),
        ("services/seal.yaml", "  agent: 可以", "  agent: 可以\n  visits: !!int ''", 23, "读不懂 ''"),
        ("services/seal.yaml", "  agent: 可以", "  agent: 可以\n  verified_on: 2026-02-03\n  review_by: 2026-02-02", 2, "review_by 2026-02-02 lies before"),
        ("services/seal.yaml", "steps: [备案]", "steps: []", 18, "steps: Tuple should have at least 1 item"),
        ("services/seal.yaml", "phone: '12345'", "phone: 12345", 23, "phone: Input should be a valid string"),
        ("services/seal.yaml", "  online: 可以", "  name: 印章", 19, "字段 name 写了两次"),
        ("services/seal.yaml", "  online: 可以", "\tonline: 可以", 19, "YAML 写法有误："),
        ("services/seal.yaml", "steps: [备案]", "steps: [备案", 19, "did not find expected"),
        ("services/seal.yaml", "steps: [备案]", "? [备案]\n  : 1", 18, "字段名不是一个词"),
        ("services/seal.yaml", "steps: [备案]", "steps: &a [*a]", 18, "用了锚点和引用"),
        ("services/seal.yaml", "audience: 法人", "audience: &a 法人\n  code: *a", 8, "用了锚点和引用"),
        ("services/seal.yaml", "audience: 法人", "audience: !!python/name:os.system 法人", 8, "could not determine a constructor"),
        ("regions.yaml", "parent: '990000'", "parent: '980000'", 2, "990100：没有 region 980000"),
        ("regions.yaml", "parent: '990000'", "parent: 990000", 2, "parent: Input should be a valid string"),
        ("regions.yaml", "name: 示例省", "name: 示例省, parent: '990100'", 1, "region 990000 绕了一圈又包含自己"),
        ("regions.yaml", "parent: '990000'", "parent: '990100'", 2, "region 990100 绕了一圈又包含自己"),
        ("regions.yaml", "'990100'", "'990000'", 2, "region 990000 重复，regions.yaml 第 1 行已有"),
        ("regions.yaml", "'990100'", "'9901'", 2, "adcode: String should match pattern"),
        ("matters.yaml", "[seal]", "[seals]", 1, "印章：没有 service seals"),
        ("offices.yaml", "[印章]", "[公章]", 1, "hall：没有 matter 公章"),
        ("offices.yaml", "'990100'", "'990199'", 1, "hall：没有 region 990199"),
        ("offices.yaml", "matters:", "part_of: tower\n  matters:", 1, "hall：没有 office tower"),
        ("offices.yaml", "matters:", "part_of: hall\n  matters:", 1, "office hall 绕了一圈又包含自己"),
        ("offices.yaml", "09:00-12:00", "09:00-12:00,11:00-14:00", 5, "hours: hours overlap"),
        ("offices.yaml", "09:00-12:00", "12:00-09:00", 5, "hours: 12:00-09:00 ends before it begins"),
        ("offices.yaml", "matters:", "latitude: 91.0\n  matters:", 6, "latitude: 91.0 lies outside China"),
        (
            "offices.yaml",
            "matters:",
            "closures:\n  - {first: 2026-12-03, last: 2026-12-01, reason: 盘点}\n  matters:",
            7,
            "closures.0: closure ends on 2026-12-01, before it begins on 2026-12-03",
        ),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(folder, file, old, new, line, problem):
    assert FILES[file].count(old) == 1
    (folder / file).write_text(FILES[file].replace(old, new), "utf-8")
    where, found_line, words = refused(folder)
    assert (where, found_line) == (file, line), words
    assert problem in words


@pytest.mark.parametrize("members", ["[seals]", "[seal, seals]"])
def test_a_bundle_leads_to_services_that_exist(folder, members):
    bundle = SERVICE.replace("id: seal", "id: open-shop").replace(
        "name: 刻章", f"name: 开店\n  bundle: {{lead: 市场监管, members: {members}}}"
    )
    (folder / "services" / "bundle.yaml").write_text(bundle, "utf-8")
    assert refused(folder) == ("services/bundle.yaml", 2, "open-shop：没有 service seals")


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ("[open-shop]", "service open-shop 绕了一圈又包含自己"),
        ("[seal, open-inn]", "service open-shop 绕了一圈又包含自己"),
        ("[seal, seal]", "bundle: member 'seal' stands twice"),
    ],
)
def test_a_bundle_is_no_part_of_itself(folder, members, problem):
    bundle = "".join(
        SERVICE.replace("id: seal", f"id: {id}").replace(
            "name: 刻章", f"name: {id}\n  bundle: {{lead: 市场监管, members: {inside}}}"
        )
        for id, inside in (("open-shop", members), ("open-inn", "[open-shop]"))
    )
    (folder / "services" / "bundle.yaml").write_text(bundle, "utf-8")
    assert refused(folder)[2] == problem


@pytest.mark.parametrize("text", ["- " + "[" * 500_000, "- " * 500_000, "- " + "{a: " * 500_000])
def test_nesting_that_would_burst_the_stack_is_refused(folder, text):
    (folder / "services" / "seal.yaml").write_text(text, "utf-8")
    assert refused(folder) == ("services/seal.yaml", 1, "YAML 写法有误：列表和字段一层套一层，太深了")


def test_a_file_without_end_is_not_read(folder):
    file = folder / "services" / "seal.yaml"
    file.unlink()
    file.symlink_to("/dev/zero")
    assert refused(folder) == ("services/seal.yaml", 1, "不是文件")
    file.unlink()
    with file.open("wb") as opened:
        opened.truncate(MOST_BYTES + 1)
    assert refused(folder)[2] == "超过 100 MB；请分成几个文件"


def test_the_same_id_in_two_files_names_both(folder):
    (folder / "services" / "again.yaml").write_text(SERVICE, "utf-8")
    assert refused(folder) == ("services/seal.yaml", 2, "service seal 重复，again.yaml 第 2 行已有")


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", 1, "文件是空的"),
        (b"# nothing but words\n\n", 1, "文件是空的"),
        (SERVICE.encode("gbk"), 3, "不是 UTF-8 编码；请另存为 UTF-8"),
        (b"\xff\xfe" + SERVICE.encode("utf-16-le"), 1, "不是 UTF-8"),
        (b"id: seal\n", 1, "应是一个列表"),
        (b"seal\n", 1, "应是一个列表"),
        (b"- [id, seal]\n", 1, "Input should be a valid dictionary"),
        (SERVICE.encode() + b"\x00", 25, "有控制字符 U+0000"),
        (b"- id: a\n- id: b\n---\n- id: c\n", 3, "expected a single document"),
    ],
)
def test_a_file_of_another_kind_is_refused(folder, content, line, problem):
    (folder / "services" / "seal.yaml").write_bytes(content)
    where, found_line, words = refused(folder)
    assert (where, found_line) == ("services/seal.yaml", line), words
    assert problem in words


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(folder):
    (folder / "services" / "seal.yaml").write_bytes(b"\xef\xbb\xbf" + SERVICE.replace("\n", "\r\n").encode())
    assert read_content(folder, demo=False)[0].key == "seal"


def test_nothing_is_half_loaded(folder):
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    (folder / "offices.yaml").write_text(OFFICES.replace("[印章]", "[公章]"), "utf-8")
    with pytest.raises(BadContent), database.writing() as session:
        store.fill_empty(session, read_content(folder, demo=False), at=datetime(2026, 11, 21, tzinfo=CHINA))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 0
        assert store.find_version(session) == 0
    database.close()


def test_the_invented_city_comes_only_when_wanted(documents):
    without = read_content(demo=False)
    assert not [d.key for d in without if "demo" in d.file.parts]
    assert {d.key for d in documents} - {d.key for d in without} == {d.key for d in documents if "demo" in d.file.parts}


def test_every_document_survives_being_stored(documents):
    for document in documents:
        assert type(document.fact).model_validate(document.body()) == document.fact


def test_a_slip_in_the_shipped_files_is_found_where_it_was_made(tmp_path):
    shutil.copytree(CONTENT, tmp_path / "content")
    file = tmp_path / "content" / "services" / "id_card.yaml"
    lines = file.read_text("utf-8").splitlines()
    slip = next(number for number, line in enumerate(lines) if number > 100 and line.startswith("  scope:"))
    lines[slip] = "  scope: 全球通办"
    file.write_text("\n".join(lines), "utf-8")
    assert refused(tmp_path / "content")[:2] == ("services/id_card.yaml", slip + 1)
