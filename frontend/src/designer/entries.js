// Inputs of the panel that the library lacks: lists to tick, pairs of names and texts, FEEL the server checks.
import { SelectEntry, TextAreaEntry, TextFieldEntry } from "@bpmn-io/properties-panel";
import { h } from "@bpmn-io/properties-panel/preact";
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

const WAIT = 500;

function business(element) {
  return element.businessObject;
}

/** Read and write one attribute of an element, e.g. `camunda:formKey`; an empty text takes it away. */
function useAttribute(element, name) {
  const modeling = useService("modeling");
  return {
    value: business(element).get(name) ?? "",
    set: (value) => modeling.updateProperties(element, { [name]: value || undefined }),
  };
}

/** What is written may no longer be offered: then it stays visible, and says so. */
function offered(options, value, none) {
  const known = [{ value: "", label: none }, ...options];
  const missing = value && !options.some((one) => one.value === value);
  return missing ? [...known, { value, label: `${value}（已不存在）` }] : known;
}

export function Choice({ element, id, name, label, options, none = "未选择", description }) {
  const { value, set } = useAttribute(element, name);
  return SelectEntry({
    element,
    id,
    label,
    description,
    getValue: () => value,
    setValue: set,
    getOptions: () => offered(options, value, none),
  });
}

export function Line({ element, id, name, label, description, translate }) {
  const { value, set } = useAttribute(element, name);
  const debounce = useService("debounceInput");
  return TextFieldEntry({ element, id, label, description, getValue: () => value, setValue: set, debounce, translate });
}

export function Paragraph({ element, id, name, label, description, translate, rows = 3 }) {
  const { value, set } = useAttribute(element, name);
  const debounce = useService("debounceInput");
  return TextAreaEntry({ element, id, label, description, rows, getValue: () => value, setValue: set, debounce, translate });
}

/** Several of a list; `separator` joins them in the attribute. */
export function Ticks({ element, id, name, label, options, separator = ",", description }) {
  const { value, set } = useAttribute(element, name);
  const chosen = value.startsWith("=") ? [] : value.split(/[\s,]+/).filter(Boolean);
  const gone = chosen.filter((one) => !options.some((option) => option.value === one));
  const all = [...options, ...gone.map((one) => ({ value: one, label: `${one}（已不存在）` }))];
  const toggle = (one) => {
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
    set(next.join(separator));
  };
  const tick = (option) =>
    h(
      "label",
      { class: "tick", key: option.value },
      h("input", {
        type: "checkbox",
        checked: chosen.includes(option.value),
        onChange: () => toggle(option.value),
        "data-value": option.value,
      }),
      h("span", {}, option.label, option.group && h("small", {}, option.group)),
    );
  return h(
    "fieldset",
    { class: "bio-properties-panel-entry ticks", "data-entry-id": id },
    h("legend", { class: "bio-properties-panel-label" }, label),
    description && h("p", { class: "bio-properties-panel-description" }, description),
    all.length ? h("div", { class: "tick-list", tabIndex: 0 }, all.map(tick)) : h("p", { class: "none" }, "没有可选的内容。"),
  );
}

function useVerdict(text, kind) {
  const designs = useService("designs");
  const [verdict, setVerdict] = useState("");
  useEffect(() => {
    if (!text.trim()) {
      setVerdict("");
      return undefined;
    }
    const timer = setTimeout(async () => setVerdict(await designs.judge(text, kind)), WAIT);
    return () => clearTimeout(timer);
  }, [text]);
  return verdict;
}

/** A FEEL text with the server's word on it. `get` and `set` say where it is kept. */
export function Feel({ element, id, label, description, get, set, translate, rows = 2, kind = "expression" }) {
  const debounce = useService("debounceInput");
  const text = get() ?? "";
  const verdict = useVerdict(text, kind);
  const input = TextAreaEntry({
    element, id, label, description, rows, debounce, translate, monospace: true, getValue: () => text, setValue: set,
  });
  return h("div", {}, input, verdict && h("p", { class: "verdict", role: "status" }, verdict));
}

export function FeelAttribute(props) {
  const { value, set } = useAttribute(props.element, props.name);
  return Feel({ ...props, get: () => value, set });
}

const CUSTOM = "custom";
const daysOf = (text) => /^=add working days\(today\(\), (\d+)\)$/.exec(text)?.[1];

/** 时限: the usual numbers of working days, else a formula. */
export function Due({ element, id, label, translate }) {
  const { value, set } = useAttribute(element, "camunda:dueDate");
  const [own, setOwn] = useState(false);
  const isOwn = own || (value && !daysOf(value));
  const options = [
    { value: "", label: "不设时限" },
    ...["1", "2", "3", "5", "7", "10", "15", "20", "30", "60"].map((days) => ({ value: days, label: `${days}个工作日内` })),
    { value: CUSTOM, label: "按公式计算" },
  ];
  const choose = (days) => {
    setOwn(days === CUSTOM);
    if (days !== CUSTOM) set(days && `=add working days(today(), ${days})`);
  };
  const select = SelectEntry({
    element, id, label, getValue: () => (isOwn ? CUSTOM : (daysOf(value) ?? "")), setValue: choose, getOptions: () => options,
  });
  if (!isOwn) return select;
  const formula = h(Feel, { element, id: `${id}-formula`, label: "时限公式", get: () => value, set, translate });
  return h("div", {}, select, formula);
}

/** Named texts in and out of a step 输入输出参数. */
export function Pairs({ element, id, label, type }) {
  const bpmnFactory = useService("bpmnFactory");
  const commandStack = useService("commandStack");
  const found = mapping(element);
  const list = found?.get(type) ?? [];
  const write = (next) => commandStack.execute("designs.pairs", { element, type, pairs: next, bpmnFactory });
  const read = list.map((one) => ({ name: one.get("name") ?? "", text: one.get("value") ?? "" }));
  const change = (index, part) => write(read.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const row = (one, index) =>
    h(
      "div",
      { class: "pair", key: index },
      h("input", {
        class: "bio-properties-panel-input", value: one.name, "aria-label": `${label}${index + 1}的名称`, placeholder: "名称",
        onChange: (event) => change(index, { name: event.target.value }),
      }),
      h("textarea", {
        class: "bio-properties-panel-input", rows: 2, "aria-label": `${label}${index + 1}的内容`, placeholder: "= 公式，或文字",
        value: one.text, onChange: (event) => change(index, { text: event.target.value }),
      }),
      h("button", { type: "button", class: "pair-end", onClick: () => write(read.filter((_, at) => at !== index)) }, "删去"),
    );
  return h(
    "fieldset",
    { class: "bio-properties-panel-entry ticks", "data-entry-id": id },
    h("legend", { class: "bio-properties-panel-label" }, label),
    read.map(row),
    h("button", { type: "button", class: "pair-add", onClick: () => write([...read, { name: "", text: "" }]) }, `加一个${label}`),
  );
}

export function mapping(element) {
  const values = business(element).get("extensionElements")?.get("values") ?? [];
  return values.find((one) => one.$type === "camunda:InputOutput");
}

