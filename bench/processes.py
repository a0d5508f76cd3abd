"""The real processes on free loopback ports, over a state folder that vanishes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import requests

from base.settings import ROOT
from bench.machine import command_line, descendants

PORTS = ("BANSHI_PORT", "BANSHI_RASA_PORT", "BANSHI_ACTIONS_PORT")
LAST_LINE = "Ctrl-C stops everything"  # of the screen that `banshi run` ends with
START_SECONDS = 600.0  # training and TensorFlow on a slow machine included
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.02

Env = dict[str, str]


class BenchFailed(Exception):
    """Something that was to be measured did not work; the text says what."""


def free_ports(count: int) -> list[str]:
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(server.getsockname()[1]) for server in servers]
    for server in servers:
        server.close()
    return ports


def fresh_env(var: Path) -> Env:
    """An environment for state in `var`; nothing of what is set for the user's own store reaches it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("BANSHI_") and name not in ("DATABASE_URL", "REDIS_URL", "FULL")
    }
    return kept | dict(zip(PORTS, free_ports(len(PORTS)), strict=True)) | {"BANSHI_VAR": str(var)}


def alone(function: Callable[..., Any], *args: Any) -> Any:
    """The function's result, from a process that does nothing else."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(function, *args).result()


@dataclass(frozen=True)
class Running:
    """A process, what it prints, and when it was started."""

    process: subprocess.Popen[bytes]
    log: Path
    started: float

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_for(self, check: Callable[[], bool]) -> float:
        """Seconds from the start until `check` holds; raises BenchFailed when the process ends before."""
        while not check():
            if self.process.poll() is not None or time.monotonic() - self.started > START_SECONDS:
                raise BenchFailed(f"{self.process.args!r} did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(LOOK_SECONDS)
        return time.monotonic() - self.started

    def printed(self, words: str) -> bool:
        return words in self.log.read_text()

    def step_seconds(self, step: str) -> float:
        """What the launcher says that a step took."""
        found = re.search(rf"{step}: ([\d.]+) s", self.log.read_text())
        if not found:
            raise BenchFailed(f"there was no step {step!r} in:\n{self.log.read_text()}")
        return float(found[1])

    def find(self, words: str) -> int:
        """The one process among those started here whose command line holds `words`."""
        found = [pid for pid in descendants(self.pid) if words in command_line(pid)]
        if len(found) != 1:
            raise BenchFailed(f"{len(found)} processes with {words!r} in their command line")
        return found[0]


@contextmanager
def running(command: str | Sequence[str | Path], env: Mapping[str, str], log: Path) -> Iterator[Running]:
    """Start a command (a text goes through the shell, as in the Procfile), and stop it as Ctrl-C does."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, shell=isinstance(command, str), cwd=ROOT, env=env,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield Running(process, log, started)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def run(command: Sequence[str | Path], env: Mapping[str, str], log: Path) -> float:
    """Run a command to its end; returns its seconds, or raises BenchFailed with the end of what it printed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    if done.returncode:
        raise BenchFailed(f"{command} failed:\n{log.read_text()[-2000:]}")
    return time.monotonic() - began


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=1, proxies={"http": ""}).ok
    except requests.RequestException:
        return False


def rasa_answers(port: str) -> bool:
    """Whether Rasa's REST channel is there; it is only once a model is loaded."""
    return answers(f"http://127.0.0.1:{port}/webhooks/rest/")
