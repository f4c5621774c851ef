"""Tokens 接口令牌 for programs: shown once, kept as SHA-256, each with its user and its last day."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from uuid_utils import uuid7

from webapp.domain import events
from webapp.domain.access import Actor, system_actor
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.formats import is_id
from webapp.persistence import finders
from webapp.persistence.models.identity import api_token
from webapp.services import identity, reads
from webapp.services.office import Office

PREFIX = "zs_"
SHAPE = re.compile(r"zs_[A-Za-z0-9_-]{43}")
LONGEST_LABEL = 80
LONGEST_LIFE = 366
USUAL_LIFE = 90
ISSUER = system_actor("flask tokens")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed; the secret itself is nowhere."""

    id: str
    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def state(self, moment: datetime) -> str:
        """``valid``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= moment else "valid"


def create(office: Office, *, login: str, label: str, days: int = USUAL_LIFE) -> str:
    """Issue a token for a user by log-in → the secret, to be written down now; expiry is real time.

    Invalid without a label or with a life out of bounds; NotFound for an unknown or disabled user.
    """
    if not label.strip() or len(label) > LONGEST_LABEL:
        raise Invalid({"label": f"请写明令牌的用途，不超过{LONGEST_LABEL}字。"})
    if not 1 <= days <= LONGEST_LIFE:
        raise Invalid({"days": f"有效期为1至{LONGEST_LIFE}天。"})
    secret = PREFIX + secrets.token_urlsafe(32)
    moment = datetime.now(UTC)
    until = moment + timedelta(days=days)
    with office.begin() as work:
        user_id = _user(work, login)
        row = {
            "id": str(uuid7()),
            "user_id": user_id,
            "digest": digest_of(secret),
            "label": label.strip(),
            "created_at": moment,
            "expires_at": until,
        }
        work.insert(api_token, row)
        facts = {"token_id": row["id"], "expires_on": until.date().isoformat()}
        work.commit(_event(events.TokenIssued, work, user_id, facts))
    return secret


def of_user(office: Office, login: str) -> tuple[Token, ...]:
    """The tokens of a user, newest first."""
    with office.glance() as look:
        rows = look.all(api_token, user_id=_user(look, login), order=("-created_at", "-id"))
    return tuple(
        Token(row["id"], row["label"], row["created_at"], row["expires_at"], row["revoked_at"])
        for row in rows
    )


def revoke(office: Office, token_id: str) -> None:
    """Take a token back 收回, at once and for ever; Conflict when it was before."""
    with office.begin() as work:
        row = work.one(api_token, id=token_id) if is_id(token_id) else None
        if row is None:
            raise NotFound("没有找到该令牌，请用 flask tokens list 核对编号。")
        good = {"id": token_id, "revoked_at": None}
        revoked = work.update(api_token, good, {"revoked_at": datetime.now(UTC)})
        revoked.just_one("该令牌已经收回。")
        work.commit(_event(events.TokenRevoked, work, row["user_id"], {"token_id": token_id}))


def bearer(office: Office, secret: str) -> tuple[Actor | None, bool]:
    """(the actor behind a token, whether the token was ever issued); None when it is not or no longer valid."""
    if not SHAPE.fullmatch(secret):
        return None, False
    with reads.begin(office) as look:
        row = finders.load_user_of_token(look, digest_of(secret))
    if row is None:
        return None, False
    is_valid = row["active"] and row["revoked_at"] is None and row["expires_at"] > datetime.now(UTC)
    return (identity.of_row(row) if is_valid else None), True


def digest_of(secret: str) -> str:
    """What is kept of a token: random enough that a plain SHA-256 cannot be turned round."""
    return sha256(secret.encode()).hexdigest()


def _user(work: Any, login: str) -> str:
    user = work.one(identity.USERS, username=login.strip())
    if user is None or not user["active"]:
        raise NotFound(f"没有账号“{login.strip()[:40]}”，或账号已停用。")
    return str(user["id"])


def _event(kind: type[events.Event], work: Any, user_id: str, facts: Mapping[str, object]) -> events.Event:
    return kind(actor=ISSUER, effective_at=work.now, stream=f"user:{user_id}", facts=facts)
