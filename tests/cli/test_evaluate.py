"""`banshi eval`: which files it takes, and what it says before it takes any time."""

from dataclasses import replace

import pytest

from base.errors import BadContent
from base.settings import load_settings
from bench.understanding.questions import OWN_SET
from cli.evaluate import read_sets, usual_files


@pytest.fixture
def settings(tmp_path):
    return load_settings({"BANSHI_VAR": str(tmp_path)})


def test_real_questions_come_before_our_own(settings, tmp_path):
    real, notes = tmp_path / "real.jsonl", []
    real.touch()
    assert usual_files(replace(settings, eval_set=real), notes) == [real, OWN_SET]
    assert notes == []


@pytest.mark.parametrize(("name", "said"), [(None, "BANSHI_EVAL_SET is not set"), ("gone.jsonl", "gone.jsonl")])
def test_without_real_questions_it_says_so_and_takes_our_own(settings, tmp_path, capsys, name, said):
    notes = []
    assert usual_files(replace(settings, eval_set=tmp_path / name if name else None), notes) == [OWN_SET]
    assert said in capsys.readouterr().err
    assert said in notes[0]


def test_a_bad_line_is_told_before_anything_is_asked(settings, tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text('{"id": "a", "text": "身份证丢了", "service": "机票", "aspect": "process", "answerable": true}\n')
    with pytest.raises(BadContent, match=r"mine\.jsonl:1: the service '机票' is neither the id .* labels are: 签证, "):
        read_sets(settings, [file])
