"""Safety first: which number somebody needs at once. Exact cues, each rare in ordinary questions about services."""

from __future__ import annotations

from dataclasses import dataclass, replace

from base.answer import Answer, Block, Outcome, text
from knowledge import emergency_cues as cues
from knowledge import emergency_scenes as scenes


@dataclass(frozen=True)
class Emergency:
    """One kind, and what is said at once."""

    name: str
    words: tuple[str, ...]


# Order matters: the first kind that is named decides what is said.
KINDS = (
    Emergency(
        "suicide",
        (
            "您现在很难受，请先别一个人扛着。",
            "请马上拨打 12356 心理援助热线，24 小时有人听您说；已经有危险，请拨打 120 或 110。",
            "如果身边有人，请告诉他您现在的感受，让他陪着您。",
        ),
    ),
    Emergency(
        "violence",
        (
            "请马上拨打 110，说清楚您在哪里。",
            "不方便说话可以发短信到 12110。先到安全的地方去，受伤了拨打 120。",
            "想找妇联帮忙，可以拨打 12338。",
        ),
    ),
    Emergency(
        "fraud",
        (
            "先别转账，别告诉对方验证码。",
            "请马上拨打 96110 反诈专线；钱已经转出去了，立刻拨打 110，越快越可能拦住。",
            "公安、法院不会在电话里让您转账。",
        ),
    ),
    Emergency(
        "missing",
        ("请马上拨打 110 报警，不用等 24 小时。", "说清楚走失的人的年龄、衣着、最后在哪里；有照片先准备好。"),
    ),
    Emergency(
        "fire",
        ("请马上拨打 119，说清楚地址、什么着火或者谁被困。", "先离开危险的地方，不要坐电梯；有人受伤拨打 120。"),
    ),
    Emergency(
        "injury",
        ("请马上拨打 120，说清楚地址和病人的情况。", "不要挂电话，照接线员说的做。"),
    ),
    Emergency(
        "accident",
        ("有人受伤请先拨打 120，再拨打 122 报警。", "打开双闪，人到路边安全处，不要移动伤重的人。"),
    ),
    Emergency(
        "crime",
        ("请马上拨打 110 报警，说清楚您在哪里、发生了什么。", "先保证自己安全，不方便说话可以发短信到 12110。"),
    ),
)
_OTHER: tuple[Block, ...] = (
    text("请马上拨打：报警 110，急救 120，火警 119，交通事故 122。"),
    text("被骗转账拨打 96110；心里难受、撑不下去拨打 12356，24 小时有人接。"),
)
_IN_DANGER = "如果眼下有危险，请先打电话：报警 110，急救 120，火警 119；被骗转账 96110，心里撑不下去 12356。"


def find_emergency(words: str) -> Emergency | None:
    """The emergency that `words` name, None where they only ask about papers or tell of something long over."""
    meant = cues.IDIOMS.sub("", cues.BLANKS.sub("", words))
    calm = _asks_calmly(meant)
    live = [sentence for sentence in cues.ENDS.split(meant) if not _is_told(sentence)]
    for kind in KINDS:
        if any(_runs(kind.name, sentence) for sentence in ([meant] if kind.name == "suicide" else live)):
            return kind
        if not calm and _is_named(kind.name, meant):
            return kind
    return None


def may_be_calm(words: str) -> bool:
    """Whether danger that a model only guesses may be left aside: papers are asked for, and nothing runs now."""
    return _asks_calmly(words) and not cues.NOW.search(words)


def emergency_answer(words: str) -> Answer:
    """The right number, and nothing before it; all numbers where the kind is not clear."""
    kind = find_emergency(words)
    blocks = tuple(text(line) for line in kind.words) if kind else _OTHER
    return Answer(outcome=Outcome.EMERGENCY, blocks=blocks)


def with_numbers_first(answer: Answer) -> Answer:
    """The reply as it is, after the numbers for danger that is possible and not certain."""
    return replace(answer, blocks=(text(_IN_DANGER, "warning"), *answer.blocks))


def _asks_calmly(words: str) -> bool:
    return bool(cues.PAPERS.search(words)) or _is_told(words)


def _is_told(words: str) -> bool:
    if cues.SETTLED.search(words):
        return True
    return bool((cues.LONG_AGO.search(words) or cues.FILED.search(words)) and not cues.NOW.search(words))


def _runs(kind: str, sentence: str) -> bool:
    return any(cue and cue.search(sentence) for cue in (cues.RUNNING[kind], scenes.RUNNING.get(kind)))


def _is_named(kind: str, words: str) -> bool:
    return any(cue and cue.search(words) for cue in (cues.NAMED.get(kind), scenes.NAMED.get(kind)))
