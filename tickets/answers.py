"""Ticket → words: what the chat, the page and the API tell its owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from base.answer import Answer, Block, Outcome, question, text
from tickets.intake import OFFER
from tickets.models import KINDS, Entry, Ticket
from tickets.workflow import CITIZEN, Status

CONSENT = (
    "方便的话留个电话，工作人员好就这件事联系您；号码加密保存，只用来办这张工单。发来号码就表示同意，不留也一样会办。"
)
SKIP = "跳过"
USE_IT = "可以联系"
MOST_SHOWN = 5
EXCERPT = 40  # characters of the story that remind its owner which one it is

_REGISTERED = {
    "stuck": "事情没办成，让您着急了，对不住。已经登记，会有人负责跟进。",
    "complaint": "让您受委屈了，对不住。已经登记，会有人负责跟进。",
    "suggestion": "谢谢您的建议，已经登记，会有人看。",
    "praise": "谢谢您的表扬，已经登记。",
    "help": "需要帮忙的事已经登记，会有人负责跟进。",
    "unanswered": "这个问题我没能答上来，已经登记，请工作人员来答。",
    "beyond_notice": "多要了材料，让您为难了，对不住。已经登记，会有人负责跟进。",
}
_ASK_STORY = {
    "suggestion": "请说说您的建议，越具体越好。",
    "praise": "想表扬谁、因为什么事？说一句就行。",
}
_STANDS = {
    Status.PENDING: "已经收到，等工作人员受理。",
    Status.ACCEPTED: "工作人员已经受理。",
    Status.IN_PROGRESS: "工作人员正在办理。",
    Status.NEEDS_MORE: "需要您补充：{reason}",
    Status.ANSWERED: "答复：{reason}",
    Status.CLOSED: "已经办结。",
    Status.WITHDRAWN: "已经按您的意思撤销。",
}
_ACTIONS = {
    "open": "登记",
    "add": "补充",
    "place": "说明地点",
    "contact": "留下联系方式",
    "urge": "催办",
    "accept": "受理",
    "start": "开始办理",
    "ask_more": "请您补充",
    "resume": "继续办理",
    "answer": "答复",
    "confirm": "确认解决",
    "close": "办结",
    "reopen": "重新打开",
    "withdraw": "撤销",
}


def page_url(base_url: str, number: str) -> str:
    return f"{base_url}/t/{number}"


def filed(ticket: Ticket, secret: str, base_url: str) -> list[Block]:
    """The registration itself, said only after the commit; a question may follow."""
    blocks = [
        text(_REGISTERED[ticket.kind]),
        _card(ticket, base_url, secret),
    ]
    heard = [f"跑了 {ticket.trips} 趟"] if (ticket.trips or 0) > 1 else []
    heard += [f"对方要：{'、'.join(ticket.missing)}"] if ticket.missing else []
    return [*blocks, text(f"我记下了：{'；'.join(heard)}。")] if heard else blocks


def ask_story(kind: str) -> Answer:
    """What happened? Nothing is filed yet."""
    ask = _ASK_STORY.get(kind, "您说说是办什么事、卡在哪一步、窗口怎么说的？说一两句就能登记。")
    return Answer(Outcome.TICKET, (text("好，我帮您登记。"), question("", ask)), ("算了",))


def elsewhere(line: str) -> Answer:
    """Who takes a quarrel that no counter settles, said honestly; nothing is filed yet."""
    words = "这件事不归政务窗口办，我登记了也不一定管得了。"
    rest = "拿不准找谁，拨打 12345 问一问。您愿意的话，我也可以帮您登记，请工作人员看看能不能转过去。"
    return Answer(Outcome.NOT_COVERED, (text(words), text(line), text(rest)), (OFFER,))


def ask_what(blocks: Sequence[Block], ticket: Ticket) -> Answer:
    ask = question("", "窗口多要了什么、怎么说的？比如“还要居住证明，不给开受理单”。")
    return about(ticket, [*blocks, ask], SKIP)


def ask_place(blocks: Sequence[Block], ticket: Ticket) -> Answer:
    ask = question("", "是在哪里、哪个窗口？比如“区政务服务中心社保窗口”。")
    return about(ticket, [*blocks, ask], SKIP)


def ask_contact(blocks: Sequence[Block], ticket: Ticket) -> Answer:
    return about(ticket, [*blocks, question("", CONSENT)], SKIP)


def ask_to_use(blocks: Sequence[Block], ticket: Ticket, masked: str) -> Answer:
    """The person told a phone number already: may it be used?"""
    ask = f"您提到的 {masked} 可以用来联系您吗？号码加密保存，只用来办这张工单。"
    return about(ticket, [*blocks, question("", ask)], USE_IT, SKIP)


def done(blocks: Sequence[Block], ticket: Ticket) -> Answer:
    rest = "都记好了。要补充随时说；查进度说“我的工单”，不想反映了说“撤销”。"
    return about(ticket, [*blocks, text(rest)])


def noted(ticket: Ticket) -> list[Block]:
    return [text(f"已补充到工单 {ticket.number}。")]


def place_noted(ticket: Ticket) -> list[Block]:
    return [text(f"地点记下了：{ticket.place}。")]


def contact_noted(ticket: Ticket) -> list[Block]:
    return [text(f"联系方式记下了：{ticket.contact}。")]


def number_looks_wrong() -> list[Block]:
    return [text("这个号码的位数好像不对，请再核对一下。")]


def stopped(ticket: Ticket) -> Answer:
    words = f"好，不问了。工单 {ticket.number} 已经登记，会继续办；不想反映了，回复“撤销”就行。"
    return about(ticket, [text(words)])


def nothing_filed() -> Answer:
    return Answer(Outcome.SMALLTALK, (text("好的，没有登记。想反映的时候随时说。"),))


def urged(ticket: Ticket) -> Answer:
    return about(ticket, [text(f"已替您催办，工单 {ticket.number} 上记了一笔。")])


def withdrawn(ticket: Ticket) -> Answer:
    return about(ticket, [text(f"工单 {ticket.number} 已撤销。以后还需要，直接再说一遍就行。")])


def refused(words: str) -> Answer:
    """A move that the rules forbid, in the rules' own words."""
    return Answer(Outcome.TICKET, (text(words),))


def ask_secret(number: str) -> Answer:
    words = f"为了保护您的信息，请把工单号和查询码一起发来，像这样：{number} K7M2-QD9P。查询码在登记时给过您。"
    return Answer(Outcome.TICKET, (text(words),), ticket=number)


def closed_to_you() -> Answer:
    """One reply for an unknown number, a wrong secret and too many tries: it tells a guesser nothing."""
    words = "没有查到：工单号或查询码对不上，请核对后再发。连着错几次，要过一小时才能再查。"
    return Answer(Outcome.TICKET, (text(words),))


def none_here() -> Answer:
    words = "这个对话里还没有工单。在别处登记的，请把工单号和查询码一起发来；有事没办成，直接说就能登记。"
    return Answer(Outcome.TICKET, (text(words),))


def shown(tickets: Sequence[Ticket], base_url: str) -> Answer:
    """How the tickets stand, the given order kept; at least one."""
    blocks: list[Block] = []
    for ticket in tickets[:MOST_SHOWN]:
        excerpt = ticket.text[:EXCERPT] + "…" * (len(ticket.text) > EXCERPT)
        blocks += [
            _card(ticket, base_url, None),
            text(f"{KINDS[ticket.kind]}，{ticket.received_at:%m月%d日}登记：{excerpt}", "small"),
            text(stands(ticket)),
        ]
    if len(tickets) > MOST_SHOWN:
        blocks.append(text(f"还有更早的 {len(tickets) - MOST_SHOWN} 张，请发工单号查看。", "small"))
    return about(tickets[0], blocks)


def stands(ticket: Ticket) -> str:
    """Where the ticket stands, in one sentence."""
    last = next((entry for entry in reversed(ticket.entries) if entry.after == ticket.status), None)
    return _STANDS[ticket.status].format(reason=last.reason if last else "")


def as_public(ticket: Ticket) -> dict[str, Any]:
    """All that the owner may see, as plain data; personal numbers masked, staff without names."""
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "kind_name": KINDS[ticket.kind],
        "status": ticket.status.value,
        "status_name": ticket.status.words,
        "stands": stands(ticket),
        "service": ticket.service,
        "office": ticket.office,
        "region": ticket.region,
        "notice": ticket.notice,
        "place": ticket.place,
        "text": ticket.text,
        "trips": ticket.trips,
        "missing": ticket.missing,
        "contact": ticket.contact,
        "received_at": ticket.received_at.isoformat(),
        "history": [_told(entry) for entry in ticket.entries],
    }


def _told(entry: Entry) -> dict[str, str]:
    return {
        "at": entry.at.isoformat(),
        "who": "您" if entry.by == CITIZEN else "工作人员",
        "what": _ACTIONS[entry.action],
        "words": entry.words or entry.reason,
    }


def _card(ticket: Ticket, base_url: str, secret: str | None) -> Block:
    return {
        "type": "ticket",
        "number": ticket.number,
        "secret": secret,
        "status": ticket.status.words,
        "url": page_url(base_url, ticket.number),
    }


def about(ticket: Ticket, blocks: Sequence[Block], *choices: str) -> Answer:
    """An Answer about this ticket."""
    return Answer(
        Outcome.TICKET,
        tuple(blocks),
        choices,
        service=ticket.service,
        region=ticket.region,
        ticket=ticket.number,
    )
