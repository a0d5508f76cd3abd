"""The tracker store as Rasa itself builds it from endpoints.yml, in Rasa's environment."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from base.settings import ROOT


@pytest.fixture(scope="module")
def memory() -> dict[str, Any]:
    done = subprocess.run(
        [ROOT / ".venv/rasa/bin/python", "tests/bot/nlu/remember.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BANSHI_ACTIONS_URL": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_the_thousandth_turn_keeps_no_more_than_the_fifth(memory: dict[str, Any]) -> None:
    assert memory["sizes"][999] < memory["sizes"][4] * 1.05


def test_what_the_conversation_is_about_outlives_the_turns(memory: dict[str, Any]) -> None:
    assert memory["slots"]["region"] == "320402"
    assert memory["slots"]["choices"] == [{"words": "999"}]
    assert memory["slots"]["service"] is None


def test_the_last_turns_stay_as_they_were(memory: dict[str, Any]) -> None:
    assert memory["said"] == ["第998个问题", "第999个问题"]
    assert memory["events"][-6:] == ["action", "user", "action", "bot", "slot", "action"]


def test_the_longest_silent_conversation_is_forgotten_first(memory: dict[str, Any]) -> None:
    assert memory["kept"] == ["first", "fourth", "third"]
