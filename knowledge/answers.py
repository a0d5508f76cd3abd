"""What is said about a service, or asked back: result → neutral Answer, for the bot, the counter and the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from base.answer import ASPECTS, Answer, Block, FactLine, Outcome, question, text
from knowledge.aspects import HOW_TO, NOTICE
from knowledge.heard import MAYBE_RULING, SURE_OF_RULING
from knowledge.inquiry import Inquiry
from knowledge.offices import is_too_wide
from knowledge.ruling import asks_for_a_ruling, is_left_to_the_place
from knowledge.sections import cautions, closing, sections
from knowledge.service import Service, Situation
from knowledge.store import Knowledge

WHOLE_LIST = "给我完整清单"
NONE_OF_THESE = "都不是"
ASK_REGION = "您在哪个城市、哪个区县办？告诉我，我帮您找网点。"
ASK_CITY = "{place}的哪个城市、哪个区县？告诉我，我帮您找网点。"
WHICH_PLACE = "同名的地方有几个，您说的是哪一个？"
CANCELLED = "好的，这件事先放下。还想问什么，直接说就行。"
NOTHING_BEFORE = "前面没有别的事可以回去。想问什么，直接说就行。"
WHICH_ITEM = "您想问的是哪一件？"
NAME_THE_ITEM = "您想办哪件事？说个大概就行，比如“身份证丢了”“给孩子上户口”。"
WHICH_EVENT = "家里有大事要办的，也可以选一件，要跑的几件事一次说清："
NOT_COVERED = (
    "这件事我这里没有资料，不敢乱说。您可以拨打 12345 政务服务热线问一问，也可以让我帮您登记，请工作人员答复您。"
)
ASK_AGAIN = "我没听明白您选的是哪一个。请回复前面的数字，或者点一下选项。"
NOT_FOR_US_TO_SAY = "够不够条件，由当地按规定和每个人的具体情况认定，我不能替他们下结论。请拨打 {phone} 说明情况，或带上证明材料到窗口当面问。"
LEFT_TO_A_PERSON = "这要看具体的材料和当地的规定，由经办的人认定，我不能替他们下结论。您可以拨打 12345 政务服务热线说明情况，也可以让我帮您登记，请工作人员答复您。"
TALK_TO_PERSON = "说不清楚也没关系，可以拨打 {phone} 请人帮您看，或者到窗口当面问。"


def item_answer(inquiry: Inquiry) -> Answer:
    """The facts that were asked for, then the one question that is still open, if the facts depend on it.

    Whether this person qualifies where the place decides is handed to a person, beside what is certain.
    """
    blocks: list[Block] = [text(inquiry.service.name, "title"), *cautions(inquiry)]
    for section in sections(inquiry.aspects):
        blocks += section(inquiry)
    asks_who = "eligibility" in inquiry.aspects and inquiry.aspects != HOW_TO
    is_left = asks_who and is_left_to_the_place(inquiry.service, inquiry.words)
    undecided = is_left or inquiry.ruling >= MAYBE_RULING
    is_own_case = inquiry.ruling >= SURE_OF_RULING or (is_left and _is_own_case(inquiry))
    if undecided:
        blocks.append(text(NOT_FOR_US_TO_SAY.format(phone=inquiry.service.phone), "warning"))
    asks, ask, choices = _open_question(inquiry)
    if asks is None:
        blocks += closing(inquiry)
    else:
        blocks.append(question(asks, ask))
    return Answer(
        outcome=Outcome.HANDOFF if is_own_case else Outcome.ANSWER,
        blocks=tuple(_join_facts(blocks)),
        choices=choices,
        aspects=tuple(aspect for aspect in inquiry.aspects if aspect in ASPECTS),
        service=inquiry.service.id,
        asks=asks,
        region=inquiry.region,
    )


def _is_own_case(inquiry: Inquiry) -> bool:
    if inquiry.service.confidence == "low":
        return asks_for_a_ruling(inquiry.words)
    return inquiry.ruling >= MAYBE_RULING


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


def which_event(events: Iterable[Service], region: str | None) -> Answer:
    """What is done for an event of life, to choose from: whoever names nothing may still name something else."""
    offered = list(events)
    return Answer(
        outcome=Outcome.CLARIFY,
        blocks=(text(NAME_THE_ITEM), question("", WHICH_EVENT)),
        choices=tuple(service.name for service in offered),
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
