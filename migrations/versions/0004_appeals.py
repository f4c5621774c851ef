"""Appeals against measures, and the cadre's own receipt of what was told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    op.add_column("case_file", sa.Column("told_on", sa.Date(), nullable=True))
    op.create_table(
        "appeal",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("measure_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("entry", sa.String(length=10), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("file_by", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("new_kind", sa.String(length=60), nullable=True),
        sa.Column("new_months", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("organ", sa.String(length=120), nullable=True),
        sa.Column("document_no", sa.String(length=80), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_appeal_case_id"),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name="fk_appeal_measure_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_appeal_person_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_appeal_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
    )
    op.create_index("ix_appeal_case_id", "appeal", ["case_id"], unique=False)
    op.create_index("ix_appeal_person_id", "appeal", ["person_id"], unique=False)
    op.create_table(
        "own_receipt",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_own_receipt_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_own_receipt"),
    )


def downgrade() -> None:
    op.drop_table("own_receipt")
    op.drop_table("appeal")
    op.drop_column("case_file", "told_on")
