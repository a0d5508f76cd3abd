"""The one-time notices, and what happened to them"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("office", sa.String(length=64), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("knowledge_version", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("issued_by", sa.String(length=40), nullable=True),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("holder_sealed", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.String(length=12), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_for", sa.Text(), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("presented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("presented_office", sa.String(length=64), nullable=True),
        sa.Column("visit_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit", sa.String(length=16), nullable=True),
        sa.Column("visit_reason", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.create_index("ix_notice_service_use", ["service", "valid_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_issued_at"), ["issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_conversation"), ["conversation"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_visit_due_at"), ["visit_due_at"], unique=False)

    op.create_table(
        "notice_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("notice_event") as batch_op:
        batch_op.create_index("ix_notice_event_kind", ["kind", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_event_notice_id"), ["notice_id"], unique=False)


def downgrade() -> None:
    op.drop_table("notice_event")
    op.drop_table("notice")
