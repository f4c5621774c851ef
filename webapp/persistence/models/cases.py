"""Case files 工作卷宗 and what they hold: measures, impact periods 影响期, checks, sealed personal values."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from webapp.persistence.database import Instant, Json, metadata, uuid_type

case_file = Table(
    "case_file",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("committee_id", uuid_type(), ForeignKey("organisation.id"), nullable=False),
    Column("unit_id", uuid_type(), ForeignKey("organisation.id"), nullable=False),
    Column("origin", String(30), nullable=False),
    Column("stage", String(40), nullable=False),
    Column("stage_since", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("outcome", String(60)),
    Column("talked_on", Date),
    # The day the remedies 救济途径 were handed over in writing, where it was noted: time to file counts from it.
    Column("told_on", Date),
    Column("policy", Json, nullable=False),
    Column("stream", String(120), ForeignKey("stream.name"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", uuid_type(), nullable=False),
    Column("closed_at", Instant),
    Index("ix_case_file_list", "committee_id", "status", "opened_at", "id"),
)

case_number = Table(
    "case_number",
    metadata,
    Column("committee_id", uuid_type(), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

case_exclusion = Table(
    "case_exclusion",
    metadata,
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("reason", String(40), nullable=False),
    Column("since", Instant, nullable=False),
)

# A personal value: the history holds only its keyed commitment, the value lies here and can be erased.
sealed_value = Table(
    "sealed_value",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), index=True),
    Column("owner_kind", String(30), nullable=False),
    Column("owner_id", String(40), nullable=False),
    Column("field", String(200), nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("ciphertext", LargeBinary),
    Column("wrapped_key", LargeBinary),
    Column("key_id", String(40), nullable=False),
    Column("erased_at", Instant),
    Index("ix_sealed_value_owner", "owner_kind", "owner_id"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("work_item_id", uuid_type(), ForeignKey("work_item.id")),
    Column("purpose", String(30), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("key_id", String(40), nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("stored_by", uuid_type(), nullable=False),
)

comment = Table(
    "comment",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("work_item_id", uuid_type(), ForeignKey("work_item.id"), index=True),
    Column("user_id", uuid_type(), nullable=False),
    Column("written_at", Instant, nullable=False),
)

measure = Table(
    "measure",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("track", String(30), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("organ", String(120)),
    Column("document_no", String(80)),
    Column("decided_on", Date, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("months_decided", Integer),
    Column("is_late_entry", Boolean, nullable=False, default=False),
    Column("registered_at", Instant, nullable=False),
    # 恢复党员权利, and the day a later decision revoked or ended it.
    Column("restored_on", Date),
    Column("ended_on", Date),
    Column("ended_by", String(20)),
)

# A correction or later decision 更正、撤销、变更 on a measure: proposed by one person, in force by a second.
measure_change = Table(
    "measure_change",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("measure_id", uuid_type(), ForeignKey("measure.id"), nullable=False, index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("organ", String(120), nullable=False),
    Column("document_no", String(80), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("proposed_by", uuid_type(), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("settled_by", uuid_type()),
    Column("settled_at", Instant),
)

impact_period = Table(
    "impact_period",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("measure_id", uuid_type(), ForeignKey("measure.id"), nullable=False),
    Column("bar", String(20), nullable=False),
    Column("months", Integer),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("rule", String(60), nullable=False),
    Column("recomputed_from", uuid_type()),
)

eligibility_check = Table(
    "eligibility_check",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("person_id", uuid_type(), nullable=False),
    Column("branch", String(20), nullable=False),
    Column("step", String(60), nullable=False),
    Column("post_id", uuid_type()),
    Column("eligible", Boolean, nullable=False),
    Column("reason_codes", Json, nullable=False),
    Column("checked_on", Date, nullable=False),
)

four_must = Table(
    "four_must",
    metadata,
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("signed_on", Date, primary_key=True),
    Column("result", String(30), nullable=False),
    Column("work_item_id", uuid_type()),
)

publicity = Table(
    "publicity",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("working_days", Integer, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("status", String(20), nullable=False),
)

objection = Table(
    "objection",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("publicity_id", uuid_type(), ForeignKey("publicity.id"), nullable=False, index=True),
    Column("received_on", Date, nullable=False),
    Column("manner", String(30), nullable=False),
    Column("conclusion", String(40)),
    Column("concluded_on", Date),
    UniqueConstraint("publicity_id", "id"),
)

# 复核、申诉 against a measure: filed by the cadre, or entered from paper; never suspends, never aggravates.
appeal = Table(
    "appeal",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("measure_id", uuid_type(), ForeignKey("measure.id"), nullable=False),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), nullable=False),
    Column("route", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("entry", String(10), nullable=False),
    Column("is_late", Boolean, nullable=False, default=False),
    Column("known_on", Date, nullable=False),
    Column("file_by", Date),
    Column("filed_on", Date, nullable=False),
    Column("accepted_on", Date),
    Column("decide_by", Date),
    Column("is_extended", Boolean, nullable=False, default=False),
    Column("new_kind", String(60)),
    Column("new_months", Integer),
    Column("decided_on", Date),
    Column("decided_by", uuid_type()),
    Column("organ", String(120)),
    Column("document_no", String(80)),
    Column("answered_on", Date),
    Column("registered_at", Instant, nullable=False),
)

# The cadre has read what was told and confirms it on the own page 本人确认; the remark is a sealed value.
own_receipt = Table(
    "own_receipt",
    metadata,
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), primary_key=True),
    Column("confirmed_at", Instant, nullable=False),
)
