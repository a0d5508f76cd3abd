"""What `banshi ask` reads and writes, whatever the terminal's encoding is."""

import os
import subprocess

from base.settings import ROOT
from cli.ask import words_of


def test_an_argument_that_is_no_utf8_is_read_like_such_a_line():
    assert list(words_of([os.fsdecode(b"\xff\xe8\xba\xab"), ""])) == ["\ufffd身", ""]


def test_the_commands_write_utf8_in_every_locale():
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([ROOT / "banshi", "--help"], env={**os.environ, **bare}, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "办事通" in done.stdout.decode("utf-8")
