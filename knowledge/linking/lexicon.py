"""The lexicon: what the understanding knows of services, places and papers; plain data, one JSON file, one revision."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from base.errors import BadContent


@dataclass(frozen=True)
class ServiceNames:
    """How one service is called; `hot` is how often it was asked for, `bundle` marks a 一件事, `guide` is what its guide
    says of it, in one text."""

    id: str
    name: str
    aliases: tuple[str, ...]
    domain: str
    bundle: bool = False
    hot: int = 0
    guide: str = ""


@dataclass(frozen=True)
class PlaceNames:
    """How one division is called: `names` holds the full name, short forms and former names."""

    adcode: str
    name: str
    names: tuple[str, ...]
    parent: str | None


@dataclass(frozen=True)
class DocumentNames:
    """How one paper is called: its name first, then what people say."""

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    revision: str
    services: tuple[ServiceNames, ...]
    places: tuple[PlaceNames, ...]
    documents: tuple[DocumentNames, ...] = ()


def parse_lexicon(data: Mapping[str, Any]) -> Lexicon:
    """The lexicon in plain JSON data; raises ValueError naming what is wrong."""
    try:
        services = tuple(
            ServiceNames(
                id=str(item["id"]),
                name=str(item["name"]),
                aliases=_words(item["aliases"]),
                domain=str(item["domain"]),
                bundle=bool(item.get("bundle", False)),
                hot=int(item.get("hot", 0)),
                guide=str(item.get("guide", "")),
            )
            for item in data["services"]
        )
        places = tuple(
            PlaceNames(
                adcode=str(item["adcode"]),
                name=str(item["name"]),
                names=_words(item["names"]),
                parent=item.get("parent") or None,
            )
            for item in data["places"]
        )
        # An app of the version before sends no documents: the two are not renewed in the same moment.
        documents = tuple(DocumentNames(str(item["id"]), _words(item["names"])) for item in data.get("documents", ()))
        return Lexicon(str(data["revision"]), services, places, documents)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the lexicon lacks or misshapes {error}") from error


def load_lexicon(path: Path) -> Lexicon:
    """The lexicon kept in `path`; raises `BadContent` when the file is missing or broken."""
    try:
        return parse_lexicon(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise BadContent(path, 0, "is missing; make it with: ./banshi prepare") from None
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise BadContent(path, line, f"is no lexicon ({error}); make it anew with: ./banshi prepare") from error


def save_lexicon(path: Path, lexicon: Lexicon) -> None:
    """Keep `lexicon` in `path`; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    fresh.write_text(json.dumps(asdict(lexicon), ensure_ascii=False, separators=(",", ":")), "utf-8")
    fresh.replace(path)


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError(f"a list of words in place of {value!r}")
    return tuple(str(word) for word in value)
