"""The migrations make exactly the tables that the models describe, on each database."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import migrations.tables  # noqa: F401
from base.db import Base, Database
from migrations.upgrade import upgrade


@pytest.fixture
def on_file(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'tables.db'}")
    yield database
    database.close()


@pytest.mark.parametrize("kind", ["on_file", "empty"])
def test_models_and_migrations_agree(request, kind):
    database = request.getfixturevalue(kind)
    upgrade(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
