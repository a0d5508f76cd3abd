"""What a service's facts read like: result → neutral Answer, for the bot, the counter and the terminal alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from base.answer import ASPECTS, Answer, Block, FactLine, MaterialLine, Outcome, TextBlock, question, text
from knowledge.bundles import BundleChecklist, SharedNeed, bundle_checklist
from knowledge.checklist import Answers, Checklist, Need, checklist, may_apply
from knowledge.offices import SHOWN, is_too_wide, lies_in, nearby, office_line
from knowledge.overlay import Resolved
from knowledge.precheck import precheck
from knowledge.service import Fee, Material, Service, Situation
from knowledge.store import Knowledge

NOTICE = (
    "materials", "fee", "time_limit", "process", "location", "online", "agent", "appointment", "validity", "phone",
)  # fmt: skip
"""The fixed order of the one-time notification (一次性告知)."""
HOW_TO = ("process", "materials", "fee", "time_limit", "location", "agent")
WHOLE_LIST = "给我完整清单"
NONE_OF_THESE = "都不是"
SCOPES = {
    "全国通办": "全国通办，户籍地和居住地都能办",
    "全省通办": "省内通办，本省任何一个受理点都能办",
    "全市通办": "市内通办，本市任何一个受理点都能办",
    "属地办理": "要到指定的地方办",
}
ASK_REGION = "您在哪个城市、哪个区县办？告诉我，我帮您找网点。"
ASK_CITY = "{place}的哪个城市、哪个区县？告诉我，我帮您找网点。"
WHICH_PLACE = "同名的地方有几个，您说的是哪一个？"
CANCELLED = "好的，这件事先放下。还想问什么，直接说就行。"
NOTHING_BEFORE = "前面没有别的事可以回去。想问什么，直接说就行。"
WHICH_ITEM = "您想问的是哪一件？"
NAME_THE_ITEM = "您想办哪件事？说个大概就行，比如“身份证丢了”“给孩子上户口”。"
NOT_COVERED = (
    "这件事我这里没有资料，不敢乱说。您可以拨打 12345 政务服务热线问一问，也可以让我帮您登记，请工作人员答复您。"
)
ASK_AGAIN = "我没听明白您选的是哪一个。请回复前面的数字，或者点一下选项。"
TALK_TO_PERSON = "说不清楚也没关系，可以拨打 {phone} 请人帮您看，或者到窗口当面问。"


@dataclass(frozen=True)
class Inquiry:
    """What one reply has to speak to: a service in its place, the answers known so far, what about it, where and when.

    `words` is what the person typed (for the pre-check), `day` the day they asked about.
    """

    knowledge: Knowledge
    resolved: Resolved
    answers: Answers
    aspects: tuple[str, ...]
    region: str | None
    at: datetime
    day: date | None = None
    words: str = ""

    @property
    def service(self) -> Service:
        return self.resolved.service

    @cached_property
    def checklist(self) -> Checklist:
        return checklist(self.service, self.answers)

    @cached_property
    def bundle(self) -> BundleChecklist | None:
        """The trip, if the service is a 一件事."""
        if self.service.bundle is None:
            return None
        return bundle_checklist(self.knowledge, self.service.id, self.answers, on=self.at.date(), region=self.region)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What is certain to be brought."""
        return tuple(shared.need for shared in self.bundle.needs) if self.bundle else self.checklist.needs

    @property
    def undecided(self) -> tuple[Material, ...]:
        return self.bundle.undecided if self.bundle else self.checklist.undecided

    @property
    def question(self) -> Situation | None:
        """The situation that the list, or who takes part in the trip, still depends on."""
        if self.bundle is None:
            return self.checklist.question
        return self.bundle.question if self.bundle.asked_by == self.service.id else None


def item_answer(inquiry: Inquiry) -> Answer:
    """The facts that were asked for, then the one question that is still open, if the facts depend on it."""
    blocks: list[Block] = [text(inquiry.service.name, "title"), *cautions(inquiry)]
    for section in _sections(inquiry.aspects):
        blocks += section(inquiry)
    asks, ask, choices = _open_question(inquiry)
    if asks is None:
        blocks += _closing(inquiry)
    else:
        blocks.append(question(asks, ask))
    return Answer(
        outcome=Outcome.ANSWER,
        blocks=tuple(_join_facts(blocks)),
        choices=choices,
        aspects=tuple(aspect for aspect in inquiry.aspects if aspect in ASPECTS),
        service=inquiry.service.id,
        asks=asks,
        region=inquiry.region,
    )


def situation_again(inquiry: Inquiry, situation: Situation, tries: int) -> Answer:
    """The same question once more after a reply that fits no option; after the second, a person is offered."""
    words = ASK_AGAIN if tries < 2 else TALK_TO_PERSON.format(phone=inquiry.service.phone)
    return Answer(
        outcome=Outcome.SITUATION,
        blocks=(text(words), question(situation.id, situation.ask)),
        choices=tuple(situation.options.values()),
        service=inquiry.service.id,
        asks=situation.id,
        region=inquiry.region,
    )


def which_item(services: Iterable[Service], region: str | None) -> Answer:
    """A menu of the likeliest items, with a way out."""
    offered = list(services)
    ask = f"您说的是“{offered[0].name}”吗？" if len(offered) == 1 else WHICH_ITEM
    return Answer(
        outcome=Outcome.CLARIFY,
        blocks=(question("", ask),),
        choices=(*(service.name for service in offered), NONE_OF_THESE),
        candidates=tuple(service.id for service in offered),
        region=region,
    )


def which_place(knowledge: Knowledge, adcodes: Iterable[str], service: str | None) -> Answer:
    """The divisions of one name, to choose from."""
    return Answer(
        outcome=Outcome.SITUATION,
        blocks=(question("region", WHICH_PLACE),),
        choices=tuple(knowledge.region_words(adcode) for adcode in adcodes),
        service=service,
        asks="region",
    )


def plain(words: str, outcome: Outcome, choices: tuple[str, ...] = ()) -> Answer:
    """One sentence and how the turn ended."""
    return Answer(outcome=outcome, blocks=(text(words),), choices=choices)


def _sections(aspects: tuple[str, ...]) -> list[Callable[[Inquiry], list[Block]]]:
    """One section an aspect: the main one first, the others in the fixed order of the notice.

    A general "how do I" begins with the list like the notice itself: what to bring comes before how it goes.
    """
    main = aspects[0] if aspects[0] != "process" else "materials"
    ordered = sorted(SECTIONS, key=lambda aspect: aspect != main)
    skipped = "materials" if "check" in aspects else ""
    return [SECTIONS[aspect] for aspect in ordered if aspect in aspects and aspect != skipped]


def _materials(inquiry: Inquiry) -> list[Block]:
    told = "、".join(_told(inquiry))
    without = waived(inquiry)
    if not inquiry.needs:
        words = "要带什么取决于您的情况。" if inquiry.undecided else "这件事不用带材料。"
        return [text(words), *without]
    if inquiry.undecided:
        title = "目前能确定要带这些：" if told else "不管哪种情况，这些都要带："
    elif told:
        title = f"按您的情况（{told}），要带这些："
    else:
        title = "要带这些："
    return [{"type": "materials", "title": title, "items": material_lines(inquiry)}, *without]


def waived(inquiry: Inquiry) -> list[TextBlock]:
    """What the person might bring for nothing, because the place does without it."""
    resolved = inquiry.resolved
    return [
        text(f"{resolved.rule(f'materials.{material.id}')}，不用带：{material.name}", "small")
        for material in resolved.dropped
        if may_apply(material.when, inquiry.answers)
    ]


def _told(inquiry: Inquiry) -> list[str]:
    situations = inquiry.service.situations
    return [s.options[inquiry.answers[s.id]] for s in situations if s.id in inquiry.answers]


def material_lines(inquiry: Inquiry) -> list[MaterialLine]:
    """What is certain so far, as an answer shows it; of a 一件事 with the items that each paper is for."""
    bundle = inquiry.bundle
    if bundle is None:
        return [_line(inquiry, need) for need in inquiry.needs]
    return [_shared_line(inquiry, shared, len(bundle.taking_part)) for shared in bundle.needs]


def _line(inquiry: Inquiry, need: Need) -> MaterialLine:
    path = f"materials.{need.material.id}"
    # What a 一件事 without a list of its own takes from its items stands in no list of its own either.
    return material_line(need, inquiry.resolved.rule(path) if path in inquiry.resolved.origins else "")


def _shared_line(inquiry: Inquiry, shared: SharedNeed, items: int) -> MaterialLine:
    line = _line(inquiry, shared.need)
    if not shared.members or items == 1:
        return line
    names = "、".join(member.name for member in shared.members)
    purpose = "各件事共用" if len(shared.members) == items else f"{names}要用"
    return {**line, "why": "；".join(filter(None, (line["why"], purpose)))}


def material_line(need: Need, rule: str = "") -> MaterialLine:
    """One material as an answer shows it; `rule` says whose rule it is where that is a local one."""
    material = need.material
    commitment = "可以签告知承诺书代替" * material.commitment
    return {
        "id": material.id,
        "name": material.name,
        "form": material.form,
        "copies": material.copies,
        "why": f"因为{'、'.join(need.because)}" if need.because else "",
        "note": "；".join(filter(None, (material.note, commitment, material.obtain, rule))),
        "waivable": material.waivable,
    }


def _check(inquiry: Inquiry) -> list[Block]:
    found = precheck(inquiry.knowledge.documents, inquiry.words, inquiry.needs, inquiry.undecided)
    blocks: list[Block] = []
    if found.have:
        blocks.append(text("已经有了：" + "、".join(need.material.name for need in found.have)))
    if found.missing:
        title = "还差这些：" if found.have else "对照一下，要带这些："
        lines = [_missing_line(inquiry, need, found.lacking) for need in found.missing]
        blocks.append({"type": "materials", "title": title, "items": lines})
    elif found.have:
        blocks.append(text("目前能确定要带的，您都有了。"))
    if found.not_needed:
        blocks.append(text(f"这份清单没有要：{'、'.join(found.not_needed)}"))
    return blocks or _materials(inquiry)


def _missing_line(inquiry: Inquiry, need: Need, lacking: Mapping[str, tuple[str, ...]]) -> MaterialLine:
    """The line of a material that is not there yet: which part of it, whether the counter may find it, where it is had."""
    line, material = _line(inquiry, need), need.material
    document = inquiry.knowledge.documents.get(material.document or "")
    parts = [f"还差{'、'.join(lacking[material.id])}"] if material.id in lacking else []
    parts.append(line["note"])
    if document is not None:
        parts += ["窗口能联网查到的可免交"] * (document.lookup and material.waivable and not line["note"])
        parts += [f"怎么拿到：{document.obtain}"] * (bool(document.obtain) and not material.obtain)
    return {**line, "note": "；".join(filter(None, parts))}


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
    "check": _check,
    "eligibility": _simple("谁能办", "eligibility"),
    "materials": _materials,
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


def _open_question(inquiry: Inquiry) -> tuple[str | None, str, tuple[str, ...]]:
    """What the reply asks: the situation that its list depends on, else the place that it needs."""
    depends = {"materials", "check"} & set(inquiry.aspects)
    if depends and (situation := inquiry.question) is not None:
        return situation.id, situation.ask, tuple(situation.options.values())
    if inquiry.aspects[0] in ("location", "hours"):
        if inquiry.region is None:
            return "region", ASK_REGION, ()
        if is_too_wide(inquiry.knowledge, inquiry.region):
            return "region", ASK_CITY.format(place=inquiry.knowledge.region(inquiry.region).name), ()
    whole = depends and not set(NOTICE) <= set(inquiry.aspects)
    return None, "", (WHOLE_LIST,) if whole else ()


def _closing(inquiry: Inquiry) -> list[Block]:
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


def _join_facts(blocks: Iterable[Block]) -> Iterable[Block]:
    """Neighbouring facts as one block."""
    joined: list[FactLine] = []
    for block in blocks:
        if block["type"] == "facts":
            joined = [*joined, *block["items"]]
            continue
        if joined:
            yield {"type": "facts", "items": joined}
            joined = []
        yield block
    if joined:
        yield {"type": "facts", "items": joined}
