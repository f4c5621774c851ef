"""A tiny language for test diagrams: ``diagram().start().user("a").end()`` with flows drawn in order."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from webapp.engine import Catalogue, Definition, parse

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zaishang="urn:zaishang:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">'
)
CATALOGUE = Catalogue(
    delegates=frozenset({"case.note", "plan.open", "fails"}), roles=frozenset({"organ_head", "case_officer"})
)
TIMES = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}


class Diagram:
    """Collects elements; ``at`` moves the pencil, ``to`` draws a flow to an element that exists."""

    def __init__(self, key: str = "p") -> None:
        self.key = key
        self.rows: list[str] = []
        self.shared: list[str] = []
        self.flows = 0
        self.pencil: str | None = None
        self.condition: str | None = None
        self.is_default = False
        self.defaults: dict[str, str] = {}
        self.ids: list[str] = []

    def element(
        self, tag: str, ident: str, inner: str = "", connect: bool = True, **attributes: str
    ) -> Diagram:
        given = "".join(
            f" {key.replace('_', ':', 1)}={quoteattr(value)}" for key, value in attributes.items() if value
        )
        self.rows.append(f'<bpmn:{tag} id="{ident}"{given} @{ident}@>{inner}</bpmn:{tag}>')
        self.ids.append(ident)
        if connect and self.pencil is not None:
            self.to(ident)
        self.pencil = ident
        return self

    def to(self, target: str) -> Diagram:
        self.flows += 1
        name = f"{'' if self.key == 'p' else self.key}f{self.flows}"
        body = ""
        if self.condition:
            body = f"<bpmn:conditionExpression>{escape(self.condition)}</bpmn:conditionExpression>"
        if self.is_default:
            self.defaults[self.pencil or ""] = name
        self.rows.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{self.pencil}" targetRef="{target}">{body}'
            "</bpmn:sequenceFlow>"
        )
        self.condition, self.is_default, self.pencil = None, False, target
        return self

    def at(self, name: str) -> Diagram:
        self.pencil = name
        return self

    def when(self, condition: str) -> Diagram:
        self.condition = condition
        return self

    def otherwise(self) -> Diagram:
        self.is_default = True
        return self

    def start(
        self, name: str = "s", message: str | None = None, event: str = "", interrupting: bool = True
    ) -> Diagram:
        inner = self._message(message) + event
        said = "" if interrupting else "false"
        return self.element("startEvent", name, inner, connect=False, isInterrupting=said)

    def end(self, name: str = "e", event: str = "", **attributes: str) -> Diagram:
        return self.element("endEvent", name, event, **attributes)

    def user(self, ident: str, inner: str = "", **attributes: str) -> Diagram:
        return self.element(
            "userTask", ident, inner, **{"camunda_candidateGroups": "organ_head", "name": ident, **attributes}
        )

    def service(self, ident: str, inner: str = "", **attributes: str) -> Diagram:
        if "camunda_topic" not in attributes:
            attributes.setdefault("camunda_delegateExpression", "case.note")
        else:
            attributes["camunda_type"] = "external"
        return self.element("serviceTask", ident, inner, **attributes)

    def script(self, name: str, body: str) -> Diagram:
        return self.element(
            "scriptTask", name, f"<bpmn:script>{escape(body)}</bpmn:script>", scriptFormat="feel"
        )

    def xor(self, name: str) -> Diagram:
        return self.element("exclusiveGateway", name)

    def both(self, name: str) -> Diagram:
        return self.element("parallelGateway", name)

    def some(self, name: str) -> Diagram:
        return self.element("inclusiveGateway", name)

    def race(self, name: str) -> Diagram:
        return self.element("eventBasedGateway", name)

    def wait(self, name: str, kind: str, text: str) -> Diagram:
        return self.element("intermediateCatchEvent", name, timer(kind, text))

    def hear(self, name: str, message: str, **attributes: str) -> Diagram:
        return self.element("intermediateCatchEvent", name, self._message(message), **attributes)

    def say(self, name: str, message: str, inner: str = "", **attributes: str) -> Diagram:
        return self.element("intermediateThrowEvent", name, inner + self._message(message), **attributes)

    def on(self, host: str, name: str, event: str, interrupting: bool = True, **attributes: str) -> Diagram:
        self.element(
            "boundaryEvent", name, event, connect=False, attachedToRef=host,
            cancelActivity=str(interrupting).lower(), **attributes,
        )  # fmt: skip
        return self

    def sub(self, ident: str, inside: Diagram, **attributes: str) -> Diagram:
        self.shared += inside.shared
        return self.element("subProcess", ident, inside.body(), **attributes)

    def transaction(self, ident: str, inside: Diagram, **attributes: str) -> Diagram:
        self.shared += inside.shared
        return self.element("transaction", ident, inside.body(), **attributes)

    def on_event(self, ident: str, inside: Diagram) -> Diagram:
        """An event sub-process; its start event says what begins it. The pencil stays where it is."""
        here, self.shared = self.pencil, self.shared + inside.shared
        self.element("subProcess", ident, inside.body(), connect=False, triggeredByEvent="true")
        return self.at(here) if here is not None else self

    def call(self, ident: str, process: str, inner: str = "", **attributes: str) -> Diagram:
        return self.element("callActivity", ident, inner, calledElement=process, **attributes)

    def throw(self, ident: str, event: str, inner: str = "") -> Diagram:
        return self.element("intermediateThrowEvent", ident, inner + event)

    def catch(self, ident: str, event: str) -> Diagram:
        return self.element("intermediateCatchEvent", ident, event)

    def undone(self, host: str, tag: str, handler: str, **attributes: str) -> Diagram:
        """Gives ``host`` a compensation handler; the pencil stays where it is."""
        here, mark = self.pencil, f"{host}_undo"
        self.element(
            "boundaryEvent", mark, "<bpmn:compensateEventDefinition/>", connect=False, attachedToRef=host
        )
        self.element(tag, handler, connect=False, isForCompensation="true", **attributes)
        self.rows.append(f'<bpmn:association id="as_{mark}" sourceRef="{mark}" targetRef="{handler}"/>')
        return self.at(here or "")

    def signal(self, name: str) -> str:
        self.shared.append(f'<bpmn:signal id="sig_{name}" name="{name}"/>')
        return f'<bpmn:signalEventDefinition signalRef="sig_{name}"/>'

    def escalation(self, code: str) -> str:
        self.shared.append(f'<bpmn:escalation id="esc_{code}" escalationCode="{code}"/>')
        return f'<bpmn:escalationEventDefinition escalationRef="esc_{code}"/>'

    def _message(self, message: str | None) -> str:
        if message is None:
            return ""
        self.shared.append(f'<bpmn:message id="m_{message}" name="{message}"/>')
        return f'<bpmn:messageEventDefinition messageRef="m_{message}"/>'

    def message(self, message: str) -> str:
        return self._message(message)

    def error(self, code: str) -> str:
        self.shared.append(f'<bpmn:error id="err_{code}" errorCode="{code}"/>')
        return f'<bpmn:errorEventDefinition errorRef="err_{code}"/>'

    def body(self) -> str:
        text = "".join(self.rows)
        for name in self.ids:
            default = f'default="{self.defaults[name]}"' if name in self.defaults else ""
            text = text.replace(f"@{name}@", default)
        return text

    def xml(self) -> bytes:
        shared = "".join(dict.fromkeys(self.shared))
        process = f'<bpmn:process id="{self.key}" isExecutable="true">{self.body()}</bpmn:process>'
        return f"{HEAD}{shared}{process}</bpmn:definitions>".encode()

    def parsed(self, *others: Diagram, **files: bytes) -> Definition:
        beside = {f"{other.key}.bpmn": other.xml() for other in others}
        return parse({f"{self.key}.bpmn": self.xml(), **beside, **files}, CATALOGUE, process_id=self.key)


def timer(kind: str, text: str) -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{TIMES[kind]}>{escape(text)}</bpmn:{TIMES[kind]}>"
        "</bpmn:timerEventDefinition>"
    )


def condition(text: str) -> str:
    return (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{escape(text)}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )


def again(condition: str | None = None, most: int | None = None, before: bool = False) -> str:
    body = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    limit = f' loopMaximum="{most}"' if most is not None else ""
    return (
        f'<bpmn:standardLoopCharacteristics testBefore="{str(before).lower()}"{limit}>{body}'
        "</bpmn:standardLoopCharacteristics>"
    )


def times(count: str, sequential: bool = False) -> str:
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:loopCardinality>{escape(count)}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )


def passing(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    rows = [
        f'<camunda:inputParameter name="{k}">{escape(v)}</camunda:inputParameter>'
        for k, v in (inputs or {}).items()
    ]
    rows += [
        f'<camunda:outputParameter name="{k}">{escape(v)}</camunda:outputParameter>'
        for k, v in (outputs or {}).items()
    ]
    return (
        "<bpmn:extensionElements><camunda:inputOutput>" + "".join(rows) + "</camunda:inputOutput>"
        "</bpmn:extensionElements>"
    )


def each(collection: str, variable: str = "x", until: str | None = None, sequential: bool = False) -> str:
    condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f'camunda:collection={quoteattr(collection)} camunda:elementVariable="{variable}">{condition}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def diagram(key: str = "p") -> Diagram:
    return Diagram(key)
