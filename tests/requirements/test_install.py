"""Making the environments, from a copy of the launcher that has none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def fresh(tmp_path):
    """What a clone holds before the first command, as far as the launcher looks."""
    for name in ("banshi", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def launch(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([folder / "banshi", "due"], env=os.environ | env, capture_output=True, text=True)


def test_a_wrong_python_is_one_line(fresh):
    done = launch(fresh, PYTHON="/bin/false")
    assert done.returncode == 1
    assert done.stderr.startswith("banshi: needs Python 3.10 or 3.11, and found none as: /bin/false.")
    assert done.stderr.count("\n") == 1
    assert not (fresh / ".venv").exists()


def test_without_network_and_cache_it_says_so_and_nothing_looks_complete(fresh):
    done = launch(
        fresh,
        PATH=os.defpath,  # no uv
        PYTHON=str(ROOT / ".venv/app/bin/python"),
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(fresh),
        UV_CACHE_DIR=str(fresh / "cache"),
    )
    assert done.returncode == 1
    assert "packages are not cached and cannot be downloaded" in done.stderr
    assert not list(fresh.glob(".venv/*/requirements.txt"))


def test_a_folder_that_cannot_be_written_is_one_line(fresh):
    (fresh / ".venv").write_text("in the way")
    done = launch(fresh)
    assert done.returncode == 1
    assert done.stderr.startswith("banshi: installing failed: ")
    assert done.stderr.count("\n") == 1
