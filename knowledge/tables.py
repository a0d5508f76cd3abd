"""The tables of a workbook: which column holds which fact, under the national names, and how a cell is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, get_args

from base.errors import BadRequest
from knowledge.place import Office
from knowledge.service import DOMAINS, Material, Service

EXAMPLE = "example"
"""Rows with this id show how a row is filled in; an import passes over them."""


@dataclass(frozen=True)
class Cell:
    """How one kind of cell is read and written; `read` raises ValueError in words for the editor."""

    read: Callable[[str], Any] = str
    write: Callable[[Any], Any] = str
    choices: tuple[str, ...] = ()
    how: str = ""


@dataclass(frozen=True)
class Column:
    """One column: its header, the fact that it holds (`time_limit.statutory`), and how wide it is shown."""

    header: str
    fact: str
    cell: Cell = Cell()
    width: int = 16

    @cached_property
    def path(self) -> tuple[str, ...]:
        return tuple(self.fact.split("."))

    def is_required(self, model: Any) -> bool:
        """Whether what `model` describes does not hold without this cell."""
        field = model.model_fields.get(self.fact)  # what lies deeper, such as a time limit, may be left out
        return not self.fact or (field is not None and field.is_required())


@dataclass(frozen=True)
class Table:
    """One sheet. Its first column is the id of a document; with `part` a row is one element of that list of it."""

    name: str
    kind: str
    columns: tuple[Column, ...]
    example: tuple[tuple[str, ...], ...]
    part: str = ""

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    @cached_property
    def required(self) -> set[str]:
        """The headers of the columns that no row goes without."""
        if self is COORDINATES:
            return set(self.headers)
        model: Any = Service if self.kind == "service" else Office
        if self.part:
            model = next(arg for arg in get_args(model.model_fields[self.part].annotation) if arg is not Ellipsis)
        return {column.header for column in self.columns if column.is_required(model)}


def _read_lines(words: str) -> list[str]:
    return [line.strip() for line in words.split("\n") if line.strip()]


def _write_lines(lines: Iterable[str]) -> str:
    lines = list(lines)
    for line in lines:
        if "\n" in line:
            raise BadRequest(line.split("\n")[0], "里面有换行，Excel 里一行写不下；请导出为 YAML")
    return "\n".join(lines)


def _read_whole(words: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", words):
        raise ValueError(f"应是整数，不是“{words}”")
    return int(words)


def _read_degrees(words: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,20})?", words):
        raise ValueError(f"应是以度为单位的小数，如 31.7812，不是“{words}”")
    return float(words)


def _read_date(words: str) -> str:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):  # later Pythons also take 20260131
            raise ValueError
        return date.fromisoformat(words).isoformat()
    except ValueError:
        raise ValueError(f"日期应写作 2026-01-31，不是“{words}”") from None


def _read_condition(words: str) -> dict[str, list[str]]:
    condition: dict[str, list[str]] = {}
    for part in re.split(r"[\n;；]", words):
        if not part.strip():
            continue
        situation, equals, options = part.replace("＝", "=").partition("=")
        if not equals or situation.strip() in condition:
            raise ValueError(f"应写作 情形编号=选项编号,选项编号，每个情形一行，不是“{part.strip()}”")
        condition[situation.strip()] = [option.strip() for option in re.split(r"[,，、|]", options) if option.strip()]
    return condition


def _write_condition(condition: dict[str, list[str]]) -> str:
    return _write_lines(f"{situation}={','.join(options)}" for situation, options in condition.items())


def _read_members(words: str) -> dict[str, dict[str, list[str]]]:
    members: dict[str, dict[str, list[str]]] = {}
    for line in _read_lines(words):
        member, colon, condition = line.replace("：", ":", 1).partition(":")
        if not colon or member.strip() in members:
            raise ValueError(f"应写作 成员事项编号：情形编号=选项编号，每个成员一行，不是“{line}”")
        members[member.strip()] = _read_condition(condition)
    return members


def _write_members(members: dict[str, dict[str, list[str]]]) -> str:
    return _write_lines(f"{id}：{_write_condition(when)}".replace("\n", "；") for id, when in members.items())


def _read_options(words: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for line in _read_lines(words):
        id, equals, shown = line.replace("＝", "=", 1).partition("=")
        if not equals or not shown.strip() or id.strip() in options:
            raise ValueError(f"应写作 选项编号=选项文字，每个选项一行，不是“{line}”")
        options[id.strip()] = shown.strip()
    return options


def _write_options(options: dict[str, str]) -> str:
    return _write_lines(f"{id}={shown}" for id, shown in options.items())


def _read_seasons(words: str) -> list[dict[str, str]]:
    return [_read_season(line) for line in _read_lines(words)]


def _read_season(line: str) -> dict[str, str]:
    match = re.fullmatch(r"(\d\d-\d\d)至(\d\d-\d\d)\s+(\S.*)", line)
    if match is None:
        raise ValueError(f"应写作 07-01至08-31 1-5 08:00-12:00，每段一行，不是“{line}”")
    return {"first": match[1], "last": match[2], "hours": match[3]}


def _write_seasons(seasons: list[dict[str, str]]) -> str:
    return _write_lines(f"{season['first']}至{season['last']} {season['hours']}" for season in seasons)


def _read_closures(words: str) -> list[dict[str, str]]:
    return [_read_closure(line) for line in _read_lines(words)]


def _read_closure(line: str) -> dict[str, str]:
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)至(\d{4}-\d\d-\d\d)\s+(\S.*)", line)
    if match is None:
        raise ValueError(f"应写作 2026-12-01至2026-12-03 盘点，每次一行，不是“{line}”")
    return {"first": _read_date(match[1]), "last": _read_date(match[2]), "reason": match[3]}


def _write_closures(closures: list[dict[str, str]]) -> str:
    return _write_lines(f"{closure['first']}至{closure['last']} {closure['reason']}" for closure in closures)


def _chosen(words: dict[Any, str]) -> Cell:
    """A cell with a drop-down: value → the words that stand for it."""
    values = {shown: value for value, shown in words.items()}

    def read(shown: str) -> Any:
        if shown not in values:
            raise ValueError(f"只能是 {'、'.join(values)}，不是“{shown}”")
        return values[shown]

    return Cell(read, lambda value: words[value], tuple(values))


def _same(*words: str) -> Cell:
    return _chosen({word: word for word in words})


TEXT = Cell()
LINES = Cell(_read_lines, _write_lines, how="每项一行")
WHOLE = Cell(_read_whole, int)
DEGREES = Cell(_read_degrees, float, how="WGS-84 坐标，以度为单位")
DATE = Cell(_read_date, how="如 2026-01-31")
CONDITION = Cell(_read_condition, _write_condition, how="情形编号=选项编号,选项编号；每个情形一行，空着就是总要")
MEMBERS = Cell(_read_members, _write_members, how="成员事项编号：情形编号=选项编号；每个成员一行，不写的总要办")
OPTIONS = Cell(_read_options, _write_options, how="选项编号=选项文字，每个选项一行，至少两个")
CLOSURES = Cell(_read_closures, _write_closures, how="2026-12-01至2026-12-03 盘点，每次一行")
SEASONS = Cell(_read_seasons, _write_seasons, how="07-01至08-31 1-5 08:00-12:00，每年都这样，每段一行")
YES_NO = _chosen({True: "是", False: "否"})
CONFIDENCE = _chosen({"high": "高", "medium": "中", "low": "低"})
SCOPE = _same(*get_args(Service.model_fields["scope"].annotation))
FORM = _same(*get_args(Material.model_fields["form"].annotation))
BASIS = _chosen({"sourced": "有出处", "inferred": "推断", "demo": "演示"})

SERVICES = Table(
    "事项",
    "service",
    (
        Column("事项编号", "id", Cell(how="本系统的编号：小写字母、数字、-，定了不改"), 24),
        Column("事项名称", "name", width=24),
        Column("事项编码", "code"),
        Column("领域", "domain", _same(*DOMAINS), 10),
        Column("别名", "aliases", LINES, 24),
        Column("实施主体", "authority", width=24),
        Column("办理地点", "handled_at", LINES, 24),
        Column("通办范围", "scope", SCOPE, 12),
        Column("服务对象", "audience"),
        Column("受理条件", "eligibility", width=30),
        Column("法定办结时限", "time_limit.statutory", width=20),
        Column("承诺办结时限", "time_limit.promised", width=20),
        Column("办理流程", "steps", LINES, 36),
        Column("网上办理", "online", width=30),
        Column("网上办理深度", "online_depth"),
        Column("到办事现场次数", "visits", WHOLE, 10),
        Column("办理结果", "result", width=24),
        Column("预约办理", "appointment", width=24),
        Column("代办", "agent", width=24),
        Column("咨询监督电话", "phone"),
        Column("易错点", "pitfalls", LINES, 30),
        Column("各地差异", "varies_locally", LINES, 24),
        Column("一件事牵头单位", "bundle.lead"),
        Column("一件事成员事项编号", "bundle.members", LINES, 24),
        Column("一件事成员适用情形", "bundle.when", MEMBERS, 24),
        Column("一件事其他事项", "bundle.others", LINES),
        Column("可信度", "confidence", CONFIDENCE, 8),
        Column("来源", "sources", LINES, 30),
        Column("核验日期", "verified_on", DATE, 12),
        Column("核验人", "verified_by", width=10),
        Column("复核期限", "review_by", DATE, 12),
    ),
    example=(
        (EXAMPLE, "居民身份证丢失补领（示例）", "", "身份证", "补身份证\n身份证丢了", "公安机关", "派出所户籍窗口\n自助办证机", "全国通办",
         "自然人", "证件丢失的公民", "60日内", "20个工作日", "取号\n核验身份\n采集指纹\n缴费", "部分地方可以网上补领", "", "1", "居民身份证",
         "可以预约", "须本人到场", "12345", "以为要先登报声明", "实际制证天数", "", "", "", "", "高", "居民身份证法", "2026-11-01", "王小明",
         "2027-11-01"),
    ),
)  # fmt: skip
SITUATIONS = Table(
    "情形",
    "service",
    (
        Column("事项编号", "", width=24),
        Column("情形编号", "id", Cell(how="在一个事项里不重复"), 14),
        Column("情形问题", "ask", width=36),
        Column("选项", "options", OPTIONS, 36),
    ),
    example=((EXAMPLE, "age", "办证人年满16周岁了吗？", "adult=已满16周岁\nminor=未满16周岁"),),
    part="situations",
)
MATERIALS = Table(
    "材料",
    "service",
    (
        Column("事项编号", "", width=24),
        Column("材料编号", "id", Cell(how="在一个事项里不重复，定了不改"), 10),
        Column("材料名称", "name", width=30),
        Column("材料形式", "form", FORM, 14),
        Column("材料份数", "copies", WHOLE, 8),
        Column("适用情形", "when", CONDITION, 24),
        Column("填报须知", "note", width=36),
        Column("容缺受理", "waivable", YES_NO, 8),
        Column("规范材料编号", "document"),
        Column("来源渠道", "obtain", width=20),
        Column("告知承诺", "commitment", YES_NO, 8),
    ),
    example=(
        (EXAMPLE, "m1", "居民户口簿", "原件", "1", "", "能系统核验身份的地方可免带", "是", "", "", "否"),
        (EXAMPLE, "m2", "监护人居民身份证", "原件", "1", "age=minor", "监护人陪同", "否", "", "", "否"),
    ),
    part="materials",
)
FEES = Table(
    "收费",
    "service",
    (
        Column("事项编号", "", width=24),
        Column("收费标准", "amount", Cell(how="写清单位，如 40元/证；不收费写 免费"), 20),
        Column("适用情形", "when", CONDITION, 24),
        Column("收费说明", "note", width=30),
        Column("收费依据", "basis", width=30),
    ),
    example=((EXAMPLE, "40元/证", "", "丢失补领", "发改价格〔2003〕2322号"),),
    part="fees",
)
QUESTIONS = Table(
    "常见问题",
    "service",
    (
        Column("事项编号", "", width=24),
        Column("问题", "q", width=36),
        Column("解答", "a", width=60),
    ),
    example=((EXAMPLE, "补办前要先登报声明吗？", "不用，到派出所补领时一并登记丢失即可。"),),
    part="faq",
)
LAWS = Table(
    "设定依据",
    "service",
    (
        Column("事项编号", "", width=24),
        Column("依据名称", "law", width=40),
        Column("条款", "article", width=24),
    ),
    example=((EXAMPLE, "中华人民共和国居民身份证法", "第十一条"),),
    part="legal_basis",
)
OFFICES = Table(
    "网点",
    "office",
    (
        Column("网点编号", "id", Cell(how="小写字母、数字、-，定了不改"), 24),
        Column("网点名称", "name", width=30),
        Column("网点类型", "kind"),
        Column("行政区划代码", "region", Cell(how="六位数字"), 12),
        Column("街道", "street"),
        Column("地址", "address", width=36),
        Column("纬度", "latitude", DEGREES, 12),
        Column("经度", "longitude", DEGREES, 12),
        Column("电话", "phone", LINES),
        Column("办公时间", "hours", Cell(how="如 1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00（1 是周一）"), 36),
        Column("办公时间说明", "hours_note", width=24),
        Column("季节办公时间", "seasons", SEASONS, 30),
        Column("停办日", "closures", CLOSURES, 30),
        Column("自助设备", "self_service", YES_NO, 8),
        Column("全天开放", "all_day", YES_NO, 8),
        Column("办理业务", "matters", LINES, 24),
        Column("窗口", "windows", LINES),
        Column("所属网点编号", "part_of"),
        Column("代表多处网点", "network", YES_NO, 8),
        Column("信息时间", "as_of", width=12),
        Column("备注", "note", width=30),
        Column("依据", "basis", BASIS, 8),
        Column("可信度", "confidence", CONFIDENCE, 8),
        Column("来源", "sources", LINES, 30),
    ),
    example=(
        (EXAMPLE, "示例市政务服务中心", "政务服务中心", "990104", "示例云帆街道", "示例新区云帆大道1号", "31.1205", "100.2103", "000-00000001",
         "1-5 09:00-12:00,13:30-17:00", "", "07-01至08-31 1-5 08:30-12:00,14:30-17:00", "2026-12-30至2026-12-31 盘点",
         "否", "否", "公安\n社保", "综窗", "", "否", "2026-11", "", "演示", "低",
         "演示数据"),
    ),
)  # fmt: skip
COORDINATES = Table(
    "坐标",
    "office",
    (
        Column("网点编号", "id", Cell(how="已有网点的编号；只改它的坐标"), 24),
        Column("纬度", "latitude", DEGREES, 14),
        Column("经度", "longitude", DEGREES, 14),
    ),
    example=((EXAMPLE, "31.1205", "100.2103"),),
)
TABLES = (SERVICES, SITUATIONS, MATERIALS, FEES, QUESTIONS, LAWS, OFFICES, COORDINATES)
"""In the order in which they are read: the rows of a part need their service."""
