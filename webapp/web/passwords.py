"""Log-in and password 登录名和密码, for the sign-in page and for programs: one slow hash whoever asks, one lock-out."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_security import hash_password, verify_password

from webapp.domain.errors import NotAllowed
from webapp.services import signing_in
from webapp.web.session import office

LONGEST_LOGIN, LONGEST_PASSWORD = 80, 1000


class WrongPassword(NotAllowed):
    """登录名或密码不正确，请重新输入。"""

    status = 401


class LockedOut(NotAllowed):
    """登录失败次数过多，请稍后再试。"""

    status = 429

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__()


def verified(login: str, password: str, address: str) -> Any:
    """The user of a log-in and password. LockedOut while the account or address is, WrongPassword for all else."""
    until = signing_in.locked_until(office(), login, address)
    if until is not None:
        raise LockedOut(until)
    user = current_app.extensions["security"].datastore.find_user(case_insensitive=True, username=login)
    # An unknown name costs the same hash as a wrong password.
    stored = user.password if user is not None and user.active and user.password else _decoy()
    if not verify_password(password, stored) or user is None or not user.active:
        signing_in.failed(office(), login, address)
        raise WrongPassword
    return user


def _decoy() -> str:
    """A hash nobody's password fits, made once a process."""
    if "decoy_hash" not in current_app.extensions:
        current_app.extensions["decoy_hash"] = hash_password("no one has this password")
    found: str = current_app.extensions["decoy_hash"]
    return found
