"""The append-only history 办理记录: one hash chain a stream; triggers refuse update and delete."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from webapp.persistence.database import Instant, Json, metadata, uuid_type

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

# A check of everything 全部校验 that an auditor asked for: how far it has come, and what it found.
check = Table(
    "history_check",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("asked_by", uuid_type(), nullable=False),
    Column("asked_at", Instant, nullable=False, index=True),
    Column("finished_at", Instant),
    # Whose it is, and when that worker last showed itself; real time, whatever a demo's clock says.
    Column("owner", String(80)),
    Column("beat_at", Instant),
    # Events read of those there are; each is read twice.
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("streams", Integer, nullable=False),
    Column("problems", Integer, nullable=False),
    # The first of them: [stream, seq, case, code, sentence].
    Column("findings", Json, nullable=False),
    Column("failure", String(200)),
)

# Which records without a case name which person, case, task or file: the index of a search, made from the records.
mention = Table(
    "history_mention",
    metadata,
    Column("about", String(36), primary_key=True),
    Column("recorded_at", Instant, primary_key=True),
    Column("stream", String(120), primary_key=True),
    Column("seq", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

# How far each chain has been read for that index.
mention_head = Table(
    "history_mention_head",
    metadata,
    Column("stream", String(120), primary_key=True),
    Column("seq", Integer, nullable=False),
)
