"""A due day is explained wherever it stands: on the task, in the case, in the inbox."""

from tests.queries.scenes import text
from tests.site import Site
from webapp.domain.workdays import zh_date
from webapp.persistence.models import runtime


def test_the_day_counted_from_and_how_far_stand_beside_every_due_day(site: Site) -> None:
    case_id = site.open_case("苏白露")
    (row,) = site.rows(runtime.work_item, case_id=case_id, status="open")
    assert row["due_basis"] == f"{site.today.isoformat()}+W5"
    told, section = f"{zh_date(site.today)} + 5个工作日", site.as_("jiandu1")
    for path in (f"/tasks/{row['id']}", f"/cases/{case_id}", "/?tab=group"):
        assert told in text(section, path), path
