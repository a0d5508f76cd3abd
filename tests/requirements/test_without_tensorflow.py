"""Rasa without TensorFlow: run in the rasa environment, where `./banshi` put the finder."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CONFIG = """
recipe: default.v1
assistant_id: tiny
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
{classifier}
policies:
{policy}
"""
DOMAIN = """
version: "3.1"
intents: [greet, leave]
responses:
  utter_greet:
  - text: 你好
"""
DATA = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - good morning
- intent: leave
  examples: |
    - bye bye
    - see you later
stories:
- story: greet
  steps:
  - intent: greet
  - action: utter_greet
"""


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / ".venv/rasa/bin/python", "-c", code], capture_output=True, text=True)


def train(
    folder: Path,
    classifier: str = "- name: LogisticRegressionClassifier",
    policy: str = "- name: MemoizationPolicy",
) -> subprocess.CompletedProcess[str]:
    (folder / "data").mkdir()
    (folder / "config.yml").write_text(CONFIG.format(classifier=classifier, policy=policy))
    (folder / "domain.yml").write_text(DOMAIN)
    (folder / "data/all.yml").write_text(DATA)
    return subprocess.run([ROOT / "banshi", "rasa", "train"], cwd=folder, capture_output=True, text=True)


def test_rasa_trains_without_tensorflow(tmp_path):
    done = train(tmp_path)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("models/*.tar.gz"))


@pytest.mark.parametrize(
    "parts",
    [{"classifier": "- name: DIETClassifier"}, {"policy": "- name: TEDPolicy"}],
    ids=["DIETClassifier", "TEDPolicy"],
)
def test_what_needs_tensorflow_says_so_in_one_sentence(tmp_path, parts):
    done = train(tmp_path, **parts)
    assert done.returncode == 1
    last_line = done.stdout.strip().splitlines()[-1]
    assert "needs TensorFlow, which is not installed here" in last_line
    assert "./banshi stock" in last_line


def test_other_libraries_see_that_tensorflow_is_missing():
    done = run_python("import importlib.util as u; print(u.find_spec('tensorflow'), u.find_spec('keras'))")
    assert done.stdout == "None None\n", done.stderr
    assert "No module named 'tensorflow'" in run_python("import tensorflow").stderr


def test_an_installed_tensorflow_is_left_alone(tmp_path):
    (tmp_path / "tensorflow.py").touch()
    asker = tmp_path / "asker.py"
    asker.write_text("__name__ = 'rasa.asker'\nimport tensorflow\nimport keras\n")
    done = run_python(f"import runpy, sys; sys.path.insert(0, {str(tmp_path)!r}); runpy.run_path({str(asker)!r})")
    assert "No module named 'keras'" in done.stderr
