"""The history: auditors search all of it, heads their own cases; a ballot's choice is not told; chains are checked."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from tests.queries import scenes
from tests.site import Site
from webapp.domain.errors import NotAllowed, NotFound
from webapp.persistence.models import history as tables
from webapp.queries import history, record, records
from webapp.services import history as verbs
from webapp.services import meetings, reads


def listed(site: Site, login: str, **asked: Any) -> history.HistoryView:
    with reads.begin(site.office) as look:
        return history.search(look, site.actor(login), history.Asked(**asked), day=site.today)


def shown(site: Site, login: str, name: str) -> record.EventView:
    with reads.begin(site.office) as look:
        row = history.find(look, site.actor(login), name, site.today)
        return record.show(look, row, lambda digest, key: verbs.definition(site.office, digest, key))


def test_auditors_search_everything_and_heads_only_cases_they_may_see(site: Site) -> None:
    case_id = site.open_case()

    assert {"case_opened", "definition_deployed"} <= {row.kind for row in _all(site, "shenji")}
    assert {row.case_id for row in _all(site, "changwei03")} == {case_id}
    site.second_committee("linshi1")
    site.hire("linshi2", "紫云英", "org_dept_head", "lszzb")
    assert _all(site, "linshi2") == []
    for login in ("ganbu1", "fgj1", "liucheng", "anquan"):
        with pytest.raises(NotAllowed):
            listed(site, login)


def _all(site: Site, login: str) -> list[Any]:
    first = listed(site, login)
    return [*first.rows, *(listed(site, login, page=2).rows if first.paging.next else ())]


def test_records_are_found_by_person_case_actor_kind_and_time(any_site: Site) -> None:
    site = any_site
    mine, other = site.open_case("苏白露"), site.open_case("叶小满", by="ganbu2")
    number = next(row.case_no for row in _all(site, "shenji") if row.case_id == mine)

    def cases_of(**asked: Any) -> set[str | None]:
        return {row.case_id for row in listed(site, "shenji", **asked).rows}

    assert cases_of(q="sbl") == {mine}
    assert cases_of(q="建立工作卷宗") == {mine, other}
    assert cases_of(case_no=number) == {mine}
    assert cases_of(who="何小雪") == {other}
    assert cases_of(kind="case_opened", since=site.today.isoformat()) == {mine, other}
    assert cases_of(kind="case_opened", until=(site.today - timedelta(days=1)).isoformat()) == set()
    assert listed(site, "shenji", kind="case_opened").paging.total == 2


def test_records_of_a_task_are_found_by_its_name(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case()
    task = next(row for row in site.rows(scenes.runtime.work_item, case_id=case_id, element_id="assess"))
    from webapp.services import tasks

    tasks.claim(site.office.begin(), site.actor("ganbu1"), task_id=task["id"])

    found = listed(site, "shenji", q=task["name"]).rows

    assert f"签收“{task['name']}”" in [row.title for row in found]


def test_wrong_dates_are_said_and_find_nothing_else(site: Site) -> None:
    view = listed(site, "shenji", since="gestern", until="2026-01-01")
    assert [problem.field for problem in view.problems] == ["since"]
    view = listed(site, "shenji", since="2026-02-01", until="2026-01-01")
    assert [problem.field for problem in view.problems] == ["until"]


def test_a_record_names_its_neighbours_process_and_steps(site: Site) -> None:
    case_id = site.open_case()

    view = shown(site, "shenji", f"case:{case_id}:1")

    assert view.previous_id is None
    assert view.previous_hash == "0" * 64
    assert view.definition.endswith("第1版")
    assert view.elements
    assert any(line.startswith("转入：") for line in view.event.lines)
    assert ("卷宗编号", view.event.case_no) in view.facts


def test_a_record_is_not_there_for_who_may_not_see_its_case(site: Site) -> None:
    case_id = site.open_case()
    shown(site, "ganbu1", f"case:{case_id}:1")

    for login in ("fgj1", "liucheng", "jyj1"):
        with pytest.raises(NotFound):
            shown(site, login, f"case:{case_id}:1")
    for name in (f"case:{case_id}:99", "case", "case:x", ""):
        with pytest.raises(NotFound):
            shown(site, "shenji", name)
    with pytest.raises(NotFound):
        shown(site, "changwei03", "system:1")


def test_an_auditor_does_not_see_the_own_file(site: Site) -> None:
    case_id = site.open_case()
    scenes.relate(site, "全明鉴", "钟谷雨")

    assert case_id not in {row.case_id for row in _all(site, "shenji")}
    with pytest.raises(NotFound):
        shown(site, "shenji", f"case:{case_id}:1")


def test_who_chose_what_is_not_told_to_anybody(site: Site) -> None:
    case_id = site.open_case()
    item_id = scenes.item(site, case_id)
    scenes.opened(site, item_id)
    scenes.voting(site, item_id)
    meetings.vote(site.office.begin(), site.actor("fubuzhang1"), item_id=item_id, choice="disagree")
    (row,) = site.rows(tables.history_event, kind="ballot_cast")

    view = shown(site, "shenji", records.event_id(row["stream"], row["seq"]))

    assert b"disagree" in row["body"]
    assert "disagree" not in repr(view)
    assert "不同意" not in repr(view)


def test_a_check_reads_every_chain_and_is_itself_recorded(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case()

    case = verbs.verify(site.office, site.actor("ganbu1"), case_id=case_id)
    everything = verbs.verify(site.office, site.actor("shenji"))

    assert (case.ok, case.streams, case.events) == (True, 1, 1)
    (head,) = site.rows(tables.stream, name=f"case:{case_id}")
    assert case.head == head["digest"]
    assert everything.ok
    assert everything.streams > 5
    assert len(site.rows(tables.history_event, kind="history_verified")) == 2


def test_only_auditors_check_everything_and_only_insiders_a_case(site: Site) -> None:
    case_id = site.open_case()

    with pytest.raises(NotAllowed):
        verbs.verify(site.office, site.actor("ganbu1"))
    with pytest.raises(NotFound):
        verbs.verify(site.office, site.actor("fgj1"), case_id=case_id)


def test_a_changed_record_is_found(site: Site) -> None:
    case_id = site.open_case()
    # Not through the site, whose connections may not touch the triggers: as somebody with the file in hand would.
    with closing(sqlite3.connect(str(site.office.engine.url.database))) as stolen:
        for (name,) in stolen.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            stolen.execute(f'DROP TRIGGER "{name}"')
        stolen.execute(
            "UPDATE history_event SET body = ? WHERE stream = ?", (b'{"facts":{}}', f"case:{case_id}")
        )
        stolen.commit()

    found = verbs.verify(site.office, site.actor("shenji"), case_id=case_id)

    assert (found.ok, found.first_bad) == (False, 1)
    assert "被改动过" in found.findings[0].sentence


def test_the_sealed_form_is_for_those_in_charge_and_the_read_is_kept(site: Site) -> None:
    case_id = site.open_case()
    (row,) = site.rows(tables.history_event, stream=f"case:{case_id}")
    task = records.facts_of(row)["first"]["work_item_id"]
    scenes.talked(site, case_id)

    def opened(login: str, own: bool = False) -> Any:
        return verbs.open_form(site.office, site.actor(login), case_id=case_id, work_item_id=task, own=own)

    assert opened("jiandu1").values["summary"] == "巡察反馈推进重点任务不力。"
    reading = [one for one in site.rows(tables.history_event, kind="read") if b'"what":"form"' in one["body"]]
    assert [one["actor_id"] for one in reading] == [site.actor("jiandu1").user_id]
    assert b"\xe5\xb7\xa1\xe5\xaf\x9f" not in reading[0]["body"]
    with pytest.raises(NotFound):
        opened("liucheng")


def test_the_unit_does_not_read_what_the_organs_wrote(site: Site) -> None:
    case_id = site.open_case("苏白露")
    (row,) = site.rows(tables.history_event, stream=f"case:{case_id}")
    task = records.facts_of(row)["first"]["work_item_id"]
    scenes.talked(site, case_id)

    unit = site.actor("fgj1")
    assert not verbs.open_form(site.office, unit, case_id=case_id, work_item_id=task, own=False)
