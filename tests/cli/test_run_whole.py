"""`banshi run` as a whole: three real processes, a conversation, and nothing left behind."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

from cli.run import MOST_DEATHS

ROOT = Path(__file__).parents[2]
PORTS = ("BANSHI_PORT", "BANSHI_RASA_PORT", "BANSHI_ACTIONS_PORT")
LAST_LINE = "Ctrl-C stops everything"


def free_ports():
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = [str(server.getsockname()[1]) for server in servers]
    for server in servers:
        server.close()
    return ports


@pytest.fixture
def env(tmp_path, current_model):
    """A fresh store on free ports."""
    shutil.copytree(current_model, tmp_path / "models")
    return os.environ | dict(zip(PORTS, free_ports(), strict=True)) | {"BANSHI_VAR": str(tmp_path)}


@pytest.fixture
def running(env):
    """`banshi run` once it has said that it is ready: (process, what it printed)."""
    with subprocess.Popen(
        [ROOT / "banshi", "run"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        printed = ""
        for line in process.stdout:
            printed += line
            if LAST_LINE in line:
                break
        assert LAST_LINE in printed, printed
        yield process, printed
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # a test that failed is reported, and does not hang here
            process.kill()


def ask(env, text):
    """What the web channel answers."""
    site = f"http://127.0.0.1:{env['BANSHI_PORT']}"
    said = requests.post(f"{site}/channels/web", json={"id": "1", "text": text}, timeout=20)
    said.raise_for_status()
    stream = f"{site}/channels/web/stream?conversation={said.json()['conversation']}"
    with requests.get(stream, stream=True, timeout=30) as events:
        lines = (line.decode() for line in events.iter_lines())
        return next(json.loads(line[5:])["text"] for line in lines if line.startswith("data:"))


def listening(env):
    with_open_port = []
    for name in PORTS:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", int(env[name]))) == 0:
                with_open_port.append(name)
    return with_open_port


def find_process(env, words):
    """The id of the process of this run whose command line ends in `words`."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:  # gone meanwhile, or somebody else's
            continue
        if f"BANSHI_VAR={env['BANSHI_VAR']}\0".encode() in environment and command.split(b"\0")[-3:-1] == words:
            return int(folder.name)
    raise AssertionError(f"no process ends in {words}")


def kill(process_id):
    """Kill a process and wait until it is gone: while it dies, /proc still shows it, and a second kill hits nobody."""
    handle = os.pidfd_open(process_id)
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        died, _, _ = select.select([handle], [], [], 30)
        assert died
    finally:
        os.close(handle)


def wait_until(found):
    """What `found` gives as soon as it gives something; it may fail until then."""
    deadline = time.monotonic() + 60
    while True:
        try:
            if result := found():
                return result
        except (AssertionError, requests.RequestException):
            assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_citizen_is_answered_and_ctrl_c_leaves_nothing_running(env, running):
    process, printed = running
    assert "shown this once" in printed
    assert "身份证" in ask(env, "身份证丢了怎么补")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert listening(env) == []


def test_a_process_that_dies_is_begun_again_and_citizens_get_words_meanwhile(env, running):
    process, _ = running
    for words in ([b"serve", b"actions"], [b"--credentials", b"credentials.yml"]):
        kill(find_process(env, words))
    assert "12345" in ask(env, "身份证丢了怎么补")
    wait_until(lambda: requests.get(f"http://127.0.0.1:{env['BANSHI_PORT']}/readyz", timeout=5).ok)
    assert "不管哪种情况" in ask(env, "身份证丢了怎么补")
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert process.wait(30) == 0
    assert f"actions has stopped; the reason is at the end of {env['BANSHI_VAR']}/log/actions.log" in rest
    assert listening(env) == []


def test_a_process_that_keeps_dying_ends_all_and_its_log_is_named(env, running):
    process, _ = running
    for _ in range(MOST_DEATHS + 1):
        kill(wait_until(lambda: find_process(env, [b"serve", b"actions"])))
    rest = process.stdout.read()
    assert process.wait(30) == 1
    assert f"actions has stopped; the reason is at the end of {env['BANSHI_VAR']}/log/actions.log" in rest
    assert listening(env) == []
