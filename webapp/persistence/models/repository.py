"""Deployed definitions 流程定义 and their exact bytes: immutable, content-addressed."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

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
