"""From what people type to what they mean to write; every step is linear in the length of the text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from knowledge.linking import wording

_SHORTEST_INITIALS = 3  # hz and jz are many things
_HESITATION = re.compile(
    r"^(?:[嗯呃额唔哦噢诶欸哎喂][嗯呃额唔哦噢诶欸哎喂,.…~ ]*)?(?:(?:那个|这个|就是)[,… ]*){0,3}(?=[我你想请问麻])"
)
_POLITE = re.compile(
    r"^(?:您好|你好|在吗|打扰一下|不好意思|麻烦)?[,。.! ]*"
    r"(?:我|我们)?(?:就)?(?:想|想要)?(?:请问|问问|问一下|问下|咨询一下|咨询下|请教一下|请教下|打听一下|打听下)(?:一下|下)?[,:。 ]*"
)
_REPEATED_MARK = re.compile(r"([^\w\s])\1+")
_REPEATED_SOUND = re.compile(r"([\u4e00-\u9fff])\1{3,}")
_SPACE = re.compile(r"\s+")
_ENDS = " ,.。!?~;:…"  # whether somebody typed a question mark says little of what they ask
_INITIALS = {
    said: written
    for written, others in wording.SAME.items()
    for said in others.split()
    if said.isascii() and len(said) >= _SHORTEST_INITIALS
}
_WRITTEN_SHORT = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(sorted(_INITIALS, key=len, reverse=True))})(?![A-Za-z])", re.I)
_MARKS = str.maketrans({"，": ",", "。": "。", "？": "?", "！": "!", "：": ":", "；": ";", "、": ","})


def clean(text: str) -> str:
    """`text` half-width and simplified, without emoji, invisible characters, repeated and closing marks, and hesitation.

    Initials (sfz, hkb) and English names of papers are written out, so that all that reads later reads them alike.
    What is only a greeting or only hesitation stays; what is only emoji or control characters becomes empty.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(_visible(char) for char in plain)
    if not plain.isascii():
        plain = _simplifier().convert(plain)
    plain = _REPEATED_MARK.sub(r"\1", plain.translate(_MARKS))
    plain = _SPACE.sub(" ", _REPEATED_SOUND.sub(r"\1\1", plain)).strip()
    plain = _WRITTEN_SHORT.sub(lambda short: _INITIALS[short[0].lower()], plain)
    return drop_fillers(plain.rstrip(_ENDS) or plain)


def drop_fillers(text: str) -> str:
    """`text` without "嗯那个我想问一下" in front of what is asked; unchanged when nothing else would be left."""
    rest = _POLITE.sub("", _HESITATION.sub("", text))
    return rest if len(rest) > 1 else text


@lru_cache(maxsize=4096)
def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn", "So", "Sk", "Mn", "Me") and char not in "^`" else char


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
