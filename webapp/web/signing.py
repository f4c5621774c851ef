"""Signed cookies and tokens 签名: the library's own format, its signing keys derived once a process."""

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin, session_json_serializer
from flask_wtf.csrf import CSRFProtect, same_origin
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.signer import Signer
from werkzeug.http import dump_cookie

LONG = 600
# Beyond this the library warns that browsers may drop the cookie.
LONGEST = 3000
MARK = "signed.value"
FIELD = "csrf_token"
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class _Keeper(TimestampSigner):
    """A signer that derives the key of each secret once."""

    def __init__(self, *secrets: Any, **settings: Any) -> None:
        super().__init__(*secrets, **settings)
        self._derived: dict[Any, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        found = self._derived.get(secret_key)
        if found is None:
            found = self._derived[secret_key] = super().derive_key(secret_key)
        return found


class Serializer(URLSafeTimedSerializer):
    """The library's serializer with one signer, made once; what is rightly signed is read in one go."""

    def __init__(self, *secrets: Any, **settings: Any) -> None:
        super().__init__(*secrets, signer=_Keeper, **settings)
        self._kept: Any = super().make_signer()
        self._keyed = hmac.new(self._kept.derive_key(), digestmod=self._kept.digest_method)

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        return self._kept if salt is None or salt == self.salt else super().make_signer(salt)

    def loads(  # type: ignore[override]
        self,
        s: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,
        salt: str | bytes | None = None,
    ) -> Any:
        """The value; the library's own reading decides on everything that is not plainly right."""
        payload = None if return_timestamp or salt else self._payload(s, max_age)
        if payload is None:
            return super().loads(s, max_age, return_timestamp, salt)
        return self.load_payload(payload)

    def _payload(self, signed: str | bytes, max_age: int | None) -> bytes | None:
        """The signed part, when the newest key signed it and it is young enough."""
        data = signed.encode() if isinstance(signed, str) else signed
        whole, _, signature = data.rpartition(b".")
        payload, _, stamp = whole.rpartition(b".")
        if not hmac.compare_digest(self._signature(whole), signature):
            return None
        age = time.time() - int.from_bytes(_decoded(stamp))
        return payload if payload and (max_age is None or 0 <= age <= max_age) else None

    def dumps(self, obj: Any, salt: str | bytes | None = None) -> str:
        """The value signed with the newest key, compressed when it is long."""
        if salt:
            return super().dumps(obj, salt)
        text = self.serializer.dumps(obj).encode()
        if len(text) > LONG:
            return super().dumps(obj)
        whole = _encoded(text) + b"." + _encoded(int(time.time()).to_bytes(4))
        return (whole + b"." + self._signature(whole)).decode()

    def _signature(self, data: bytes) -> bytes:
        signing = self._keyed.copy()
        signing.update(data)
        return _encoded(signing.digest())


def _encoded(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def _decoded(data: bytes) -> bytes:
    return urlsafe_b64decode(data + b"=" * (-len(data) % 4))


class _Texts:
    """Sessions as plain JSON; what only the library's own way can write, it writes and reads."""

    @staticmethod
    def dumps(value: Any) -> str:
        try:
            return _written(value)
        except TypeError:
            return str(session_json_serializer.dumps(value))

    @staticmethod
    def loads(text: Any) -> Any:
        return session_json_serializer.loads(text) if _TAG in text else json.loads(text)


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_TAG = '{" '


class Sessions(SecureCookieSessionInterface):
    """The library's session cookie, its serializer made once for a secret."""

    serializer: Any = _Texts

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        fallbacks = tuple(app.config["SECRET_KEY_FALLBACKS"] or ())
        return self._serializer((*fallbacks, app.secret_key)) if app.secret_key else None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """The library's own cookie, put together in one go where nothing about it is unusual."""
        signing = self.get_signing_serializer(app)
        if signing is None or not session or not session.modified or session.permanent:
            super().save_session(app, session, response)
            return
        value = signing.dumps(dict(session))
        if len(value) > LONGEST or "Vary" in response.headers:
            super().save_session(app, session, response)
            return
        start, end = _cookie(
            self.get_cookie_name(app),
            self.get_cookie_domain(app),
            self.get_cookie_path(app),
            self.get_cookie_secure(app),
            self.get_cookie_partitioned(app),
            self.get_cookie_samesite(app),
            self.get_cookie_httponly(app),
        )
        response.headers.add("Set-Cookie", f"{start}{value}{end}")
        response.headers.add("Vary", "Cookie")

    @lru_cache(8)  # noqa: B019 - one interface a process
    def _serializer(self, secrets: tuple[Any, ...]) -> Serializer:
        settings = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
        return Serializer(list(secrets), salt=self.salt, serializer=self.serializer, signer_kwargs=settings)


@lru_cache(8)
def _cookie(
    name: str,
    domain: str | None,
    path: str,
    secure: bool,
    partitioned: bool,
    samesite: str | None,
    httponly: bool,
) -> tuple[str, str]:
    """What stands before and after the value, as the library writes it; a signed value needs no quotes."""
    whole = dump_cookie(
        name,
        MARK,
        domain=domain,
        path=path,
        secure=secure,
        partitioned=partitioned,
        samesite=samesite,
        httponly=httponly,
    )
    start, _, end = whole.partition(MARK)
    return start, end


@lru_cache(8)
def _tokens(secret: Any) -> Serializer:
    return Serializer(secret, salt="wtf-csrf-token")


class Protection(CSRFProtect):
    """The library's protection against forged requests; only the usual, rightful one is recognised here."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Let a rightful request pass; every other is the library's to refuse or exempt."""
        if request.method in CHANGING and request.endpoint and _is_ours(self._get_csrf_token()):
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)


def _is_ours(token: str | None) -> bool:
    """The token of this very session, and over TLS a request that comes from our own pages."""
    if not token or FIELD not in session:
        return False
    try:
        signed = _tokens(current_app.secret_key).loads(token)
        if not hmac.compare_digest(session[FIELD], signed):
            return False
    except (BadData, TypeError):
        return False
    if not request.is_secure:
        return True
    return bool(request.referrer) and same_origin(request.referrer, f"https://{request.host}/")
