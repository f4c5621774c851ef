"""退回修改: a task answered by sending it back with a reason, as the diagram's ``returnTo`` and ``returnBy`` say."""

from webapp.domain.errors import Invalid, NotAllowed
from webapp.engine import Definition, Node
from webapp.services.forms import Answers

LONGEST = 500


def targets(definition: Definition, node: Node) -> tuple[Node, ...]:
    """The elements a task can be sent back to, as drawn; none for most."""
    return tuple(definition.nodes[name] for name in node.extras.get("returnTo", "").split())


def answers(node: Node) -> Answers:
    """The one answer that sends the task back; NotAllowed where the diagram draws no way back."""
    variable, _, value = node.extras.get("returnBy", "").partition("=")
    if not value:
        raise NotAllowed(f"“{node.name}”没有退回的去处，请按表单办理。")
    return Answers(variables={variable: value}, personal={})


def reason_of(text: str) -> str:
    """The reason as written; Invalid without one or with one too long."""
    reason = text.strip()
    if not reason:
        raise Invalid({"return_reason": "请写明退回的理由，接办人据此修改。"})
    if len(reason) > LONGEST:
        raise Invalid({"return_reason": f"退回理由不超过{LONGEST}字。"})
    return reason
