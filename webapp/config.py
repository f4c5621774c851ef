"""Settings 配置 from the environment, read once, at the top."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MODES = ("production", "demo", "test")
SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Config:
    """What one process is told: where its data lies, which database, how strict it is.

    ``mode`` demo and test allow a shifted clock; production refuses it and asks for secure cookies.
    ``proxies``: how many trusted proxies stand in front and name the reader's address.
    ``metrics_token``: what the watching machine shows; '' lets only this machine read the figures.
    """

    home: Path
    database_url: str
    secret_key: str
    mode: str = "production"
    port: int = 8000
    secure_cookies: bool = True
    owner_url: str | None = None
    proxies: int = 0
    metrics_token: str = ""

    @property
    def is_demo(self) -> bool:
        """True in demo mode."""
        return self.mode == "demo"

    @property
    def may_shift_clock(self) -> bool:
        """Only a demo or a test may run with a shifted clock."""
        return self.mode in ("demo", "test")

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> "Config":
        """Read ``ZAISHANG_HOME``, ``DATABASE_URL``, ``ZAISHANG_MODE``, ``PORT``; ValueError with a sentence."""
        env = os.environ if environment is None else environment
        home = Path(env.get("ZAISHANG_HOME") or "var").resolve()
        mode = env.get("ZAISHANG_MODE", "production")
        if mode not in MODES:
            raise ValueError(f"ZAISHANG_MODE 只能是 {'、'.join(MODES)}，现为“{mode}”。")
        return cls(
            home=home,
            database_url=env.get("DATABASE_URL") or f"sqlite:///{home / 'zaishang.db'}",
            secret_key=_given_secret(env.get("ZAISHANG_SECRET", "")) or _kept_secret(home),
            mode=mode,
            port=_port(env.get("PORT") or "8000"),
            proxies=_proxies(env.get("ZAISHANG_PROXIES") or "0"),
            metrics_token=env.get("ZAISHANG_METRICS_TOKEN", ""),
            owner_url=env.get("DATABASE_OWNER_URL") or None,
            secure_cookies=mode == "production" and env.get("ZAISHANG_PLAIN_HTTP") != "1",
        )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536):
        raise ValueError(f"PORT 应为1至65535的数字，现为“{text[:20]}”。")
    return int(text)


def _proxies(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) == 1):
        raise ValueError(f"ZAISHANG_PROXIES 是前面反向代理的台数，应为0至9的数字，现为“{text[:20]}”。")
    return int(text)


def _given_secret(secret: str) -> str:
    if secret and len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"ZAISHANG_SECRET 太短，请改为不少于{SHORTEST_SECRET}个字符的随机串，或去掉它由系统生成。"
        )
    return secret


def _kept_secret(home: Path) -> str:
    """The signing secret of sessions, made at the first start, readable by the owner alone."""
    path = home / "keys" / "session.key"
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text().strip()
    except OSError:
        raise ValueError(
            f"不能读写数据文件夹“{home}”，请检查权限，或用 ZAISHANG_HOME 另指一个文件夹。"
        ) from None
