# ruff: noqa: PLR0915 - a statement a table
"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


TABLES = (
    "calendar_day",
    "calendar_year",
    "case_number",
    "clock",
    "content",
    "definition",
    "idempotency",
    "import_preview",
    "login_failure",
    "organisation",
    "person",
    "policy_value",
    "sealed_value",
    "security_role",
    "setting",
    "stream",
    "appraisal",
    "authority_body",
    "bundle_file",
    "cadre",
    "case_file",
    "history_event",
    "kinship",
    "meeting",
    "person_document",
    "person_token",
    "post",
    "user_account",
    "appointment",
    "assessment_item",
    "case_exclusion",
    "eligibility_check",
    "four_must",
    "measure",
    "meeting_member",
    "process_instance",
    "publicity",
    "role_grant",
    "user_role",
    "agenda_item",
    "impact_period",
    "incident",
    "job",
    "message_subscription",
    "objection",
    "outbox",
    "tracking_plan",
    "work_item",
    "attachment",
    "comment",
    "draft_value",
    "item_choice",
    "item_participation",
    "item_recusal",
    "periodic_note",
    "visit",
    "work_candidate",
    "visit_visitor",
)


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("day", name="pk_calendar_day"),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_calendar_year"),
    )
    op.create_table(
        "case_number",
        sa.Column("committee_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("committee_id", "year", name="pk_case_number"),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offset_seconds", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
    )
    op.create_table(
        "content",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_content"),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_definition"),
        sa.UniqueConstraint("key", "version", name="uq_definition_key_version"),
    )
    op.create_table(
        "idempotency",
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("reply", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name="pk_idempotency"),
    )
    op.create_table(
        "import_preview",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("made_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_preview"),
    )
    op.create_index("ix_import_preview_made_at", "import_preview", ["made_at"], unique=False)

    op.create_table(
        "login_failure",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_login_failure"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("parent_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name="fk_organisation_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("code", name="uq_organisation_code"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sex", sa.String(length=10), nullable=True),
        sa.Column("birth_month", sa.String(length=7), nullable=True),
        sa.Column("nation", sa.String(length=30), nullable=True),
        sa.Column("party", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_name", "person", ["name"], unique=False)

    op.create_table(
        "policy_value",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("set_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.PrimaryKeyConstraint("key", "valid_from", name="pk_policy_value"),
    )
    op.create_table(
        "sealed_value",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("owner_kind", sa.String(length=30), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_value"),
    )
    op.create_index("ix_sealed_value_case_id", "sealed_value", ["case_id"], unique=False)
    op.create_index("ix_sealed_value_owner", "sealed_value", ["owner_kind", "owner_id"], unique=False)

    op.create_table(
        "security_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=True),
        sa.Column("permissions", sa.UnicodeText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_security_role"),
        sa.UniqueConstraint("name", name="uq_security_role_name"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    op.create_table(
        "stream",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_stream"),
    )
    op.create_table(
        "appraisal",
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_appraisal_person_id"),
        sa.PrimaryKeyConstraint("person_id", "year", name="pk_appraisal"),
    )
    op.create_table(
        "authority_body",
        sa.Column("committee_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body", sa.String(length=30), nullable=False),
        sa.Column("organisation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["committee_id"], ["organisation.id"], name="fk_authority_body_committee_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_authority_body_organisation_id"
        ),
        sa.PrimaryKeyConstraint(
            "committee_id", "body", "organisation_id", "valid_from", name="pk_authority_body"
        ),
    )
    op.create_table(
        "bundle_file",
        sa.Column("bundle_digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["content_digest"], ["content.digest"], name="fk_bundle_file_content_digest"),
        sa.PrimaryKeyConstraint("bundle_digest", "name", name="pk_bundle_file"),
    )
    op.create_table(
        "cadre",
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("committee_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("unit_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("rank", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("is_leading", sa.Boolean(), nullable=False),
        sa.Column("dual_manager_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["committee_id"], ["organisation.id"], name="fk_cadre_committee_id"),
        sa.ForeignKeyConstraint(["dual_manager_id"], ["organisation.id"], name="fk_cadre_dual_manager_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_cadre_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["organisation.id"], name="fk_cadre_unit_id"),
        sa.PrimaryKeyConstraint("person_id", "valid_from", name="pk_cadre"),
    )
    op.create_index("ix_cadre_committee_id", "cadre", ["committee_id"], unique=False)
    op.create_index("ix_cadre_unit_id", "cadre", ["unit_id"], unique=False)

    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("committee_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("unit_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("origin", sa.String(length=30), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("talked_on", sa.Date(), nullable=True),
        sa.Column("policy", JSON, nullable=False),
        sa.Column("stream", sa.String(length=120), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["committee_id"], ["organisation.id"], name="fk_case_file_committee_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_case_file_person_id"),
        sa.ForeignKeyConstraint(["stream"], ["stream.name"], name="fk_case_file_stream"),
        sa.ForeignKeyConstraint(["unit_id"], ["organisation.id"], name="fk_case_file_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        sa.UniqueConstraint("number", name="uq_case_file_number"),
    )
    op.create_index(
        "ix_case_file_list", "case_file", ["committee_id", "status", "opened_at", "id"], unique=False
    )
    op.create_index("ix_case_file_person_id", "case_file", ["person_id"], unique=False)

    op.create_table(
        "history_event",
        sa.Column("stream", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["stream"], ["stream.name"], name="fk_history_event_stream"),
        sa.PrimaryKeyConstraint("stream", "seq", name="pk_history_event"),
    )
    op.create_index("ix_history_event_actor", "history_event", ["actor_id", "recorded_at"], unique=False)
    op.create_index("ix_history_event_case", "history_event", ["case_id", "recorded_at"], unique=False)
    op.create_index("ix_history_event_kind", "history_event", ["kind", "recorded_at"], unique=False)
    op.create_index(
        "ix_history_event_recorded", "history_event", ["recorded_at", "stream", "seq"], unique=False
    )

    op.create_table(
        "kinship",
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("relative_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("relation", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_kinship_person_id"),
        sa.ForeignKeyConstraint(["relative_id"], ["person.id"], name="fk_kinship_relative_id"),
        sa.PrimaryKeyConstraint("person_id", "relative_id", name="pk_kinship"),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body", sa.String(length=20), nullable=False),
        sa.Column("committee_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["committee_id"], ["organisation.id"], name="fk_meeting_committee_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_committee_id", "meeting", ["committee_id"], unique=False)

    op.create_table(
        "person_document",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_document_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_document"),
        sa.UniqueConstraint("person_id", "kind", "digest", name="uq_person_document_person_id_kind_digest"),
    )
    op.create_index("ix_person_document_person_id", "person_document", ["person_id"], unique=False)

    op.create_table(
        "person_token",
        sa.Column("token", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_token_person_id"),
        sa.PrimaryKeyConstraint("token", "person_id", name="pk_person_token"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("organisation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("rank", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("is_elected", sa.Boolean(), nullable=False),
        sa.Column("has_probation", sa.Boolean(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_post_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
    )
    op.create_index("ix_post_organisation_id", "post", ["organisation_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_user_account_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("email", name="uq_user_account_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_user_account_fs_uniquifier"),
        sa.UniqueConstraint("person_id", name="uq_user_account_person_id"),
        sa.UniqueConstraint("username", name="uq_user_account_username"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("post_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("manner", sa.String(length=40), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=True),
        sa.Column("probation_ends_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_appointment_person_id"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_appointment_post_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    op.create_index("ix_appointment_person_id", "appointment", ["person_id"], unique=False)
    op.create_index("ix_appointment_post_id", "appointment", ["post_id"], unique=False)

    op.create_table(
        "assessment_item",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_assessment_item_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_assessment_item_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_item"),
    )
    op.create_index("ix_assessment_item_person_id", "assessment_item", ["person_id"], unique=False)

    op.create_table(
        "case_exclusion",
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_exclusion_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_case_exclusion_person_id"),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_case_exclusion"),
    )
    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("post_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("reason_codes", JSON, nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_eligibility_check_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_eligibility_check"),
    )
    op.create_index("ix_eligibility_check_case_id", "eligibility_check", ["case_id"], unique=False)

    op.create_table(
        "four_must",
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=30), nullable=False),
        sa.Column("work_item_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_four_must_case_id"),
        sa.PrimaryKeyConstraint("case_id", "kind", "signed_on", name="pk_four_must"),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("track", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("organ", sa.String(length=120), nullable=True),
        sa.Column("document_no", sa.String(length=80), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("months_decided", sa.Integer(), nullable=True),
        sa.Column("is_late_entry", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_measure_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_measure_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_measure"),
    )
    op.create_index("ix_measure_case_id", "measure", ["case_id"], unique=False)
    op.create_index("ix_measure_person_id", "measure", ["person_id"], unique=False)

    op.create_table(
        "meeting_member",
        sa.Column("meeting_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("presence", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_member_meeting_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_meeting_member_person_id"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_meeting_member"),
    )
    op.create_table(
        "process_instance",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("definition_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("stream", sa.String(length=120), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("state_digest", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_process_instance_case_id"),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name="fk_process_instance_definition_id"
        ),
        sa.ForeignKeyConstraint(["stream"], ["stream.name"], name="fk_process_instance_stream"),
        sa.PrimaryKeyConstraint("id", name="pk_process_instance"),
    )
    op.create_index("ix_process_instance_case_id", "process_instance", ["case_id"], unique=False)

    op.create_table(
        "publicity",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_publicity_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_publicity"),
    )
    op.create_index("ix_publicity_case_id", "publicity", ["case_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_role_grant_organisation_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_role_grant_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
    )
    op.create_index("ix_role_grant_holder", "role_grant", ["organisation_id", "role"], unique=False)
    op.create_index("ix_role_grant_user", "role_grant", ["user_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["security_role.id"], name="fk_user_role_role_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_user_role_user_id"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name="pk_user_role"),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("body", sa.String(length=20), nullable=False),
        sa.Column("committee_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("meeting_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("matter", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("entitled", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("recused", sa.Integer(), nullable=True),
        sa.Column("agree", sa.Integer(), nullable=True),
        sa.Column("disagree", sa.Integer(), nullable=True),
        sa.Column("defer", sa.Integer(), nullable=True),
        sa.Column("abstain", sa.Integer(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_agenda_item_case_id"),
        sa.ForeignKeyConstraint(["committee_id"], ["organisation.id"], name="fk_agenda_item_committee_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_agenda_item_instance_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_agenda_item_meeting_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_agenda_item_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_item"),
    )
    op.create_index("ix_agenda_item_case_id", "agenda_item", ["case_id"], unique=False)
    op.create_index("ix_agenda_item_meeting_id", "agenda_item", ["meeting_id"], unique=False)
    op.create_index("ix_agenda_item_waiting", "agenda_item", ["committee_id", "body", "status"], unique=False)

    op.create_table(
        "impact_period",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("measure_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("bar", sa.String(length=20), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("recomputed_from", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_impact_period_case_id"),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name="fk_impact_period_measure_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_impact_period_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_impact_period"),
    )
    op.create_index("ix_impact_period_case_id", "impact_period", ["case_id"], unique=False)
    op.create_index("ix_impact_period_person_id", "impact_period", ["person_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("job_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("sentence", sa.String(length=400), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_incident_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_incident_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index("ix_incident_instance_id", "incident", ["instance_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=True),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_job_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_job_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status='due'"),
        postgresql_where=sa.text("status='due'"),
    )
    op.create_index("ix_job_instance_id", "job", ["instance_id"], unique=False)
    op.create_index(
        "ix_job_leased",
        "job",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("status='leased'"),
        postgresql_where=sa.text("status='leased'"),
    )

    op.create_table(
        "message_subscription",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=80), nullable=False),
        sa.Column("correlation", sa.String(length=120), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_message_subscription_case_id"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_message_subscription_instance_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_subscription"),
    )
    op.create_index(
        "ix_message_subscription_instance_id", "message_subscription", ["instance_id"], unique=False
    )
    op.create_index(
        "ix_message_subscription_key", "message_subscription", ["message", "correlation"], unique=False
    )

    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("publicity_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("manner", sa.String(length=30), nullable=False),
        sa.Column("conclusion", sa.String(length=40), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicity.id"], name="fk_objection_publicity_id"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
        sa.UniqueConstraint("publicity_id", "id", name="uq_objection_publicity_id_id"),
    )
    op.create_index("ix_objection_publicity_id", "objection", ["publicity_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("message", sa.String(length=80), nullable=False),
        sa.Column("correlation", sa.String(length=120), nullable=True),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_to", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_outbox_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_outbox_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("instance_id", "seq", "element_id", name="uq_outbox_instance_id_seq_element_id"),
    )
    op.create_index("ix_outbox_case_id", "outbox", ["case_id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["effective_at"],
        unique=False,
        sqlite_where=sa.text("status='waiting'"),
        postgresql_where=sa.text("status='waiting'"),
    )

    op.create_table(
        "tracking_plan",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("tracking_class", sa.String(length=1), nullable=False),
        sa.Column("care", sa.String(length=20), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("mentor_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("mentor_on", sa.Date(), nullable=True),
        sa.Column("latest_end", sa.Date(), nullable=True),
        sa.Column("extended_until", sa.Date(), nullable=True),
        sa.Column("disputes", sa.Boolean(), nullable=False),
        sa.Column("note_frequency", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("conclusion", sa.String(length=40), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_tracking_plan_case_id"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name="fk_tracking_plan_instance_id"
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name="fk_tracking_plan_mentor_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_tracking_plan_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tracking_plan"),
    )
    op.create_index("ix_tracking_plan_case_id", "tracking_plan", ["case_id"], unique=False)
    op.create_index(
        "uq_tracking_plan_open",
        "tracking_plan",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("status='open'"),
        postgresql_where=sa.text("status='open'"),
    )

    op.create_table(
        "work_item",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("form_key", sa.String(length=120), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("assignee_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("locals", JSON, nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_work_item_case_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_work_item_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_work_item"),
    )
    op.create_index("ix_work_item_case_id", "work_item", ["case_id"], unique=False)
    op.create_index("ix_work_item_done", "work_item", ["completed_by", "closed_at", "id"], unique=False)
    op.create_index("ix_work_item_instance_id", "work_item", ["instance_id"], unique=False)
    op.create_index(
        "ix_work_item_mine",
        "work_item",
        ["assignee_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status='open'"),
        postgresql_where=sa.text("status='open'"),
    )

    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("work_item_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_attachment_case_id"),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name="fk_attachment_work_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_case_id", "attachment", ["case_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("work_item_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_comment_case_id"),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name="fk_comment_work_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_case_id", "comment", ["case_id"], unique=False)
    op.create_index("ix_comment_work_item_id", "comment", ["work_item_id"], unique=False)

    op.create_table(
        "draft_value",
        sa.Column("work_item_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name="fk_draft_value_work_item_id"),
        sa.PrimaryKeyConstraint("work_item_id", "user_id", "field", name="pk_draft_value"),
    )
    op.create_table(
        "item_choice",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("item_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name="fk_item_choice_item_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_item_choice_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_item_choice"),
    )
    op.create_index("ix_item_choice_item_id", "item_choice", ["item_id"], unique=False)

    op.create_table(
        "item_participation",
        sa.Column("item_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name="fk_item_participation_item_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_item_participation_person_id"),
        sa.PrimaryKeyConstraint("item_id", "person_id", name="pk_item_participation"),
    )
    op.create_table(
        "item_recusal",
        sa.Column("item_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("entered_by", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name="fk_item_recusal_item_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_item_recusal_person_id"),
        sa.PrimaryKeyConstraint("item_id", "person_id", name="pk_item_recusal"),
    )
    op.create_table(
        "periodic_note",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("plan_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["tracking_plan.id"], name="fk_periodic_note_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_periodic_note"),
    )
    op.create_index("ix_periodic_note_plan_id", "periodic_note", ["plan_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("plan_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("instance_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_visit_case_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["tracking_plan.id"], name="fk_visit_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
    )
    op.create_index("ix_visit_due", "visit", ["status", "due_on"], unique=False)
    op.create_index("ix_visit_plan_id", "visit", ["plan_id"], unique=False)

    op.create_table(
        "work_candidate",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("work_item_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("organisation_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name="fk_work_candidate_work_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_work_candidate"),
    )
    op.create_index(
        "ix_work_candidate_group",
        "work_candidate",
        ["organisation_id", "role", "due_at", "work_item_id"],
        unique=False,
    )
    op.create_index(
        "ix_work_candidate_person", "work_candidate", ["person_id", "due_at", "work_item_id"], unique=False
    )
    op.create_index("ix_work_candidate_work_item_id", "work_candidate", ["work_item_id"], unique=False)

    op.create_table(
        "visit_visitor",
        sa.Column("visit_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_visit_visitor_person_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_visit_visitor_visit_id"),
        sa.PrimaryKeyConstraint("visit_id", "person_id", name="pk_visit_visitor"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
