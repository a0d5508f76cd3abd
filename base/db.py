"""The one database: SQLite (WAL) in a file by default, PostgreSQL by address. Nothing is opened at import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timezone
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

from base.clock import CHINA
from base.errors import BadSetting

BUSY_SECONDS = 15  # how long a writer waits for another one on SQLite


class Base(DeclarativeBase):
    """All tables of the project, whichever room they belong to."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON, list[Any]: JSON}


class Instant(TypeDecorator[datetime]):
    """A moment: stored in UTC, read back in China time; a time without offset is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its offset")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).astimezone(CHINA)


class Database:
    """One engine with two doors: `reading()` and `writing()`.

    On SQLite a writer takes its lock at the beginning (BEGIN IMMEDIATE): it then waits for its turn instead of
    failing in the middle because somebody else wrote after it had read. Threads of one process queue before it:
    SQLite itself only looks again from time to time, and whoever is unlucky waits for seconds.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """`durable=False` is for a store that nobody will miss: it does not wait for the disk."""
        self.engine = _engine_for(url)
        if self.engine.dialect.name == "sqlite":
            # FULL: what was told to a person as registered must survive a power cut.
            synchronous = "FULL" if durable else "OFF"
            event.listen(self.engine, "connect", lambda link, _: link.execute(f"PRAGMA synchronous={synchronous}"))
        self._writer = self.engine.execution_options(banshi_write=True)
        self._queue: AbstractContextManager[Any] = RLock() if self.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is rolled back at the end."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back when the block raises."""
        with self._queue, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


def _engine_for(url: str) -> Engine:
    if url.startswith("postgresql://"):
        parts = _parts(url).set(drivername="postgresql+psycopg")
        return create_engine(parts, pool_pre_ping=True, hide_parameters=True)  # values may be personal
    path = _parts(url).database
    if not path or path == ":memory:":  # one shared connection, or every session would see its own empty store
        engine = create_engine(
            "sqlite://", poolclass=StaticPool, hide_parameters=True, connect_args={"check_same_thread": False}
        )
    else:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parts(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # the address itself may hold a password: it is not repeated
        raise BadSetting("DATABASE_URL", "is no address such as postgresql://user:password@host:5432/name") from error


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions begin in _begin_sqlite, not by the driver's guess
    for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("banshi_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
