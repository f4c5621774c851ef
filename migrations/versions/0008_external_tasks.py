"""Work for programs outside."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "external_task",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False)),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("worker", sa.String(length=80)),
        sa.Column("held_by", sa.Uuid(as_uuid=False)),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("retries", sa.Integer()),
        sa.Column("error", sa.String(length=400)),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_external_task_instance_id"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_external_task_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_external_task"),
    )
    op.create_index("ix_external_task_instance_id", "external_task", ["instance_id"], unique=False)
    op.create_index(
        "ix_external_task_open",
        "external_task",
        ["topic", "opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("status='open'"),
        postgresql_where=sa.text("status='open'"),
    )


def downgrade() -> None:
    op.drop_table("external_task")
