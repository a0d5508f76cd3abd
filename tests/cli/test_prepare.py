"""When a model is trained anew."""

import pytest

from cli.prepare import fingerprint
from knowledge.linking.lexicon import Lexicon, ServiceNames

NO_NAMES = Lexicon("1", (), ())


@pytest.fixture
def project(tmp_path):
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "config.yml").write_text("pipeline: []")
    (tmp_path / "data" / "nlu" / "fee.yml").write_text("nlu: []")
    return tmp_path


def test_the_same_inputs_need_no_new_model(project):
    assert fingerprint(project, NO_NAMES) == fingerprint(project, NO_NAMES)


@pytest.mark.parametrize("name", ["config.yml", "data/nlu/fee.yml", "data/nlu/hours.yml"])
def test_a_changed_or_new_training_file_needs_a_new_model(project, name):
    before = fingerprint(project, NO_NAMES)
    (project / name).write_text("nlu: [changed]")
    assert fingerprint(project, NO_NAMES) != before


def test_a_new_name_of_a_service_needs_a_new_model(project):
    named = Lexicon("2", (ServiceNames("id_card", "居民身份证", ("身份证",), "huzheng"),), ())
    assert fingerprint(project, named) != fingerprint(project, NO_NAMES)


def test_what_no_model_is_made_of_changes_nothing(project):
    before = fingerprint(project, NO_NAMES)
    (project / "README.md").write_text("words")
    assert fingerprint(project, NO_NAMES) == before
