"""Settings: read once from the environment, cast, and refused when unsafe. The README holds their table."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from base.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32  # characters; `openssl rand -hex 32` gives 64


@dataclass(frozen=True)
class Settings:
    """All settings of one process; urls carry no trailing slash, folders are absolute."""

    var: Path
    database_url: str
    redis_url: str | None
    host: str
    port: int
    staff_port: int | None
    rasa_port: int
    actions_port: int
    rasa_url: str
    actions_url: str
    app_url: str
    public_url: str | None
    trusted_proxies: tuple[str, ...]
    region: str | None
    widget_origins: tuple[str, ...]
    secret: str
    demo: bool
    eval_set: Path | None

    @property
    def site(self) -> str:
        """The address under which citizens reach the pages."""
        return self.public_url or self.app_url

    @property
    def lexicon_file(self) -> Path:
        """Names, aliases and places as the bot last saw them; lets it start while the app is down."""
        return self.var / "lexicon.json"

    @property
    def models(self) -> Path:
        return self.var / "models"


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `env` (the process environment if none is given).

    Raises `BadSetting` with the variable's name and what to do.
    """
    env = os.environ if env is None else env
    var = Path(env.get("BANSHI_VAR") or ROOT / "var").absolute()
    host = env.get("BANSHI_HOST") or "127.0.0.1"
    port, rasa_port, actions_port = (
        _port(env, name, default)
        for name, default in (("BANSHI_PORT", 8000), ("BANSHI_RASA_PORT", 5005), ("BANSHI_ACTIONS_PORT", 5055))
    )
    public_url = _url(env, "BANSHI_PUBLIC_URL", None)
    return Settings(
        var=var,
        database_url=_database_url(env, var),
        redis_url=env.get("REDIS_URL") or None,
        host=host,
        port=port,
        staff_port=_port(env, "BANSHI_STAFF_PORT", 0) or None,
        rasa_port=rasa_port,
        actions_port=actions_port,
        rasa_url=_url(env, "BANSHI_RASA_URL", f"http://127.0.0.1:{rasa_port}") or "",
        actions_url=_url(env, "BANSHI_ACTIONS_URL", f"http://127.0.0.1:{actions_port}") or "",
        app_url=_url(env, "BANSHI_APP_URL", f"http://127.0.0.1:{port}") or "",
        public_url=public_url,
        trusted_proxies=_list(env, "BANSHI_TRUSTED_PROXIES"),
        region=_region(env),
        widget_origins=_list(env, "BANSHI_WIDGET_ORIGINS"),
        secret=_secret(env, var),
        demo=_demo(env),
        eval_set=Path(env["BANSHI_EVAL_SET"]) if env.get("BANSHI_EVAL_SET") else None,
    )


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise BadSetting(name, f"must be a port number from 1 to 65535, not {text!r}")
    return int(text)


def _url(env: Mapping[str, str], name: str, default: str | None) -> str | None:
    text = env.get(name) or default
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port or an IPv6 address that is none
        fits = False
    if not fits:
        raise BadSetting(name, f"must be an address such as https://banshi.example.gov.cn, not {text!r}")
    return text.rstrip("/")


def _database_url(env: Mapping[str, str], var: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{var / 'banshi.db'}"
    if not url.startswith(("sqlite://", "postgresql://")):
        raise BadSetting("DATABASE_URL", "must begin with sqlite:/// or postgresql://")
    return url


def _list(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", env.get(name, "")) if part)


def _region(env: Mapping[str, str]) -> str | None:
    code = env.get("BANSHI_REGION") or None
    if code is not None and not re.fullmatch(r"[0-9]{6}", code):
        raise BadSetting("BANSHI_REGION", f"must be the six digits of a division such as 320402, not {code!r}")
    return code


def _demo(env: Mapping[str, str]) -> bool:
    """Whether a new store also receives the invented city: never by default beside a real database or address."""
    wish = env.get("BANSHI_DEMO") or ""
    if wish not in ("", "0", "1"):
        raise BadSetting("BANSHI_DEMO", f"must be 0 or 1, not {wish!r}")
    if wish:
        return wish == "1"
    return not env.get("DATABASE_URL") and not env.get("BANSHI_PUBLIC_URL")


def _secret(env: Mapping[str, str], var: Path) -> str:
    secret = env.get("BANSHI_SECRET") or _read_or_make(var / "secret")
    if len(secret) < SHORTEST_SECRET:
        raise BadSetting(
            "BANSHI_SECRET", f"needs at least {SHORTEST_SECRET} characters; make one with: openssl rand -hex 32"
        )
    return secret


def _read_or_make(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return path.read_text("latin-1").strip()
    except OSError as error:
        raise BadSetting("BANSHI_SECRET", f"is not set and {path} cannot be read or made ({error.strerror})") from error


def _make(path: Path) -> None:
    """Write a fresh secret; of several processes that start together one succeeds, and no one reads a part of it."""
    handle, fresh = tempfile.mkstemp(prefix="secret-", dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(fresh)
