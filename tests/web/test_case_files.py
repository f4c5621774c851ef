"""What one step left is at hand at the next, for those who see the whole case; roles read as people say them."""

import io

from tests.queries import scenes
from tests.site import Site, user_id
from webapp.persistence.models import runtime


def attached(site: Site) -> tuple[str, str]:
    """A case whose first step has a scan → case, the task after it."""
    case = site.open_case("苏白露")
    task = site.task(case, "assess")
    jiandu = site.as_("jiandu1")
    jiandu.post(f"/tasks/{task}/claim")
    scan = {"file": (io.BytesIO(b"%PDF-1.7 scan"), "研判会议纪要.pdf"), "note": ""}
    assert jiandu.post(f"/tasks/{task}/attach", scan).status_code == 303
    own = scenes.text(jiandu, f"/tasks/{task}")
    assert "研判会议纪要.pdf" in own
    assert "卷宗中其他环节的附件" not in own
    site.complete(task, "jiandu1", assessment_outcome="open_case", assessment_text="建议启动核实。")
    return case, site.task(case, "propose_opening")


def test_the_next_step_shows_what_the_last_one_left(site: Site) -> None:
    _, task = attached(site)

    page = scenes.text(site.as_("fubuzhang1"), f"/tasks/{task}")

    assert "卷宗中其他环节的附件（1件）" in page
    assert "研判会议纪要.pdf" in page


def test_who_sees_only_the_own_part_gets_only_the_own_files(site: Site) -> None:
    _, task = attached(site)
    zzb = site.rows(runtime.work_candidate, work_item_id=task)[0]["organisation_id"]
    site.change(
        runtime.work_candidate, {"work_item_id": task}, {"role": "verification_team", "organisation_id": zzb}
    )
    site.change(runtime.work_item, {"id": task}, {"assignee_id": user_id("heshi1")})

    page = scenes.text(site.as_("heshi1"), f"/tasks/{task}")

    assert "研判会议纪要.pdf" not in page


def test_the_frame_names_first_what_leads(site: Site) -> None:
    assert "组织部部长" in scenes.text(site.as_("changwei03"), "/inbox").partition("退出登录")[0]
    head = site.as_("changwei03").get("/inbox").text
    assert head.index("组织部部长") < head.index("党委常委（委员）")
