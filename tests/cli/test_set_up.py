"""A production installation set up from nothing on the terminal: organisations, accounts, roles."""

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.test_commands import refused, run
from tests.site import Site, config, open_site
from webapp.persistence.models import history, identity, people

LIST = """编码,名称,类别,上级编码,启用日期
S01,中共云汀省委员会（示例）,党委,,2020-01-01
S02,云汀省委组织部（示例）,组织部门,S01,
C01,中共星屿市委员会（示例）,党委,S01,
C02,星屿市委组织部（示例）,组织部门,C01,
C03,星屿市纪委（示例）,纪检监察机关,C01,
C04,星屿系统（示例）,本系统,C01,
U01,星屿市水务局（示例）,单位,C01,
"""
PASSWORD = "a-long-first-word"


@pytest.fixture
def empty(migrated_file: Path, tmp_path: Path) -> Iterator[Site]:
    """An installation with its tables and nothing in them."""
    home = tmp_path / "home"
    home.mkdir()
    with sqlite3.connect(migrated_file) as source, sqlite3.connect(home / "zaishang.db") as target:
        source.backup(target)
    found = open_site(config(home, f"sqlite:///{home / 'zaishang.db'}"))
    yield found
    found.office.engine.dispose()


def listed(tmp_path: Path, text: str = LIST, name: str = "机构.csv") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode("gb18030"))
    return str(path)


def create(site: Site, username: str, name: str, *more: str) -> Any:
    return run(site, "users", "create", username, name, "--password", PASSWORD, "--operator", "安装甲", *more)


def grant(site: Site, username: str, role: str, code: str, second: str = "安装乙") -> Any:
    return run(site, "users", "grant", username, role, code, "--operator", "安装甲", "--second", second)


def test_an_installation_is_set_up_from_nothing(empty: Site, tmp_path: Path) -> None:
    done = run(empty, "organisations", "import", listed(tmp_path), "--operator", "安装甲")
    assert "新增7个" in done.stdout
    again = run(empty, "organisations", "import", listed(tmp_path, LIST.replace("水务局", "水利局")))
    assert "新增0个，更改1个，无变化6个" in again.stdout
    ids = {row["id"]: row["code"] for row in empty.rows(people.organisation)}
    bodies = {(ids[row["committee_id"]], row["body"], ids[row["organisation_id"]])
              for row in empty.rows(people.authority_body)}  # fmt: skip
    assert bodies >= {("C01", "org_dept", "C02"), ("C01", "discipline", "C03"), ("C01", "superior", "S02")}

    assert create(empty, "lichun", "立春").exit_code == 0
    assert grant(empty, "lichun", "cadre_section", "C02").exit_code == 0
    assert create(empty, "anquan1", "雨水").exit_code == 0
    assert grant(empty, "anquan1", "security_admin", "C04").exit_code == 0

    shown = run(empty, "users", "list").stdout
    assert "lichun" in shown
    assert "干部科@C02" in shown
    kinds = {row["kind"] for row in empty.rows(history.history_event)}
    assert kinds >= {"master_data_imported", "user_registered", "role_granted"}
    given = empty.rows(history.history_event, kind="role_granted")[0]
    assert "安装乙".encode() in given["body"]
    assert given["stream"].startswith("user:")


def test_three_powers_are_never_in_one_hand_and_roles_stay_in_their_place(
    empty: Site, tmp_path: Path
) -> None:
    run(empty, "organisations", "import", listed(tmp_path))
    create(empty, "anquan1", "雨水")
    grant(empty, "anquan1", "security_admin", "C04")

    assert refused(grant(empty, "anquan1", "system_admin", "C04"), "按有关规定")
    assert refused(grant(empty, "anquan1", "cadre_section", "C02"), "按有关规定")
    assert refused(grant(empty, "anquan1", "auditor", "U01"), "按有关规定")
    assert refused(grant(empty, "anquan1", "security_admin", "C04"), "已有这项授权")
    assert refused(grant(empty, "anquan1", "nobody", "C04"), "角色")
    assert refused(grant(empty, "anquan1", "security_admin", "X"), "没有编码")
    assert len(empty.rows(identity.role_grant)) == 1


def test_two_persons_answer_for_a_grant_and_a_person_has_one_account(empty: Site, tmp_path: Path) -> None:
    run(empty, "organisations", "import", listed(tmp_path))
    create(empty, "lichun", "立春")

    assert refused(grant(empty, "lichun", "cadre_section", "C02", second="安装甲"), "填写内容有误")
    assert refused(create(empty, "lichun", "惊蛰"), "已被使用")
    assert refused(create(empty, "lichun2", "立春"), "已有同名人员")
    for written in ("　立 春　", "立\u200b春", "立\u00a0春"):
        assert refused(create(empty, "lichun2", written), "已有同名人员")
    (person,) = empty.rows(people.person)
    assert refused(create(empty, "lichun2", "立春", "--person", person["id"]), "一人一号")
    assert refused(create(empty, "Li Chun", "清明"), "填写内容有误")
    short = run(empty, "users", "create", "qingming", "清明", "--password", "short")
    assert refused(short, "填写内容有误")
    assert len(empty.rows(identity.User.__table__)) == 1


def test_a_role_is_taken_back_and_an_account_disabled(empty: Site, tmp_path: Path) -> None:
    run(empty, "organisations", "import", listed(tmp_path))
    create(empty, "lichun", "立春")
    grant(empty, "lichun", "cadre_section", "C02")

    done = run(empty, "users", "revoke", "lichun", "cadre_section", "C02", "--reason", "岗位调整")
    assert done.exit_code == 0
    assert "没有角色" in run(empty, "users", "list").stdout
    assert refused(
        run(empty, "users", "revoke", "lichun", "cadre_section", "C02", "--reason", "x"), "没有找到"
    )
    assert run(empty, "users", "disable", "lichun", "--reason", "离岗").exit_code == 0
    assert "已停用" in run(empty, "users", "list").stdout
    assert refused(run(empty, "users", "disable", "lichun", "--reason", "离岗"), "已经停用")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("编码,名称\nC01,市委\n", "标题行"),
        ("编码,名称,类别\nC01,,党委\n", "缺少名称"),
        ("编码,名称,类别\nC01,市委,衙门\n", "不认识"),
        ("编码,名称,类别\nC01,市委,党委\nC01,市委,党委\n", "重复"),
        ("编码,名称,类别,上级编码\nC01,市委,党委,X9\n", "不存在"),
        ("编码,名称,类别,上级编码\nA,甲,党委,B\nB,乙,党委,A\n", "互相指向"),
        ("编码,名称,类别,启用日期\nA,甲,党委,昨天\n", "启用日期"),
        ("编码,名称,类别\n", "没有内容"),
    ],
)
def test_a_wrong_list_is_refused_whole(empty: Site, tmp_path: Path, text: str, said: str) -> None:
    result = run(empty, "organisations", "import", listed(tmp_path, text))

    assert result.exit_code == 1
    assert said in result.stderr
    assert empty.rows(people.organisation) == []


def test_a_list_comes_in_from_excel(empty: Site, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in LIST.strip().split("\n"):
        book.active.append(line.split(","))
    held = io.BytesIO()
    book.save(held)
    path = tmp_path / "机构.xlsx"
    path.write_bytes(held.getvalue())

    assert "新增7个" in run(empty, "organisations", "import", str(path)).stdout
