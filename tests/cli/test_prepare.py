"""When a model is trained anew, and what a store takes in of what is shipped."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from base.clock import now
from base.db import Database
from base.errors import BadSetting
from base.settings import load_settings
from cli.prepare import fingerprint, prepare_database
from knowledge import revisions, store
from knowledge.linking.lexicon import Lexicon, ServiceNames
from knowledge.models import KnowledgeState, Revision

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


def test_a_store_takes_in_what_is_shipped_once_and_never_over_an_editor(tmp_path):
    settings = load_settings({"BANSHI_VAR": str(tmp_path)})
    prepare_database(settings)
    database = Database(settings.database_url)

    def count(status="published"):
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(Revision).where(Revision.status == status))

    filled = count()
    prepare_database(settings)
    assert (filled > 250, count(), count("proposed")) == (True, filled, 0)
    with database.writing() as session:
        body = revisions.history(session, "service", "temp-id-card")[0].body | {"phone": "000-1"}
        told = {"based_on": 1, "author": "wang", "reason": "改电话", "at": now() + timedelta(minutes=1)}
        revisions.propose(session, "service", "temp-id-card", body, **told)
        revisions.publish(session, "service", "temp-id-card", 2, by="wang", at=told["at"])
        session.execute(update(KnowledgeState).values(shipped="an older release"))
    prepare_database(settings)
    with database.reading() as session:
        assert store.load(session).find("temp-id-card", now().date()).service.phone == "000-1"
    assert (count(), count("proposed")) == (filled + 1, 0)
    database.close()


def test_a_file_that_is_no_database_is_named_as_a_setting(tmp_path):
    (tmp_path / "banshi.db").write_bytes(b"no database" * 1000)
    with pytest.raises(BadSetting, match="DATABASE_URL: the database fails: file is not a database"):
        prepare_database(load_settings({"BANSHI_VAR": str(tmp_path)}))


def test_a_region_that_nobody_knows_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="BANSHI_REGION: no division has the code 999999"):
        prepare_database(load_settings({"BANSHI_VAR": str(tmp_path), "BANSHI_REGION": "999999"}))
