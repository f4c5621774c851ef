"""Backup and its proof 备份与恢复演练: a copy with a manifest, later opened apart and verified to the last event."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.domain.errors import NotAllowed, NotFound
from webapp.persistence import copies
from webapp.persistence.database import open_engine
from webapp.persistence.models import cases
from webapp.persistence.models.history import stream
from webapp.services import history, reads
from webapp.services.office import Office

MANIFEST = "manifest.json"
FORMAT = 1
FILES = {"sqlite": "zaishang.db", "postgresql": "zaishang.dump"}
OPERATOR = system_actor("backup")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself 备份清单: never a key, never a person.

    ``events``: how many events the copy holds; ``heads``: SHA-256 over the name, number and digest of every chain.
    """

    format: int
    made_at: str
    dialect: str
    file: str
    size: int
    sha256: str
    streams: int
    events: int
    heads: str


def create(office: Office, owner_url: str | None, parent: Path) -> Path:
    """Make a new folder with a copy and its manifest → its path. The keys are not in it: keep them apart."""
    dialect = office.engine.dialect.name
    folder = parent / f"zaishang-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    half = _fresh(parent, folder)
    try:
        copy = half / FILES[dialect]
        manifest = _manifest(copy, dialect, copies.make(office.engine, owner_url, copy))
        (half / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    with office.begin() as work:
        facts = {"sha256": manifest.sha256, "events": manifest.events, "heads": manifest.heads}
        work.commit(events.BackupMade(actor=OPERATOR, effective_at=work.now, facts=facts))
    return folder


def verify(office: Office, folder: Path, *, into: str | None) -> tuple[Manifest, history.Verified]:
    """Restore a backup apart and check every chain in it; the backup itself is only read.

    ``into``: an empty PostgreSQL database, needed for a dump. NotAllowed when the copy is not what the manifest
    says or the keys at hand do not open it.
    """
    manifest = read_manifest(folder)
    copy = folder / manifest.file
    if not copy.is_file() or _digest(copy) != manifest.sha256:
        raise NotAllowed("副本与清单不符：文件缺失、被改动或没有写完，不能用来恢复。")
    copies.require_readable(copy, manifest.dialect)
    with tempfile.TemporaryDirectory(prefix="zaishang-") as place:
        apart = replace(office, engine=open_engine(_restored(manifest, copy, Path(place), into)))
        try:
            return manifest, _checked(apart, manifest)
        finally:
            apart.engine.dispose()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup; NotFound when the folder has none that can be read."""
    try:
        found = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise NotFound(f"{folder} 里没有可读的 {MANIFEST}，请给出 backup create 建立的文件夹。") from None
    if found.format != FORMAT or found.file != FILES.get(found.dialect):
        raise NotAllowed("这份备份由不同版本的系统建立，请用当时的版本核对。")
    return found


def _restored(manifest: Manifest, copy: Path, place: Path, into: str | None) -> str:
    if manifest.dialect == "sqlite":
        shutil.copyfile(copy, place / manifest.file)
        return f"sqlite:///{place / manifest.file}"
    if into is None:
        raise NotAllowed("这是 PostgreSQL 的备份，请先建一个空库，再用 --into postgresql://… 指定它。")
    copies.restore(copy, into)
    return into


def _checked(office: Office, manifest: Manifest) -> history.Verified:
    found = history.look_through(office)
    with reads.begin(office, frozen=True) as look:
        chains = [copies.Chain(row["name"], row["seq"], row["digest"]) for row in look.all(stream)]
        if _heads(chains) != manifest.heads:
            raise NotAllowed("副本里的办理记录与清单不符，不能用来恢复。")
        for row in look.all(cases.sealed_value, erased_at=None, limit=100):
            if row["wrapped_key"]:
                office.keyring.unwrap(row["wrapped_key"])
    return found


def _manifest(copy: Path, dialect: str, chains: Sequence[copies.Chain]) -> Manifest:
    return Manifest(
        format=FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        dialect=dialect,
        file=copy.name,
        size=copy.stat().st_size,
        sha256=_digest(copy),
        streams=len(chains),
        events=sum(chain.seq for chain in chains),
        heads=_heads(chains),
    )


def _heads(chains: Sequence[copies.Chain]) -> str:
    lines = sorted(f"{chain.name} {chain.seq} {chain.digest}\n" for chain in chains)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _fresh(parent: Path, folder: Path) -> Path:
    """The unfinished folder beside the one to come; NotAllowed where nothing can be written."""
    half = folder.with_name(folder.name + ".half")
    try:
        parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            raise NotAllowed(f"{folder} 已经存在，请稍候再试。")
        half.mkdir(mode=0o700)
    except OSError:
        raise NotAllowed(f"不能写入 {parent}，请检查权限和剩余空间。") from None
    return half
