"""What designers work on 流程设计: drafts of definitions with their files, who wrote what, trial runs."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from webapp.persistence.database import Instant, Json, metadata, uuid_type

draft = Table(
    "definition_draft",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("key", String(80), nullable=False),
    Column("name", String(120), nullable=False),
    Column("owner_id", uuid_type(), nullable=False),
    # The version it began from, 0 for a process that is new.
    Column("base_version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", uuid_type(), nullable=False),
    UniqueConstraint("owner_id", "key"),
)

draft_file = Table(
    "definition_draft_file",
    metadata,
    Column("draft_id", uuid_type(), ForeignKey("definition_draft.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

# What was done to a file of another tool when it came into the draft, and what of it will not be executed.
draft_report = Table(
    "definition_draft_report",
    metadata,
    Column("draft_id", uuid_type(), ForeignKey("definition_draft.id"), primary_key=True),
    Column("file", String(200), primary_key=True),
    Column("source", String(200), nullable=False),
    Column("made_at", Instant, nullable=False),
    # [level, code, element, line, sentence] of each note, in the order of the file.
    Column("notes", Json, nullable=False),
)

# Everybody who changed a draft: none of them may be the second person who publishes it.
draft_author = Table(
    "definition_draft_author",
    metadata,
    Column("draft_id", uuid_type(), ForeignKey("definition_draft.id"), primary_key=True),
    Column("user_id", uuid_type(), primary_key=True),
)

proposal_author = Table(
    "proposal_author",
    metadata,
    Column("proposal_id", uuid_type(), primary_key=True),
    Column("user_id", uuid_type(), primary_key=True),
)

# A draft tried out: the engine's state and what is waited for, on invented people; no case stands behind it.
trial_run = Table(
    "trial_run",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("draft_id", uuid_type(), ForeignKey("definition_draft.id"), nullable=False),
    Column("owner_id", uuid_type(), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("moment", Instant, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("waiting", Json, nullable=False),
    Column("trail", Json, nullable=False),
    Column("finished", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Index("ix_trial_run_owner_id", "owner_id", "started_at"),
)
