"""What each aspect of a service reads like, and what every answer about it warns of and closes with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from base.answer import Block, TextBlock, text
from knowledge.aspects import HOW_TO, NOTICE
from knowledge.inquiry import Inquiry
from knowledge.offices import SHOWN, is_too_wide, lies_in, nearby, office_line
from knowledge.papers import check, materials
from knowledge.service import Fee
from knowledge.store import Knowledge

SCOPES = {
    "全国通办": "全国通办，户籍地和居住地都能办",
    "全省通办": "省内通办，本省任何一个受理点都能办",
    "全市通办": "市内通办，本市任何一个受理点都能办",
    "属地办理": "要到指定的地方办",
}


def sections(aspects: tuple[str, ...]) -> list[Callable[[Inquiry], list[Block]]]:
    """One section an aspect: the main one first, the others in the fixed order of the notice.

    A general "how do I" begins with the list like the notice itself: what to bring comes before how it goes.
    """
    main = aspects[0] if aspects[0] != "process" else "materials"
    ordered = sorted(SECTIONS, key=lambda aspect: aspect != main)
    skipped = "materials" if "check" in aspects else ""
    return [SECTIONS[aspect] for aspect in ordered if aspect in aspects and aspect != skipped]


def _fee(inquiry: Inquiry) -> list[Block]:
    certain, open_ = inquiry.checklist.fees, inquiry.checklist.undecided_fees
    if len(certain) == 1 and not open_:
        return [_local_fact(inquiry, "费用", _fee_words(certain[0]), "fees")]
    lines = [_fee_words(fee) for fee in (*certain, *open_)]
    return [_local_fact(inquiry, "费用", "看情况，" + "；".join(lines), "fees")]


def _fee_words(fee: Fee) -> str:
    details = "，".join(part for part in (fee.note, fee.basis and f"依据{fee.basis}") if part)
    return fee.amount + (f"（{details}）" if details else "")


def _time_limit(inquiry: Inquiry) -> list[Block]:
    limit = inquiry.service.time_limit
    told = [(label, words) for label, words in (("法定时限", limit.statutory), ("承诺或常见", limit.promised)) if words]
    if not told:
        return [_fact("时限", "没有收录，请向窗口确认")]
    # What a place sets is the promise, not the law.
    return [*(_fact(label, words) for label, words in told[:-1]), _local_fact(inquiry, *told[-1], "time_limit")]


def _process(inquiry: Inquiry) -> list[Block]:
    rule = inquiry.resolved.rule("steps")
    title = f"怎么办（{rule}）：" if rule else "怎么办："
    return [*_trip(inquiry), {"type": "steps", "title": title, "items": list(inquiry.service.steps)}]


def _trip(inquiry: Inquiry) -> list[Block]:
    """The items of a 一件事 in their order, and which of them this person can leave out."""
    bundle = inquiry.bundle
    if bundle is None:
        return []
    items = [
        member.service.name + "（看情况）" * (member.applies is None)
        for member in bundle.members
        if member.applies is not False
    ]
    title = f"一次办好这{len(items)}件（{bundle.lead}牵头）："
    left_out = [f"{member.service.name}（{member.why_not}）" for member in bundle.members if member.applies is False]
    blocks: list[Block] = [{"type": "steps", "title": title, "items": items}]
    if bundle.others:
        blocks.append(text(f"还可以一并办：{'、'.join(bundle.others)}", "small"))
    if left_out:
        blocks.append(text(f"按您的情况不用办：{'、'.join(left_out)}", "small"))
    return blocks


def _location(inquiry: Inquiry) -> list[Block]:
    service = inquiry.service
    place = f"{'、'.join(service.handled_at)}（{SCOPES[service.scope]}）"
    where = _local_fact(inquiry, "在哪办", place, "handled_at")
    if inquiry.aspects == HOW_TO:
        return [where, *_offices(inquiry)]
    return [where, _local_fact(inquiry, "谁受理", service.authority, "authority"), *_offices(inquiry)]


def _hours(inquiry: Inquiry) -> list[Block]:
    blocks: list[Block] = []
    if inquiry.day is not None:
        blocks.append(text(_day_words(inquiry.knowledge, inquiry.day)))
    if "location" in inquiry.aspects:
        return blocks
    return blocks + (_offices(inquiry) or [text("各窗口的开放时间不一样，要看具体网点。")])


def _day_words(knowledge: Knowledge, day: date) -> str:
    words = f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
    festival, working = knowledge.calendar.festival(day), knowledge.calendar.is_working_day(day)
    if festival:
        return f"{words}{'是调休上班日' if working else f'是{festival}假期'}。"
    if not knowledge.calendar.is_announced(day.year):
        return f"{words}：该年放假安排尚未公布，以国务院办公厅通知和大厅公告为准。"
    return f"{words}{'是工作日' if working else '不是工作日，有的大厅周末也开，要看网点'}。"


def _offices(inquiry: Inquiry) -> list[Block]:
    knowledge = inquiry.knowledge
    if inquiry.region is None or is_too_wide(knowledge, inquiry.region):
        return []
    place = knowledge.region_words(inquiry.region)
    found = nearby(knowledge, inquiry.service, inquiry.region, words=inquiry.words)[:SHOWN]
    if not found:
        return [text(f"{place}的具体网点我这里还没有收录，请拨打 {inquiry.service.phone} 问地址和时间。")]
    title = f"{place}的网点："
    if not any(lies_in(knowledge, one.office.region, inquiry.region) for one in found):
        title = f"{place}没有收录这件事的网点，同城的有："
    lines = [office_line(knowledge, one.office, inquiry.at, inquiry.day, one.reason) for one in found]
    return [{"type": "offices", "title": title, "items": lines}]


def _progress(inquiry: Inquiry) -> list[Block]:
    return [
        text(f"办到哪一步要问受理的窗口：带上受理回执去问，或拨打 {inquiry.service.phone}。"),
        *_time_limit(inquiry),
    ]


def _simple(label: str, field: str) -> Callable[[Inquiry], list[Block]]:
    return lambda inquiry: [_local_fact(inquiry, label, getattr(inquiry.service, field), field)]


SECTIONS: dict[str, Callable[[Inquiry], list[Block]]] = {
    "check": check,
    "eligibility": _simple("谁能办", "eligibility"),
    "materials": materials,
    "fee": _fee,
    "time_limit": _time_limit,
    "process": _process,
    "location": _location,
    "hours": _hours,
    "online": _simple("网上能办吗", "online"),
    "agent": _simple("能代办吗", "agent"),
    "appointment": _simple("要预约吗", "appointment"),
    "validity": _simple("办好拿到", "result"),
    "progress": _progress,
    "phone": _simple("咨询电话", "phone"),
}


def cautions(inquiry: Inquiry) -> list[TextBlock]:
    """What nobody vouches for is told all the same, and said to be so."""
    service, warnings = inquiry.service, list[TextBlock]()
    if service.confidence == "low":
        words = f"这一项的资料来源说法不一，下面的内容只供参考，请先打 {service.phone} 确认再去。"
        warnings.append(text(words, "warning"))
    if service.is_review_due(inquiry.at.date()):
        words = f"待核实：下面的内容过了复核日期（{service.review_by}），请先打 {service.phone} 确认再去。"
        warnings.append(text(words, "warning"))
    if inquiry.resolved.unfit:
        words = f"待核实：当地对这一项另有规定，正在核对，下面是上级的规定，请先打 {service.phone} 确认再去。"
        warnings.append(text(words, "warning"))
    return warnings


def closing(inquiry: Inquiry) -> list[Block]:
    """What saves a second trip: typical wasted trips, what differs from place to place, and the rule behind it."""
    service, blocks = inquiry.service, list[Block]()
    if "materials" in inquiry.aspects and service.pitfalls:
        blocks.append(text("容易白跑的情况：" + "；".join(service.pitfalls), "warning"))
    if service.varies_locally:
        varies = "、".join(service.varies_locally)
        blocks.append(text(f"各地可能不一样：{varies}。去之前可先打 {service.phone} 确认。", "small"))
    if set(NOTICE) <= set(inquiry.aspects) and service.legal_basis:
        basis = "；".join(
            f"《{b.law}》{b.article}" if "《" not in b.law else b.law + b.article for b in service.legal_basis
        )
        blocks.append(text(f"依据：{basis}", "small"))
    return blocks


def _local_fact(inquiry: Inquiry, label: str, value: str, path: str) -> Block:
    """A fact, and whose rule it is where that is a local one."""
    rule = inquiry.resolved.rule(path)
    return _fact(label, f"{value}（{rule}）" if rule else value)


def _fact(label: str, value: str) -> Block:
    return {"type": "facts", "items": [{"label": label, "value": value}]}
