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
# About forty that matter, by what can be done with them; everybody else answers for a unit or sits in a meeting.
GROUPS = (
    ("登记、核实、考察、办理手续", (
        "ganbu1", "ganbu2", "jiandu1", "jiandu2", "heshi1", "heshi2", "gwyk", "dangan", "peiyang",
    )),
    ("提出意见、审核、审批", ("fubuzhang1", "fubuzhang2", "changwei03", "changwei02", "shengzu")),
    ("开会和表决", ("jilu", "buwei1", "shiweiban", "changwei01", "changwei05")),
    ("纪检监察：登记处分、回访、出具意见", ("jiwei", "chengban", "shenli", "xinfang", "anguan")),
    ("征求意见、法定程序、复核申诉", ("tongzhan", "renda", "shensu")),
    ("所在单位：帮带、评价、双签字", ("fgj1", "wlj1", "wlj2", "jyj1")),
    ("干部本人", ("benren", "benren2")),
    ("设计和发布流程", ("liucheng", "liucheng2")),
    ("审计、系统和授权管理", ("shenji", "anshen", "xitong", "anquan", "anquan2")),
)  # fmt: skip
PRESENTED = tuple(login for _, some in GROUPS for login in some)
OTHERS = {
    "changwei01": ("市委书记", "主持常委会、末位表态"),
    "changwei02": ("市委副书记", "分管意见、常委会表决"),
    "changwei03": ("市委常委、组织部部长", "审批启动、跟踪结论"),
    "changwei05": ("市委常委", "常委会表决"),
    "fgj1": ("市发展和改革局局长、党组书记", "单位党组织：帮带、评价"),
    "jyj1": ("市教育局局长、党组书记", "单位党组织：帮带、评价"),
    "wlj1": ("市文化和旅游局局长、党组书记", "考察对象所在单位：双签字"),
    "wlj2": ("市文化和旅游局副局长", "单位纪检负责人：双签字"),
    "benren": ("干部本人（示例）", "查看决定和本人事项，提出复核、申诉"),
    "benren2": ("干部本人（示例）", "核对回访记录并签字"),
}


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One log-in of the demo."""

    login: str
    name: str
    post: str
    does: str
    group: str


REST = "各单位和其余会议成员的账号"


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
            "group": _GROUP_OF.get(user["username"], REST),
            "presented": user["username"] in _GROUP_OF,
        }
        for user in users
    ]


_GROUP_OF = {login: group for group, some in GROUPS for login in some}
