"""Users 用户 for sign-in (Flask-Security) and their dated, scoped role grants 角色授予."""

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped

from webapp.persistence.database import Instant, db, metadata, uuid_type

# What one may do comes from role_grant alone; Flask-Security wants these two tables to exist.
user_role = Table(
    "user_role",
    metadata,
    Column("user_id", uuid_type(), ForeignKey("user_account.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("security_role.id"), primary_key=True),
)


class Names(AsaList):
    """A list of names in one text column, as the sign-in library stores them."""

    cache_ok = True


class SecurityRole(db.Model, RoleMixin):  # type: ignore[misc, name-defined]
    """A role as the sign-in library knows it; never consulted for a right."""

    __tablename__ = "security_role"
    id = Column(Integer, primary_key=True)
    name = Column(String(80), unique=True, nullable=False)
    description = Column(String(255))
    permissions = Column(MutableList.as_mutable(Names()), nullable=True)


class User(db.Model, UserMixin):  # type: ignore[misc, name-defined]
    """A log-in 登录账号; one person row stands behind the user and, where so, the cadre."""

    __tablename__ = "user_account"
    id = Column(uuid_type(), primary_key=True)
    username = Column(String(80), unique=True, nullable=False)
    email = Column(String(255), unique=True, nullable=True)
    person_id = Column(uuid_type(), ForeignKey("person.id"), nullable=True, unique=True)
    password = Column(String(255), nullable=True)
    active = Column(Boolean, nullable=False, default=True)
    fs_uniquifier = Column(String(64), unique=True, nullable=False)
    tf_primary_method = Column(String(64), nullable=True)
    tf_totp_secret = Column(String(255), nullable=True)
    mf_recovery_codes = Column(MutableList.as_mutable(Names()), nullable=True)
    created_at = Column(Instant, nullable=False)
    roles: Mapped[list[SecurityRole]] = db.relationship("SecurityRole", secondary=user_role)


role_grant = Table(
    "role_grant",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("user_id", uuid_type(), ForeignKey("user_account.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("organisation_id", uuid_type(), ForeignKey("organisation.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Index("ix_role_grant_user", "user_id"),
    Index("ix_role_grant_holder", "organisation_id", "role"),
)

# What a program signs in with 接口令牌: only the SHA-256 is kept, the token itself is shown once.
api_token = Table(
    "api_token",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("user_id", uuid_type(), ForeignKey("user_account.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("label", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

# A role proposed for somebody 授权提名: in force only when a second security administrator agrees.
role_proposal = Table(
    "role_proposal",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("user_id", uuid_type(), ForeignKey("user_account.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("organisation_id", uuid_type(), ForeignKey("organisation.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("status", String(20), nullable=False),
    Column("proposed_by", uuid_type(), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("settled_by", uuid_type()),
    Column("settled_at", Instant),
)

# Who stands in for whom 代理: one role of the principal, from day to day, never for decisive acts.
substitution = Table(
    "substitution",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("principal_id", uuid_type(), ForeignKey("user_account.id"), nullable=False, index=True),
    Column("substitute_id", uuid_type(), ForeignKey("user_account.id"), nullable=False, index=True),
    Column("role", String(40), nullable=False),
    Column("organisation_id", uuid_type(), ForeignKey("organisation.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("named_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
