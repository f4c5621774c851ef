"""The demo cases 示例卷宗, made by running the real processes under a shifted clock; no row is written by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from webapp.domain.errors import NotAllowed
from webapp.domain.meetings import NOTICE_DAYS
from webapp.domain.workdays import BUSINESS_ZONE, add_months, days_in_month, local_date
from webapp.persistence.models import administration
from webapp.services.demo import clock, progress, scenes
from webapp.services.demo.scenes import person, post
from webapp.services.demo.staff import MORNING, Staff
from webapp.services.office import Office

KEY = "demo_story"
PATIENCE = 5.0
# The cadres of the three cases, and what was decided on them.
PUNISHED, DEMOTED, PROPOSED = "白南星", "苏白露", "叶小满"
PUNISHED_MENTOR, DEMOTED_MENTOR = "程立秋", "钟谷雨"
WARNED_AGO = 13
DEMOTED_AGO = 8
OVERDUE_DAYS = 10
FRIDAY = 4
PROPOSED_DAYS_AGO = 25
LEFT_LYING = ("hold_visit", "supervise_7", "supervise_15", "supervise_30")


def load(office: Office) -> None:
    """Load the three cases once; a second call does nothing. NotAllowed where the clock may not be shifted."""
    if not office.shifted:
        raise NotAllowed("正式环境不能载入示例卷宗，也不能拨动时钟。")
    if not _begin(office):
        return
    told = Story(Staff(office, patience=PATIENCE), datetime.now(UTC))
    scenes_ = told.scenes()
    stage = "示例卷宗已载入"
    try:
        clock.place(office, datetime.combine(told.ago(WARNED_AGO), MORNING, BUSINESS_ZONE))
        for done, (words, scene) in enumerate(scenes_):
            progress.write(office.begin(), done=done, total=len(scenes_), stage=words, loading=True)
            scene()
    except BaseException:
        stage = "示例卷宗未能全部载入"
        raise
    finally:
        clock.reset(office)
        progress.write(office.begin(), done=len(scenes_), total=len(scenes_), stage=stage, loading=False)


def _begin(office: Office) -> bool:
    """Note that the story is told; False when it was begun before, whether it came to its end or not."""
    work = office.begin()
    with work:
        if work.one(administration.setting, key=KEY) is not None:
            return False
        work.put(administration.setting, {"key": KEY, "value": {"begun": True}})
        work.settle()
    return True


@dataclass
class Story:
    """Three lives on one clock: a punished cadre on the way up, a demoted one tracked, one before the committee."""

    staff: Staff
    now: datetime
    cases: dict[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The real day, on which the story arrives."""
        return local_date(self.now)

    def ago(self, months: int, days: int = 0) -> date:
        """A day before today."""
        first = add_months(self.today.replace(year=self.today.year - 10, day=1), 120 - months)
        last = days_in_month(first.year, first.month)
        return first.replace(day=min(self.today.day, last)) - timedelta(days=days)

    def scenes(self) -> list[tuple[str, Callable[[], None]]]:
        """What is told, in order of time, with the words shown meanwhile."""
        return [
            ("登记处分决定", self.punish),
            ("处分人员建档、确定帮带责任人", self.track_punished),
            ("跟踪管理与回访", self.live_until_demotion),
            ("另一名干部：研判、核实", self.verify_demoted),
            ("部务会、常委会讨论决定", self.demote),
            ("调整谈话、任免手续、跟踪方案", self.track_demoted),
            ("两名干部的回访和帮带记实", self.live_until_expiry),
            ("期满评估与结论", self.conclude_punished),
            ("第三名干部：研判、核实", self.verify_proposed),
            ("提请常委会讨论", self.propose_third),
            ("重新任用动议", self.initiate_punished),
            ("考察与任前核查", self.examine_punished),
            ("到今天为止", self.arrive),
        ]

    # The punished cadre

    def punish(self) -> None:
        """A serious decision arrives by the second door, is announced and executed."""
        day = self.staff.today.isoformat()
        self.cases[PUNISHED] = scenes.take_in(
            self.staff, person(PUNISHED), late_entry="no", track="party", kind="warning", decided_on=day,
            effective_on=day, tracking_class="A",
        )  # fmt: skip
        case_id = self.cases[PUNISHED]
        self.staff.wait(3)
        talkers = [self.staff.person("shenli"), self.staff.person("jiandu1")]
        self.staff.do(case_id, "announce", "shenli", talkers=talkers, talk_signed="signed")
        self.staff.do(case_id, "execution_formalities", "ganbu1", post_changed="no", extended="no")
        self.staff.do(case_id, "report_execution", "jiandu1")

    def track_punished(self) -> None:
        """The discipline organ opens the file, the unit makes the plan."""
        self.staff.wait(4)
        scenes.set_up_tracking(self.staff, self.cases[PUNISHED], mentor=person(PUNISHED_MENTOR))

    def live_until_demotion(self) -> None:
        """The first months of tracking."""
        scenes.live(self.staff, self.cases[PUNISHED], self.ago(DEMOTED_AGO, OVERDUE_DAYS + 20))

    def live_until_expiry(self) -> None:
        """Both are tracked until the punished cadre's period nears its end."""
        scenes.live(self.staff, self.cases[PUNISHED], self.ago(1, 20), also=[self.cases[DEMOTED]])

    def conclude_punished(self) -> None:
        """The review, the wait until the day after the last day, the recommendation."""
        over = add_months(self.ago(WARNED_AGO), 12)
        scenes.conclude(self.staff, self.cases[PUNISHED], max(over, self.staff.today))

    def initiate_punished(self) -> None:
        """The section proposes the way up, the department's meeting agrees."""
        scenes.initiate(self.staff, self.cases[PUNISHED], branch="further_use", post_id=post("wlj:deputy"))
        self.staff.meet("dept", self.cases[PUNISHED])
        self.staff.do(self.cases[PUNISHED], "recommend", "ganbu1", recommendation_outcome="supported")
        self.staff.wait(2)
        self.staff.meet("dept", self.cases[PUNISHED])

    def examine_punished(self) -> None:
        """The examination begins: its checks lie in many people's hands."""
        team = [self.staff.person("heshi1"), self.staff.person("heshi2")]
        self.staff.do(self.cases[PUNISHED], "set_up_examination", "ganbu1", team=team, team_leader=team[0])

    # The demoted cadre

    def verify_demoted(self) -> None:
        """From the signal to the determination."""
        self.cases[DEMOTED] = scenes.open_and_verify(self.staff, person(DEMOTED))

    def demote(self) -> None:
        """The department's meeting, the committee, on the day from which everything counts."""
        case_id, manner, to = self.cases[DEMOTED], "demotion", post("fgj:rank")
        scenes.propose_and_consult(self.staff, case_id, manner=manner, post_id=to, days=5)
        day = self.ago(DEMOTED_AGO, OVERDUE_DAYS)
        day -= timedelta(days=max(day.weekday() - FRIDAY, 0))
        self.staff.until(max(self.staff.today, day - timedelta(days=NOTICE_DAYS)))
        self.staff.meet("committee", case_id)
        scenes.decide(self.staff, case_id, manner=manner, post_id=to)

    def track_demoted(self) -> None:
        """The talk, the formalities, the plan."""
        self.staff.wait(2)
        scenes.talk_and_appoint(self.staff, self.cases[DEMOTED])
        self.staff.wait(5)
        scenes.set_up_tracking(self.staff, self.cases[DEMOTED], mentor=person(DEMOTED_MENTOR))

    # The third one

    def verify_proposed(self) -> None:
        """Weeks ago: from the signal to the determination."""
        self._go_on(self.today - timedelta(days=PROPOSED_DAYS_AGO))
        self.cases[PROPOSED] = scenes.open_and_verify(
            self.staff, person(PROPOSED), situation="U07_weak_drive"
        )

    def propose_third(self) -> None:
        """The proposal is through the department's meeting and waits for the committee."""
        self._go_on(self.staff.today + timedelta(days=5))
        manner, to = "lateral_transfer", post("jyj:deputy")
        scenes.propose_and_consult(self.staff, self.cases[PROPOSED], manner=manner, post_id=to, days=3)

    def arrive(self) -> None:
        """The last days: the demoted cadre's second visit is prepared and then left lying."""
        self._go_on(self.today)

    def _go_on(self, day: date) -> None:
        scenes.live(self.staff, self.cases[DEMOTED], min(day, self.today), leave=LEFT_LYING)
