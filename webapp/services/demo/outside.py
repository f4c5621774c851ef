"""A program outside that gave no answer 外部系统没有应答: the demo's incident, for the administrator to try again.

The section of archives reports materials to another system by a process of two steps; the second is an external
task. The program fetched it and told that it failed, as any program may over the interface.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from webapp.persistence.models import designs, repository, runtime
from webapp.services import definition_drafts, external_tasks, incidents, instances, proposals, reads, tasks
from webapp.services.demo.organisation import fixed
from webapp.services.demo.staff import Staff
from webapp.services.external_tasks import Topic

KEY, NAME = "p21_archive_report", "干部档案材料报送（示例）"
TOPIC, PROGRAM = "archive_report", "档案报送程序（示例）"
DESIGNER, SECOND, CLERK, LOGIN = "liucheng", "liucheng2", "dangan", "duijie"
WHY = "档案材料改由接口程序报送（示例）。"
NO_ANSWER = "档案系统没有应答（示例）"
HELD = timedelta(minutes=5)
_DIAGRAM = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
xmlns:zaishang="urn:zaishang:bpmn:1" id="definitions_{KEY}" targetNamespace="urn:zaishang:workflow:{KEY}">
  <bpmn:process id="{KEY}" name="{NAME}" isExecutable="true">
    <bpmn:startEvent id="begin" name="开始"><bpmn:outgoing>flow_begin</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="flow_begin" sourceRef="begin" targetRef="gather"/>
    <bpmn:userTask id="gather" name="整理报送材料" camunda:candidateGroups="archive_section">
      <bpmn:incoming>flow_begin</bpmn:incoming><bpmn:outgoing>flow_gather</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="flow_gather" sourceRef="gather" targetRef="report"/>
    <bpmn:serviceTask id="report" name="报送档案系统" camunda:type="external" camunda:topic="{TOPIC}">
      <bpmn:incoming>flow_gather</bpmn:incoming><bpmn:outgoing>flow_report</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="flow_report" sourceRef="report" targetRef="finish"/>
    <bpmn:endEvent id="finish" name="报送完毕"><bpmn:incoming>flow_report</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_{KEY}">
    <bpmndi:BPMNPlane id="plane_{KEY}" bpmnElement="{KEY}">
      <bpmndi:BPMNShape id="shape_begin" bpmnElement="begin"><dc:Bounds x="160" y="142" width="36" height="36"/>\
<bpmndi:BPMNLabel><dc:Bounds x="167" y="185" width="22" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="shape_gather" bpmnElement="gather">\
<dc:Bounds x="270" y="120" width="120" height="80"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="shape_report" bpmnElement="report">\
<dc:Bounds x="460" y="120" width="120" height="80"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="shape_finish" bpmnElement="finish"><dc:Bounds x="650" y="142" width="36" height="36"/>\
<bpmndi:BPMNLabel><dc:Bounds x="646" y="185" width="44" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="edge_begin" bpmnElement="flow_begin"><di:waypoint x="196" y="160"/>\
<di:waypoint x="270" y="160"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="edge_gather" bpmnElement="flow_gather"><di:waypoint x="390" y="160"/>\
<di:waypoint x="460" y="160"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="edge_report" bpmnElement="flow_report"><di:waypoint x="580" y="160"/>\
<di:waypoint x="650" y="160"/></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def report_materials(staff: Staff) -> None:
    """Publish the process by two designers, begin it, and let the program fail; goes on where it was stopped."""
    _publish(staff)
    if not _rows(staff, runtime.external_task, topic=TOPIC):
        _begin(staff)
    if not _rows(staff, runtime.incident, code=incidents.EXTERNAL_FAILED):
        _fail(staff)


def _publish(staff: Staff) -> None:
    if _rows(staff, repository.definition, key=KEY):
        return
    actor, office = staff.actor(DESIGNER), staff.office
    draft = _rows(staff, designs.draft, key=KEY, owner_id=fixed("user", DESIGNER))
    draft_id = draft[0]["id"] if draft else definition_drafts.create(staff.begin(), actor, key=KEY, name=NAME)
    with office.glance() as look:
        revision = definition_drafts.read(look, draft_id).revision
    saved = definition_drafts.save(
        staff.begin(), actor, draft_id=draft_id, revision=revision, xml=_DIAGRAM.encode()
    )
    found = definition_drafts.propose(office, actor, draft_id=draft_id, digest=saved.digest, reason=WHY)
    proposals.approve(office, staff.actor(SECOND), proposal_id=found.id, digest=found.digest)
    definition_drafts.discard(staff.begin(), actor, draft_id=draft_id)


def _begin(staff: Staff) -> None:
    waiting = _rows(staff, runtime.work_item, process_key=KEY, status="open")
    if not waiting:
        instances.start(staff.begin(), staff.actor(CLERK), key=KEY, variables={})
        waiting = _rows(staff, runtime.work_item, process_key=KEY, status="open")
    tasks.claim(staff.begin(), staff.actor(CLERK), task_id=waiting[0]["id"])
    tasks.complete(
        staff.begin(), staff.actor(CLERK), task_id=waiting[0]["id"], posted={}, key=f"{KEY}:gather"
    )


def _fail(staff: Staff) -> None:
    program, topics = staff.actor(LOGIN), [Topic(TOPIC, HELD)]
    held = [row["id"] for row in _rows(staff, runtime.external_task, topic=TOPIC, worker=PROGRAM)]
    found = held or external_tasks.fetch(staff.office, program, worker=PROGRAM, most=1, topics=topics)
    for task_id in found:
        external_tasks.failure(
            staff.begin(), program, task_id=task_id, worker=PROGRAM, error=NO_ANSWER, retries=0,
            wait=timedelta(),
        )  # fmt: skip


def _rows(staff: Staff, table: Any, **where: Any) -> list[Mapping[str, Any]]:
    with reads.begin(staff.office) as look:
        return list(look.all(table, **where))
