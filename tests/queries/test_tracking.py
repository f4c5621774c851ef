"""The tracking ledger: seen by those who manage the cadre, by unit and helper after the talk, counted and filtered."""

from datetime import timedelta
from typing import Any

import pytest

from tests.queries import scenes
from tests.site import Site
from webapp.domain.errors import NotFound
from webapp.persistence.models import cases, tracking
from webapp.queries import plans
from webapp.queries import tracking as ledger
from webapp.services import reads


def listed(site: Site, login: str, **asked: Any) -> ledger.TrackingView:
    with reads.begin(site.office) as look:
        return ledger.index(look, site.actor(login), ledger.Asked(**asked), day=site.today)


def shown(site: Site, login: str, plan_id: str) -> plans.PlanView:
    with reads.begin(site.office) as look:
        return plans.show(look, site.actor(login), plan_id, day=site.today)


def subjects(view: ledger.TrackingView) -> list[str]:
    return [row.subject for row in view.rows]


def test_the_unit_and_the_helper_see_a_plan_only_after_the_talk(site: Site) -> None:
    case_id = site.open_case("苏白露")
    plan_id = scenes.plan(site, case_id, 10, mentor_id=site.person("古灯心"))

    assert [subjects(listed(site, login)) for login in ("jiandu1", "jiwei", "shenji")] == [["苏白露"]] * 3
    assert [subjects(listed(site, login)) for login in ("fgj1", "jyj1", "liucheng", "benren")] == [[]] * 4
    scenes.talked(site, case_id)
    site.change(tracking.tracking_plan, {"id": plan_id}, {"released_on": site.today})
    assert subjects(listed(site, "fgj1")) == ["苏白露"]
    assert subjects(listed(site, "jyj1")) == []
    assert subjects(listed(site, "benren")) == []


def test_a_helper_without_any_role_sees_the_plan_from_the_talk_on(site: Site) -> None:
    site.take_role("xitong", "system_admin")
    plan_id = scenes.plan(site, site.open_case(), 10, mentor_id=site.person("甘运行"))

    with pytest.raises(NotFound):
        shown(site, "xitong", plan_id)
    site.change(tracking.tracking_plan, {"id": plan_id}, {"released_on": site.today})
    assert shown(site, "xitong", plan_id).subject.name == "钟谷雨"


def test_relatives_and_the_recused_do_not_see_a_plan(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case("苏白露")
    plan_id = scenes.plan(site, case_id, 10)
    scenes.relate(site, "蒋处暑", "苏白露")
    scenes.put(site, cases.case_exclusion, case_id=case_id, person_id=site.person("萧白薇"), reason="declared",
               since=site.office.begin().now)  # fmt: skip

    for login in ("jiandu1", "jiandu2"):
        assert listed(site, login).rows == ()
        with pytest.raises(NotFound):
            shown(site, login, plan_id)
    assert len(listed(site, "ganbu1").rows) == 1


def test_the_ledger_counts_and_filters_by_what_is_due(any_site: Site) -> None:
    site = any_site
    today = site.today
    scenes.plan(site, site.open_case("苏白露"), -3, 40)
    scenes.plan(site, site.open_case("顾半夏"), 20, tracking_class="C", latest_end=today + timedelta(days=12))
    scenes.plan(site, site.open_case("叶小满"), status="closed")

    assert listed(site, "ganbu1").counts == {"all": 3, "overdue": 1, "month": 1, "ending": 1}
    assert subjects(listed(site, "ganbu1")) == ["苏白露", "顾半夏", "叶小满"]
    assert subjects(listed(site, "ganbu1", due="overdue")) == ["苏白露"]
    assert subjects(listed(site, "ganbu1", due="month")) == ["顾半夏"]
    assert subjects(listed(site, "ganbu1", due="ending")) == ["顾半夏"]
    assert subjects(listed(site, "ganbu1", due="none")) == []
    assert subjects(listed(site, "ganbu1", tracking_class="C")) == ["顾半夏"]


def test_the_ledger_is_searched_by_name_pinyin_and_unit(any_site: Site) -> None:
    site = any_site
    scenes.plan(site, site.open_case("苏白露"), 5)
    scenes.plan(site, site.open_case("叶小满"), 6)
    by_unit = {row.subject: row.unit for row in listed(site, "ganbu1").rows}
    unit = next(one for one in listed(site, "ganbu1").units if one.label == by_unit["叶小满"])

    assert subjects(listed(site, "ganbu1", q="白露")) == ["苏白露"]
    assert subjects(listed(site, "ganbu1", q="sbl")) == ["苏白露"]
    assert subjects(listed(site, "ganbu1", q=by_unit["叶小满"][3:6])) == ["叶小满"]
    assert subjects(listed(site, "ganbu1", unit=unit.value)) == ["叶小满"]
    assert subjects(listed(site, "ganbu1", q="%")) == []


def test_a_plan_tells_its_visits_in_words_and_keeps_the_grade_from_the_unit(site: Site) -> None:
    case_id = site.open_case("苏白露")
    plan_id = scenes.plan(site, case_id, -2)
    day = site.today - timedelta(days=30)
    held = scenes.visit(site, plan_id, case_id, day, status="held", held_on=day, grade="fair", kind="first")
    for name in ("段立春", "史大寒"):
        scenes.put(site, tracking.visit_visitor, visit_id=held, person_id=site.person(name))
    scenes.talked(site, case_id)

    first, second = shown(site, "jiandu1", plan_id).visits

    assert (first.number, first.kind, first.state, first.grade) == (1, "首次回访", "held", "fair")
    assert set(first.visitors.split("、")) == {"段立春", "史大寒"}
    assert (second.state, second.held_on) == ("overdue", None)
    assert shown(site, "fgj1", plan_id).visits[0].grade == ""


def test_periods_are_told_with_how_they_were_counted(site: Site) -> None:
    case_id = site.open_case("苏白露")
    plan_id = scenes.plan(site, case_id)
    start = site.today
    measure = scenes.put(
        site, cases.measure, case_id=case_id, person_id=site.person("苏白露"), track="party", kind="serious_warning",
        decided_on=start, effective_on=start, document_no="星纪〔2026〕8号", is_late_entry=False,
        registered_at=site.office.begin().now,
    )  # fmt: skip
    scenes.put(
        site, cases.impact_period, case_id=case_id, person_id=site.person("苏白露"), measure_id=measure,
        bar="promotion", months=18, starts_on=start, ends_on=start + timedelta(days=500), rule="end_day_barred",
    )  # fmt: skip

    view = shown(site, "jiandu1", plan_id)

    assert [(line.track, line.kind, line.document_no) for line in view.measures] == [
        ("党纪处分", "党内严重警告", "星纪〔2026〕8号")
    ]
    (period,) = view.periods
    assert (period.bar, period.state, period.days_left) == ("不得提拔、进一步使用、晋升职级", "running", 500)
    assert period.basis == "党纪处分：党内严重警告（星纪〔2026〕8号）"
    assert any("届满日当日仍受限制" in line for line in period.explanation)
