"""Policy values, the working-day calendar, the shifted demo clock and progress notes."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table

from webapp.persistence.database import Instant, Json, metadata, uuid_type

policy_value = Table(
    "policy_value",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("value", Json, nullable=False),
    Column("basis", String(200)),
    Column("set_by", uuid_type()),
)

# A policy value or a year's calendar that waits for, or has had, the second person.
rule_proposal = Table(
    "rule_proposal",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(80), nullable=False),
    Column("value", Json, nullable=False),
    Column("before", Json, nullable=False),
    Column("valid_from", Date),
    Column("document", String(120), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("proposed_by", uuid_type(), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("settled_by", uuid_type()),
    Column("settled_at", Instant),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("note", String(80)),
)

calendar_year = Table(
    "calendar_year",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("source", String(80), nullable=False),
)

# One row; only a demo or a test may have an offset other than zero.
clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("offset_seconds", BigInteger, nullable=False),
    Column("moved_at", Instant, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Json, nullable=False),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("subject", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
