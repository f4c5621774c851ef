"""What must be true before anything is installed or started; each failure is one sentence."""

import errno
import importlib.util
import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from webapp.cli.bootstrap.speech import Stop

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = "8000"
LAST_PORT = 65535
PATIENCE = 3.0  # seconds a database may take to accept a connection
PORTS_TRIED = 50


def require_modules() -> None:
    """This Python can make virtual environments and open an SQLite file; Stop names the package to add."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not (_has("venv") and _has("ensurepip")):
        raise Stop(
            f"这个 Python 缺少 ensurepip，无法建立虚拟环境：请先安装 python{version}-venv"
            f"（例如 apt-get install python{version}-venv），再重新运行。",
            f"This Python has no ensurepip and cannot make a virtual environment: install"
            f" python{version}-venv (for example apt-get install python{version}-venv) and run again.",
        )
    for module, package in (("_sqlite3", "libsqlite3-dev"), ("_ssl", "libssl-dev")):
        if not _has(module):
            raise Stop(
                f"这个 Python 编译时缺少 {module[1:]}：请安装 {package} 后重新编译，或换用系统的 Python。",
                f"This Python was built without {module[1:]}: install {package} and build it again,"
                f" or use the system's Python.",
            )


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def port_of(environ: Mapping[str, str]) -> int:
    """The port asked for by ``PORT``; Stop when it is not one."""
    asked = environ.get("PORT") or DEFAULT_PORT
    if not (asked.isascii() and asked.isdigit()) or not 0 < int(asked) <= LAST_PORT:
        raise Stop(
            f"PORT={asked} 不是端口号：请改用 1 到 65535 之间的整数，例如 PORT=8000。",
            f"PORT={asked} is no port: use a whole number from 1 to 65535, for example PORT=8000.",
        )
    return int(asked)


def require_free_port(port: int) -> None:
    """Nobody listens on the port yet; Stop proposes one that is free."""
    problem = _bind(port)
    if problem == 0:
        return
    free = _free_above(port if problem == errno.EADDRINUSE else int(DEFAULT_PORT) - 1)
    if problem in (errno.EACCES, errno.EPERM):
        raise Stop(
            f"无权使用端口 {port}：请换一个 1024 以上的端口，例如 PORT={free} make run。",
            f"Port {port} may not be used by this account: choose one above 1024,"
            f" for example PORT={free} make run.",
        )
    raise Stop(
        f"端口 {port} 已被占用：请停掉占用它的程序，或换一个端口，例如 PORT={free} make run。",
        f"Port {port} is taken: stop the program that uses it, or choose another,"
        f" for example PORT={free} make run.",
    )


def _free_above(port: int) -> int:
    """The next port that can be had; the usual one when none of the next can."""
    nearby = range(port + 1, min(port + PORTS_TRIED, LAST_PORT))
    return next((candidate for candidate in nearby if _bind(candidate) == 0), int(DEFAULT_PORT))


def _bind(port: int) -> int:
    """0 when the port can be had on the loopback address, else the system's error number."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0


def require_writable(folder: Path, *, name: str) -> None:
    """The folder exists or can be made, and takes a file; Stop names the variable that moves it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise Stop(
            f"文件夹 {folder} 不能写入（{reason}）：请修改它的权限，或用 {name}=另一个文件夹 指定别处。",
            f"The folder {folder} cannot be written ({reason}): change its permissions,"
            f" or name another with {name}=FOLDER.",
        ) from error


def require_database(url: str | None) -> None:
    """The database named by ``DATABASE_URL`` can be had; Stop never repeats the password in it."""
    if not url:
        return
    parts = urlsplit(url)
    kind = parts.scheme.partition("+")[0]
    if kind == "sqlite":
        _require_sqlite(parts)
    elif kind == "postgresql":
        _require_postgresql(parts)
    else:
        raise Stop(
            f"DATABASE_URL 的类型“{parts.scheme}”不受支持：请使用 postgresql://用户@主机:5432/库名，"
            f"或去掉 DATABASE_URL 以使用自带的 SQLite。",
            f"DATABASE_URL of kind {parts.scheme!r} is not supported: use postgresql://user@host:5432/name,"
            f" or unset it for the embedded SQLite.",
        )


def _require_sqlite(parts: SplitResult) -> None:
    if parts.path.startswith("//"):  # four slashes: an absolute path
        require_writable(Path(parts.path[1:]).parent, name="DATABASE_URL=sqlite:////…")


def _require_postgresql(parts: SplitResult) -> None:
    places = _addresses(parts)
    if any(_accepts(host, port) for host, port in places):
        return
    shown = ", ".join(f"{host}:{port}" for host, port in places)
    raise Stop(
        f"数据库 {shown} 连接不上：请确认 PostgreSQL 已启动、地址和端口正确、防火墙放行，"
        f"或去掉 DATABASE_URL 以使用自带的 SQLite。",
        f"The database at {shown} cannot be reached: check that PostgreSQL runs, that address and port"
        f" are right and the firewall lets it through, or unset DATABASE_URL for the embedded SQLite.",
    )


def _addresses(parts: SplitResult) -> list[tuple[str, int]]:
    """Host and port pairs of a libpq address; a host beginning with ``/`` is a socket folder."""
    query = parse_qs(parts.query)
    location = parts.netloc.rpartition("@")[2]
    named = query.get("host", [location])[0] or os.environ.get("PGHOST") or "/var/run/postgresql"
    default = query.get("port", [os.environ.get("PGPORT") or "5432"])[0]
    found = []
    for place in named.split(","):
        host, colon, port = place.rpartition(":")
        if not colon or place.endswith("]"):
            host, port = place, default
        if not port.isdigit():
            raise Stop(
                f"DATABASE_URL 中的端口“{port}”不是数字：请改正后重新运行。",
                f"The port {port!r} in DATABASE_URL is no number: correct it and run again.",
            )
        found.append((host.strip("[]"), int(port)))
    return found


def _accepts(host: str, port: int) -> bool:
    try:
        if host.startswith("/"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                probe.settimeout(PATIENCE)
                probe.connect(f"{host}/.s.PGSQL.{port}")
        else:
            socket.create_connection((host, port), timeout=PATIENCE).close()
    except (OSError, OverflowError, UnicodeError):
        return False
    return True
