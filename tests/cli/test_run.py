"""`banshi run` before anything is started, and what it says at the end."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from base.errors import BadSetting
from base.settings import load_settings
from cli.run import check_ports, environment, screen
from web.accounts.people import FirstAccount

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free():
    """Ports that were free a moment ago."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


def settings_with(tmp_path, **env):
    return load_settings({"BANSHI_VAR": str(tmp_path), **{name: str(value) for name, value in env.items()}})


@pytest.mark.parametrize("name", ["BANSHI_PORT", "BANSHI_RASA_PORT", "BANSHI_ACTIONS_PORT"])
def test_a_taken_port_is_named_with_the_variable_to_set(tmp_path, free, taken, name):
    ports = dict(zip(("BANSHI_PORT", "BANSHI_RASA_PORT", "BANSHI_ACTIONS_PORT"), free, strict=True))
    with pytest.raises(BadSetting, match=rf"{name}: port {taken} is taken; .* {name}={taken + 1} make run"):
        check_ports(settings_with(tmp_path, **(ports | {name: taken})))


def test_one_port_for_two_processes_is_refused(tmp_path, free):
    with pytest.raises(BadSetting, match=r"BANSHI_RASA_PORT: port .* is taken"):
        check_ports(settings_with(tmp_path, BANSHI_PORT=free[0], BANSHI_RASA_PORT=free[0], BANSHI_ACTIONS_PORT=free[1]))


def test_a_host_that_is_not_ours_is_refused(tmp_path):
    with pytest.raises(BadSetting, match=r"cannot listen on 192[.]0[.]2[.]1 port 8000"):
        check_ports(settings_with(tmp_path, BANSHI_HOST="192.0.2.1"))


def test_the_processes_are_told_the_defaults_too(tmp_path):
    told = environment(settings_with(tmp_path), tmp_path / "model.tar.gz")
    assert (told["BANSHI_RASA_PORT"], told["BANSHI_VAR"]) == ("5005", str(tmp_path))


def test_the_screen_shows_the_sign_ins_of_a_fresh_store_only(tmp_path):
    settings = settings_with(tmp_path, BANSHI_PORT=8123)
    fresh = screen(settings, [FirstAccount("admin", "abcd-efgh", "系统管理员")])
    assert "http://127.0.0.1:8123/staff" in fresh
    assert "abcd-efgh" in fresh
    assert "shown this once" not in screen(settings, [])


def test_a_taken_port_ends_the_command_with_one_line(tmp_path, taken):
    done = subprocess.run(
        [ROOT / "banshi", "run"],
        env={**os.environ, "BANSHI_VAR": str(tmp_path), "BANSHI_PORT": str(taken)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"banshi: BANSHI_PORT: port {taken} is taken")
    assert done.stderr.count("\n") == 1
