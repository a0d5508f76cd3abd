"""Rasa as a child process without a port: the real model, the real actions, for the terminal and for tests."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from base.errors import AssistantDown
from base.settings import ROOT
from bot.channels.rasa_client import merge
from bot.conversations.turns import Reply

RunAction = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the call that Rasa would post to the action server's webhook; returns {events, responses}."""


class EmbeddedRasa:
    """The same questions and replies as `RasaClient`; `forgetful` keeps no conversation beyond one question.

    Raises AssistantDown when the child cannot start or dies; `log` receives what it prints.
    """

    timeout = 60.0  # seconds, what a turn may take here: the first one loads what later ones need

    def __init__(
        self,
        python: Path,
        model: Path,
        run_action: RunAction,
        *,
        env: dict[str, str],
        log: Path,
        forgetful: bool = False,
    ) -> None:
        self._run_action, self._forgetful, self._log = run_action, forgetful, log
        child_reads, we_write = os.pipe()
        we_read, child_writes = os.pipe()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                [str(python), "-m", "bot.nlu.pipe", str(model), str(child_reads), str(child_writes)],
                cwd=ROOT, env=env, pass_fds=(child_reads, child_writes),
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        os.close(child_reads)
        os.close(child_writes)
        self._to_child = os.fdopen(we_write, "w", encoding="utf-8")
        self._from_child = os.fdopen(we_read, "r", encoding="utf-8")

    def wait_until_ready(self) -> None:
        """Block until the model is loaded."""
        self._receive()

    def ask(self, sender: str, text: str, timeout: float | None = None) -> Reply:
        """What the assistant says to `text`; the actions that it wants run in this process."""
        self._send({"ask": text, "sender": sender, "forget": self._forgetful})
        while True:
            message = self._receive()
            if "said" in message:
                try:
                    return merge(message["said"])
                except (KeyError, TypeError, ValueError) as error:
                    raise AssistantDown("an unusable reply from Rasa") from error
            self._send({"done": self._run_action(message["action"])})

    def is_up(self) -> bool:
        return self._child.poll() is None

    def close(self) -> None:
        self._to_child.close()
        self._child.wait()
        self._from_child.close()

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._to_child.write(json.dumps(message, ensure_ascii=False) + "\n")
            self._to_child.flush()
        except OSError as error:
            raise AssistantDown(f"Rasa stopped; see {self._log}") from error

    def _receive(self) -> dict[str, Any]:
        line = self._from_child.readline()
        if not line:
            raise AssistantDown(f"Rasa stopped; see {self._log}")
        return dict(json.loads(line))
