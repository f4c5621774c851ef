"""Linter rules about the texts of a node: FEEL that cannot be read, times that mean nothing."""

import re

from webapp.engine import dates, feel
from webapp.engine.drawing import Drawing
from webapp.engine.expressions import Text, compiled
from webapp.engine.lint_nodes import label
from webapp.engine.plan import Part

MISSED = ("coalesce",)
# Where a mistake is, as FEEL says it by itself; the finding says it already.
PLACE = re.compile(r"^第 \d+ 个字(处：|的)?")


def review(drawing: Drawing, part: Part) -> None:
    """Note every text of ``part`` that cannot be used."""
    for what, text in texts(part):
        if text is not None:
            check_text(drawing, part.node.id, f"{label(part)}的{what}", text)
    for what, written in (("期限", part.node.due), ("跟进日期", part.node.follow_up)):
        _moment(drawing, part, what, Text.read(written))
    priority = Text.read(part.node.priority)
    if priority is not None and priority.source is None and not _whole(priority.literal):
        drawing.say(
            part.node.id, "priority.invalid", f"{label(part)}的优先级“{priority.literal}”不是整数。",
            f'The priority "{priority.literal}" is no whole number.',
        )  # fmt: skip
    _timer(drawing, part)
    _others(drawing, part)


def _whole(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10


def texts(part: Part) -> list[tuple[str, Text | None]]:
    """Every text of ``part`` that may be FEEL, with what it is."""
    node, loop = part.node, part.loop
    found = [
        ("候选人", Text.read(node.candidate_users)),
        ("办理人", Text.read(node.assignee)),
        ("期限", Text.read(node.due)),
        ("跟进日期", Text.read(node.follow_up)),
        ("优先级", Text.read(node.priority)),
        ("消息关联键", part.correlation),
        ("条件" if part.timer_kind == "condition" else "计时", part.timer),
        ("脚本", part.script),
        ("集合", loop.collection if loop is not None else None),
        ("次数", loop.cardinality if loop is not None else None),
        ("完成条件", loop.until if loop is not None else None),
    ]
    found += [("办理角色", Text.read(group)) for group in node.candidate_groups]
    found += [(f"参数“{name}”", text) for name, text in (*part.inputs, *part.outputs, *part.returns)]
    return found


def check_text(drawing: Drawing, element_id: str | None, what: str, text: Text) -> None:
    """Note a text that is FEEL and cannot be read, or is written in another engine's language."""
    foreign = ("${", "#{")
    if text.literal.startswith(foreign) or (
        text.source is None and any(mark in text.literal for mark in foreign)
    ):
        drawing.say(
            element_id,
            "expression.foreign",
            f"{what}“{text.literal}”是其他引擎的写法，请改成以 = 开头的 FEEL 表达式。",
            f'"{text.literal}" is another engine\'s expression; write FEEL with a leading "=".',
        )
        return
    if text.source is None:
        return
    try:
        compiled(text.source)
    except feel.FeelSyntaxError as error:
        drawing.say(
            element_id,
            "feel.syntax",
            f"{what}“{text.source}”写法有误（第{error.position + 1}个字符处）：{PLACE.sub('', error.zh)}",
            f'"{text.source}" is no FEEL at position {error.position + 1}: {error.en}',
        )
    except feel.FeelBudgetError:
        drawing.say(
            element_id,
            "feel.budget",
            f"{what}过长或过于复杂，请拆分。",
            "The expression is too big; split it.",
        )


def _moment(drawing: Drawing, part: Part, what: str, text: Text | None) -> None:
    if text is None or text.source is not None or text.literal.startswith(("${", "#{")):
        return
    try:
        dates.due(text.literal, dates.read_instant("2000-01-01"))
    except dates.BadTime as error:
        drawing.say(part.node.id, "time.invalid", f"{label(part)}的{what}有误：{error.zh}", error.en)


def _timer(drawing: Drawing, part: Part) -> None:
    if part.node.event != "timer":
        return
    if part.timer is None:
        drawing.say(
            part.node.id,
            "timer.empty",
            f"{label(part)}没有写时间。",
            "The timer has no date, duration or cycle.",
        )
        return
    starts = part.node.kind == "startEvent" and part.node.scope is None
    repeating = starts or (part.node.kind in ("boundaryEvent", "startEvent") and not part.interrupting)
    if part.timer_kind == "timeCycle" and not repeating:
        drawing.say(
            part.node.id,
            "timer.cycle",
            f"{label(part)}不能用循环计时，只有不中断的边界事件、事件子流程和流程的开始事件可以。",
            "Only a non-interrupting boundary timer or the start of the process may repeat.",
        )
    if starts and part.timer.source is not None and (names := _names_in(part.timer.source)):
        drawing.say(
            part.node.id,
            "start.variables",
            f"{label(part)}的时间用到变量“{'、'.join(names)}”，但流程启动之前还没有变量，请写成固定的日期或时长。",
            f"The start timer reads {', '.join(names)}, but there are no variables before the start.",
        )
    missed = part.node.extras.get("missed")
    if missed is not None and (part.timer_kind != "timeCycle" or missed not in MISSED):
        drawing.say(
            part.node.id,
            "timer.missed",
            f"{label(part)}的 zaishang:missed 只用于循环计时，可以是 coalesce（错过的并作一次）；不写就逐次补上。",
            "zaishang:missed belongs to a cycle and is coalesce, or left out.",
        )
    if part.timer.source is None and not part.timer.literal.startswith(("${", "#{")):
        _literal_timer(drawing, part, part.timer.literal)


def _names_in(source: str) -> list[str]:
    try:
        return sorted(compiled(source).names)
    except (feel.FeelSyntaxError, feel.FeelBudgetError):
        return []


def _literal_timer(drawing: Drawing, part: Part, text: str) -> None:
    read = {
        "timeDate": dates.read_instant,
        "timeDuration": dates.read_period,
        "timeCycle": dates.read_cycle,
    }[part.timer_kind or "timeDate"]
    try:
        read(text)
    except dates.BadTime as error:
        drawing.say(part.node.id, "time.invalid", f"{label(part)}的时间有误：{error.zh}", error.en)


def _others(drawing: Drawing, part: Part) -> None:
    for name in part.node.extras.get("separateFrom", "").split():
        # ``process:<key>``: everything done in another process of the same case.
        if name not in drawing.parts and not name.startswith("process:"):
            drawing.say(
                part.node.id,
                "ref.separate",
                f"{label(part)}要求与“{name}”由不同的人办理，但没有这个节点。",
                f'separateFrom names "{name}", which does not exist.',
            )
