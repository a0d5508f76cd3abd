"""A throw-away PostgreSQL for tests, where one is installed; import the fixtures into a conftest.py."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from base.db import Base, Database


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty cluster of its own, gone with the session."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(tools[-1]) if tools else shutil.which("initdb")
    if initdb is None:
        pytest.skip("PostgreSQL is not installed")
    # Not pytest's own folder: only root may enter that one, and the server refuses to be root.
    with tempfile.TemporaryDirectory(prefix="banshi-postgres-") as folder:
        os.chmod(folder, 0o777)
        port, data = _free_port(), f"{folder}/data"
        control = str(Path(initdb).parent / "pg_ctl")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        _run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        _run(control, "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(control, "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL database with all tables, empty."""
    database = Database(postgres_url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def _run(*command: str) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
