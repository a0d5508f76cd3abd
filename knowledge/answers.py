"""What a service's facts read like: result → neutral Answer, for the bot, the counter and the terminal alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from base.answer import ASPECTS, Answer, Block, FactLine, MaterialLine, Outcome, question, text
from knowledge.checklist import Answers, Checklist, Need, checklist
from knowledge.offices import SHOWN, find_offices, is_too_wide, lies_in, office_line
from knowledge.precheck import precheck
from knowledge.service import Fee, Service, Situation
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
    """What one reply has to speak to: a service, the answers known so far, what about it, where and when.

    `words` is what the person typed (for the pre-check), `day` the day they asked about.
    """

    knowledge: Knowledge
    service: Service
    answers: Answers
    aspects: tuple[str, ...]
    region: str | None
    at: datetime
    day: date | None = None
    words: str = ""

    @cached_property
    def checklist(self) -> Checklist:
        return checklist(self.service, self.answers)


def item_answer(inquiry: Inquiry) -> Answer:
    """The facts that were asked for, then the one question that is still open, if the facts depend on it."""
    blocks: list[Block] = [text(inquiry.service.name, "title"), *_caution(inquiry.service)]
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
    found = inquiry.checklist
    told = "、".join(_told(inquiry))
    if not found.needs:
        words = "要带什么取决于您的情况。" if found.undecided else "这件事不用带材料。"
        return [text(words)]
    if found.undecided:
        title = "目前能确定要带这些：" if told else "不管哪种情况，这些都要带："
    elif told:
        title = f"按您的情况（{told}），要带这些："
    else:
        title = "要带这些："
    return [{"type": "materials", "title": title, "items": [material_line(need) for need in found.needs]}]


def _told(inquiry: Inquiry) -> list[str]:
    situations = inquiry.service.situations
    return [s.options[inquiry.answers[s.id]] for s in situations if s.id in inquiry.answers]


def material_line(need: Need) -> MaterialLine:
    material = need.material
    return {
        "id": material.id,
        "name": material.name,
        "form": material.form,
        "copies": material.copies,
        "why": f"因为{'、'.join(need.because)}" if need.because else "",
        "note": material.note,
        "waivable": material.waivable,
    }


def _check(inquiry: Inquiry) -> list[Block]:
    have, missing = precheck(inquiry.words, inquiry.checklist.needs)
    blocks: list[Block] = []
    if have:
        blocks.append(text("已经有了：" + "、".join(need.material.name for need in have)))
    if missing:
        title = "还差这些：" if have else "对照一下，要带这些："
        blocks.append({"type": "materials", "title": title, "items": [material_line(need) for need in missing]})
    elif have:
        blocks.append(text("目前能确定要带的，您都有了。"))
    return blocks or _materials(inquiry)


def _fee(inquiry: Inquiry) -> list[Block]:
    certain, open_ = inquiry.checklist.fees, inquiry.checklist.undecided_fees
    if len(certain) == 1 and not open_:
        return [_fact("费用", _fee_words(inquiry, certain[0]))]
    lines = [_fee_words(inquiry, fee) for fee in (*certain, *open_)]
    return [_fact("费用", "看情况，" + "；".join(lines))]


def _fee_words(inquiry: Inquiry, fee: Fee) -> str:
    details = "，".join(part for part in (fee.note, fee.basis and f"依据{fee.basis}") if part)
    return fee.amount + (f"（{details}）" if details else "")


def _time_limit(inquiry: Inquiry) -> list[Block]:
    limit = inquiry.service.time_limit
    return [
        _fact(label, words) for label, words in (("法定时限", limit.statutory), ("承诺或常见", limit.promised)) if words
    ] or [_fact("时限", "没有收录，请向窗口确认")]


def _process(inquiry: Inquiry) -> list[Block]:
    return [{"type": "steps", "title": "怎么办：", "items": list(inquiry.service.steps)}]


def _location(inquiry: Inquiry) -> list[Block]:
    service = inquiry.service
    where = _fact("在哪办", f"{'、'.join(service.handled_at)}（{SCOPES[service.scope]}）")
    if inquiry.aspects == HOW_TO:
        return [where, *_offices(inquiry)]
    return [where, _fact("谁受理", service.authority), *_offices(inquiry)]


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
    found = find_offices(knowledge, inquiry.service, inquiry.region)[:SHOWN]
    if not found:
        return [text(f"{place}的具体网点我这里还没有收录，请拨打 {inquiry.service.phone} 问地址和时间。")]
    title = f"{place}的网点："
    if not any(lies_in(knowledge, office.region, inquiry.region) for office in found):
        title = f"{place}没有收录这件事的网点，同城的有："
    lines = [office_line(knowledge, office, inquiry.at, inquiry.day) for office in found]
    return [{"type": "offices", "title": title, "items": lines}]


def _progress(inquiry: Inquiry) -> list[Block]:
    return [
        text(f"办到哪一步要问受理的窗口：带上受理回执去问，或拨打 {inquiry.service.phone}。"),
        *_time_limit(inquiry),
    ]


def _simple(label: str, field: str) -> Callable[[Inquiry], list[Block]]:
    return lambda inquiry: [_fact(label, getattr(inquiry.service, field))]


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


def _caution(service: Service) -> list[Block]:
    if service.confidence != "low":
        return []
    return [text(f"这一项的资料来源说法不一，下面的内容只供参考，请先打 {service.phone} 确认再去。", "warning")]


def _open_question(inquiry: Inquiry) -> tuple[str | None, str, tuple[str, ...]]:
    """What the reply asks: the situation that its list depends on, else the place that it needs."""
    depends = {"materials", "check"} & set(inquiry.aspects)
    if depends and (situation := inquiry.checklist.question) is not None:
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
