"""Starting a process by its key 启动流程, as programs do: through a door with a cadre, or on an open case by number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound
from webapp.persistence.models import cases as tables
from webapp.services import cases, instances, opening
from webapp.services.cases import DOORS, Uploads
from webapp.services.desk import CaseStanding
from webapp.services.office import Office, Work
from webapp.services.tasks import Reader

DOOR_OF: Mapping[str, str] = {process: door for door, (process, _) in DOORS.items()}
# Who may start what no first task decides: the same as on the page of the case.
STARTERS: Mapping[str, tuple[str, ...]] = {"p04_reinstatement": ("cadre_section",)}
# What a verb or another process begins, with what it needs to know: nobody starts it bare, by its key.
OWN_DOORS: Mapping[str, str] = {
    **dict.fromkeys(DOOR_OF, "登记建卷请给出变量 cadreId，不在已有卷宗上启动。"),
    "p02_tracking": "跟踪管理在组织决定登记时自动建立，不能单独启动。",
    "p02a_periodic_note": "帮带记实和小结按跟踪管理方案到期自动产生，不能单独启动。",
    "p03_return_visit": "回访按跟踪管理方案的回访计划到期自动启动，不能单独启动。",
    "p10_appeal": "复核、申诉请在卷宗页登记收到的申请，或者由干部本人在本人事项中提出，不能单独启动。",
}
CADRE = "cadreId"


@dataclass(frozen=True, slots=True)
class Begun:
    """What was started: the instance, and its case."""

    instance_id: str
    case_id: str | None


def through_door(
    work: Work,
    actor: Actor,
    *,
    process_key: str,
    sent: Mapping[str, Any],
    uploads: Uploads,
    key: str,
    reader: Reader,
) -> Begun:
    """Open a case on the cadre ``cadreId``; the other values fill the first form, as its page asks for them."""
    door = DOOR_OF[process_key]
    opening.require_may_open(work.office, actor, door)
    fields = opening.fields(work.office, door)[1:]
    values = {name: value for name, value in sent.items() if name != CADRE}
    posted, files = reader(fields, values, uploads)
    cadre = sent.get(CADRE)
    if not isinstance(cadre, str):
        raise Invalid({CADRE: "请在变量 cadreId 中给出干部的编号。"})
    reply = cases.open_(work, actor, door=door, person_id=cadre, posted=posted, key=key, uploads=files)
    return Begun(str(reply["instance_id"]), str(reply["case_id"]))


def on_case(
    work: Work,
    actor: Actor,
    *,
    process_key: str,
    number: str,
    sent: Mapping[str, Any],
    element_id: str | None = None,
) -> Begun:
    """Start a process on the open case of a number 卷宗编号 → the instance; Conflict for one with its own door.

    ``element_id``: the start event to begin at, where there are several. No values come along: what a process
    decides on is asked for by its forms, where it is checked and signed.
    """
    if process_key in OWN_DOORS:
        raise Conflict(OWN_DOORS[process_key])
    if not number:
        raise Invalid({"businessKey": "请在 businessKey 中给出工作卷宗编号。"})
    if sent:
        raise Invalid(dict.fromkeys(sent, "启动时不接受变量，请在首个环节的表单中填写。"))
    case = case_of(work.office, actor, number)
    roles = STARTERS.get(process_key, ())
    started = instances.start(
        work, actor, key=process_key, variables={}, case_id=case.id, roles=roles, element_id=element_id
    )
    return Begun(started, case.id)


def case_of(office: Office, actor: Actor, number: str) -> CaseStanding:
    """The case of a number among those the actor may see; NotFound for none, Conflict for several."""
    with office.glance() as look:
        found = []
        for row in look.all(tables.case_file, number=number):
            try:
                found.append(cases.take_case(look, actor, row["id"]))
            except NotFound:
                continue
    if not found:
        raise NotFound("没有找到该工作卷宗，或您无权查看。")
    if len(found) > 1:
        raise Conflict("有多个卷宗使用这一编号，请到卷宗页面上办理。")
    return found[0]
