"""The pool of unanswered questions, and why a turn came out as it did"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unanswered_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column(
            "gap",
            sa.Enum("not_covered", "undecided", "none_fits", name="gap", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("service", sa.String(length=64), nullable=True),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("unanswered_question") as batch_op:
        batch_op.create_index("ix_unanswered_question_work", ["is_open", "times"], unique=False)

    with op.batch_alter_table("turn") as batch_op:
        batch_op.add_column(sa.Column("understood", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("unanswered_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_turn_unanswered_id"), ["unanswered_id"], unique=False)
        batch_op.create_foreign_key("fk_turn_unanswered", "unanswered_question", ["unanswered_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("turn") as batch_op:
        batch_op.drop_constraint("fk_turn_unanswered", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_turn_unanswered_id"))
        batch_op.drop_column("unanswered_id")
        batch_op.drop_column("understood")

    with op.batch_alter_table("unanswered_question") as batch_op:
        batch_op.drop_index("ix_unanswered_question_work")

    op.drop_table("unanswered_question")
