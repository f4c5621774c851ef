"""The demo's log-ins 演示账号, as the sign-in page and ``flask demo users`` show them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from webapp.domain.roles import role
from webapp.persistence.models import identity, people
from webapp.services import reads
from webapp.services.demo import cast
from webapp.services.office import Office

PASSWORD = "zaishang-demo-2026"
GROUPS = (
    ("组织部门", (
        "ganbu1", "ganbu2", "jiandu1", "jiandu2", "heshi1", "heshi2", "fubuzhang1", "fubuzhang2", "jilu", "dangan",
    )),
    ("党委会议", ("changwei01", "changwei03", "changwei02", "shiweiban", "tongzhan", "renda")),
    ("纪检监察机关", ("jiwei", "chengban", "shenli", "xinfang")),
    ("单位与本人", ("fgj1", "benren", "shengzu")),
    ("流程与审计", ("liucheng", "liucheng2", "shenji", "xitong", "anquan", "anquan2")),
)  # fmt: skip
OTHERS = {
    "changwei01": ("市委书记", "主持常委会、末位表态"), "changwei03": ("市委常委、组织部部长", "审批启动、跟踪结论"),
    "changwei02": ("市委副书记", "分管意见、常委会表决"),
    "fgj1": ("市发展和改革局局长、党组书记", "单位党组织：帮带、评价"),
    "benren": ("干部本人（示例）", "谈话后查看本人事项、核对回访记录"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One log-in of the demo."""

    login: str
    name: str
    post: str
    does: str
    group: str


REST = "其余账号"


def offered(office: Office) -> tuple[tuple[DemoLogin, ...], tuple[DemoLogin, ...]]:
    """(the few of each group, all others): what the sign-in page offers."""
    everybody = everyone(office)
    few = _few(everybody)
    known = {one.login for one in few}
    return few, tuple(_plainly(one) for one in everybody if one["login"] not in known)


def _plainly(one: dict[str, Any]) -> DemoLogin:
    official = _officials().get(one["login"])
    post, does = (official.post, official.does) if official else (one["unit"], "、".join(one["roles_zh"]))
    return DemoLogin(one["login"], one["name"], post, does, REST)


def shown(office: Office) -> tuple[DemoLogin, ...]:
    """The few log-ins of each group."""
    return _few(everyone(office))


def _few(everybody: list[dict[str, Any]]) -> tuple[DemoLogin, ...]:
    by_login = {one["login"]: one for one in everybody}
    found = []
    for group, logins in GROUPS:
        for login in logins:
            one = by_login.get(login)
            if one is not None:
                post, does = _words(login)
                found.append(DemoLogin(login, one["name"], post, does, group))
    return tuple(found)


def _words(login: str) -> tuple[str, str]:
    official = _officials().get(login)
    return (official.post, official.does) if official else OTHERS.get(login, ("", ""))


@lru_cache(1)
def _officials() -> dict[str, cast.Official]:
    return {one.login: one for one in cast.OFFICIALS}


def everyone(office: Office) -> list[dict[str, Any]]:
    """Every demo log-in with name, unit, roles and password."""
    with reads.begin(office) as look:
        users = look.all(identity.User.__table__, order=("username",))
        persons = {row["id"]: row["name"] for row in look.all(people.person)}
        places = {row["id"]: row["name"] for row in look.all(people.organisation)}
        grants: dict[str, list[Any]] = {}
        for row in look.all(identity.role_grant, order=("role",)):
            grants.setdefault(row["user_id"], []).append(row)
    return [
        {
            "login": user["username"],
            "password": PASSWORD,
            "name": persons.get(user["person_id"], ""),
            "unit": "、".join(
                dict.fromkeys(places[one["organisation_id"]] for one in grants.get(user["id"], []))
            ),
            "roles": [one["role"] for one in grants.get(user["id"], [])],
            "roles_zh": [role(one["role"]).zh for one in grants.get(user["id"], [])],
        }
        for user in users
    ]
