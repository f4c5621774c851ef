"""The append-only history 办理记录: one hash chain a stream; triggers refuse update and delete."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from webapp.persistence.database import Instant, metadata, uuid_type

# The head of a chain. It is locked first in every step, which is what serialises one case.
stream = Table(
    "stream",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    # When the newest event was recorded: the next one is never recorded before it.
    Column("recorded_at", Instant, nullable=False),
)

history_event = Table(
    "history_event",
    metadata,
    Column("stream", String(120), ForeignKey("stream.name"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("case_id", uuid_type()),
    Column("actor_id", String(40), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    # The exact bytes that were hashed; verification never re-serialises.
    Column("body", LargeBinary, nullable=False),
    Index("ix_history_event_recorded", "recorded_at", "stream", "seq"),
    Index("ix_history_event_case", "case_id", "recorded_at"),
    Index("ix_history_event_actor", "actor_id", "recorded_at"),
    Index("ix_history_event_kind", "kind", "recorded_at"),
)
