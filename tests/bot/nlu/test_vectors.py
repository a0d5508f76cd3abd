"""Vectors of training sentences, which are reckoned many at a time, beside those of messages."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from base.settings import ROOT

PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"


def test_a_sentence_among_many_has_the_vector_that_it_has_as_a_message(tmp_path: Path) -> None:
    if not PYTHON.exists():
        pytest.skip("no .venv/rasa (./banshi install makes it)")
    done = subprocess.run(
        [PYTHON, "tests/bot/nlu/encode.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BANSHI_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    off, count, *dimensions = done.stdout.split()
    assert float(off) < 1e-5
    assert (count, dimensions) == ("46", ["512", "512"])
