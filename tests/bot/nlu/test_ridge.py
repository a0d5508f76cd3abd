"""Training of the linear models, in Rasa's environment, against its definition."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from base.settings import ROOT

PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    if not PYTHON.exists():
        pytest.skip("no .venv/rasa (./banshi install makes it)")
    done = subprocess.run(
        [PYTHON, "tests/bot/nlu/unseen.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("kind", ["by_words", "full"])
def test_what_is_said_of_a_sentence_unseen_is_what_a_model_without_it_says(said: dict[str, Any], kind: str) -> None:
    for fast, slow in zip(said["fast"][kind], said["slow"][kind], strict=True):
        assert fast == pytest.approx(slow, abs=2e-3)


def test_the_model_that_is_kept_says_what_the_kernel_says(said: dict[str, Any]) -> None:
    for kept, exact in zip(said["model"], said["kernel"], strict=True):
        assert kept == pytest.approx(exact, abs=5e-3)  # weights are kept in small whole numbers
