"""A throw-away PostgreSQL server of its own, where the programs for one are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import free_ports


def find_initdb() -> Path | None:
    """The newest server's `initdb`; None where PostgreSQL is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found) if found else None


@contextmanager
def throw_away_server(initdb: Path) -> Iterator[str]:
    """The address of an empty cluster on a free loopback port; it vanishes at the end."""
    # Not below pytest's own folder: only root may enter that one, and the server refuses to be root.
    with tempfile.TemporaryDirectory(prefix="banshi-postgres-") as folder:
        os.chmod(folder, 0o777)
        (port,) = free_ports(1)
        data, control = f"{folder}/data", initdb.with_name("pg_ctl")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        _run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        _run(control, "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(control, "-D", data, "-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
