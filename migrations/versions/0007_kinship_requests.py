"""Where a kinship comes from and since when it counts; entries, corrections and withdrawals with a second person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("kinship", sa.Column("derived", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("kinship", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("kinship", sa.Column("request_id", sa.Uuid(as_uuid=False), nullable=True))
    op.create_table(
        "kinship_request",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("relative_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("relation", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=30), nullable=True),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("pairs", JSON, nullable=False),
        sa.Column("entered_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_kinship_request_person_id"),
        sa.ForeignKeyConstraint(["relative_id"], ["person.id"], name="fk_kinship_request_relative_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kinship_request"),
    )
    op.create_index("ix_kinship_request_person_id", "kinship_request", ["person_id"], unique=False)
    op.create_index("ix_kinship_request_relative_id", "kinship_request", ["relative_id"], unique=False)
    op.create_index("ix_kinship_request_status", "kinship_request", ["status"], unique=False)


def downgrade() -> None:
    op.drop_table("kinship_request")
    for column in ("request_id", "since", "derived"):
        op.drop_column("kinship", column)
