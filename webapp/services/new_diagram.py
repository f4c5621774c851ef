"""The smallest diagram 空白流程图 a new process begins with: a start, one step, an end."""

from html import escape

_BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
xmlns:zaishang="urn:zaishang:bpmn:1" id="definitions_{key}" targetNamespace="urn:zaishang:workflow:{key}">
  <bpmn:process id="{key}" name="{name}" isExecutable="true">
    <bpmn:startEvent id="begin" name="开始">
      <bpmn:outgoing>flow_begin</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="flow_begin" sourceRef="begin" targetRef="first_step"/>
    <bpmn:userTask id="first_step" name="第一个环节">
      <bpmn:incoming>flow_begin</bpmn:incoming>
      <bpmn:outgoing>flow_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="flow_end" sourceRef="first_step" targetRef="finish"/>
    <bpmn:endEvent id="finish" name="结束">
      <bpmn:incoming>flow_end</bpmn:incoming>
    </bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_{key}">
    <bpmndi:BPMNPlane id="plane_{key}" bpmnElement="{key}">
      <bpmndi:BPMNShape id="shape_begin" bpmnElement="begin"><dc:Bounds x="160" y="142" width="36" height="36"/>\
<bpmndi:BPMNLabel><dc:Bounds x="167" y="185" width="22" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="shape_first_step" bpmnElement="first_step">\
<dc:Bounds x="270" y="120" width="120" height="80"/></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="shape_finish" bpmnElement="finish"><dc:Bounds x="470" y="142" width="36" height="36"/>\
<bpmndi:BPMNLabel><dc:Bounds x="477" y="185" width="22" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="edge_begin" bpmnElement="flow_begin"><di:waypoint x="196" y="160"/>\
<di:waypoint x="270" y="160"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="edge_end" bpmnElement="flow_end"><di:waypoint x="390" y="160"/>\
<di:waypoint x="470" y="160"/></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def blank(key: str, name: str) -> bytes:
    """A new process's diagram; the linter still has to be satisfied."""
    return _BLANK.format(key=key, name=escape(name)).encode()
