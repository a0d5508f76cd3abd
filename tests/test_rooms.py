"""The rooms and their doors: who may import whom, and that importing does nothing (docs: DESIGN, STYLE)."""

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from base.errors import GuideError
from base.settings import ROOT

# Room → the rooms it may import; a longer name is a room of its own within the shorter one.
MAY_IMPORT = {
    "base": set(),
    "knowledge.linking": {"base"},
    "bot.nlu": {"knowledge.linking", "base"},
    "knowledge": {"knowledge.linking", "base"},
    "bot.conversations": {"knowledge.linking", "base"},
    "tickets": {"knowledge", "knowledge.linking", "bot.conversations", "base"},
    "bot.channels": {"tickets", "knowledge", "knowledge.linking", "bot.conversations", "base"},
    "actions": {"tickets", "knowledge", "knowledge.linking", "bot.conversations", "base"},
}
MAY_IMPORT["web"] = {"bot.channels", "actions", "migrations", *MAY_IMPORT["actions"]}
MAY_IMPORT["cli"] = {"web", *MAY_IMPORT["web"]}
MAY_IMPORT["migrations"] = {"web", "tickets", "knowledge", "bot.conversations", "base"}  # it names every table
ROOMS = sorted(MAY_IMPORT, key=len, reverse=True)
# What each room does without, so that it can be used where that is not installed, or not running.
DOES_WITHOUT = {
    "base": {"rasa", "rasa_sdk", "fastapi", "starlette"},
    "knowledge": {"rasa", "rasa_sdk", "fastapi", "starlette"},
    "tickets": {"rasa", "rasa_sdk", "fastapi", "starlette"},
    "bot.conversations": {"rasa", "rasa_sdk", "fastapi", "starlette"},
    "knowledge.linking": {"rasa", "rasa_sdk", "fastapi", "starlette", "sqlalchemy", "pydantic"},
    "bot.nlu": {"rasa_sdk", "fastapi", "starlette", "sqlalchemy", "pydantic"},
}
WITH_DATABASE = {"base.db", "base.outbox", "base.audit"}
# These hand the whole environment on to the processes that they start.
HAND_IT_ON = {"cli/embedded.py", "cli/prepare.py", "cli/run.py"}
SOURCES = sorted(file for room in ("base", "bot", "knowledge", "tickets", "actions", "web", "cli", "migrations")
                 for file in (ROOT / room).rglob("*.py"))  # fmt: skip


def module_of(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file) for file in SOURCES}


def room_of(module):
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), None)


@cache
def tree(file):
    return ast.parse(file.read_text("utf-8"))


def imports_of(file):
    """Every module that the file names in an import, wherever it stands."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}:{node.lineno}: name the room, not a way to it"
            within = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from [name for name in within if name in MODULES] or [node.module]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_go_one_way(file):
    room = room_of(module_of(file))
    for module in imports_of(file):
        target = room_of(module)
        if target not in (None, room):
            assert target in MAY_IMPORT.get(room, set()), f"{room} may not import {module}"
        assert module.split(".")[0] not in DOES_WITHOUT.get(room, set()), f"{room} does without {module}"
        if room in ("knowledge.linking", "bot.nlu"):
            assert module not in WITH_DATABASE, f"{room} knows no database"


def test_packages_are_empty_boxes():
    assert [str(file) for file in SOURCES if file.name == "__init__.py" and file.read_text("utf-8").strip()] == []


def test_no_sub_package_of_actions_is_named_like_a_room():
    # rasa-sdk would refuse to start.
    taken = {module.split(".")[0] for module in MODULES}
    assert not [path for path in (ROOT / "actions").iterdir() if path.is_dir() and path.name in taken]


def test_settings_alone_read_the_environment():
    def uses(file):
        return [
            n
            for n in ast.walk(tree(file))
            if isinstance(n, ast.Attribute) and n.attr in ("environ", "environb", "getenv")
        ]

    files = {
        str(file.relative_to(ROOT)): file
        for file in SOURCES
        if any(ast.unparse(use).startswith("os.") for use in uses(file))
    }
    assert set(files) <= {"base/settings.py", *HAND_IT_ON}
    for name in HAND_IT_ON & set(files):
        whole = {id(value) for node in ast.walk(tree(files[name])) if isinstance(node, ast.Dict)
                 for key, value in zip(node.keys, node.values, strict=True) if key is None}  # fmt: skip
        assert all(id(use) in whole for use in uses(files[name])), f"{name} may only hand the environment on"


def test_every_expected_failure_stands_in_the_one_tree():
    errors = {error.__name__ for error in (GuideError, *GuideError.__subclasses__())}
    elsewhere = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for file in SOURCES
        if file != ROOT / "base" / "errors.py"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef) and {ast.unparse(base).split(".")[-1] for base in node.bases} & errors
    ]
    assert elsewhere == []


WATCH = """
import gc, importlib, json, sys, threading
root, modules = sys.argv[1], sys.argv[2:]
seen = []

def ours(frame):
    # Outwards to the import that runs this module's body: is one of our own lines on the way?
    while frame is not None and "importlib._bootstrap" not in frame.f_code.co_filename:
        name = frame.f_code.co_filename
        if name.startswith(root) and "/.venv/" not in name:
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back

def watch(event, arguments):
    if event == "open" or event.startswith(("socket.", "sqlite3.", "subprocess.", "os.mkdir", "os.system")):
        where = ours(sys._getframe(1))
        if where:
            seen.append(f"{where} {event} {str(arguments)[:80]}")

sys.addaudithook(watch)
for module in modules:
    importlib.import_module(module)
from sqlalchemy import Engine
seen += [f"an engine: {thing!r}" for thing in gc.get_objects() if isinstance(thing, Engine)]
seen += [f"a thread: {thread!r}" for thread in threading.enumerate() if thread is not threading.main_thread()]
print(json.dumps(seen))
"""


def test_importing_opens_no_file_no_socket_and_no_engine(tmp_path):
    rooms = ("base", "knowledge.linking", "knowledge", "bot.conversations", "tickets", "actions", "bot.channels")
    modules = sorted(module for module in MODULES if room_of(module) in rooms)
    script = tmp_path / "watch.py"
    script.write_text(WATCH, "utf-8")
    run = subprocess.run(
        [sys.executable, str(script), f"{ROOT}/", *modules],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == []
    assert [path for path in Path(tmp_path).iterdir() if path != script] == []
