"""What a notice shows: one list of blocks for the page, the A4 sheet and the slip alike."""

from __future__ import annotations

from dataclasses import dataclass

from base.answer import Block, FactLine, TextBlock


@dataclass(frozen=True)
class Sheet:
    """A notice ready to be shown.

    `code` is written as people read it (XXXX-XXXX-XXXX), `url` its public page. `head` says for which case it is, where
    and until when it holds; `banner` what has become of it since (changed, expired, withdrawn), empty while nothing has.
    `card` is the 警民联系卡 of whoever issued it in person, else empty.
    """

    code: str
    url: str
    name: str
    head: tuple[FactLine, ...]
    banner: tuple[TextBlock, ...]
    blocks: tuple[Block, ...]
    card: tuple[FactLine, ...]
