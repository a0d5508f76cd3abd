"""Makes the environments that `./banshi` asks for, side by side: `install.py [app|dev|rasa|stock]...`.

Runs on a bare Python 3.10 or 3.11 (standard library, pip and venv). An environment is complete when it holds
a copy of the requirements that it was made from: written last, so that a broken run never looks complete.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
ENVIRONMENTS = ROOT / ".venv"
FOLDERS = {name: ENVIRONMENTS / name for name in ("app", "rasa", "stock", "tools")} | {"dev": ENVIRONMENTS / "app"}
OLDEST_UV = (0, 9)

ADVICE = {
    r"No space left on device|Disk quota exceeded": "the disk is full; free about 2 GB under {root}",
    r"Read-only file system|Permission denied": "{root} or uv's cache is not writable; change that",
    r"Failed to fetch|error sending request|dns error|No matching distribution|[Nn]etwork (was disabled|is unreachable)": (
        "packages are not cached and cannot be downloaded; check the network or set PIP_INDEX_URL"
    ),
    r"ensurepip is not available|No module named '?(venv|ensurepip|pip)": (
        "this Python lacks venv or pip; add them (Debian: apt install python3-venv) or name another: PYTHON=…"
    ),
}


class InstallFailed(Exception):
    """The text is the output of the tool that failed."""


def main(names):
    started = time.monotonic()
    ENVIRONMENTS.mkdir(exist_ok=True)
    with open(ENVIRONMENTS / "lock", "w") as lock:
        take(lock)
        missing = [name for name in names if not is_ready(name)]
        if missing:
            install(missing)
    say(f"environments are ready ({time.monotonic() - started:.0f} s)")


def take(lock):
    """Only one ./banshi installs at a time; the lock ends with the process."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another ./banshi is installing; waiting for it …")
        fcntl.flock(lock, fcntl.LOCK_EX)


def is_ready(name):
    try:
        done = (FOLDERS[name] / "requirements.txt").read_bytes()
        finders = [REQUIREMENTS / "without_tensorflow.py", *finder_copies(name)]
        return done == wanted(name) and len({finder.read_bytes() for finder in finders}) == 1
    except FileNotFoundError:
        return False


def wanted(name):
    return (REQUIREMENTS / f"{name}.txt").read_bytes()


def install(names):
    uv = find_uv()
    for name in names:
        start_over(uv, name)
    say(f"installing {' and '.join(str(FOLDERS[name].relative_to(ROOT)) for name in names)} …")
    running = {name: subprocess.Popen(sync(uv, name), **quiet()) for name in names}
    try:
        outputs = {name: process.communicate()[0] for name, process in running.items()}
    finally:
        for process in running.values():
            process.kill()
    for name, process in running.items():
        if process.returncode:
            raise InstallFailed(outputs[name])
        mark_ready(name)


def find_uv():
    """The uv on PATH if it is new enough, else the pinned one, fetched by pip into .venv/tools."""
    found = shutil.which("uv")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
        numbers = re.search(r"(\d+)\.(\d+)", version)
        if numbers and tuple(map(int, numbers.groups())) >= OLDEST_UV:
            return found
    if not is_ready("tools"):
        say("fetching uv, the installer …")
        tools = FOLDERS["tools"]
        run([sys.executable, "-m", "venv", "--clear", tools])
        run(
            [
                tools / "bin/python",
                "-m",
                "pip",
                "install",
                "--require-hashes",
                "-r",
                REQUIREMENTS / "tools.txt",
            ]
        )
        mark_ready("tools")
    return FOLDERS["tools"] / "bin/uv"


def start_over(uv, name):
    """Keeps what is installed, if it runs, so that only what changed is replaced."""
    folder = FOLDERS[name]
    (folder / "requirements.txt").unlink(missing_ok=True)
    if not os.access(folder / "bin/python", os.X_OK):
        run([uv, "venv", "--clear", "--python", sys.executable, folder])


def sync(uv, name):
    files = ["--build-constraints", REQUIREMENTS / "tools.txt", REQUIREMENTS / f"{name}.txt"]
    return [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", FOLDERS[name], *files]


def mark_ready(name):
    folder = FOLDERS[name]
    for copy in finder_copies(name):
        shutil.copyfile(REQUIREMENTS / "without_tensorflow.py", copy)
        copy.with_suffix(".pth").write_text("import without_tensorflow\n")
    unfinished = folder / "requirements.part"
    unfinished.write_bytes(wanted(name))
    unfinished.replace(folder / "requirements.txt")


def finder_copies(name):
    """Where the finder belongs: the one environment that has Rasa and no TensorFlow."""
    return [
        folder / "without_tensorflow.py"
        for folder in FOLDERS[name].glob("lib/python3.*/site-packages")
        if name == "rasa"
    ]


def run(command):
    done = subprocess.run(command, **quiet())
    if done.returncode:
        raise InstallFailed(done.stdout)


def quiet():
    """Output kept for the case of failure; uv asks the same mirror as pip, when one is set up."""
    mirror = {"UV_DEFAULT_INDEX": os.environ["PIP_INDEX_URL"]} if "PIP_INDEX_URL" in os.environ else {}
    return {
        "cwd": ROOT,
        "env": {**mirror, **os.environ},
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }


def explain(output):
    """One line that says what to do; the tool's own last words where nothing better is known."""
    for pattern, advice in ADVICE.items():
        if re.search(pattern, output):
            return advice.format(root=ROOT)
    return " ".join(output.split())[-600:]


def say(text):
    print(f"banshi: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main(sys.argv[1:])
    except (InstallFailed, OSError) as error:
        say(f"installing failed: {explain(str(error))}.")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
