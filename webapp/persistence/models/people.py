"""Organisations 组织, people 人员, posts 职务 and appointments 任职: dated master data."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from webapp.persistence.database import Instant, Json, metadata, uuid_type

organisation = Table(
    "organisation",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("parent_id", uuid_type(), ForeignKey("organisation.id")),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)

# Which organisation answers in a role's name for the cadres a committee manages (干部管理权限), dated.
authority_body = Table(
    "authority_body",
    metadata,
    Column("committee_id", uuid_type(), ForeignKey("organisation.id"), primary_key=True),
    Column("body", String(30), primary_key=True),
    Column("organisation_id", uuid_type(), ForeignKey("organisation.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
)

person = Table(
    "person",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("name", String(60), nullable=False, index=True),
    Column("sex", String(10)),
    Column("birth_month", String(7)),
    Column("nation", String(30)),
    Column("party", String(40)),
    Column("created_at", Instant, nullable=False),
)

# Prefixes, bigrams and pinyin of a name: two-character names are found on both databases alike.
person_token = Table(
    "person_token",
    metadata,
    Column("token", String(60), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
)

kinship = Table(
    "kinship",
    metadata,
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("relative_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("relation", String(30), nullable=False),
    # Kin through recorded relatives, counted again with every change; the request says who entered it and why.
    Column("derived", Boolean, nullable=False, default=False, server_default=false()),
    Column("since", Instant),
    Column("request_id", uuid_type()),
)

# Entering, correcting or withdrawing a kinship 亲属关系登记: one that bears on a vote needs a second person.
kinship_request = Table(
    "kinship_request",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("relative_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("act", String(20), nullable=False),
    Column("relation", String(30), nullable=False),
    Column("before", String(30)),
    Column("source", String(30), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    # [[subject, member]]: whom it would keep from a vote on whom, by person ids.
    Column("pairs", Json, nullable=False),
    Column("entered_by", uuid_type(), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("settled_by", uuid_type()),
    Column("settled_at", Instant),
)

post = Table(
    "post",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("organisation_id", uuid_type(), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("title", String(80), nullable=False),
    Column("rank", String(30), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("is_elected", Boolean, nullable=False, default=False),
    Column("has_probation", Boolean, nullable=False, default=False),
    Column("quota", Integer, nullable=False, default=1),
)

# 职数 of a unit at a level (a rank of posts), or its whole establishment 编制 under an empty level; dated by document,
# a later row takes the place of an earlier one and none is changed.
staffing_quota = Table(
    "staffing_quota",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("organisation_id", uuid_type(), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("level", String(30), nullable=False),
    Column("places", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("document_no", String(80), nullable=False),
    Column("recorded_by", uuid_type(), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

appointment = Table(
    "appointment",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("post_id", uuid_type(), ForeignKey("post.id"), nullable=False, index=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("manner", String(40), nullable=False),
    Column("document_no", String(80)),
    Column("probation_ends_on", Date),
    Column("confirmed_on", Date),
    Column("case_id", uuid_type()),
)

# Who manages the cadre (干部管理权限), dated: old managers lose sight, new ones gain it from the day.
cadre = Table(
    "cadre",
    metadata,
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("committee_id", uuid_type(), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("unit_id", uuid_type(), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("rank", String(30), nullable=False),
    Column("title", String(120), nullable=False),
    Column("is_leading", Boolean, nullable=False, default=True),
    Column("dual_manager_id", uuid_type(), ForeignKey("organisation.id")),
)

appraisal = Table(
    "appraisal",
    metadata,
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("grade", String(30), nullable=False),
)

# The approval form as it came in (.lrmx) or a photo: kept encrypted, byte for byte, for the round trip.
person_document = Table(
    "person_document",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("key_id", String(40), nullable=False),
    Column("stored_at", Instant, nullable=False),
    UniqueConstraint("person_id", "kind", "digest"),
)

# A file somebody is about to import 导入预览: encrypted whole, its name too, and deleted after a day.
import_preview = Table(
    "import_preview",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("made_by", uuid_type(), nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("key_id", String(40), nullable=False),
)
