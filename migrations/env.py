"""How Alembic reaches the database: with a connection handed in, or with the settings' own database."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

import migrations.tables  # noqa: F401
from base.db import Base, Database, Instant
from base.settings import load_settings


def run(connection: Connection) -> None:
    # Batch mode: SQLite cannot alter a table in place.
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item
    )
    with context.begin_transaction():
        context.run_migrations()


def render_item(kind: str, item: object, context: object) -> str | bool:
    """A migration is frozen: it names plain column types, never a class of ours that may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    with Database(load_settings().database_url).engine.connect() as own:
        run(own)
