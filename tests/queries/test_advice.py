"""What the rule tables said stands before the eyes of whoever decides, in words."""

from tests.site import Site
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post
from webapp.services.demo.staff import Staff

SIGNAL = {
    "source": "annual_appraisal", "situation_codes": ["U08_insufficient_ability"], "severity_reported": "high",
    "source_count": 2, "credibility": "plausible",
}  # fmt: skip


def told(site: Site, login: str, task_id: str) -> str:
    page = site.as_(login).get(f"/tasks/{task_id}").text
    _, mark, rest = page.partition('aria-label="规则参考"')
    assert mark, "the page shows no advice"
    return rest.partition("由系统按规则表测算")[0]


def test_the_grading_of_a_signal_is_shown_to_whoever_assesses_it(site: Site) -> None:
    staff = Staff(site.office)
    case_id = staff.open_case("ganbu1", person("苏白露"), **SIGNAL)

    words = told(site, "jiandu1", staff.task(case_id, "assess")["id"])

    assert "苗头分级参考" in words
    assert "启动核实" in words
    assert "见原样记录" not in words


def test_the_advised_manner_is_shown_to_whoever_proposes(site: Site) -> None:
    staff = Staff(site.office)
    case_id = scenes.open_and_verify(staff, person("温霜降"))

    words = told(site, "ganbu1", staff.task(case_id, "propose")["id"])

    assert "调整方式参考" in words
    assert "联系类别：重点联系" in words
    assert "见原样记录" not in words


def test_the_reckoned_period_is_shown_to_whoever_countersigns_a_lighter_way(site: Site) -> None:
    staff = Staff(site.office)
    case_id = scenes.open_and_verify(staff, person("温霜降"))
    answers = {
        **scenes.PLAIN,
        "lighter_track": "yes",
        "manner": "demotion",
        "target_post_id": post("fgj:rank"),
    }
    staff.do(case_id, "propose", "ganbu1", **answers)

    words = told(site, "changwei03", staff.task(case_id, "countersign_lighter")["id"])

    assert "测算影响期" in words
    assert "：24" in words
    assert "见原样记录" not in words
