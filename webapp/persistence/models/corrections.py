"""Processes put right 流程纠正 and moved to another version 换版: put forward by one person, done by a second."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from webapp.persistence.database import Instant, Json, metadata, uuid_type

correction = Table(
    "correction",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), index=True),
    # return, modify, variables.
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    # Elements to take away and to begin, or process variables with their values; nothing personal.
    Column("plan", Json, nullable=False),
    # The step the instance stood at: once it has gone on, the correction is put forward anew.
    Column("rev", Integer, nullable=False),
    Column("proposed_by", uuid_type(), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("settled_by", uuid_type()),
    Column("settled_at", Instant),
)

version_change = Table(
    "version_change",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("key", String(80), nullable=False, index=True),
    Column("source_id", uuid_type(), ForeignKey("definition.id"), nullable=False),
    Column("target_id", uuid_type(), ForeignKey("definition.id"), nullable=False),
    # Old element → new element where the ids differ.
    Column("mapping", Json, nullable=False),
    # The instances it is for.
    Column("instances", Json, nullable=False),
    Column("status", String(20), nullable=False),
    Column("reason", String(500), nullable=False),
    # Of every instance: whether it was moved, and why not.
    Column("results", Json, nullable=False),
    Column("proposed_by", uuid_type(), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("settled_by", uuid_type()),
    Column("settled_at", Instant),
)
