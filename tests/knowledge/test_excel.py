"""Workbooks and CSV files: nothing is lost, and whatever is wrong is named with sheet, row and column."""

import gc
import re
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from base.errors import BadRequest, BadTable
from knowledge.excel import NOTES, REQUIRED, read_rows, write_workbook
from knowledge.package import MOST_BYTES
from knowledge.place import Office
from knowledge.rows import check_references, read_documents, write_rows
from knowledge.service import Bundle, Service, TimeLimit
from knowledge.tables import COORDINATES, FEES, MATERIALS, OFFICES, QUESTIONS, SERVICES, SITUATIONS, TABLES

FILLED = {
    "事项": {
        "事项编号": "seal", "事项名称": "刻章", "领域": "治安", "实施主体": "公安机关", "办理地点": "派出所", "通办范围": "属地办理",
        "服务对象": "法人", "受理条件": "已登记的单位", "办理流程": "备案\n刻制", "网上办理": "可以", "办理结果": "印章", "预约办理": "不用",
        "代办": "可以", "咨询监督电话": "12345", "可信度": "高",
    },
    "情形": {"事项编号": "seal", "情形编号": "who", "情形问题": "谁来办？", "选项": "self=法定代表人\nother=经办人"},
    "材料": {"事项编号": "seal", "材料编号": "m1", "材料名称": "委托书", "材料形式": "原件", "适用情形": "who=other"},
    "收费": {"事项编号": "seal", "收费标准": "免费"},
    "网点": {
        "网点编号": "hall", "网点名称": "示例市政务服务中心", "网点类型": "政务服务中心", "行政区划代码": "990100",
        "办公时间": "1-5 09:00-12:00", "停办日": "2026-12-01至2026-12-03 盘点", "依据": "有出处", "可信度": "高",
    },
}  # fmt: skip
OFFICES_HELD = {"hall": {"id": "hall", "name": "大厅", "kind": "政务服务中心", "region": "990100", "basis": "sourced", "confidence": "high"}}  # fmt: skip


@pytest.fixture
def file(tmp_path):
    return tmp_path / "事项.xlsx"


def workbook(file, sheets):
    """A workbook as an editor leaves it: each sheet a header and rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def filled(**changed):
    """The sheets of `FILLED`; `changed` maps sheet → cells to set in its first row, or whole further rows."""
    sheets = {}
    for table in TABLES:
        if table.name in FILLED or table.name in changed:
            rows = [FILLED.get(table.name, {})]
            for change in changed.get(table.name, ()):
                rows[0 if change.get("row", 2) == 2 else len(rows) :] = [{**rows[0], **change}]
            sheets[table.name] = [table.headers, *([row.get(header) for header in table.headers] for row in rows)]
    return sheets


def documents(file):
    return {document.key: document.fact for document in read_documents(read_rows(file), file, OFFICES_HELD)}


def problems(file):
    with pytest.raises(BadTable) as caught:
        documents(file)
    assert str(caught.value).startswith(f"{file.name} 有 {len(caught.value.problems)} 处问题，什么都没有改：\n")
    return list(caught.value.problems)


def test_what_an_editor_fills_in_becomes_documents(file):
    found = documents(workbook(file, filled()))
    assert list(found) == ["seal", "hall"]
    assert found["seal"].materials[0].when == {"who": ("other",)}
    assert found["seal"].situations[0].options == {"self": "法定代表人", "other": "经办人"}
    assert str(found["hall"].closures[0].last) == "2026-12-03"


def test_all_services_and_offices_survive_a_workbook(file, documents):
    shipped = {document.key: document.fact for document in documents if document.kind in ("service", "office")}
    facts = list(shipped.values())
    write_workbook(
        file, write_rows([f for f in facts if isinstance(f, Service)], [f for f in facts if isinstance(f, Office)])
    )
    assert {d.key: d.fact for d in read_documents(read_rows(file), file, {})} == shipped


def test_every_field_has_a_column():
    def fields(model, *skipped):
        return {name for name in model.model_fields if name not in skipped}

    parts = {table.part: table for table in TABLES if table.part}
    columns = {column.fact for column in SERVICES.columns}
    assert {fact.partition(".")[0] for fact in columns} | set(parts) == fields(Service)
    for name, model in (("bundle", Bundle), ("time_limit", TimeLimit)):
        assert {fact for fact in columns if fact.startswith(name)} == {f"{name}.{field}" for field in fields(model)}
    assert {column.path[0] for column in OFFICES.columns} == fields(Office)
    for part, table in parts.items():
        (element,) = (arg for arg in Service.model_fields[part].annotation.__args__ if arg is not Ellipsis)
        assert {column.fact for column in table.columns[1:]} == fields(element), part


def test_the_template_has_headers_drop_downs_and_an_example_that_is_never_imported(file):
    write_workbook(file)
    book = load_workbook(file)
    assert book.sheetnames == [NOTES, *(table.name for table in TABLES)]
    for table in TABLES:
        sheet = book[table.name]
        assert [cell.value for cell in sheet[1]] == table.headers
        chosen = [column for column in table.columns if column.cell.choices]
        assert len(sheet.data_validations.dataValidation) == len(chosen)
        assert sheet["A2"].value == "example"
    assert problems(file) == ["没有可以导入的行"]


def test_the_template_marks_the_columns_that_must_be_filled_in(file):
    write_workbook(file)
    book = load_workbook(file)
    marked = {
        table.name: [
            cell.value for cell in book[table.name][1] if cell.font.bold and cell.fill.fgColor.rgb[2:] == REQUIRED
        ]
        for table in TABLES
    }
    assert marked["事项"][:4] == ["事项编号", "事项名称", "领域", "实施主体"]
    assert {"别名", "来源", "法定办结时限", "一件事牵头单位"}.isdisjoint(marked["事项"])
    assert marked["材料"] == ["事项编号", "材料编号", "材料名称", "材料形式"]
    assert marked["网点"] == ["网点编号", "网点名称", "网点类型", "行政区划代码", "依据", "可信度"]
    assert marked["坐标"] == ["网点编号", "纬度", "经度"]
    assert any("橙色底" in row[0].value for row in book[NOTES])
    assert all(
        row[table.headers.index(header)] for table in TABLES for row in table.example for header in table.required
    )


@pytest.mark.parametrize("header", sorted(SERVICES.required - {"事项编号"}))
def test_a_marked_column_left_empty_is_a_slip(file, header):
    assert f"（{header}）" in problems(workbook(file, filled(事项=[{header: None}])))[0]


def test_the_example_of_the_template_is_itself_sound(file):
    rows = {
        table.name: [[f"my-{table.kind}", *row[1:]] for row in table.example]
        for table in TABLES
        if table is not COORDINATES
    }
    write_workbook(file, rows)
    assert [(id, type(fact)) for id, fact in documents(file).items()] == [
        ("my-service", Service),
        ("my-office", Office),
    ]


def test_words_that_look_like_a_formula_stay_words(file):
    rows = write_rows([Service(**SEAL | {"result": "=1+1", "code": "-1", "phone": "+8612345"})], [])
    write_workbook(file, rows)
    assert documents(file)["seal"].result == "=1+1"


SEAL = {
    "id": "seal", "name": "刻章", "domain": "治安", "authority": "公安机关", "handled_at": ["派出所"], "scope": "属地办理",
    "audience": "法人", "eligibility": "单位", "fees": [{"amount": "免费"}], "time_limit": {}, "steps": ["备案"], "online": "可以",
    "result": "印章", "appointment": "不用", "agent": "可以", "phone": "12345", "confidence": "high",
}  # fmt: skip


@pytest.mark.parametrize("change", [{"steps": ["先\n后"]}, {"result": "印\r章"}, {"pitfalls": ["长" * 1900] * 20}])
def test_what_a_cell_cannot_hold_is_refused_and_not_shortened(file, change):
    with pytest.raises(BadRequest, match="YAML"):
        write_workbook(file, write_rows([Service(**SEAL | change)], []))


def test_numbers_and_dates_are_read_as_the_editor_sees_them(file):
    import datetime

    sheets = filled(
        事项=[{"咨询监督电话": 12345, "到办事现场次数": 2.0, "核验日期": datetime.datetime(2026, 11, 1)}],
        网点=[{"行政区划代码": 990100, "纬度": 31.5, "经度": 119}],
    )
    found = documents(workbook(file, sheets))
    assert (found["seal"].phone, found["seal"].visits, str(found["seal"].verified_on)) == ("12345", 2, "2026-11-01")
    assert (found["hall"].region, found["hall"].latitude, found["hall"].longitude) == ("990100", 31.5, 119.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"事项": [{"事项名称": None}]}, "工作表“事项”第 2 行 B 列（事项名称）：必填"),
        ({"事项": [{"事项编号": None}]}, "工作表“事项”第 2 行 A 列（事项编号）：必填"),
        ({"事项": [{"事项编号": "刻章"}], "情形": [{"事项编号": "刻章"}], "材料": [{"事项编号": "刻章"}], "收费": [{"事项编号": "刻章"}]},
         "工作表“事项”第 2 行 A 列（事项编号）：写法不对"),
        ({"事项": [{"领域": "刻章"}]}, "工作表“事项”第 2 行 D 列（领域）：只能是 户政、"),
        ({"事项": [{"可信度": "high"}]}, "工作表“事项”第 2 行 AA 列（可信度）：只能是 高、中、低，不是“high”"),
        ({"事项": [{"到办事现场次数": "一次"}]}, "工作表“事项”第 2 行 P 列（到办事现场次数）：应是整数，不是“一次”"),
        ({"事项": [{"到办事现场次数": 99}]}, "工作表“事项”第 2 行 P 列（到办事现场次数）：不能大于 20"),
        ({"事项": [{"办理流程": "\n".join("一二三四五六七八九十甲乙丙")}]}, "工作表“事项”第 2 行 M 列（办理流程）：最多 12 项"),
        ({"事项": [{"办理结果": "=1+1"}]}, "工作表“事项”第 2 行 Q 列（办理结果）：是公式"),
        ({"事项": [{"办理结果": "#REF!"}]}, "工作表“事项”第 2 行 Q 列（办理结果）：是出错的单元格（#REF!）"),
        ({"事项": [{"事项编码": 11320400014109491}]}, "工作表“事项”第 2 行 C 列（事项编码）：数字太长"),
        ({"事项": [{"核验日期": "去年"}]}, "工作表“事项”第 2 行 AC 列（核验日期）：日期应写作 2026-01-31"),
        ({"事项": [{"一件事成员事项编号": "seal"}]}, "工作表“事项”第 2 行 W 列（一件事牵头单位）：必填"),
        ({"事项": [{"row": 3}]}, "工作表“事项”第 3 行 A 列（事项编号）：编号“seal”重复，第 2 行已有"),
        ({"情形": [{"选项": "self"}]}, "工作表“情形”第 2 行 D 列（选项）：应写作 选项编号=选项文字"),
        ({"情形": [{"row": 3, "情形问题": "还有谁？"}]}, "工作表“情形”第 3 行 B 列（情形编号）：编号“who”重复，第 2 行已有"),
        ({"材料": [{"事项编号": "seals"}]}, "工作表“材料”第 2 行 A 列（事项编号）：“事项”表里没有编号为“seals”的事项"),
        ({"材料": [{"适用情形": "whom=other"}]}, "工作表“材料”第 2 行 F 列（适用情形）：这个事项没有编号为“whom”的情形"),
        ({"材料": [{"适用情形": "who=others"}]}, "工作表“材料”第 2 行 F 列（适用情形）：情形“who”没有编号为“others”的选项"),
        ({"材料": [{"适用情形": "who="}]}, "工作表“材料”第 2 行 F 列（适用情形）：情形“who”没有写选项"),
        ({"材料": [{"适用情形": "本人不到场"}]}, "工作表“材料”第 2 行 F 列（适用情形）：应写作 情形编号=选项编号"),
        ({"材料": [{"row": 3, "材料名称": "公章"}]}, "工作表“材料”第 3 行 B 列（材料编号）：编号“m1”重复，第 2 行已有"),
        ({"材料": [{"材料份数": 0}]}, "工作表“材料”第 2 行 E 列（材料份数）：不能小于 1"),
        ({"收费": [{"收费标准": "-40元"}]}, "工作表“收费”第 2 行 B 列（收费标准）：金额不能是负数"),
        ({"收费": [{"收费标准": -40}]}, "工作表“收费”第 2 行 B 列（收费标准）：金额不能是负数"),
        ({"网点": [{"办公时间": "1-5 09:00-12:00,11:00-14:00"}]}, "工作表“网点”第 2 行 J 列（办公时间）：时间段互相重叠"),
        ({"网点": [{"办公时间": "1-5 12:00-09:00"}]}, "工作表“网点”第 2 行 J 列（办公时间）：结束早于开始"),
        ({"网点": [{"季节办公时间": "夏天早一点"}]}, "工作表“网点”第 2 行 L 列（季节办公时间）：应写作 07-01至08-31"),
        ({"网点": [{"季节办公时间": "02-30至03-31 1-5 09:00-12:00"}]}, "工作表“网点”第 2 行 L 列（季节办公时间）：没有这一天"),
        ({"网点": [{"季节办公时间": "13-01至13-31 1-5 09:00-12:00"}]}, "工作表“网点”第 2 行 L 列（季节办公时间）：没有这个月份"),
        ({"网点": [{"停办日": "2026-12-03至2026-12-01 盘点"}]}, "工作表“网点”第 2 行 M 列（停办日）：结束早于开始"),
        ({"网点": [{"停办日": "下周"}]}, "工作表“网点”第 2 行 M 列（停办日）：应写作 2026-12-01至2026-12-03 盘点"),
        ({"网点": [{"纬度": 119.9, "经度": 31.5}]}, "工作表“网点”第 2 行 G 列（纬度）：不在中国范围内，纬度和经度是不是填反了？"),
        ({"网点": [{"纬度": 31.5}]}, "工作表“网点”第 2 行 G 列（纬度）：纬度和经度要一起填"),
        ({"网点": [{"纬度": "北纬31度"}]}, "工作表“网点”第 2 行 G 列（纬度）：应是以度为单位的小数"),
        ({"网点": [{"行政区划代码": 20402}]}, "工作表“网点”第 2 行 D 列（行政区划代码）：写法不对：行政区划代码是六位数字"),
        ({"网点": [{"办公时间": "周一 9:00-12:00"}]}, "工作表“网点”第 2 行 J 列（办公时间）：应写作 1-5 09:00-12:00"),
        ({"网点": [{"办公时间": "1-7 00:00-25:00"}]}, "工作表“网点”第 2 行 J 列（办公时间）：一天是从 00:00 到 24:00"),
        ({"网点": [{"办公时间": "5-1 09:00-12:00"}]}, "工作表“网点”第 2 行 J 列（办公时间）：星期要从前往后写"),
        ({"网点": [{"办公时间": "1-5 09:00-12:00;5 13:00-14:00"}]}, "工作表“网点”第 2 行 J 列（办公时间）：同一天写了两次时间"),
        ({"事项": [{"核验日期": "20260131"}]}, "工作表“事项”第 2 行 AC 列（核验日期）：日期应写作 2026-01-31"),
        ({"事项": [{"核验日期": "2026-02-01", "复核期限": "2026-01-31"}]}, "工作表“事项”第 2 行 AE 列（复核期限）：复核期限早于核验日期"),
        ({"事项": [{"办理结果": "印\u200b章"}]}, "工作表“事项”第 2 行 Q 列（办理结果）：有看不见的字符"),
        ({"事项": [{"一件事牵头单位": "公安", "一件事成员事项编号": "a\na"}]}, "工作表“事项”第 2 行 X 列（一件事成员事项编号）：同一个成员写了两次"),
        ({"情形": [{"选项": "self=经办人\nother=经办人"}]}, "工作表“情形”第 2 行 D 列（选项）：有两个选项的文字一样"),
        ({"坐标": [{"网点编号": "hole", "纬度": 31, "经度": 119}]}, "工作表“坐标”第 2 行 A 列（网点编号）：没有编号为“hole”的网点"),
        ({"坐标": [{"网点编号": "hall", "纬度": 31}]}, "工作表“坐标”第 2 行 C 列（经度）：必填"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_sheet_row_and_column(file, changed, said):
    assert problems(workbook(file, filled(**changed)))[0].startswith(said)


def test_every_slip_is_named_at_once(file):
    sheets = filled(事项=[{"领域": "刻章", "办理结果": None}], 收费=[{"收费标准": "-1元"}], 网点=[{"办公时间": "全天"}])
    assert [re.match(r"工作表“(.+?)”第 2 行 (\w+) 列", problem).groups() for problem in problems(workbook(file, sheets))] == [
        ("事项", "D"),
        ("收费", "B"),
        ("事项", "Q"),
        ("网点", "J"),
    ]  # fmt: skip


def test_thousands_of_slips_are_counted_and_the_first_are_shown(file):
    rows = [COORDINATES.headers, *(["hole", "31", "119"] for _ in range(1000))]
    with pytest.raises(BadTable) as caught:
        documents(workbook(file, {"坐标": rows}))
    lines = str(caught.value).splitlines()
    assert (len(caught.value.problems), len(lines)) == (1000, 102)
    assert lines[-1] == "  ……还有 900 处没有列出；改好上面这些再导入一次"


def test_a_service_without_fees_is_told_which_sheet_lacks_them(file):
    sheets = filled()
    del sheets["收费"]
    assert problems(workbook(file, sheets)) == [
        "工作表“事项”第 2 行 A 列（事项编号）：“收费”表里至少要有这个事项的一行"
    ]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (["网点编号", "纬度"], ["工作表“坐标”第 1 行：缺少表头 经度"]),
        (["网点编号", "纬度", "经度", "高度"], ["工作表“坐标”第 1 行 D 列：不认识的表头“高度”"]),
        (["网点编号", "纬度", "经度", "纬度"], ["工作表“坐标”第 1 行 D 列：表头“纬度”重复，B 列已有"]),
        ([], ["工作表“坐标”第 1 行：缺少表头 网点编号、纬度、经度"]),
    ],
)
def test_wrong_headers_are_named(file, headers, said):
    assert problems(workbook(file, {"坐标": [headers, ["hall", 31, 119, 5]]})) == said


def test_an_unknown_sheet_and_a_cell_without_header_are_named(file):
    sheets = {"坐标": [COORDINATES.headers, ["hall", 31, 119, "这里"]], "Sheet1": [["随便"]]}
    assert problems(workbook(file, sheets)) == [
        "工作表“Sheet1”：不认识；可以有的工作表是 事项、情形、材料、收费、常见问题、设定依据、网点、坐标",
        "工作表“坐标”第 2 行 D 列（没有表头）：这一列没有表头",
    ]


def test_columns_may_stand_in_another_order(file):
    found = documents(workbook(file, {"坐标": [["经度", "网点编号", "纬度"], [119.5, "hall", 31.5]]}))
    assert (found["hall"].latitude, found["hall"].longitude) == (31.5, 119.5)
    assert found["hall"].name == "大厅"


def test_what_leads_nowhere_is_named(file):
    sheets = filled(网点=[{"办理业务": "公安\n公章", "所属网点编号": "tower"}], 材料=[{"规范材料编号": "letter"}])
    rows = read_rows(workbook(file, sheets))
    with pytest.raises(BadTable) as caught:
        check_references(read_documents(rows, file, {}), rows, file, {("region", "990100"), ("matter", "公安")})
    assert caught.value.problems == (
        "工作表“材料”第 2 行 I 列（规范材料编号）：没有编号为“letter”的规范材料",
        "工作表“网点”第 2 行 P 列（办理业务）：没有编号为“公章”的办理业务",
        "工作表“网点”第 2 行 R 列（所属网点编号）：没有编号为“tower”的网点",
    )


def package(file, parts):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return file


def parts_of(file):
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_zip_bomb_is_not_opened(file):
    workbook(file, filled())
    package(file, parts_of(file) | {"xl/media/image1.bin": b"0" * (101 * 2**20)})
    assert file.stat().st_size < 2**20
    assert problems(file) == ["解压后有 101 MB，最多 100 MB；可能是压缩炸弹，没有打开"]


def test_a_package_that_lies_about_its_size_is_not_unpacked_beyond_it(file):
    workbook(file, filled())
    package(file, parts_of(file) | {"xl/worksheets/sheet1.xml": b"<a>" + b" " * (101 * 2**20) + b"</a>"})
    declared = (101 * 2**20 + 7).to_bytes(4, "little")
    data = file.read_bytes()
    assert data.count(declared) == 2  # before the part, and in the list at the end
    file.write_bytes(data.replace(declared, (1000).to_bytes(4, "little")))
    assert problems(file) == [BROKEN]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>" + b"<c/>" * 300_000),
        ("xl/worksheets/sheet1.xml", b"<x:worksheet><x:sheetData><x:row><x:c><row/>" + b"<x:c/><!--<row/>-->" * 300_000),
        ("xl/sharedStrings.xml", b"<sst><si>" + b"<r><t/></r>" * 300_000),
    ],
)  # fmt: skip
def test_a_row_that_would_burst_the_memory_is_not_read(file, name, content):
    workbook(file, filled())
    package(file, parts_of(file) | {name: content})
    assert problems(file) == [f"“{name}”的一行里有太多内容；可能是压缩炸弹，没有打开"]


def test_a_row_is_full_and_a_sheet_is_long_without_being_called_a_bomb(file):
    rows = [COORDINATES.headers, *(["hall", "31", "119"] for _ in range(30_000))]
    assert len(read_rows(workbook(file, {"坐标": rows}))) == 30_000


def test_a_package_of_countless_parts_and_a_sheet_of_charts_are_refused(file):
    workbook(file, filled())
    package(file, parts_of(file) | {f"xl/{n}": b"" for n in range(10_000)})
    assert problems(file)[0].endswith("个文件；可能是压缩炸弹，没有打开")
    book = Workbook()
    book.create_chartsheet("图")
    book.save(file)
    assert problems(file) == ["有只放图表的工作表；请删掉它"]


def test_a_folder_and_a_device_are_no_file(tmp_path):
    (tmp_path / "a.xlsx").mkdir()
    (tmp_path / "b.xlsx").symlink_to("/dev/zero")
    (tmp_path / "c.csv").symlink_to("/dev/zero")
    for name in ("a.xlsx", "b.xlsx", "c.csv"):
        assert problems(tmp_path / name) == ["不是文件"]


def test_a_hidden_sheet_is_called_so(file):
    sheets = filled() | {"WpsReserved": []}
    book = load_workbook(workbook(file, sheets))
    book["WpsReserved"].sheet_state = "veryHidden"
    book.save(file)
    (problem,) = problems(file)
    assert problem.startswith("工作表“WpsReserved”（隐藏的）：不认识")


def test_carriage_returns_of_excel_are_ends_of_lines(file):
    found = documents(workbook(file, filled(事项=[{"办理流程": "备案_x000D_\n刻制"}])))
    assert found["seal"].steps == ("备案", "刻制")


def test_a_workbook_that_cannot_be_written_is_refused_without_noise(tmp_path, capsys):
    with pytest.raises(FileNotFoundError):
        write_workbook(tmp_path / "none" / "a.xlsx")
    gc.collect()
    assert capsys.readouterr().err == ""


def test_a_file_of_200_megabytes_is_not_read(file):
    with file.open("wb") as opened:
        opened.truncate(200 * 2**20)
    assert problems(file) == [f"文件有 200 MB，最多 {MOST_BYTES // 2**20} MB；请分成几个文件"]


@pytest.mark.parametrize(
    "extra",
    [
        {"xl/vbaProject.bin": b"code"},
        {"[Content_Types].xml": b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'},
    ],
)  # fmt: skip
def test_a_workbook_with_macros_is_refused_whatever_it_is_called(file, extra):
    workbook(file, filled())
    package(file, parts_of(file) | extra)
    assert problems(file) == ["带有宏，不导入；请另存为不带宏的 .xlsx"]
    (problem,) = problems(file.rename(file.with_suffix(".xlsm")))
    assert problem.startswith("是带宏的工作簿（.xlsm）")


BROKEN = "不是完好的 .xlsx 工作簿（文件损坏，或只是改了扩展名）；请用 Excel 或 WPS 重新另存"
ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData/>&b;</worksheet>'


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name,value\n", b"\x00" * 4096, b"PK\x05\x06" + b"\x00" * 18])
def test_a_corrupt_file_is_refused(file, content):
    file.write_bytes(content)
    assert problems(file) == [BROKEN]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_workbook_that_was_cut_off_is_refused(file, cut):
    data = workbook(file, filled()).read_bytes()
    file.write_bytes(data[: int(len(data) * cut)])
    assert problems(file) == [BROKEN]


@pytest.mark.parametrize("name", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("content", [b"", b"<worksheet>", b"<a/>", ENTITIES])
def test_a_package_with_a_broken_part_is_refused(file, name, content):
    workbook(file, filled())
    package(file, parts_of(file) | {name: content})
    assert problems(file)


def test_an_old_or_locked_workbook_is_called_so(file):
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512)
    assert problems(file) == ["是旧版 .xls 或加了密码的工作簿；请去掉密码，另存为 .xlsx"]


@pytest.mark.parametrize("row", [1_048_576, 2_000_000_000])
def test_a_sheet_that_claims_to_be_endless_is_read_as_far_as_it_is_filled(file, row):
    workbook(file, {"坐标": [COORDINATES.headers, ["hall", 31, 119]]})
    name = "xl/worksheets/sheet1.xml"
    parts = parts_of(file)
    parts[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', parts[name])
    parts[name] = parts[name].replace(b"</sheetData>", f'<row r="{row}"><c r="A{row}"/></row></sheetData>'.encode())
    assert list(documents(package(file, parts))) == ["hall"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("网点编号,纬度,经度\nhall,31.5,119.5\n".encode("utf-8-sig"), None),
        ("网点编号,纬度,经度\r\nhall,31.5,119.5\r\n\r\n".encode(), None),
        ("网点编号,纬度,经度\nhall,31.5,119.5\n".encode("gbk"), "第 1 行：文件是 GBK 编码，不是 UTF-8；请另存为“CSV UTF-8（逗号分隔）”"),
        ("网点编号,纬度,经度\n".encode("utf-16"), "第 1 行：文件是 UTF-16 编码，不是 UTF-8"),
        ("网点编号,纬度,经度\n".encode() + b"\xff\xff\n", "第 2 行：文件不是 UTF-8 编码"),
        ("网点编号,纬度,经度\nhall,=1+30,119.5\n".encode(), "第 2 行 B 列（纬度）：是公式"),
        ("网点编号,纬度,经度\nhall,31.5\n".encode(), "工作表“坐标”第 2 行 C 列（经度）：必填"),
        ("网点编号,纬度,经度\nhall,31.5,119.5,x\n".encode(), "第 2 行 D 列（没有表头）：这一列没有表头"),
        ("网点,纬度,经度\nhall,31.5,119.5\n".encode(), "第 1 行：表头不对。CSV 可以是这两种表：坐标：网点编号,纬度,经度；网点："),
        ('网点编号,纬度,经度\nhall,"31.5,119.5\n'.encode(), "第 2 行：引号或逗号不成对"),
        ("网点编号,纬度,经度\n\0".encode(), "不是文本文件"),
        (b"", "第 1 行：表头不对"),
        ("网点编号,纬度,经度\n".encode(), "没有可以导入的行"),
    ],
)  # fmt: skip
def test_a_csv_file_with_coordinates(tmp_path, content, said):
    file = tmp_path / "坐标.csv"
    file.write_bytes(content)
    if said is None:
        assert (documents(file)["hall"].latitude, documents(file)["hall"].longitude) == (31.5, 119.5)
    else:
        (problem,) = problems(file)
        assert problem.startswith(said)


def test_reading_tells_how_far_it_is(file):
    told = []
    read_rows(workbook(file, filled()), lambda sheet, row: told.append((sheet, row)))
    assert told == [("事项", 2), ("情形", 2), ("材料", 2), ("收费", 2), ("网点", 2)]


def test_the_names_of_the_sheets_are_those_of_the_national_list():
    assert [table.name for table in (SERVICES, SITUATIONS, MATERIALS, FEES, QUESTIONS, OFFICES)] == [
        "事项", "情形", "材料", "收费", "常见问题", "网点",
    ]  # fmt: skip
    assert SERVICES.headers[1:6:4] == ["事项名称", "实施主体"]
