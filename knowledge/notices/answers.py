"""What is said of a notice in a talk: notice → neutral Answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from base.answer import Answer, Block, NoticeBlock, Outcome, QuestionBlock, question, text
from knowledge.notices.codes import shown
from knowledge.notices.models import Notice
from knowledge.notices.notice import MOST_CASES, MYSELF
from knowledge.notices.store import cases_of, content_of, date_words, page_url
from knowledge.notices.visits import NOT_GONE, OUTCOMES, REASONS

BEYOND_NOTICE = REASONS["beyond_notice"]
"""The words of the button that reports a counter which asked for more."""
TELL_ME = "情况有变，比如换家里人去办，直接告诉我，清单会跟着改；孩子、爱人也要办，说“孩子也一起办”，合成一份。"
TOO_MANY = f"一份告知单最多写 {MOST_CASES} 个人的事。再多的人，请另说一遍要办什么，我单独给一份。"
SAME_LIST = "按您说的改好了。要带的、要交的都和上一份一样，只是情况写得不同，请用新的编号："


def block_of(notice: Notice, site: str) -> NoticeBlock:
    url = page_url(site, notice.code)
    until = date_words(notice.valid_until)
    return {"type": "notice", "code": shown(notice.code), "url": url, "qr": f"{url}/qr.png", "valid_until": until}


def with_notice(answer: Answer, notice: Notice, site: str) -> Answer:
    """The guide's own answer, and the notice that says the same on paper; several persons' list stands in its place."""
    if len(notice.cases) > 1:
        return _merged(answer, notice, site)
    blocks = (*answer.blocks, block_of(notice, site), text(TELL_ME, "small"))
    return replace(answer, blocks=blocks, choices=(*answer.choices, BEYOND_NOTICE))


def changed(answer: Answer, notice: Notice, differences: Sequence[str], who: str, site: str) -> Answer:
    """Only what is otherwise in the notice that replaces the one the person holds."""
    head = text(content_of(notice).name + ("" if who == MYSELF else f"（{who}）"), "title")
    lines: list[Block] = [text(SAME_LIST)]
    if differences:
        lines = [
            {"type": "steps", "title": "按您说的改好了，和上一份比：", "items": list(differences)},
            text("上一份请不要再用，新的在这里："),
        ]
    return replace(answer, blocks=(head, *lines, block_of(notice, site)), choices=(BEYOND_NOTICE,))


def _merged(answer: Answer, notice: Notice, site: str) -> Answer:
    content = content_of(notice)
    whose = "、".join(case.who for case in cases_of(notice))
    blocks: tuple[Block, ...] = (
        text(content.name, "title"),
        text(f"{whose}的合成了一份，能共用的只带一份。"),
        {"type": "facts", "items": list(content.told)},
        *content.blocks,
        block_of(notice, site),
    )
    return replace(answer, blocks=blocks, choices=(BEYOND_NOTICE,))


def first_asked(answer: Answer, who: str) -> Answer:
    """Only the question on which a change, or the list of another person, still depends."""
    asked: list[QuestionBlock] = [block for block in answer.blocks if block["type"] == "question"]
    lead = "好的，这样改要问一句：" if who == MYSELF else f"好的，{who}的那份要问一句："
    return replace(answer, outcome=Outcome.SITUATION, blocks=(text(lead), *asked), aspects=())


def too_many(service: str) -> Answer:
    return Answer(Outcome.ANSWER, (text(TOO_MANY),), service=service)


# --- what nobody asked for --------------------------------------------------------------------------------------------


def change_told(notice: Notice, changes: Sequence[str], site: str) -> Answer:
    """Said to the holder when what is published now differs from what the notice promised."""
    name, day = content_of(notice).name, notice.issued_at
    blocks: tuple[Block, ...] = (
        text(f"您 {day.month} 月 {day.day} 日要的“{name}”清单有变化", "title"),
        {"type": "steps", "title": "变化在这里，其余照旧：", "items": list(changes)},
        block_of(notice, site),
    )
    return Answer(Outcome.ANSWER, blocks, choices=(f"给我{name}的清单",), service=notice.service)


def visit_asked(notice: Notice) -> Answer:
    """The first of the two taps after the visit."""
    ask = f"您办“{content_of(notice).name}”，一趟办成了吗？点一下就行，帮后面的人少跑路。"
    return Answer(Outcome.SMALLTALK, (question("", ask),), choices=tuple(OUTCOMES.values()), service=notice.service)


def visit_heard(notice: Notice, outcome: str, *, asks_why: bool) -> Answer:
    """Thanks, or the second tap."""
    if asks_why:
        ask = question("", "让您多跑了，对不住。主要是因为什么？")
        return Answer(Outcome.SMALLTALK, (ask,), choices=tuple(REASONS.values()), service=notice.service)
    words = "好的，办完再说也不迟。" if outcome == NOT_GONE else "太好了，谢谢您告诉我。"
    return Answer(Outcome.SMALLTALK, (text(words),), service=notice.service)


def reason_heard(notice: Notice) -> Answer:
    words = "谢谢您，记下了，会算进这个事项和窗口的白跑数里。还没办成的话，告诉我卡在哪里，我帮您登记，有人负责跟进。"
    return Answer(Outcome.SMALLTALK, (text(words),), service=notice.service)
