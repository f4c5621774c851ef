"""Who asks 接口登录: HTTP Basic or a bearer token on every request, never a cookie; wrong attempts lock out."""

import hmac
import time
from dataclasses import dataclass
from hashlib import sha256

from flask import current_app, g, request
from werkzeug.datastructures import Authorization

from webapp.domain.access import Actor
from webapp.domain.errors import NotAllowed
from webapp.services import identity, signing_in, tokens
from webapp.web.passwords import LONGEST_LOGIN, LONGEST_PASSWORD, LockedOut, WrongPassword, verified
from webapp.web.session import office, today

# For so long a password that was right is not hashed again in this process.
KEPT_SECONDS = 60.0
MOST_KEPT = 2000


class NoCredentials(NotAllowed):
    """请用 HTTP Basic（登录名和密码）或者 Bearer 令牌登录。"""

    status = 401


class WrongToken(NotAllowed):
    """令牌无效、已过期或已收回，请联系系统管理员重新签发。"""

    status = 401


@dataclass(frozen=True, slots=True)
class Kept:
    """A right password: whose, the hash it fitted, until when (monotonic)."""

    user_id: str
    password: str
    until: float


def enter() -> None:
    """Find the actor of this request and keep it as the pages do; a session cookie is not looked at."""
    given = request.authorization
    if given is None:
        raise NoCredentials
    if given.type == "bearer" and given.token:
        actor = _by_token(given.token)
    elif given.type == "basic":
        actor = _by_password(given)
    else:
        raise NoCredentials
    if refusals := signing_in.reasons_against_entering(actor, today()):
        raise NotAllowed(f"该账号的授权有误，暂不能使用：{''.join(refusals)}请联系安全保密管理员更正。")
    g.actor = actor


def _by_token(secret: str) -> Actor:
    actor, was_issued = tokens.bearer(office(), secret)
    if actor is not None:
        return actor
    if not was_issued:
        # A guess counts at its address; a program with an old token locks nobody out.
        address = request.remote_addr or ""
        _require_unlocked(f"token@{address}", address)
        signing_in.failed(office(), f"token@{address}", address)
    raise WrongToken


def _require_unlocked(login: str, address: str) -> None:
    until = signing_in.locked_until(office(), login, address)
    if until is not None:
        raise LockedOut(until)


def _by_password(given: Authorization) -> Actor:
    login, password = (given.username or "").strip(), given.password or ""
    if not login or len(login) > LONGEST_LOGIN or not 0 < len(password) <= LONGEST_PASSWORD:
        raise WrongPassword
    if "\0" in login or "\0" in password:
        raise WrongPassword
    mark = _mark(login, password)
    kept = _kept().get(mark)
    if kept is not None and (actor := _still(mark, kept)):
        return actor
    return _verified(login, password, mark)


def _still(mark: bytes, kept: Kept) -> Actor | None:
    """The actor of a kept password, unless its time is over or the account or password has changed since."""
    if kept.until > time.monotonic():
        found = identity.with_password(office(), kept.user_id)
        if found is not None and hmac.compare_digest(found[1], kept.password):
            return found[0]
    _kept().pop(mark, None)
    return None


def _verified(login: str, password: str, mark: bytes) -> Actor:
    address = request.remote_addr or ""
    user = verified(login, password, address)
    found = identity.with_password(office(), user.id)
    if found is None:
        raise WrongPassword
    actor, stored = found
    signing_in.succeeded(office(), actor, login, address, door="api")
    known = _kept()
    if len(known) >= MOST_KEPT:
        known.clear()
    known[mark] = Kept(user.id, stored, time.monotonic() + KEPT_SECONDS)
    return actor


def _mark(login: str, password: str) -> bytes:
    """A keyed digest: neither log-in nor password can be read out of the memory of this process."""
    key = sha256(f"basic:{current_app.secret_key!r}".encode()).digest()
    return hmac.digest(key, f"{login.lower()}\0{password}".encode("utf-8", "surrogatepass"), "sha256")


def _kept() -> dict[bytes, Kept]:
    found: dict[bytes, Kept] = current_app.extensions.setdefault("kept_passwords", {})
    return found
