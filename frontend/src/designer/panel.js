// The groups of the panel: the library's own where our checks accept what it writes, and ours for the rest.
import { Group } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { is } from "bpmn-js/lib/util/ModelUtil";
import { isAny } from "bpmn-js/lib/features/modeling/util/ModelingUtil";
import { Choice, Due, Feel, FeelAttribute, Line, mapping, Pairs, Paragraph, Ticks } from "./entries.js";

const KEPT = new Set(["general", "documentation", "timer", "message", "error", "link", "signal", "escalation", "compensation"]);
const AFTER_OTHERS = 400;
const YES = [{ value: "true", label: "是：系统和代理人不得代办" }];
const RECUSED = [
  { value: "subject", label: "干部本人" },
  { value: "relatives", label: "近亲属" },
  { value: "mentor", label: "帮带责任人" },
];
const EACH = [{ value: "all", label: "逐人签字：每人都要办理" }];
const TWO = [{ value: "double", label: "双签字：两个人各办一次" }];
const BINDINGS = [
  { value: "latest", label: "已发布的最新版" },
  { value: "version", label: "已发布的指定版本" },
];
const RESULTS = [
  { value: "singleEntry", label: "一个值" },
  { value: "singleResult", label: "一行" },
  { value: "collectEntries", label: "一列值" },
  { value: "resultList", label: "多行" },
];

const entry = (component, id, props) => ({ id, component, ...props });
const group = (id, label, entries, shouldOpen = false) => ({ id, label, entries, component: Group, shouldOpen });

function task(element, choices, steps) {
  const name = "camunda:candidateGroups";
  return [
    group("form", "表单和办理人", [
      entry(Choice, "form", { name: "camunda:formKey", label: "表单", options: choices.forms, none: "没有表单", description: "表单在页面下方“文件”中上传。" }),
      entry(Ticks, "roles", { name, label: "办理角色", options: choices.roles }),
      entry(FeelAttribute, "people", { name: "camunda:candidateUsers", label: "指定人员（公式）", description: "写一个变量，它的值是人员的列表。" }),
      entry(Due, "due", { label: "时限" }),
    ], true),
    group("law", "依据和要求", [
      entry(Paragraph, "legal-basis", { name: "zaishang:legalBasis", label: "依据", description: "写明文件和条款，多项用分号隔开。" }),
      entry(Paragraph, "hint", { name: "zaishang:hint", label: "办理提示", rows: 2 }),
      entry(Choice, "decisive", { name: "zaishang:decisive", label: "决定性环节", options: YES, none: "否" }),
      entry(Ticks, "recusal", { name: "zaishang:recusal", label: "回避", options: RECUSED, separator: " " }),
      entry(Ticks, "separate-from", { name: "zaishang:separateFrom", label: "不得与这些环节同一人办理", options: steps.tasks, separator: " " }),
      entry(Ticks, "advice", { name: "zaishang:advice", label: "显示这些规则任务的结果", options: steps.rules, separator: " " }),
    ]),
    group("return", "退回规则", [
      entry(Ticks, "return-to", { name: "zaishang:returnTo", label: "可以退回到", options: steps.tasks, separator: " ", description: "并画出退回的顺序流。" }),
      entry(Choice, "return-by", { name: "zaishang:returnBy", label: "怎样答复算退回", options: answers(element, choices), none: "未选择" }),
    ]),
    ...signing(element),
  ];
}

// The options of the step's own form that answer to a process variable.
function answers(element, choices) {
  const form = element.businessObject.get("camunda:formKey");
  return choices.answers.filter((one) => one.group === form).map(({ value, label }) => ({ value, label }));
}

function signing(element) {
  const loop = element.businessObject.get("loopCharacteristics");
  if (loop?.$type !== "bpmn:MultiInstanceLoopCharacteristics") {
    if (loop || !is(element, "bpmn:UserTask")) return [];
    return [group("signing", "会签", [entry(Choice, "sign-off", { name: "zaishang:signOff", label: "会签方式", options: TWO, none: "一人办理" })])];
  }
  return [
    group("signing", "会签", [
      entry(Choice, "sign-off", { name: "zaishang:signOff", label: "会签方式", options: EACH, none: "未指定" }),
      entry(LoopText, "collection", { of: "camunda:collection", label: "由哪些人办理（公式）", description: "一个列表变量，例如 =visitors。" }),
      entry(LoopText, "element-variable", { of: "camunda:elementVariable", label: "其中一人的变量名" }),
      entry(LoopCondition, "completion", { label: "提前完成的条件（公式）", description: "例如 nrOfCompletedInstances >= 1；不写就等所有人。" }),
    ], true),
  ];
}

function useLoop(element) {
  const commandStack = useService("commandStack");
  const loop = element.businessObject.get("loopCharacteristics");
  const write = (properties) => commandStack.execute("element.updateModdleProperties", { element, moddleElement: loop, properties });
  return { loop, write };
}

function LoopText(props) {
  const { loop, write } = useLoop(props.element);
  const set = (value) => write({ [props.of]: value || undefined });
  return Feel({ ...props, rows: 1, kind: props.of.endsWith("Variable") ? "name" : "expression", get: () => loop.get(props.of) ?? "", set });
}

function LoopCondition(props) {
  const { loop, write } = useLoop(props.element);
  const bpmnFactory = useService("bpmnFactory");
  const set = (body) => write({ completionCondition: body ? bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined });
  return Feel({ ...props, kind: "condition", get: () => loop.get("completionCondition")?.get("body") ?? "", set });
}

function Condition(props) {
  const modeling = useService("modeling");
  const bpmnFactory = useService("bpmnFactory");
  const get = () => props.element.businessObject.get("conditionExpression")?.get("body") ?? "";
  const set = (body) => {
    const conditionExpression = body ? bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined;
    modeling.updateProperties(props.element, { conditionExpression });
  };
  return Feel({ ...props, kind: "condition", rows: 3, get, set });
}

function conditional(element) {
  return (element.businessObject.get("eventDefinitions") ?? []).find((one) => one.$type === "bpmn:ConditionalEventDefinition");
}

function When(props) {
  const commandStack = useService("commandStack");
  const bpmnFactory = useService("bpmnFactory");
  const moddleElement = conditional(props.element);
  const set = (body) => {
    const properties = { condition: body ? bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined };
    commandStack.execute("element.updateModdleProperties", { element: props.element, moddleElement, properties });
  };
  return Feel({ ...props, kind: "condition", rows: 3, get: () => moddleElement.get("condition")?.get("body") ?? "", set });
}

function Script(props) {
  const modeling = useService("modeling");
  const get = () => props.element.businessObject.get("script") ?? "";
  const set = (script) => modeling.updateProperties(props.element, { script: script || undefined, scriptFormat: script ? "feel" : undefined });
  return Feel({ ...props, rows: 6, get, set });
}

const pairs = () => [
  group("pairs", "输入和输出参数", [
    entry(Pairs, "inputs", { label: "输入参数", type: "inputParameters" }),
    entry(Pairs, "outputs", { label: "输出参数", type: "outputParameters" }),
  ]),
];

function ours(element, choices, steps) {
  const found = [];
  if (is(element, "bpmn:UserTask")) found.push(...task(element, choices, steps));
  else found.push(...signing(element));
  if (is(element, "bpmn:CallActivity"))
    found.push(group("call", "调用的流程", [
      entry(Choice, "called", { name: "calledElement", label: "哪个流程", options: choices.processes, description: "部署包里的流程图要先作为文件放进草稿；已发布的流程直接写它的编号。" }),
      entry(Choice, "called-binding", { name: "camunda:calledElementBinding", label: "哪一版", options: BINDINGS, none: "部署包里的那一版" }),
      entry(Line, "called-version", { name: "camunda:calledElementVersion", label: "指定第几版" }),
    ], true));
  if (conditional(element))
    found.push(group("when", "条件", [entry(When, "when", { label: "什么时候发生（公式）" })], true));
  if (is(element, "bpmn:SequenceFlow") && isAny(element.source, ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:Activity"]))
    found.push(group("condition", "条件", [entry(Condition, "condition", { label: "走这条连线的条件（公式）", description: "例如 outcome = \"agree\"。" })], true));
  if (is(element, "bpmn:ServiceTask"))
    found.push(group("service", "自动服务", [
      entry(Choice, "delegate", { name: "camunda:delegateExpression", label: "做什么", options: choices.delegates }),
      entry(Line, "result", { name: "camunda:resultVariable", label: "结果存入变量" }),
    ], true));
  if (is(element, "bpmn:BusinessRuleTask"))
    found.push(group("decision", "决策表", [
      entry(Choice, "decision", { name: "camunda:decisionRef", label: "用哪个决策", options: choices.decisions }),
      entry(Line, "result", { name: "camunda:resultVariable", label: "结果存入变量" }),
      entry(Choice, "map-result", { name: "camunda:mapDecisionResult", label: "结果形式", options: RESULTS, none: "按决策表" }),
    ], true));
  if (is(element, "bpmn:ScriptTask"))
    found.push(group("script", "脚本", [entry(Script, "script", { label: "脚本（公式）", description: "写成 {变量: 公式}，每一项就是一个变量。" })], true));
  if (isAny(element, ["bpmn:CatchEvent", "bpmn:ReceiveTask", "bpmn:ThrowEvent", "bpmn:SendTask"]) && speaks(element))
    found.push(group("correlation", "消息对应", [entry(FeelAttribute, "correlation", { name: "zaishang:correlation", label: "对应键（公式）", description: "例如 =cadreId。" })]));
  if (isAny(element, ["bpmn:UserTask", "bpmn:ServiceTask", "bpmn:BusinessRuleTask", "bpmn:SendTask"]) || mapping(element)) found.push(...pairs());
  if (isAny(element, ["bpmn:Activity", "bpmn:Event"]))
    found.push(group("stage", "阶段", [entry(Choice, "stage", { name: "zaishang:stage", label: "卷宗所处阶段", options: choices.stages, none: "不改变" })]));
  return found;
}

function speaks(element) {
  const defined = element.businessObject.get("eventDefinitions") ?? [];
  return isAny(element, ["bpmn:ReceiveTask", "bpmn:SendTask"]) || defined.some((one) => one.$type === "bpmn:MessageEventDefinition");
}

class Panel {
  static $inject = ["propertiesPanel", "designs", "elementRegistry", "translate"];

  constructor(propertiesPanel, designs, elementRegistry, translate) {
    // The library asks each group and entry for the words of its buttons.
    const spoken = (one) => ({ ...one, translate, ...(one.entries && { entries: one.entries.map(spoken) }) });
    propertiesPanel.registerProvider(AFTER_OTHERS, {
      getGroups: (element) => (groups) => {
        const drawn = (type) => elementRegistry
          .filter((one) => is(one, type) && one !== element && !one.labelTarget)
          .map((one) => ({ value: one.id, label: one.businessObject.name || one.id }));
        const steps = { tasks: drawn("bpmn:UserTask"), rules: drawn("bpmn:BusinessRuleTask") };
        const kept = groups.filter((one) => KEPT.has(one.id));
        const head = kept.filter((one) => one.id === "general");
        const rest = kept.filter((one) => one.id !== "general");
        return [...head, ...ours(element, designs.choices, steps), ...rest].map(spoken);
      },
    });
  }
}

// One command for the parameters, so that one undo takes one change back.
class PairsHandler {
  static $inject = ["modeling"];

  constructor(modeling) {
    this.modeling = modeling;
  }

  preExecute({ element, type, pairs: next, bpmnFactory }) {
    const business = element.businessObject;
    const make = (name, values, parent) => Object.assign(bpmnFactory.create(name, values), { $parent: parent });
    const extension = make("bpmn:ExtensionElements", { values: [] }, business);
    const before = mapping(element);
    const both = make("camunda:InputOutput", {}, extension);
    const kinds = { inputParameters: "camunda:InputParameter", outputParameters: "camunda:OutputParameter" };
    for (const [kind, name] of Object.entries(kinds)) {
      const old = (before?.get(kind) ?? []).map((one) => ({ name: one.get("name"), text: one.get("value") }));
      const wanted = kind === type ? next : old;
      both[kind] = wanted.map((one) => make(name, { name: one.name, value: one.text }, both));
    }
    const rest = (business.get("extensionElements")?.get("values") ?? []).filter((one) => one !== before);
    const isEmpty = !both.inputParameters.length && !both.outputParameters.length;
    extension.values = isEmpty ? rest : [...rest, both];
    this.modeling.updateProperties(element, { extensionElements: extension.values.length ? extension : undefined });
  }
}

class Commands {
  static $inject = ["commandStack"];

  constructor(commandStack) {
    commandStack.registerHandler("designs.pairs", PairsHandler);
  }
}

export default {
  __init__: ["designsPanel", "designsCommands"],
  designsPanel: ["type", Panel],
  designsCommands: ["type", Commands],
};
