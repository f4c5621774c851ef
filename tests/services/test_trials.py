"""A trial runs a draft for real and touches nothing: no case, no person, no history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.site import Site, any_site, pg_site, pg_template, prepared, site
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from webapp.persistence.database import metadata
from webapp.persistence.models import designs
from webapp.services import definition_drafts, delegate_names, filler, trial_answers, trials
from webapp.services.delegates import DELEGATES
from webapp.services.trials import Trial

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]
KEY = "p02a_periodic_note"
NOTE = '{note_id: "n", plan_id: "p", note_kind: "mentor", due_on: "2026-03-02"}'
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
    '<process id="p20_loop" isExecutable="true">'
)
SERVICE = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:delegateExpression="set_class"'


def drafted(site: Site, key: str = KEY) -> str:
    return definition_drafts.begin(site.office.begin(), site.actor("liucheng"), key=key)


def own_draft(site: Site, body: str) -> str:
    """A draft of a new process with this inside."""
    actor = site.actor("liucheng")
    draft = definition_drafts.create(site.office.begin(), actor, key="p20_loop", name="循环")
    xml = f"{HEAD}{body}</process></definitions>".encode()
    definition_drafts.save(site.office.begin(), actor, draft_id=draft, revision=1, xml=xml)
    return draft


def started(site: Site, draft: str, text: str = NOTE) -> Trial:
    run = trials.start(site.office.begin(), site.actor("liucheng"), draft_id=draft, text=text)
    return look(site, run)


def look(site: Site, run_id: str) -> Trial:
    with site.office.glance() as glance:
        return trials.load(glance, site.actor("liucheng"), run_id)


def names(trial: Trial) -> list[str]:
    return [one["element_id"] for one in trial.waiting["tasks"].values()]


def counts(site: Site) -> Iterator[tuple[str, int]]:
    with site.office.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table is not designs.trial_run:
                yield table.name, connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_trial_walks_the_diagram_and_leaves_every_other_table_alone(any_site: Site) -> None:
    draft = drafted(any_site)
    before = dict(counts(any_site))

    trial = started(any_site, draft)
    (task,) = trial.waiting["tasks"].values()
    posted = filler.fill(trials.form_of(trial, task["id"]), now=trial.moment)
    actor = any_site.actor("liucheng")
    trials.complete(any_site.office.begin(), actor, run_id=trial.id, task_id=task["id"], posted=posted)

    assert names(trial) == ["write_note"]
    assert names(look(any_site, trial.id)) == ["check_note"]
    assert dict(counts(any_site)) == before
    calls = [one["detail"] for one in look(any_site, trial.id).trail if one["what"] == "call"]
    assert calls[0].startswith("read_note：care = education")


def test_the_suggested_answers_fit_and_the_trail_says_whose_they_are(site: Site) -> None:
    actor = site.actor("liucheng")
    with pytest.raises(Invalid):
        trials.start(site.office.begin(), actor, draft_id=drafted(site), text=NOTE, answers="guessed")
    (row,) = site.rows(designs.draft)
    run = trials.start(site.office.begin(), actor, draft_id=row["id"], text=NOTE, answers="suggested")
    for by_hand in (True, False):
        trial = look(site, run)
        (task,) = trial.waiting["tasks"].values()
        posted = trials.suggested(trial, task["id"])
        if by_hand:
            typed = next(name for name, value in posted.items() if isinstance(value, str) and "。" in value)
            posted = {**posted, typed: "本人填写的内容，另作说明。"}
        trials.complete(site.office.begin(), actor, run_id=run, task_id=task["id"], posted=posted)

    assert look(site, run).waiting["answers"] == "suggested"
    told = [one["detail"].partition("；")[0] for one in look(site, run).trail if one["what"] == "completed"]
    assert told == ["手工填写", "建议值"]


def test_the_people_suggested_for_a_visit_are_two_and_not_its_mentor(site: Site) -> None:
    actor = site.actor("liucheng")
    text = trial_answers.message_text("visit_due", site.today)
    draft = drafted(site, "p03_return_visit")
    run = trials.start(site.office.begin(), actor, draft_id=draft, text=text, answers="suggested")
    (task,) = look(site, run).waiting["tasks"].values()
    posted = trials.suggested(look(site, run), task["id"])
    sent = {**posted, "companions": ""}

    trials.complete(site.office.begin(), actor, run_id=run, task_id=task["id"], posted=sent)

    trial = look(site, run)
    assert names(trial) == ["hold_visit"]
    assert len(set(trial.variables["visitors"])) == 2
    (line,) = [one for one in trial.trail if one["what"] == "completed"]
    assert line["detail"].startswith("建议值")
    assert 'visitors = ["trial-person-2","trial-person-3"]' in line["detail"]


def test_values_are_told_as_feel_writes_them() -> None:
    assert [trials.feel_text(one) for one in (None, True, ["a"])] == ["null", "true", '["a"]']


def test_what_is_typed_without_a_variable_is_not_kept(site: Site) -> None:
    trial = started(site, drafted(site))
    (task,) = trial.waiting["tasks"].values()
    posted = filler.fill(trials.form_of(trial, task["id"]), now=trial.moment)
    posted |= {"talk_gist": "植入的个人情况，仅供测试。"}
    actor = site.actor("liucheng")
    trials.complete(site.office.begin(), actor, run_id=trial.id, task_id=task["id"], posted=posted)

    assert "植入的个人情况" not in str(site.rows(designs.trial_run))
    assert "植入的个人情况".encode() not in Path(str(site.office.engine.url.database)).read_bytes()


def test_a_form_that_is_not_filled_is_refused_as_in_a_case(site: Site) -> None:
    trial = started(site, drafted(site))
    (task,) = trial.waiting["tasks"].values()

    with pytest.raises(Invalid) as refused:
        trials.complete(
            site.office.begin(), site.actor("liucheng"), run_id=trial.id, task_id=task["id"], posted={}
        )

    assert "talk_gist" in refused.value.problems
    assert names(look(site, trial.id)) == ["write_note"]


def test_the_clock_of_a_trial_is_its_own(site: Site) -> None:
    trial = started(site, drafted(site))
    (timer,) = trial.waiting["timers"].values()
    moment = trial.moment

    trials.fire(site.office.begin(), site.actor("liucheng"), run_id=trial.id, timer_id=timer["id"])

    later = look(site, trial.id)
    assert sorted(names(later)) == ["press_for_note", "write_note"]
    assert later.moment >= moment
    with pytest.raises(Conflict):
        trials.fire(site.office.begin(), site.actor("liucheng"), run_id=trial.id, timer_id=timer["id"])


def test_an_endless_loop_is_stopped_with_a_sentence(site: Site) -> None:
    draft = own_draft(
        site,
        '<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="g"/><exclusiveGateway id="g" default="b"/>'
        f'<sequenceFlow id="b" sourceRef="g" targetRef="t"/><serviceTask id="t" {SERVICE}/>'
        '<sequenceFlow id="c" sourceRef="t" targetRef="g"/><sequenceFlow id="d" sourceRef="g" targetRef="e">'
        '<conditionExpression>=false</conditionExpression></sequenceFlow><endEvent id="e"/>',
    )

    with pytest.raises(Refused, match="自动环节超过50个"):
        trials.start(site.office.begin(), site.actor("liucheng"), draft_id=draft)
    assert site.rows(designs.trial_run) == []


def test_a_fault_of_the_diagram_is_told_with_the_step_it_happened_at(site: Site) -> None:
    draft = own_draft(
        site,
        '<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="g"/>'
        '<intermediateCatchEvent id="g" name="等到那天"><timerEventDefinition><timeDate>=caseNo</timeDate>'
        '</timerEventDefinition></intermediateCatchEvent><sequenceFlow id="b" sourceRef="g" targetRef="e"/>'
        '<endEvent id="e"/>',
    )

    with pytest.raises(Refused, match="走到“等到那天”时流程不能继续"):
        trials.start(site.office.begin(), site.actor("liucheng"), draft_id=draft)


def test_a_trial_ends_with_the_draft_it_began_on(site: Site) -> None:
    draft = drafted(site)
    trial = started(site, draft)
    with site.office.glance() as glance:
        name, xml = definition_drafts.read(glance, draft).diagram
    actor = site.actor("liucheng")
    definition_drafts.save(
        site.office.begin(),
        actor,
        draft_id=draft,
        revision=1,
        xml=xml.replace("核阅".encode(), "核审".encode()),
    )

    assert name.endswith(".bpmn")
    with pytest.raises(Conflict, match="重新开始试运行"):
        look(site, trial.id)


def test_a_trial_is_the_designers_own_and_only_the_last_three_are_kept(site: Site) -> None:
    draft = drafted(site)
    runs = [started(site, draft).id for _ in range(5)]

    assert len(site.rows(designs.trial_run)) == 3
    with pytest.raises(NotFound):
        look(site, runs[0])
    with site.office.glance() as glance:
        for login, refusal in (("liucheng2", NotFound), ("ganbu1", NotAllowed)):
            with pytest.raises(refusal):
                trials.load(glance, site.actor(login), runs[-1])


def test_what_a_message_carries_must_be_a_context(site: Site) -> None:
    draft = drafted(site)
    for text in ("{", "1", "{a: }", "x" * 5000, '"text"'):
        with pytest.raises(Invalid):
            started(site, draft, text)


def test_every_service_has_a_name_and_a_recorded_answer() -> None:
    assert delegate_names.NAMES.keys() == DELEGATES.keys()
    assert trial_answers.RESULTS.keys() == DELEGATES.keys()
