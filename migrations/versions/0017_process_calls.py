"""Instances that call others in a version of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    op.create_table(
        "process_call",
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("caller_id", ID, nullable=False),
        sa.Column("call_id", ID, nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_process_call_instance_id"),
        sa.ForeignKeyConstraint(["caller_id"], ["process_instance.id"], name="fk_process_call_caller_id"),
        sa.PrimaryKeyConstraint("instance_id", name="pk_process_call"),
    )
    op.create_index("ix_process_call_caller_id", "process_call", ["caller_id"])
    op.create_index("ix_process_call_call_id", "process_call", ["call_id"])


def downgrade() -> None:
    op.drop_table("process_call")
