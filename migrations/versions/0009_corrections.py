"""Processes put right by two persons, and moved to another version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", ID, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_correction_instance_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_correction_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_instance_id", "correction", ["instance_id"], unique=False)
    op.create_index("ix_correction_case_id", "correction", ["case_id"], unique=False)
    op.create_table(
        "version_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("target_id", ID, nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("instances", JSON, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("results", JSON, nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["definition.id"], name="fk_version_change_source_id"),
        sa.ForeignKeyConstraint(["target_id"], ["definition.id"], name="fk_version_change_target_id"),
        sa.PrimaryKeyConstraint("id", name="pk_version_change"),
    )
    op.create_index("ix_version_change_key", "version_change", ["key"], unique=False)


def downgrade() -> None:
    op.drop_table("version_change")
    op.drop_table("correction")
