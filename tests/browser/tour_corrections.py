"""The tour's stops at processes put right and moved to another version, and what is there to be seen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.browser.live import Live
from webapp.domain.access import system_actor
from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.models.corrections import correction, version_change
from webapp.services import correcting_sight, corrections, deployments, reads, version_changes
from webapp.services.correcting import Wish
from webapp.services.demo import story
from webapp.services.demo.scenes import person
from webapp.services.demo.staff import Staff

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
MOVED = "p02_tracking"


def furnish(live: Live, staff: Staff) -> None:
    """A process that is to go back, and running ones that are to be moved to another version."""
    section, begin = staff.actor("jiandu1"), live.office.begin
    case_id = _rows(live, cases.case_file, person_id=person(story.PUNISHED))[0]["id"]
    rising = next(
        one for one, name in correcting_sight.of_case(live.office, section, case_id) if "重新任用" in name
    )
    sight = correcting_sight.look(live.office, section, rising)
    way = next(one for one in sight.targets if not one.sentences)
    corrections.propose(
        begin(), section, instance_id=rising, wish=Wish("return", at=way.at, to=way.to),
        reason="考察安排有误，重新办理（示例）。",
    )  # fmt: skip
    (bundle,) = [one for one in deployments.read_folder(WORKFLOWS) if one.key == MOVED]
    files = {name: data.replace("制定".encode(), "拟定".encode()) for name, data in bundle.files.items()}
    deployments.deploy(begin(), system_actor("tour"), deployments.Bundle(MOVED, files), origin="installation")
    old, new = (row["id"] for row in _rows(live, repository.definition, order="version", key=MOVED))
    version_changes.propose(
        begin(), live.site.actor("liucheng"), source_id=old, target_id=new, mapping={}, instances=(),
        reason="与文件用语一致（示例）。",
    )  # fmt: skip


def stops(live: Live) -> list[tuple[str, str, str]]:
    """Name, who looks, address."""
    put_right = _rows(live, correction)[0]["instance_id"]
    tracked = _rows(live, cases.case_file, person_id=person(story.DEMOTED))[0]["id"]
    running = _rows(live, runtime.process_instance, case_id=tracked, status="running")[0]["id"]
    moved = _rows(live, version_change)[0]["id"]
    return [
        ("corrections", "changwei03", "/corrections"),
        ("signals", "changwei03", "/corrections/signals"),
        ("correction", "changwei03", f"/corrections/{put_right}"),
        ("correction-free", "jiandu1", f"/corrections/{running}"),
        ("version-new", "liucheng", f"/version-changes/new/{MOVED}"),
        ("version-change", "jiandu1", f"/version-changes/{moved}"),
    ]


def _rows(live: Live, table: Any, *, order: str = "-id", **where: Any) -> list[Mapping[str, Any]]:
    with reads.begin(live.office) as look:
        return look.all(table, order=(order,), **where)
