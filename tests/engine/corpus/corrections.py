"""Where our engine does otherwise than the plain one, and why; found by file and process."""

SECONDS = "times below a second mean nothing here; the linter refuses them and the engine says so"
BY_EVENT = "an instance that only an event starts begins when the event comes, not before"
CORRELATION = "messages are correlated by the key the diagram names, not by keys kept in the engine"
NO_SERVICE = (
    "a service task leaves the step as a call; the plain engine calls its environment, which has no service"
)
CONDITION = "a condition is evaluated when reached and when a variable changes, and no value is no fault"
DATA_OBJECT = "data objects say what flows and hold nothing; variables are those of the instance"
PAYLOAD = "what a signal carries is named by input parameters, not by an expression of the vendor"

CORRECTED: dict[str, str] = {
    "MessageBoundary.bpmn#Process_0srqcj1": SECONDS,
    "boundary.bpmn#boundary_event": SECONDS,
    "boundary_timer_on_task.bpmn#test_timer": SECONDS,
    "timer-cycle-start.bpmn#Process_0vaq70r": SECONDS,
    "timer-non-interrupt-boundary.bpmn#NonInterruptTimer": SECONDS,
    "timer.bpmn#timer": SECONDS,
    "call_activity_with_message_parent.bpmn#Process_0xeaemr": BY_EVENT,
    "correlation.bpmn#proc_2": BY_EVENT,
    "correlation_two_conversations.bpmn#proc_2": BY_EVENT,
    "correlation_two_conversations.bpmn#proc_3": BY_EVENT,
    "message_test.bpmn#ThrowCatch": BY_EVENT,
    "start_event_split.bpmn#main": BY_EVENT,
    "correlation.bpmn#proc_1": CORRELATION,
    "receive_correlations.bpmn#correlation-test": CORRELATION,
    "service_task.bpmn#service_task_example1": NO_SERVICE,
    "service_task_retry_without_backoff.bpmn#service_task_retry_without_backoff": NO_SERVICE,
    "service_task_variable.bpmn#Process_bd2e724555": NO_SERVICE,
    "conditional_event.bpmn#boundary": CONDITION,
    "conditional_event.bpmn#intermediate": CONDITION,
    "data_object.bpmn#Process": DATA_OBJECT,
    "signal_event_payload.bpmn#event_test": PAYLOAD,
    "performance_test.bpmn#Process_3no3Cw9": DATA_OBJECT,
}
