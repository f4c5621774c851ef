"""Drafts of definitions, their authors, and trial runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "trial_run",
    "proposal_author",
    "definition_draft_author",
    "definition_draft_file",
    "definition_draft",
)


def upgrade() -> None:
    op.create_table(
        "definition_draft",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("owner_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_definition_draft"),
        sa.UniqueConstraint("owner_id", "key", name="uq_definition_draft_owner_id_key"),
    )
    op.create_table(
        "definition_draft_file",
        sa.Column("draft_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["definition_draft.id"], name="fk_definition_draft_file_draft_id"
        ),
        sa.PrimaryKeyConstraint("draft_id", "name", name="pk_definition_draft_file"),
    )
    op.create_table(
        "definition_draft_author",
        sa.Column("draft_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["definition_draft.id"], name="fk_definition_draft_author_draft_id"
        ),
        sa.PrimaryKeyConstraint("draft_id", "user_id", name="pk_definition_draft_author"),
    )
    op.create_table(
        "proposal_author",
        sa.Column("proposal_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "user_id", name="pk_proposal_author"),
    )
    op.create_table(
        "trial_run",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("draft_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("owner_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("waiting", JSON, nullable=False),
        sa.Column("trail", JSON, nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["definition_draft.id"], name="fk_trial_run_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_trial_run"),
    )
    op.create_index("ix_trial_run_owner_id", "trial_run", ["owner_id", "started_at"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
