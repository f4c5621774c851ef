"""What the two doors show before a case exists 登记: the first form of their process with the cadre in front."""

from collections.abc import Collection
from typing import Any

from webapp.domain.access import Actor
from webapp.domain.errors import Invalid, NotAllowed, NotFound
from webapp.domain.fields import Field
from webapp.persistence import finders
from webapp.services import decision_entry, forms, runs
from webapp.services.cases import DOORS
from webapp.services.forms import Posted
from webapp.services.office import Office

CADRE = Field(
    key="cadre",
    kind="person",
    label="干部",
    required=True,
    variable="cadre",
    description="输入姓名或拼音首字母查找。",
)
OUTCOMES_ZH = {
    "dismissed": "不予启动", "watch": "继续关注", "mild_measure": "转提醒函询诫勉", "not_unsuited": "不属于不适宜情形",
    "tolerated": "容错免责", "referred": "移送纪检监察机关", "not_passed": "未通过", "ended_for_cause": "因故终止",
    "entry_withdrawn": "登记撤回", "period_over": "影响期已满，补录存档", "tracking_closed": "跟踪结束",
    "reopened": "转入新的核实或处理",
    "reinstated": "重新任用后跟踪结束", "probation_failed": "试用期满不合格",
}  # fmt: skip


def require_may_open(office: Office, actor: Actor, door: str) -> None:
    """NotAllowed unless the actor holds a role that may register through this door anywhere."""
    with office.glance() as work:
        if not actor.roles_on(work.today) & set(DOORS[door][1]):
            raise NotAllowed("登记由组织部门、纪检监察机关的承办科室办理，您没有此项权限。")


def fields(office: Office, door: str) -> tuple[Field, ...]:
    """The cadre, then the fields of the process's first task."""
    key = DOORS[door][0]
    with office.glance() as work:
        row = finders.latest_definition(work, key)
        if row is None:
            raise NotFound(f"流程“{key}”尚未部署，请联系流程设计员。")
        runs.require_may_begin(row)
        found = work.definition(row["digest"], row["key"])
    return (CADRE, *forms.fields_of_task(found, _first_form(found)))


def problems(office: Office, door: str, posted: Posted, files: Collection[str] = ()) -> dict[str, str]:
    """What is wrong with the fields after the cadre: all of it is said at once, not in a second round.

    ``files``: the keys of the fields that came with a file.
    """
    all_fields = fields(office, door)[1:]
    unsent = [one for one in all_fields if one.kind == "filepicker" and one.required and one.key not in files]
    missing = {one.key: f"“{one.name}”为必填项，请选择。" for one in unsent}
    wanted = tuple(field for field in all_fields if field.kind != "filepicker")
    known = {field.key for field in forms.every(wanted)}
    answers = {name: value for name, value in posted.items() if name.partition(".")[0] in known}
    with office.glance() as work:
        try:
            decision_entry.fill(work, DOORS[door][0], "", wanted, answers, None)
        except Invalid as invalid:
            return {**invalid.problems, **missing}
    return missing


def _first_form(found: Any) -> str | None:
    """The form of the first task after the plain start event, in a sub-process or not."""
    scope: str | None = None
    while True:
        start = next(
            node
            for node in found.nodes.values()
            if node.kind == "startEvent" and not node.message and node.scope == scope
        )
        node = found.next_of(start.id)[0]
        if node.kind != "subProcess":
            form_key: str | None = node.form_key
            return form_key
        scope = node.id


def definition(office: Office, digest: str, key: str) -> Any:
    """A parsed definition by its bundle."""
    with office.glance() as work:
        return work.definition(digest, key)
