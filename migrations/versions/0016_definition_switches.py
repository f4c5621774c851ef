"""Versions of processes that rest or are taken away, by two persons."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    op.create_table(
        "definition_standing",
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name="fk_definition_standing_definition_id"
        ),
        sa.PrimaryKeyConstraint("definition_id", name="pk_definition_standing"),
    )
    op.create_table(
        "definition_switch",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_definition_switch"),
    )
    op.create_index(
        "uq_definition_switch_proposed",
        "definition_switch",
        ["key"],
        unique=True,
        sqlite_where=sa.text("status='proposed'"),
        postgresql_where=sa.text("status='proposed'"),
    )


def downgrade() -> None:
    op.drop_table("definition_switch")
    op.drop_table("definition_standing")
