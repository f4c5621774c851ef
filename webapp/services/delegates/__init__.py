"""What a service task may call 服务: every reviewed delegate in one visible list."""

from collections.abc import Callable, Mapping

from webapp.services.advance import Call
from webapp.services.delegates import (
    agenda,
    appeals,
    appointments,
    endings,
    measures,
    notes,
    plans,
    reinstatement,
    visits,
)

Delegate = Callable[[Call], Mapping[str, object]]

DELEGATES: Mapping[str, Delegate] = {
    "put_on_agenda": agenda.put_on_agenda,
    "recall_agenda_item": agenda.recall_agenda_item,
    "register_measure": measures.register_measure,
    "open_impact_periods": measures.open_impact_periods,
    "record_deemed_consent": measures.record_deemed_consent,
    "record_talk": measures.record_talk,
    "apply_adjustment": appointments.apply_adjustment,
    "appoint": appointments.appoint,
    "confirm_appointment": appointments.confirm_appointment,
    "end_probation_appointment": appointments.end_probation_appointment,
    "open_tracking": plans.open_tracking,
    "read_plan": plans.read_plan,
    "set_class": plans.set_class,
    "assign_mentor": plans.assign_mentor,
    "extend_plan": plans.extend_plan,
    "close_plan": plans.close_plan,
    "open_reuse_tracking": visits.open_reuse_tracking,
    "plan_visits": visits.plan_visits,
    "reschedule_visits": visits.reschedule_visits,
    "read_visit": visits.read_visit,
    "postpone_visit": visits.postpone_visit,
    "cancel_visit": visits.cancel_visit,
    "record_visit": visits.record_visit,
    "plan_notes": notes.plan_notes,
    "read_note": notes.read_note,
    "record_note": notes.record_note,
    "raise_assessment_item": notes.raise_assessment_item,
    "read_reinstatement_facts": reinstatement.read_reinstatement_facts,
    "check_eligibility": reinstatement.check_eligibility,
    "record_not_reinstated": reinstatement.record_not_reinstated,
    "open_publicity": reinstatement.open_publicity,
    "close_publicity": reinstatement.close_publicity,
    "accept_appeal": appeals.accept_appeal,
    "extend_appeal": appeals.extend_appeal,
    "check_panel": appeals.check_panel,
    "decide_appeal": appeals.decide_appeal,
    "answer_appeal": appeals.answer_appeal,
    "apply_appeal_result": appeals.apply_appeal_result,
    "close_case": endings.close_case,
}
