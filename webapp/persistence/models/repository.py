"""Deployed definitions 流程定义, proposals of new ones, and their exact bytes: immutable, content-addressed."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from webapp.persistence.database import Instant, metadata, uuid_type

definition = Table(
    "definition",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("key", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", String(40), nullable=False),
    Column("note", String(400)),
    UniqueConstraint("key", "version"),
)

bundle_file = Table(
    "bundle_file",
    metadata,
    Column("bundle_digest", String(64), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("content_digest", String(64), ForeignKey("content.digest"), nullable=False),
)

content = Table(
    "content",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

# A version somebody wants to publish; its bytes lie in the bundle from the first day on.
proposal = Table(
    "deployment_proposal",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("key", String(80), nullable=False),
    Column("name", String(120), nullable=False),
    Column("digest", String(64), nullable=False),
    # The newest version at that moment, 0 for a process that is new: what the reviewer compares with.
    Column("base_version", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("reason", String(400), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", uuid_type(), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", uuid_type()),
    Column("decision_reason", String(400)),
    Column("version", Integer),
    Index("ix_deployment_proposal_key", "key", "proposed_at"),
    Index("uq_deployment_proposal_waiting", "key", "digest", unique=True,
          sqlite_where=text("status='waiting'"), postgresql_where=text("status='waiting'")),
)  # fmt: skip

# Whether a version may begin anything 启停; without a row it may. The version itself is never changed or removed.
standing = Table(
    "definition_standing",
    metadata,
    Column("definition_id", uuid_type(), ForeignKey("definition.id"), primary_key=True),
    # active, suspended, removed.
    Column("state", String(20), nullable=False),
    Column("since", Instant, nullable=False),
)

# What somebody wants to stop, to let begin again or to take away; nothing happens before a second designer agrees.
switch = Table(
    "definition_switch",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("key", String(80), nullable=False),
    # suspend, activate, remove.
    Column("act", String(20), nullable=False),
    # The version meant; without one, every version of the process.
    Column("version", Integer),
    Column("status", String(20), nullable=False),
    Column("reason", String(400), nullable=False),
    Column("proposed_by", uuid_type(), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("settled_by", uuid_type()),
    Column("settled_at", Instant),
    Index("uq_definition_switch_proposed", "key", unique=True,
          sqlite_where=text("status='proposed'"), postgresql_where=text("status='proposed'")),
)  # fmt: skip
