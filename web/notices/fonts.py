"""The characters that paper can show, and the font with no more of them than one sheet needs (docs/decisions/017)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

import uharfbuzz as hb
from pylopdf_fonts_zh_cn import sans_path

UNKNOWN = "□"
# Tables for shaping and vertical text: Chinese in lines needs none of them.
_UNUSED = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx")


def shown(text: str) -> str:
    """The text in characters that the font has: an unknown one as its plain form, else as □; what is unseen goes."""
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def cut(characters: Iterable[str]) -> bytes:
    """The font with these characters alone, as an OpenType file."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).set({ord(character) for character in characters})
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update({int.from_bytes(name.encode(), "big") for name in _UNUSED})
    # fpdf2 reads it again: plain outlines are read faster.
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE
    subset = hb.subset(_whole(), wanted)
    data: bytes = subset.blob.data
    return data


def _shown(character: str) -> str:
    if character == "\n":
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs") or "\ufe00" <= character <= "\ufe0f":
        return ""
    if character in _known():
        return character
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and _known().issuperset(plain):
        return plain
    return "" if unicodedata.combining(character) else UNKNOWN


@cache
def _known() -> frozenset[str]:
    return frozenset(map(chr, _whole().unicodes))


def _whole() -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(sans_path())))  # mapped, not read
