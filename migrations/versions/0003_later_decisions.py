"""Later decisions on measures, items taken up again, suspended processes, proposed roles and substitutes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ID = sa.Uuid(as_uuid=False)
INSTANT = sa.DateTime(timezone=True)
COLUMNS = (
    ("measure", "restored_on", sa.Date()),
    ("measure", "ended_on", sa.Date()),
    ("measure", "ended_by", sa.String(length=20)),
    ("agenda_item", "earlier_id", ID),
    ("agenda_item", "in_favour", sa.Integer()),
    ("process_instance", "suspended_at", INSTANT),
)


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    secret = sa.Column("is_secret", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("agenda_item", secret)
    _measure_change()
    _role_proposal()
    _substitution()


def _measure_change() -> None:
    op.create_table(
        "measure_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("measure_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("organ", sa.String(length=120), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name="fk_measure_change_measure_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_measure_change_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_measure_change"),
    )
    op.create_index("ix_measure_change_case_id", "measure_change", ["case_id"], unique=False)
    op.create_index("ix_measure_change_measure_id", "measure_change", ["measure_id"], unique=False)


def _role_proposal() -> None:
    op.create_table(
        "role_proposal",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_role_proposal_user_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_role_proposal_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_role_proposal"),
    )


def _substitution() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", ID, nullable=False),
        sa.Column("principal_id", ID, nullable=False),
        sa.Column("substitute_id", ID, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("named_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["user_account.id"], name="fk_substitution_principal_id"),
        sa.ForeignKeyConstraint(["substitute_id"], ["user_account.id"], name="fk_substitution_substitute_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_substitution_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_substitution"),
    )
    op.create_index("ix_substitution_principal_id", "substitution", ["principal_id"], unique=False)
    op.create_index("ix_substitution_substitute_id", "substitution", ["substitute_id"], unique=False)


def downgrade() -> None:
    for table in ("substitution", "role_proposal", "measure_change"):
        op.drop_table(table)
    op.drop_column("agenda_item", "is_secret")
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
