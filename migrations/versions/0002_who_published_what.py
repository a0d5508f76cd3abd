"""Who published a revision, when, and the guard that keeps it as it is"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER knowledge_revision_is_immutable BEFORE UPDATE ON knowledge_revision "
    "WHEN OLD.status <> 'proposed' OR NEW.kind <> OLD.kind OR NEW.key <> OLD.key OR NEW.number <> OLD.number "
    "OR NEW.body <> OLD.body "
    "BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION knowledge_revision_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'a revision never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER knowledge_revision_is_immutable BEFORE UPDATE ON knowledge_revision FOR EACH ROW "
    "WHEN (OLD.status <> 'proposed' OR NEW.kind <> OLD.kind OR NEW.key <> OLD.key OR NEW.number <> OLD.number "
    "OR NEW.body::text <> OLD.body::text) "
    "EXECUTE FUNCTION knowledge_revision_is_immutable()",
)


def upgrade() -> None:
    op.add_column("knowledge_revision", sa.Column("published_by", sa.String(length=64), nullable=True))
    op.add_column("knowledge_revision", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("knowledge_revision", sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("knowledge_revision", sa.Column("clears", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("knowledge_state", sa.Column("shipped", sa.String(length=64), nullable=False, server_default=""))
    op.create_index("ix_knowledge_revision_version", "knowledge_revision", ["version"])
    op.execute(
        "UPDATE knowledge_revision SET published_by = author, published_at = at, version = 1 WHERE status = 'published'"
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER knowledge_revision_is_immutable")
    else:
        op.execute("DROP TRIGGER knowledge_revision_is_immutable ON knowledge_revision")
        op.execute("DROP FUNCTION knowledge_revision_is_immutable")
    op.drop_index("ix_knowledge_revision_version", "knowledge_revision")
    with op.batch_alter_table("knowledge_state") as batch_op:
        batch_op.drop_column("shipped")
    with op.batch_alter_table("knowledge_revision") as batch_op:
        for name in ("clears", "version", "published_at", "published_by"):
            batch_op.drop_column(name)
