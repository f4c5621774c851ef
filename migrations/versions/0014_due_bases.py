"""Why a task's due day is the day it is."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work_item", sa.Column("due_basis", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("work_item", "due_basis")
