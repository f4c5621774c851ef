"""Tracking plans 跟踪管理方案, visits 回访 and periodic notes 帮带记实."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, String, Table, text

from webapp.persistence.database import metadata, uuid_type

OPEN = text("status='open'")

tracking_plan = Table(
    "tracking_plan",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id")),
    Column("tracking_class", String(1), nullable=False),
    Column("care", String(20), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("released_on", Date),
    Column("mentor_id", uuid_type(), ForeignKey("person.id")),
    Column("mentor_on", Date),
    Column("latest_end", Date),
    Column("extended_until", Date),
    Column("disputes", Boolean, nullable=False, default=False),
    Column("note_frequency", String(20)),
    Column("status", String(20), nullable=False),
    Column("conclusion", String(40)),
    Column("closed_on", Date),
    # One plan per cadre (F14): the database itself refuses a second open one.
    Index("uq_tracking_plan_open", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
)

visit = Table(
    "visit",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("plan_id", uuid_type(), ForeignKey("tracking_plan.id"), nullable=False, index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("held_on", Date),
    Column("grade", String(20)),
    Column("instance_id", uuid_type()),
    Index("ix_visit_due", "status", "due_on"),
)

periodic_note = Table(
    "periodic_note",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("plan_id", uuid_type(), ForeignKey("tracking_plan.id"), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("done_on", Date),
)

# Who visited, kept for later accountability: a visitor who recommended answers for it.
visit_visitor = Table(
    "visit_visitor",
    metadata,
    Column("visit_id", uuid_type(), ForeignKey("visit.id"), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
)

# 研判事项: something to look at; only a person opens a case from it.
assessment_item = Table(
    "assessment_item",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False, index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id")),
    Column("source", String(40), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("status", String(20), nullable=False),
)
