"""How Alembic reaches the database: with a connection handed in, or with the settings' own database."""

from alembic import context
from sqlalchemy import Connection

import migrations.tables  # noqa: F401
from base.db import Base, Database
from base.settings import load_settings


def run(connection: Connection) -> None:
    # Batch mode: SQLite cannot alter a table in place.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    with Database(load_settings().database_url).engine.connect() as own:
        run(own)
