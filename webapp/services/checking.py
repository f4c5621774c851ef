"""A check of everything 全部校验 as work of its own: asked for by an auditor, done beside the worker, kept."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from uuid_utils import uuid7

from webapp.domain import access
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Refused
from webapp.domain.roles import AUDITING
from webapp.persistence.models.history import check, stream
from webapp.services import history, identity, reads
from webapp.services.office import Office, Work

logger = logging.getLogger(__name__)
OPEN = ("waiting", "running")
# A worker that did not show itself for so long is gone; another one begins the check anew.
GONE = timedelta(minutes=2)
BEAT_SECONDS = 1.0
MOST_KEPT = 100
KEPT_CHECKS = 50
# Every event is read for its chain, and once more to rebuild the tables.
TIMES_READ = 2


def ask(work: Work, actor: Actor) -> str:
    """Ask for a check of everything → its id; Conflict while one is under way."""
    with work:
        access.require_role(actor, *sorted(AUDITING), day=work.today)
        work.lock_stream("system")
        if work.all(check, status=list(OPEN), limit=1):
            raise Conflict("全部校验正在进行，请等它完成。")
        check_id = str(uuid7())
        row = {
            "id": check_id,
            "status": "waiting",
            "asked_by": actor.user_id,
            "asked_at": work.now,
            "done": 0,
            "total": 0,
            "streams": 0,
            "problems": 0,
            "findings": [],
        }
        work.insert(check, row)
        _forget(work)
        work.after_commit(work.office.wake)
        work.settle()
    return check_id


def _forget(work: Work) -> None:
    """The history keeps every check; their details are kept for the newest ones."""
    old = [row["id"] for row in work.all(check, order=("-asked_at",))][KEPT_CHECKS:]
    if old:
        work.delete(check, {"id": old})


@dataclass(slots=True)
class Progress:
    """How many events were read so far; written down by a beat of its own, the reading only counts."""

    done: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def tick(self) -> None:
        """One event more."""
        self.done += 1


def run_waiting(office: Office, owner: str) -> bool:
    """Do the check that waits, or one whose worker is gone → False when there is none."""
    row = _take(office, owner)
    if row is None:
        return False
    progress = Progress()
    beat = threading.Thread(target=_beat, args=(office, row["id"], owner, progress), daemon=True)
    beat.start()
    try:
        values = _checked(office, row, progress)
    finally:
        progress.over.set()
        beat.join()
    _write(office, row["id"], owner, {**values, "finished_at": reads.clock(office)})
    return True


def _checked(office: Office, row: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    try:
        with office.glance() as look:
            actor = identity.actor_of(look, row["asked_by"])
        found = history.verify(office, actor, tick=progress.tick)
    except Refused as refused:
        return {"status": "failed", "failure": refused.sentence[:200]}
    except Exception:
        # The beat must not go on for a check that is dead, and the auditor is to be told.
        logger.exception("a check of everything failed")
        return {"status": "failed", "failure": "系统异常，没有校验完，请联系系统管理员。"}
    kept = [[one.stream, one.seq, one.case_id, one.code, one.sentence] for one in found.findings[:MOST_KEPT]]
    return {
        "status": "done",
        "done": found.events * TIMES_READ,
        "total": found.events * TIMES_READ,
        "streams": found.streams,
        "problems": len(found.findings),
        "findings": kept,
    }


def _take(office: Office, owner: str) -> Mapping[str, Any] | None:
    """Claim the check that waits; another worker that was quicker keeps it."""
    now = datetime.now(UTC)
    with reads.begin(office) as look:
        free = [row for row in look.all(check, status=list(OPEN), order=("asked_at",)) if _is_free(row, now)]
        total = sum(one["seq"] for one in look.all(stream)) * TIMES_READ if free else 0
    for row in free[:1]:
        with office.begin() as work:
            seen = {"id": row["id"], "status": row["status"], "owner": row["owner"]}
            mine = {"status": "running", "owner": owner, "beat_at": now, "done": 0, "total": total}
            taken = work.update(check, seen, mine).count == 1
            work.settle()
        return row if taken else None
    return None


def _is_free(row: Mapping[str, Any], now: datetime) -> bool:
    return bool(row["status"] == "waiting" or row["beat_at"] < now - GONE)


def _beat(office: Office, check_id: str, owner: str, progress: Progress) -> None:
    while not progress.over.wait(BEAT_SECONDS):
        try:
            _write(office, check_id, owner, {"done": progress.done})
        except Refused as refused:
            logger.warning("the progress of a check was not written: %s", refused.code)


def _write(office: Office, check_id: str, owner: str, values: Mapping[str, Any]) -> None:
    """Fenced by the owner: a worker that was taken for gone changes nothing any more."""
    with office.begin() as work:
        mine = {"id": check_id, "status": "running", "owner": owner}
        work.update(check, mine, {"beat_at": datetime.now(UTC), **values})
        work.settle()


def beside_safely(office: Office, owner: str, running: threading.Thread | None) -> threading.Thread | None:
    """The thread that checks beside the worker's other work; a new one when something waits and none runs.

    For a worker that must outlive a stopped database: nothing begins where the database does not answer.
    """
    if running is not None and running.is_alive():
        return running
    try:
        with reads.begin(office) as look:
            waits = look.all(check, status=list(OPEN), limit=1)
    except Refused as refused:
        logger.warning("no check could be looked for: %s", refused.code)
        return None
    if not waits:
        return None
    thread = threading.Thread(target=_run_safely, args=(office, owner), daemon=True)
    thread.start()
    return thread


def _run_safely(office: Office, owner: str) -> None:
    try:
        run_waiting(office, owner)
    except Refused as refused:
        logger.warning("a check of everything was put off: %s", refused.code)
