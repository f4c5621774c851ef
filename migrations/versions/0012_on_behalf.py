"""Whom a task was done for, where a substitute did it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work_item", sa.Column("on_behalf_id", sa.Uuid(as_uuid=False), nullable=True))


def downgrade() -> None:
    op.drop_column("work_item", "on_behalf_id")
