"""The gates that stand in the services themselves, whatever a diagram asks of them."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from bench import world as worlds
from webapp.crypto.keyring import Keyring
from webapp.domain.errors import Invalid, NotAllowed, RuleBroken
from webapp.domain.workdays import zh_date
from webapp.persistence.models import cases, people, runtime, tracking
from webapp.services import eligibility, readiness, step_rules
from webapp.services.advance import Call, Run
from webapp.services.delegates import DELEGATES
from webapp.services.desk import CaseStanding
from webapp.services.forms import Answers
from webapp.services.office import Work
from webapp.services.sealing import seal_values


class Counter:
    """A case in an open transaction at which services can be asked for by their names."""

    def __init__(self, world: worlds.World, work: Work, case_id: str, instance_id: str) -> None:
        self.instance_id = instance_id
        self.world, self.work, self.today = world, work, work.today
        self.case = CaseStanding(
            id=case_id, number="样例〔2026〕1", person_id=world.cadre_id, committee_id=world.committee_id,
            unit_id=world.unit_id, stage="tracking", status="open", talked_on=None, stream=f"case:{case_id}",
            policy={}, bodies={"committee": world.committee_id, "unit": world.unit_id},
        )  # fmt: skip

    def ask(
        self, delegate: str, /, *, knowing: Mapping[str, object] = MappingProxyType({}), **inputs: object
    ) -> Any:
        """What the service answers to these inputs, where the process knows of these variables."""
        run = Run(
            work=self.work, instance_id=self.instance_id, definition_id=str(uuid4()), definition=None, state=None,
            rev=0, stream=self.case.stream, case=self.case,
        )  # fmt: skip
        return DELEGATES[delegate](Call(run, "element", inputs, knowing))

    def put(self, table: Any, **row: object) -> str:
        """A row → its id."""
        values = {"id": str(uuid4()), **row}
        self.work.insert(table, values)
        return str(values["id"])

    def settle_the_case(self, stage: str = "up", **values: object) -> None:
        """The case is past its decision."""
        self.work.update(cases.case_file, {"id": self.case.id}, {"stage": stage, **values})

    def settle_for_the_way_up(self) -> None:
        """Nothing bars the cadre from a post: the case decided, last year appraised."""
        self.settle_the_case()
        self.work.insert(
            people.appraisal,
            {"person_id": self.case.person_id, "year": self.today.year - 1, "grade": "competent"},
        )

    def plan(self) -> str:
        """The id of the cadre's plan, opened by the service."""
        opened = self.ask(
            "open_tracking", tracking_class="A", care="education", opened_on=self.today.isoformat()
        )
        return str(opened["plan_id"])

    def period(self, ends_on: date) -> None:
        """An impact period of the case until a day."""
        begun = {"case_id": self.case.id, "person_id": self.case.person_id}
        measure = self.put(
            cases.measure, **begun, track="up_down", kind="demotion", decided_on=self.today, effective_on=self.today,
            registered_at=self.work.now,
        )  # fmt: skip
        self.put(
            cases.impact_period, **begun, measure_id=measure, bar="promotion", months=24, starts_on=self.today,
            ends_on=ends_on, rule="end_day_barred",
        )  # fmt: skip


@pytest.fixture
def counter(sqlite_engine: Engine, keyring: Keyring) -> Iterator[Counter]:
    """A case of the smallest office; nothing outlives the test."""
    world = worlds.build(sqlite_engine, keyring)
    case_id = world.open_case("样例〔2026〕1")
    instance_id, _ = world.begin(case_id)
    with world.office.begin() as work:
        yield Counter(world, work, case_id, instance_id)


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def test_a_second_measure_joins_the_plan_that_runs_and_never_lightens_it(counter: Counter) -> None:
    first = counter.ask(
        "open_tracking", tracking_class="B", care="education", opened_on=counter.today.isoformat()
    )
    counter.period(counter.today + timedelta(days=700))

    second = counter.ask(
        "open_tracking", tracking_class="A", care="education", opened_on=counter.today.isoformat()
    )

    (plan,) = counter.work.all(tracking.tracking_plan, person_id=counter.case.person_id)
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["plan_id"] == second["plan_id"] == plan["id"]
    assert (plan["tracking_class"], plan["latest_end"]) == ("B", counter.today + timedelta(days=700))


def test_a_plan_is_not_closed_while_a_period_runs_unless_for_cause(counter: Counter) -> None:
    plan_id = counter.plan()
    counter.period(counter.today)

    with pytest.raises(RuleBroken) as early:
        counter.ask("close_plan", plan_id=plan_id, conclusion="closed")

    assert codes(early) == ["IMPACT_RUNNING", "MENTOR_MISSING"]
    counter.ask("close_plan", plan_id=plan_id, conclusion="terminated")
    assert counter.work.get(tracking.tracking_plan, id=plan_id)["status"] == "closed"


def test_the_cadre_is_not_the_own_helper(counter: Counter) -> None:
    with pytest.raises(NotAllowed):
        counter.ask("assign_mentor", plan_id=counter.plan(), mentor_id=counter.case.person_id)


class Visit:
    """A visit under way at the counter, and what its process has got done."""

    def __init__(self, counter: Counter, *, visitors: int = 2) -> None:
        self.counter = counter
        self.actors = counter.world.actors[:visitors]
        self.id = counter.put(
            tracking.visit, plan_id=counter.plan(), case_id=counter.case.id, kind="first", due_on=counter.today,
            status="started",
        )  # fmt: skip

    def done(self, element: str, *, by: int = 0, **written: str) -> None:
        """One of the visitors has completed an element, with these words in it."""
        item = self.counter.put(
            runtime.work_item, instance_id=self.counter.instance_id, case_id=self.counter.case.id,
            process_key="p03_return_visit", element_id=element, name=element, status="completed",
            completed_by=self.actors[by].user_id, opened_at=self.counter.work.now, locals={},
        )  # fmt: skip
        seal_values(
            self.counter.work, written, case_id=self.counter.case.id, owner_kind="form", owner_id=item
        )

    def signed_and_graded(self) -> None:
        """Every visitor has signed, one has written why the grade is what it is."""
        for number in range(len(self.actors)):
            self.done("sign_visit", by=number)
        self.done("grade_visit", grade_evidence="走访班子成员五人，查看工作台账")

    def file(self, **knowing: object) -> None:
        """The process asks for the visit to be filed."""
        who = [str(actor.person_id) for actor in self.actors]
        record = {"visit_id": self.id, "held_on": self.counter.today, "grade": "good", "visitors": who}
        self.counter.ask("record_visit", knowing={"signing": "paper", **knowing}, **record)

    def refused(self, **knowing: object) -> list[str]:
        """Why it is not filed."""
        with pytest.raises(RuleBroken) as unfit:
            self.file(**knowing)
        assert self.counter.work.get(tracking.visit, id=self.id)["status"] == "started"
        return codes(unfit)


@pytest.mark.parametrize("visitors", [0, 1])
def test_a_visit_is_filed_with_two_visitors_only(counter: Counter, visitors: int) -> None:
    visit = Visit(counter, visitors=visitors)
    visit.actors = counter.world.actors[:1]
    visit.done("grade_visit", grade_evidence="走访班子成员五人，查看工作台账")
    visit.done("sign_visit")
    visit.actors = counter.world.actors[:visitors]

    assert visit.refused() == ["VISITORS"]


def test_a_visit_is_filed_signed_by_every_visitor_with_the_grounds_of_its_grade(counter: Counter) -> None:
    visit = Visit(counter)
    assert visit.refused() == ["VISITORS_UNSIGNED", "EVIDENCE"]
    visit.done("sign_visit")
    visit.done("sign_visit")
    assert visit.refused() == ["VISITORS_UNSIGNED", "EVIDENCE"]

    visit.signed_and_graded()
    visit.file()

    assert counter.work.get(tracking.visit, id=visit.id)["status"] == "held"


def test_a_visit_is_filed_with_the_cadres_signature_or_a_note_why_there_is_none(counter: Counter) -> None:
    visit = Visit(counter)
    visit.signed_and_graded()

    assert visit.refused(signing="online", subject_answer="refused") == ["SUBJECT_SIGNATURE"]
    visit.done("note_refusal", refusal_reason="本人对措辞有不同意见")
    visit.file(signing="online", subject_answer="refused")

    assert counter.work.get(tracking.visit, id=visit.id)["status"] == "held"


def test_publicity_of_four_working_days_is_refused(counter: Counter) -> None:
    with pytest.raises(Invalid) as short:
        counter.ask("open_publicity", starts_on=counter.today.isoformat(), working_days=4, kind="promotion")
    assert set(short.value.problems) == {"working_days"}


@pytest.mark.parametrize(
    ("policy", "days"), [({}, 5), ({"publicity_workdays": 7}, 7), ({"publicity_workdays": 3}, 5)]
)
def test_the_cases_own_rule_lengthens_the_publicity_and_never_shortens_it(
    counter: Counter, policy: dict[str, int], days: int
) -> None:
    counter.case.policy = policy
    day = counter.today.isoformat()
    counter.ask(
        "open_publicity", knowing={"decided_on": day}, starts_on=day, working_days=5, kind="promotion"
    )

    assert counter.work.get(cases.publicity, case_id=counter.case.id)["working_days"] == days


def test_probation_is_confirmed_only_after_its_last_day(counter: Counter) -> None:
    post = counter.put(
        people.post, organisation_id=counter.world.unit_id, title="副局长", rank="副处", kind="department_deputy",
        has_probation=True,
    )  # fmt: skip
    held = {
        "person_id": counter.case.person_id,
        "post_id": post,
        "manner": "probation",
        "valid_from": counter.today,
    }
    last_day = counter.put(people.appointment, **held, probation_ends_on=counter.today)
    over = counter.put(people.appointment, **held, probation_ends_on=counter.today - timedelta(days=1))

    passed = {"probation_outcome": "pass"}
    counter.settle_the_case()

    with pytest.raises(RuleBroken) as early:
        counter.ask("confirm_appointment", appointment_id=last_day, knowing=passed)
    with pytest.raises(RuleBroken) as unappraised:
        counter.ask("confirm_appointment", appointment_id=over)
    counter.ask("confirm_appointment", appointment_id=over, knowing=passed)

    assert codes(early) == ["PROBATION_RUNNING"]
    assert codes(unappraised) == ["PROBATION_APPRAISAL"]
    assert counter.work.get(people.appointment, id=last_day)["confirmed_on"] is None
    assert counter.work.get(people.appointment, id=over)["confirmed_on"] == counter.today


def test_a_plan_is_not_closed_while_a_visit_that_fell_due_is_not_held(counter: Counter) -> None:
    plan_id = counter.plan()
    counter.put(
        tracking.visit, plan_id=plan_id, case_id=counter.case.id, kind="periodic", due_on=counter.today,
        status="started",
    )  # fmt: skip

    with pytest.raises(RuleBroken) as early:
        counter.ask("close_plan", plan_id=plan_id, conclusion="closed")

    assert "VISITS_OPEN" in codes(early)


def test_who_fails_probation_is_back_at_the_former_rank_from_the_next_day(counter: Counter) -> None:
    former = counter.work.get(people.cadre, person_id=counter.case.person_id, valid_to=None)
    post = counter.put(
        people.post, organisation_id=counter.case.unit_id, title="副局长", rank="副处", kind="department_deputy",
        has_probation=True,
    )  # fmt: skip
    day = counter.today.isoformat()
    counter.settle_for_the_way_up()
    level = {"branch": "same_level"}
    held = counter.ask(
        "appoint", knowing=level, post_id=post, decided_on=day, effective_on=day, probation=True
    )

    counter.ask("end_probation_appointment", appointment_id=held["appointment_id"])

    now = counter.work.get(people.cadre, person_id=counter.case.person_id, valid_to=None)
    assert (now["rank"], now["title"]) == (former["rank"], former["title"])
    assert now["valid_from"] == counter.today + timedelta(days=1)


def test_what_the_initiation_finds_against_the_cadre_bars_it(counter: Counter) -> None:
    found = eligibility.check(
        counter.work,
        counter.case.person_id,
        action="promotion",
        step="initiation",
        today=counter.today,
        variables={
            "nature_excluded": True,
            "disqualifiers": ["canvassing"],
            "unmet_qualifications": ["years"],
            "open_appeal": True,
        },
    )

    assert {reason.code for reason in found.reasons} >= {"NATURE_EXCLUDED", "DISQUALIFIED", "QUALIFICATION"}
    assert [notice.code for notice in found.notices] == ["APPEAL_OPEN"]


def post_on_probation(counter: Counter) -> str:
    """A deputy's post of the cadre's unit."""
    return counter.put(
        people.post, organisation_id=counter.world.unit_id, title="副局长", rank="副处", kind="department_deputy",
        has_probation=True,
    )  # fmt: skip


def test_nobody_is_confirmed_while_a_matter_is_open_or_referred_without_word_since(counter: Counter) -> None:
    over = counter.put(
        people.appointment, person_id=counter.case.person_id, post_id=post_on_probation(counter),
        manner="probation", valid_from=counter.today, probation_ends_on=counter.today - timedelta(days=1),
    )  # fmt: skip

    def refused() -> list[str]:
        with pytest.raises(RuleBroken) as held:
            counter.ask("confirm_appointment", appointment_id=over, knowing={"probation_outcome": "pass"})
        return codes(held)

    counter.settle_the_case("verification")
    assert refused() == ["OPEN_MATTER"]
    counter.settle_the_case("measure_intake")
    assert refused() == ["OPEN_MATTER"]
    closed = {"status": "closed", "outcome": "referred", "closed_at": counter.work.now}
    counter.settle_the_case("closed", **closed)
    assert refused() == ["OPEN_MATTER"]

    # The discipline organ's decision has come in by the second door.
    counter.settle_the_case("closed", **{**closed, "closed_at": counter.work.now - timedelta(days=1)})
    counter.period(counter.today)
    assert refused() == ["PROBATION_BARRED"]
    counter.work.update(cases.impact_period, {"case_id": counter.case.id}, {"ends_on": date(2000, 1, 1)})
    counter.ask("confirm_appointment", appointment_id=over, knowing={"probation_outcome": "pass"})


def test_a_measure_of_the_probation_holds_the_confirmation_and_is_named(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = counter.put(
        people.appointment, person_id=counter.case.person_id, post_id=post_on_probation(counter),
        manner="probation", valid_from=counter.today, probation_ends_on=counter.today - timedelta(days=1),
    )  # fmt: skip
    counter.settle_the_case()
    counter.period(counter.today + timedelta(days=30))
    counter.work.update(cases.measure, {"case_id": counter.case.id}, {"document_no": "示例〔2026〕7号"})
    known = {"probation_outcome": "pass", "branch": "promotion", "appointment": {"appointment_id": over}}

    with pytest.raises(RuleBroken) as held:
        counter.ask("confirm_appointment", appointment_id=over, knowing=known)

    (reason,) = held.value.reasons
    assert reason.code == "PROBATION_BARRED"
    assert f"降职（不适宜担任现职）（{zh_date(counter.today)}决定，示例〔2026〕7号）" in reason.sentence
    assert f"至{zh_date(counter.today + timedelta(days=30))}" in reason.sentence
    assert counter.work.get(people.appointment, id=over)["confirmed_on"] is None
    # Whoever appraises, and the committee when the item is called, hear the same; who proposes the removal does not.
    assert eligibility.barred_from_passing(counter.work, known, counter.today) == [reason]
    appraise = step_rules.RULES["p04_reinstatement", "appraise_probation"]
    desk: Any = SimpleNamespace(case=counter.case)
    told = Answers({"probation_outcome": "pass"}, {})
    assert appraise(step_rules.Step(counter.work, desk, told, {**known, "probation_outcome": None})) == [
        reason
    ]
    monkeypatch.setattr(readiness.bpmn, "variables", lambda _state: known)
    item = {
        "matter": "probation_end",
        "instance_id": counter.instance_id,
        "person_id": counter.case.person_id,
    }
    assert reason in readiness.reasons_against(counter.work, item)
    failed = {**known, "probation_outcome": "fail"}
    assert eligibility.barred_from_passing(counter.work, failed, counter.today) == []
    # Over by the day of the confirmation: no reason to wait.
    counter.work.update(
        people.appointment, {"id": over}, {"probation_ends_on": counter.today + timedelta(days=30)}
    )
    assert eligibility.barred_from_passing(counter.work, known, counter.today) == []
    counter.work.update(cases.measure, {"case_id": counter.case.id}, {"ended_by": "revoked"})
    counter.work.update(
        people.appointment, {"id": over}, {"probation_ends_on": counter.today - timedelta(days=1)}
    )
    counter.ask("confirm_appointment", appointment_id=over, knowing=known)


def test_nobody_takes_a_post_while_the_publicity_owed_is_missing_runs_or_is_objected_to(
    counter: Counter,
) -> None:
    day = counter.today.isoformat()
    asked = {"post_id": post_on_probation(counter), "decided_on": day, "effective_on": day}
    counter.settle_for_the_way_up()
    owed = {"branch": "same_level", "publicity_duty": {"required": True}}
    notice = counter.put(
        cases.publicity, case_id=counter.case.id, kind="promotion", starts_on=counter.today, working_days=5,
        ends_on=counter.today, closes_on=counter.today + timedelta(days=1), status="open",
    )  # fmt: skip
    published = {**owed, "publicity": {"publicity_id": notice}}

    def refused(**knowing: object) -> list[str]:
        with pytest.raises(RuleBroken) as held:
            counter.ask("appoint", knowing=knowing, **asked)
        return codes(held)

    assert refused(**owed) == ["PUBLICITY_MISSING"]
    assert refused(**published) == ["PUBLICITY_RUNNING"]
    past = {"ends_on": counter.today - timedelta(days=1), "closes_on": counter.today}
    counter.work.update(cases.publicity, {"id": notice}, past)
    objection = counter.put(
        cases.objection, publicity_id=notice, received_on=counter.today - timedelta(days=1), manner="letter"
    )
    assert refused(**published) == ["OBJECTION_OPEN"]
    affecting = {"conclusion": "affecting", "concluded_on": counter.today}
    counter.work.update(cases.objection, {"id": objection}, affecting)
    assert refused(**published) == ["OBJECTION_FOUNDED"]
    counter.work.update(cases.objection, {"id": objection}, {"conclusion": "unfounded"})
    assert counter.ask("appoint", knowing=published, **asked)["appointment_id"]


def test_a_plan_whose_visits_were_all_put_off_or_cancelled_is_told_of_on_the_way_up(counter: Counter) -> None:
    plan_id = counter.plan()
    tomorrow = counter.today + timedelta(days=1)

    def told() -> bool:
        found = eligibility.check(
            counter.work, counter.case.person_id, action="promotion", step="initiation", today=counter.today
        )
        assert "NOT_VISITED" not in {reason.code for reason in found.reasons}
        return "NOT_VISITED" in {notice.code for notice in found.notices}

    assert not told()
    visit = {"plan_id": plan_id, "case_id": counter.case.id, "due_on": tomorrow}
    counter.put(tracking.visit, **visit, kind="after_reuse", status="cancelled")
    cancelled = counter.put(tracking.visit, **visit, kind="first", status="cancelled")
    assert not told()  # Nothing has fallen due yet.
    closed = {"status": "closed", "conclusion": "recommended", "closed_on": counter.today}
    counter.work.update(tracking.tracking_plan, {"id": plan_id}, closed)
    assert told()
    counter.work.update(tracking.tracking_plan, {"id": plan_id}, {"care": "care"})
    assert not told()
    counter.work.update(tracking.tracking_plan, {"id": plan_id}, {"care": "education"})
    counter.work.update(tracking.visit, {"id": cancelled}, {"status": "held", "held_on": counter.today})
    assert not told()


def test_a_letter_that_an_earlier_publicity_left_open_holds_the_post_and_the_closing_of_the_next(
    counter: Counter,
) -> None:
    counter.settle_for_the_way_up()
    day, before = counter.today.isoformat(), counter.today - timedelta(days=1)
    about = {
        "kind": "promotion", "starts_on": before, "working_days": 5, "ends_on": before, "closes_on": counter.today
    }  # fmt: skip
    first = counter.put(cases.publicity, case_id=counter.case.id, status="closed", **about)
    second = counter.put(cases.publicity, case_id=counter.case.id, status="open", **about)
    letter = counter.put(cases.objection, publicity_id=first, received_on=before, manner="letter")
    asked = {"post_id": post_on_probation(counter), "decided_on": day, "effective_on": day}
    known = {
        "branch": "same_level",
        "publicity_duty": {"required": True},
        "publicity": {"publicity_id": second},
    }

    assert counter.ask("close_publicity", publicity_id=second) == {"open_objections": 1, "objections": 0}
    assert counter.work.get(cases.publicity, id=second)["status"] == "open"
    for knowing in (known, {"branch": "same_level"}):
        with pytest.raises(RuleBroken) as held:
            counter.ask("appoint", knowing=knowing, **asked)
        (reason,) = held.value.reasons
        assert (reason.code, reason.sentence[:9]) == ("OBJECTION_OPEN", "前次公示有1件反映")

    found = {"conclusion": "unfounded", "concluded_on": counter.today}
    counter.work.update(cases.objection, {"id": letter}, found)
    assert counter.ask("close_publicity", publicity_id=second) == {"open_objections": 0, "objections": 0}
    assert counter.ask("appoint", knowing=known, **asked)["appointment_id"]


def test_a_plan_opens_on_the_day_its_measure_takes_effect_save_for_one_entered_late(counter: Counter) -> None:
    measure = counter.put(
        cases.measure, case_id=counter.case.id, person_id=counter.case.person_id, track="party", kind="warning",
        decided_on=counter.today, effective_on=counter.today - timedelta(days=3), registered_at=counter.work.now,
    )  # fmt: skip
    asked = {"tracking_class": "A", "care": "education", "opened_on": counter.today, "measure_id": measure}

    with pytest.raises(RuleBroken) as elsewhen:
        counter.ask("open_tracking", **asked)

    assert codes(elsewhen) == ["PLAN_SAME_DAY"]
    counter.work.update(cases.measure, {"id": measure}, {"is_late_entry": True})
    assert counter.ask("open_tracking", **asked)["is_new"]


def test_nobody_rises_under_the_name_of_a_move_at_the_same_level(counter: Counter) -> None:
    key = {"person_id": counter.case.person_id, "valid_to": None}
    counter.work.update(people.cadre, key, {"rank": "副处"})
    chief = counter.put(
        people.post, organisation_id=counter.world.unit_id, title="局长", rank="正处", kind="department_chief"
    )

    for branch in ("same_level", "further_use"):
        with pytest.raises(Invalid) as disguised:
            counter.ask("read_reinstatement_facts", branch=branch, post_id=chief)
        assert set(disguised.value.problems) == {"branch"}
    assert counter.ask("read_reinstatement_facts", branch="promotion", post_id=chief)["chief"]


def test_only_last_years_appraisal_counts(counter: Counter) -> None:
    def reasons() -> set[str]:
        found = eligibility.check(
            counter.work, counter.case.person_id, action="promotion", step="initiation", today=counter.today
        )
        return {reason.code for reason in found.reasons}

    mine = {"person_id": counter.case.person_id}
    counter.work.put(people.appraisal, {**mine, "year": counter.today.year - 2, "grade": "excellent"})
    assert "APPRAISAL_MISSING" in reasons()
    counter.work.put(
        people.appraisal, {**mine, "year": counter.today.year - 1, "grade": "basically_competent"}
    )
    assert "APPRAISAL" in reasons()
    counter.work.put(people.appraisal, {**mine, "year": counter.today.year - 1, "grade": "competent"})
    assert not reasons() & {"APPRAISAL", "APPRAISAL_MISSING"}


def test_the_annual_summary_tells_the_years_appraisal(counter: Counter) -> None:
    note = counter.put(
        tracking.periodic_note,
        plan_id=counter.plan(),
        kind="annual",
        due_on=date(2025, 12, 15),
        status="started",
    )

    counter.ask("record_note", note_id=note, knowing={"appraisal_grade": "competent"})

    row = counter.work.get(people.appraisal, person_id=counter.case.person_id, year=2025)
    assert row["grade"] == "competent"


def test_the_double_signature_is_given_by_two_persons_and_lately(counter: Counter) -> None:
    one, other = (actor.user_id for actor in counter.world.actors[:2])
    known = {"caseId": counter.case.id}

    def signed() -> bool:
        found = eligibility.facts_of(
            counter.work, counter.case.person_id, action="promotion", step="before_meeting",
            today=counter.today, post_id=None, variables=known,
        )  # fmt: skip
        return found.double_signature

    def sign(by: str, days_ago: int = 0) -> None:
        counter.put(
            runtime.work_item, instance_id=counter.instance_id, case_id=counter.case.id,
            process_key="p04_reinstatement", element_id="double_sign", name="双签字", status="completed",
            completed_by=by, opened_at=counter.work.now, closed_at=counter.work.now - timedelta(days=days_ago),
            locals={},
        )  # fmt: skip

    sign(one)
    sign(one)
    assert not signed()
    sign(other, days_ago=200)
    assert not signed()
    sign(other)
    assert signed()
