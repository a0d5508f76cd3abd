"""Training sentences as our importer reads them, beside Rasa's own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from base.settings import ROOT

PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"
PLAIN = {
    "plain": "  - intent: ask_fee\n    metadata: {service: passport-first}\n    examples: |\n      - 护照多少钱\n      -  要钱吗 \n",
    "twice": "  - intent: greet\n    examples: |\n      - 你好\n      - 你好\n",
    "with a response key": "  - intent: faq/fee\n    examples: |\n      - 多少钱\n",
}
OTHER = {
    "marked": '  - intent: inform\n    examples: |\n      - 我有[护照](document)\n      - 我有[护照]{"entity": "document"}\n',
    "synonym": "  - synonym: 身份证\n    examples: |\n      - 居民身份证\n",
    "regex": "  - regex: phone\n    examples: |\n      - 电话\\d+\n",
    "lookup": "  - lookup: paper\n    examples: |\n      - 户口本\n",
    "sentences as a list": "  - intent: greet\n    examples:\n    - text: 你好\n      metadata: {sure: true}\n",
    "a word that is a truth": "  - intent: no\n    examples: |\n      - 不要\n",
    "a time of day": "  - intent: greet\n    metadata: {at: 9:30}\n    examples: |\n      - 早上好\n",
    "a line without its dash": "  - intent: greet\n    examples: |\n      - 你好\n      您好\n",
    "an escape in plain English": "  - intent: greet\n    examples: |\n      - \\u4f60\\u597d\n",
    "an unknown key": "  - intent: greet\n    colour: 红\n    examples: |\n      - 你好\n",
    "a key twice": "  - intent: greet\n    examples: |\n      - 你好\n    examples: |\n      - 您好\n",
    "broken": "  - intent: greet\n    examples: [你好\n",
    "no sentences": "  - intent: greet\n    examples: ''\n    metadata: {service: 护照}\n",
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not PYTHON.exists():
        pytest.skip("no .venv/rasa (./banshi install makes it)")
    folder = tmp_path_factory.mktemp("nlu")
    for name, blocks in {**PLAIN, **OTHER}.items():
        (folder / f"{name}.yml").write_text(f'version: "3.1"\n\nnlu:\n{blocks}', "utf-8")
    paths = [ROOT / "data", *(folder / f"{name}.yml" for name in {**PLAIN, **OTHER}), folder]
    done = subprocess.run(
        [PYTHON, "tests/bot/nlu/read_sentences.py", *paths],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return {
        **{key: {Path(path).stem: result for path, result in said[key].items()} for key in ("ours", "rasas")},
        "left_to_rasa": {Path(path).stem for path in said["left_to_rasa"]},
    }


def test_our_sentences_are_what_rasa_would_have_read(read: dict[str, Any]) -> None:
    assert read["ours"]["data"] == read["rasas"]["data"]
    assert not {file.stem for file in (ROOT / "data" / "nlu").rglob("*.yml")} & read["left_to_rasa"]


@pytest.mark.parametrize("name", PLAIN)
def test_plain_blocks_are_read_here(read: dict[str, Any], name: str) -> None:
    assert read["ours"][name] == read["rasas"][name]
    assert name not in read["left_to_rasa"]


@pytest.mark.parametrize("name", OTHER)
def test_everything_else_that_rasa_allows_or_refuses_is_left_to_it(read: dict[str, Any], name: str) -> None:
    assert read["ours"][name] == read["rasas"][name]
    assert name in read["left_to_rasa"]
