"""Machines that begin with one empty PostgreSQL at once make its tables one after the other."""

import subprocess
import sys
import time

from sqlalchemy import inspect, text

from base.settings import ROOT
from migrations.upgrade import TURN, is_current

UPGRADE = (
    "import sys; from base.db import Database; from migrations.upgrade import upgrade; upgrade(Database(sys.argv[1]))"
)
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :turn AND NOT granted")


def test_who_comes_second_waits_and_finds_the_tables_made(empty, postgres_url):
    with empty.engine.connect() as first:
        first.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        others = [
            subprocess.Popen([sys.executable, "-c", UPGRADE, postgres_url], cwd=ROOT, stderr=subprocess.PIPE)
            for _ in range(3)
        ]
        until = time.monotonic() + 60
        while first.scalar(WAITING, {"turn": TURN}) < len(others):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert inspect(first).get_table_names() == []
        first.rollback()
    assert [other.communicate(timeout=60)[1] for other in others] == [b""] * len(others)
    assert [other.returncode for other in others] == [0] * len(others)
    assert is_current(empty)
