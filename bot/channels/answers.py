"""The few sentences that a channel says itself: when there is nothing to understand, or nobody to do it."""

from __future__ import annotations

from collections.abc import Sequence

from base.answer import Answer, Outcome, text
from knowledge.search import Found

HOTLINE = "12345"
MOST_GUIDES = 3

NOTHING_SAID = Answer(
    Outcome.SMALLTALK,
    (text("我没看到文字内容。请用一句话说说您要办的事，比如“身份证丢了怎么补办”“居住证要带什么材料”。"),),
)
ONLY_A_NUMBER = Answer(
    Outcome.SMALLTALK,
    (
        text("您发来的像是证件号、电话号或卡号，我已经隐去了中间几位。", "warning"),
        text("查材料、地点、时间都不需要这些号码，请不要在聊天里发送。请直接告诉我您想办什么事。"),
    ),
)
APOLOGY = Answer(
    Outcome.HANDOFF,
    (text(f"对不起，我这边出了点问题，没能答上来。请稍后再试，或拨打政务服务热线{HOTLINE}问工作人员。"),),
)


def guides(found: Sequence[Found], site: str) -> Answer:
    """Said when the assistant is down: what the plain search found, a person's number, and that it is so."""
    blocks = [text(f"智能问答暂时用不了，您可以拨打政务服务热线{HOTLINE}问工作人员，也可以稍后再问我。", "warning")]
    if found:
        blocks.append(text("按您说的话，找到这些办事指南，材料、费用和地点都写在里面："))
        blocks += [text(f"《{one.service.name}》{site}/guide/{one.service.id}") for one in found]
    else:
        blocks.append(text(f"全部办事指南在这里：{site}/guide"))
    blocks.append(text("有人受伤、正在发生的案件或火情，请直接拨打110、119、120。", "small"))
    return Answer(Outcome.HANDOFF, tuple(blocks))


def cut_note(length: int) -> str:
    return f"您的话比较长，我先看了前{length}个字。如果没说到点子上，请用一两句话再说一遍。"
