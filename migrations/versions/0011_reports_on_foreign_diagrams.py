"""What was done to diagrams of other tools when they came into a draft."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "definition_draft_report",
        sa.Column("draft_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notes", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["definition_draft.id"], name="fk_definition_draft_report_draft_id"
        ),
        sa.PrimaryKeyConstraint("draft_id", "file", name="pk_definition_draft_report"),
    )


def downgrade() -> None:
    op.drop_table("definition_draft_report")
