"""Settings: safe defaults, and one clear refusal for everything else."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from base.errors import BadSetting
from base.settings import ROOT, load_settings

SECRET = "0123456789abcdef0123456789abcdef"


def load(tmp_path, **env):
    return load_settings({"BANSHI_VAR": str(tmp_path), "BANSHI_SECRET": SECRET, **env})


def test_everything_has_a_default(tmp_path):
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'banshi.db'}"
    assert (settings.host, settings.port, settings.staff_port) == ("127.0.0.1", 8000, None)
    assert (settings.rasa_port, settings.actions_port) == (5005, 5055)
    assert settings.rasa_url == "http://127.0.0.1:5005"
    assert settings.actions_url == "http://127.0.0.1:5055"
    assert settings.app_url == settings.site == "http://127.0.0.1:8000"
    assert (settings.public_url, settings.redis_url, settings.region, settings.eval_set) == (None, None, None, None)
    assert settings.trusted_proxies == settings.widget_origins == ()
    assert settings.lexicon_file == tmp_path / "lexicon.json"
    assert settings.models == tmp_path / "models"


class NotedEnvironment(dict):
    """An environment that knows which of its variables somebody asked for."""

    def __init__(self, **env):
        super().__init__(env)
        self.asked = set()

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


def test_the_readme_lists_every_variable_that_is_read_and_no_other(tmp_path):
    env = NotedEnvironment(BANSHI_VAR=str(tmp_path), BANSHI_SECRET=SECRET)
    load_settings(env)
    table = re.search(r"^## Settings\n(.+?)^## ", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)[1]
    cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall("`([A-Z_]+)`", cell)} == env.asked


def test_an_empty_variable_counts_as_unset(tmp_path):
    names = ("BANSHI_PORT", "BANSHI_PUBLIC_URL", "BANSHI_REGION", "BANSHI_DEMO", "DATABASE_URL", "REDIS_URL")
    assert load(tmp_path, **dict.fromkeys(names, "")) == load(tmp_path)


def test_addresses_follow_the_ports(tmp_path):
    settings = load(tmp_path, BANSHI_PORT="9000", BANSHI_RASA_PORT="9005", BANSHI_ACTIONS_PORT="9055")
    assert (settings.app_url, settings.rasa_url, settings.actions_url) == (
        "http://127.0.0.1:9000",
        "http://127.0.0.1:9005",
        "http://127.0.0.1:9055",
    )


def test_addresses_lose_their_trailing_slash_and_lists_their_commas(tmp_path):
    settings = load(
        tmp_path,
        BANSHI_PUBLIC_URL="https://banshi.example.gov.cn/",
        BANSHI_WIDGET_ORIGINS="https://a.example.gov.cn, https://b.example.gov.cn",
        BANSHI_TRUSTED_PROXIES="10.0.0.1 10.0.0.2",
    )
    assert settings.public_url == settings.site == "https://banshi.example.gov.cn"
    assert settings.widget_origins == ("https://a.example.gov.cn", "https://b.example.gov.cn")
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")


def test_settings_cannot_be_changed(tmp_path):
    with pytest.raises(FrozenInstanceError):
        load(tmp_path).port = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BANSHI_PORT", "http"),
        ("BANSHI_PORT", "-1"),
        ("BANSHI_PORT", "0"),
        ("BANSHI_PORT", "65536"),
        ("BANSHI_PORT", "²"),
        ("BANSHI_STAFF_PORT", "8000a"),
        ("BANSHI_RASA_PORT", "5005 5006"),
        ("BANSHI_PUBLIC_URL", "banshi.example.gov.cn"),
        ("BANSHI_PUBLIC_URL", "ftp://banshi.example.gov.cn"),
        ("BANSHI_PUBLIC_URL", "http://[::1"),
        ("BANSHI_RASA_URL", "http://"),
        ("DATABASE_URL", "mysql://localhost/banshi"),
        ("DATABASE_URL", "var/banshi.db"),
        ("BANSHI_REGION", "常州"),
        ("BANSHI_REGION", "3204021"),
        ("BANSHI_REGION", "３２０４０２"),
        ("BANSHI_DEMO", "yes"),
        ("BANSHI_SECRET", "short"),
    ],
)
def test_an_unfit_value_is_refused_under_its_name(tmp_path, name, value):
    with pytest.raises(BadSetting, match=rf"^{name}: ") as caught:
        load(tmp_path, **{name: value})
    assert caught.value.name == name


@pytest.mark.parametrize(
    ("env", "demo"),
    [
        ({}, True),
        ({"DATABASE_URL": "postgresql://localhost/banshi"}, False),
        ({"BANSHI_PUBLIC_URL": "https://banshi.example.gov.cn"}, False),
        ({"DATABASE_URL": "postgresql://localhost/banshi", "BANSHI_DEMO": "1"}, True),
        ({"BANSHI_DEMO": "0"}, False),
    ],
)
def test_the_invented_city_is_kept_away_from_real_stores(tmp_path, env, demo):
    assert load(tmp_path, **env).demo is demo


def test_a_missing_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    env = {"BANSHI_VAR": str(tmp_path / "new" / "var")}
    first = load_settings(env).secret
    assert len(first) == 64
    assert load_settings(env).secret == first
    assert stat.S_IMODE((tmp_path / "new" / "var" / "secret").stat().st_mode) == 0o600


def test_processes_that_start_together_share_one_secret(tmp_path):
    for round_ in range(10):
        env = {"BANSHI_VAR": str(tmp_path / str(round_))}
        with ThreadPoolExecutor(8) as pool:
            assert len({settings.secret for settings in pool.map(load_settings, [env] * 8)}) == 1
        assert [file.name for file in (tmp_path / str(round_)).iterdir()] == ["secret"]


def test_a_secret_that_cannot_be_kept_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match=r"BANSHI_SECRET: is not set and .* cannot be read or made"):
        load_settings({"BANSHI_VAR": str(tmp_path / "file")})


@pytest.mark.parametrize("written", [b"", b"too short"])
def test_a_spoilt_secret_file_is_one_clear_line(tmp_path, written):
    (tmp_path / "secret").write_bytes(written)
    with pytest.raises(BadSetting, match=r"^BANSHI_SECRET: "):
        load_settings({"BANSHI_VAR": str(tmp_path)})


def test_the_state_folder_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings({"BANSHI_VAR": "var", "BANSHI_SECRET": SECRET}).var == Path(tmp_path, "var")
