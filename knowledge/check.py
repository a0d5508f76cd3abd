"""Whether what the store holds is sound: every revision in itself, and everything in force together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from base.errors import BadContent
from knowledge.export import Held, held
from knowledge.loader import KINDS, Document, check_together
from knowledge.models import Revision
from knowledge.store import Key, digest


def find_errors(session: Session, on: date) -> Iterator[str]:
    """What is wrong in the store, in words; nothing when all is well."""
    broken = list(_broken_revisions(session))
    yield from broken
    if not broken:
        try:
            check_together([stored(key, one.body) for key, one in held(session, on).items()])
        except BadContent as error:
            yield error.problem


def find_warnings(documents: Mapping[Key, Held]) -> Iterator[str]:
    """What works and should be looked at."""
    claims = {key: names(one.body) for (kind, key), one in documents.items() if kind == "service"}
    yield from (clash_words(words, ids) for words, ids in clashes(claims).items())


def _broken_revisions(session: Session) -> Iterator[str]:
    columns = Revision.kind, Revision.key, Revision.number, Revision.body, Revision.digest
    for kind, key, number, body, sum_ in session.execute(select(*columns).where(Revision.status != "retired")):
        where = f"{kind} {key} 第 {number} 版"
        if kind not in KINDS:
            yield f"{where}: 不认识的种类"
        elif digest(body) != sum_:
            yield f"{where}: 内容与登记的摘要不符，有人绕过程序改过"
        else:
            try:
                stored((kind, key), body)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                yield f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}"


def stored(key: Key, body: Mapping[str, Any]) -> Document:
    """A document of the store as one of a file; raises pydantic's `ValidationError` for what is none."""
    kind, name = key
    return Document(kind, name, KINDS[kind][0].model_validate(body), Path("store"), 0)


def clashes(claims: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """From service id → its name and aliases: the words that several services claim, with their ids."""
    found: dict[str, list[str]] = {}
    for id, names in claims.items():
        for words in dict.fromkeys(map(folded, names)):
            found.setdefault(words, []).append(id)
    return {words: ids for words, ids in found.items() if len(ids) > 1}


def names(body: Mapping[str, Any]) -> list[str]:
    return [body["name"], *body.get("aliases", ())]


def clash_words(words: str, ids: Sequence[str]) -> str:
    return f"“{words}”同时是 {'、'.join(ids)} 的名称或别名；有人这样问时会反问是哪一个"


def folded(words: str) -> str:
    return "".join(words.split()).casefold()
