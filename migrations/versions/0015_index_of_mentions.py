"""An index of who is named in records without a case; read out of the records by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history_mention",
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("about", "recorded_at", "stream", "seq", name="pk_history_mention"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "history_mention_head",
        sa.Column("stream", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_history_mention_head"),
    )


def downgrade() -> None:
    op.drop_table("history_mention_head")
    op.drop_table("history_mention")
