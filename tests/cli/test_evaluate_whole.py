"""`banshi eval FILE` as a whole: questions asked of the real model, and a report with its pictures."""

import json
import os
import shutil
import subprocess

from base.settings import ROOT

QUESTIONS = (
    ("身份证丢了怎么补", "id-card-reissue-lost", "process", True),
    ("有人拿刀砍人了", "none", "emergency", False),
    ("你们几点下班", "none", "hours", False),
)


def test_a_file_of_questions_becomes_a_report_with_pictures(tmp_path, current_model):
    shutil.copytree(current_model, tmp_path / "var" / "models")
    lines = [
        {"id": str(number), "text": text, "service": service, "aspect": aspect, "answerable": answerable}
        for number, (text, service, aspect, answerable) in enumerate(QUESTIONS)
    ]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = subprocess.run(
        [ROOT / "banshi", "eval", "mine.jsonl", "--folds", "0", "--report", "said.md", "--failures"],
        cwd=tmp_path,
        env=os.environ | {"BANSHI_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "said.md").read_text("utf-8")
    assert done.stdout.startswith(written)
    assert "emergencies missed | 0 | 0 of 1" in " ".join(written.split())
    assert {file.name for file in (tmp_path / "said").iterdir()} == {"reliability.png", "risk-coverage.png"}
