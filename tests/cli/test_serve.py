"""`banshi serve app` as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from base.settings import load_settings
from cli.prepare import prepare_database

ROOT = Path(__file__).parents[2]


@pytest.fixture
def served(tmp_path):
    """The process and its address, once it answers; nobody is where Rasa should be."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {"BANSHI_VAR": str(tmp_path), "BANSHI_PORT": str(port), "BANSHI_RASA_URL": "http://127.0.0.1:9"}
    prepare_database(load_settings(env))
    command = [sys.executable, "-m", "cli", "serve", "app"]
    with (
        (tmp_path / "app.log").open("w+") as log,
        subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stderr=log) as process,
    ):
        while "Uvicorn running" not in (tmp_path / "app.log").read_text():
            assert process.poll() is None, (tmp_path / "app.log").read_text()
            time.sleep(0.05)
        yield process, f"http://127.0.0.1:{port}"
        process.kill()


def test_an_open_chat_does_not_keep_it_from_stopping(served):
    process, site = served
    said = requests.post(f"{site}/channels/web", json={"id": "1", "text": "身份证"}, timeout=10).json()
    stream = f"{site}/channels/web/stream?conversation={said['conversation']}"
    with requests.get(stream, stream=True, timeout=30) as events:
        lines = events.iter_lines()
        assert next(lines) == b"retry: 2000"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == -signal.SIGTERM
