"""Canonical documents: one vocabulary of papers (户口簿, 身份证 …) for the many ways in which services name them.

These are the shapes of `knowledge/content/documents.yaml`; a material says with `document` which of them it is.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import model_validator

from knowledge.service import Fact, Id, Words

Holder = Literal["applicant", "agent", "handler", "guardian", "parents", "spouse", "both", "child", "other"]
"""Whose paper it is, seen from the person the item is for; 经办人 (handler) speaks for an organisation."""


class Document(Fact):
    """A paper: what people call it, what stands in for it, and what a counter can do about it.

    `stand_ins` are ids of documents one of which is enough, or words; `parts` are ids, all of which make it up.
    `lookup`: a counter that is connected can look it up itself (免提交); `shared`: taken once, it serves all items of
    a trip (一照通用); `family`: a family has one of it; `own` is the same paper as its holder calls it (监护人居民身份证 is
    the guardian's own 居民身份证). `electronic` says in words that its electronic form will do, and is empty where that
    depends.
    """

    id: Id
    name: Words
    holder: Holder = "applicant"
    everyday: tuple[Words, ...] = ()
    stand_ins: tuple[Words, ...] = ()
    parts: tuple[Id, ...] = ()
    electronic: str = ""
    lookup: bool = False
    shared: bool = False
    family: bool = False
    own: Id | None = None
    obtain: str = ""
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.everyday)

    @property
    def stand_in_documents(self) -> tuple[str, ...]:
        """The stand-ins that are documents; the others are words."""
        return tuple(word for word in self.stand_ins if re.fullmatch(r"[a-z0-9][a-z0-9_-]*", word))

    @model_validator(mode="after")
    def _is_not_made_of_itself(self) -> Document:
        if self.id in (*self.parts, *self.stand_in_documents, self.own):
            raise ValueError(f"{self.id!r} stands in for itself")
        return self
