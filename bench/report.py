"""The figures as the document people read."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from bench.engine import EngineFigures
from bench.measures import Figures, Settings

# Target of each ratio by kind of database; a count has one for both.
TARGETS = {
    "http / http floor": {"sqlite": 3.0, "postgresql": 2.0},
    "service / sql floor": {"sqlite": 10.0, "postgresql": 4.0},
    "growth": {"sqlite": 1.1, "postgresql": 1.1},
    "inbox": {"sqlite": 1.3, "postgresql": 1.3},
}
MOST = {"statements of a step": 10, "statements of the inbox": 4, "state bytes": 2048}
NAMES = {
    "http / http floor": "经网页办结一步 ÷ 网页下限",
    "service / sql floor": "服务层办结一步 ÷ SQL 下限",
    "growth": "已办任务很多时的一步 ÷ 很少时的一步",
    "inbox": "待办很多时的一页 ÷ 很少时的一页",
    "statements of a step": "一步的 SQL 语句数（八栏表单，不含身份验证）",
    "statements of a step over http": "同上，含身份验证",
    "statements of the inbox": "待办页的 SQL 语句数（含会话与查阅留痕）",
    "state bytes": "每个运行实例的状态字节数",
    "sql floor": "SQL 下限",
    "service": "服务层一步",
    "http floor": "网页下限",
    "http": "网页一步",
    "step, young": "年轻实例的一步",
    "step, grown": "年老实例的一步",
    "inbox, few": "待办页（少）",
    "inbox, many": "待办页（多）",
}
ABOUT = """# 性能

`make bench` 在同一进程里轮流测量两种数据库，结果以**比值**表示：机器快慢对两边一样，比值才可以比较。
加上 `ARGS=--write` 会重写本页；`ARGS=--short` 用较小的数目，`ARGS=--quick` 只看能否运行。

- **SQL 下限**：把真实一步的语句原样记下，用数据库驱动直接在同一数据库的副本上重放，取回每一行。
- **网页下限**：最小的 Flask 程序，验证一个令牌后执行同样的语句。
- 一步：两个环节往返的流程，表单八栏个人信息（逐栏加密）和一个流程变量，属于一份工作卷宗。
- 数据库放在内存盘里：磁盘越慢，比值越好看，所以这里取最严的。
"""


# Target of each ratio of the engine; counts and times stand beside them.
ENGINE_TARGETS = {
    "engine / stock": 0.55, "engine growth": 1.1, "48 / 12 parallel gateways": 6.0,
    "a node of a long chain / of a short one": 2.0,
}  # fmt: skip
# At least so many times slower is what it is measured beside.
BESIDE = {
    "pySFeel / a condition of three terms": 10.0,
    "pySFeel / a table of 15 rules and 3 inputs": 10.0,
}
ENGINE_NAMES = {
    "engine / stock": "一步（解开、走、精简、压缩）÷ 原引擎内存中小实例的一步",
    "engine growth": "办过很多步的一步 ÷ 很少步的一步",
    "48 / 12 parallel gateways": "四十八对并行网关的启动 ÷ 十二对的启动",
    "a node of a long chain / of a short one": "长链读入每个节点 ÷ 十分之一长的链",
    "pySFeel / a condition of three terms": "pySFeel ÷ 三项条件（至少）",
    "pySFeel / a table of 15 rules and 3 inputs": "pySFeel ÷ 十五行三列决策表（至少）",
    "engine step": "引擎一步，连同解开和压缩",
    "stock step": "原引擎一步，不保存",
    "slowest start of workflows/": "启动最慢的一个流程",
    "start of 12 parallel gateways in series": "十二对并行网关首尾相接，启动到结束",
    "parsing a long chain": "读入并检查一条长链",
    "a condition of three terms": "三项条件，已编译",
    "a condition of three terms, pySFeel": "同上，pySFeel",
    "a table of 15 rules and 3 inputs": "十五行三列决策表，末行命中",
    "a table of 15 rules and 3 inputs, pySFeel": "同上，pySFeel 逐格计算",
    "engine state bytes": "状态字节数",
    "nodes of the long chain": "长链的节点数",
}
ENGINE_ABOUT = """## 引擎本身

不经数据库。原引擎是 SpiffWorkflow 3.2.0 原样的一步：实例留在内存里，不保存，只取头几步（它越走越慢）。pySFeel 是另一个
Python 的 FEEL 实现，许可是 GPL，不随本系统安装；测量的机器上装了才有这几行。
"""


@dataclass(frozen=True, slots=True)
class Beside:
    """On PostgreSQL alone: timers a second of two workers; a step ÷ one statement that does the least."""

    version: str
    timers: float
    cte: float


LEAST_TIMERS, MOST_CTE = 500.0, 5.0


def engine_text(found: EngineFigures, beside: Beside | None) -> str:
    """The section about the engine alone, and about timers."""
    rows = [ENGINE_ABOUT, "| 比值（目标） | |", "|---|---|"]
    if beside is not None:
        rows.append(
            f"| 服务层一步 ÷ 一条语句的五处写入，都不等写盘（{beside.version}） | {_against(beside.cte, MOST_CTE)} |"
        )
    for name, value in found.ratios.items():
        at_least = BESIDE.get(name)
        said = f"{value:.1f}（≥ {at_least:g}）" if at_least else _against(value, ENGINE_TARGETS[name])
        missed = " **未达到**" if at_least and value < at_least else ""
        rows.append(f"| {ENGINE_NAMES[name]} | {said}{missed} |")
    rows += ["", "| 时间（微秒，仅供参考）和数目 | |", "|---|---|"]
    rows += [f"| {ENGINE_NAMES[name]} | {value:,.0f} |" for name, value in found.times.items()]
    rows += [f"| {ENGINE_NAMES[name]} | {value:,} |" for name, value in found.counts.items()]
    if beside is not None:
        missed = " **未达到**" if beside.timers < LEAST_TIMERS else ""
        said = f"{beside.timers:.0f}（≥ {LEAST_TIMERS:g}）{missed}"
        rows.append(f"| 两个作业进程每秒办结的定时（{beside.version}） | {said} |")
    return "\n".join(rows)


def text(found: Sequence[Figures], settings: Settings) -> str:
    """The whole page in Markdown."""
    lines = [
        ABOUT,
        "## 结果",
        "",
        _machine(settings),
        "",
        *_ratios(found),
        "",
        *_counts(found),
        "",
        *_times(found),
    ]
    return "\n".join(lines)


def _machine(settings: Settings) -> str:
    return (
        f"Python {platform.python_version()}，{os.cpu_count()} 个处理器。各取 {settings.rounds} 轮的下十分位数"
        "（机器忙碌时，越长的一步被打断得越多）；"
        f"已办 {settings.young} 对 {settings.grown:,}，待办 {settings.few:,} 对 {settings.many:,}（一半属于本组）。"
    )


def _head(found: Sequence[Figures], first: str) -> list[str]:
    names = [f"{one.version}" for one in found]
    return [f"| {first} | " + " | ".join(names) + " |", "|---" * (len(found) + 1) + "|"]


def _ratios(found: Sequence[Figures]) -> list[str]:
    lines = _head(found, "比值（目标）")
    for name, targets in TARGETS.items():
        cells = [_against(one.ratios[name], targets[one.kind]) for one in found]
        lines.append(f"| {NAMES[name]} | " + " | ".join(cells) + " |")
    return lines


def _against(value: float, target: float) -> str:
    return f"{value:.2f}（≤ {target:g}）" + ("" if value <= target else " **未达到**")


def _counts(found: Sequence[Figures]) -> list[str]:
    lines = _head(found, "数目（目标）")
    for name in found[0].counts:
        most = MOST.get(name)
        cells = [
            str(one.counts[name])
            + (f"（≤ {most}）" if most else "")
            + (" **未达到**" if most and one.counts[name] > most else "")
            for one in found
        ]
        lines.append(f"| {NAMES[name]} | " + " | ".join(cells) + " |")
    return lines


def _times(found: Sequence[Figures]) -> list[str]:
    lines = [*_head(found, "时间（毫秒，仅供参考）")]
    for name in found[0].times:
        cells = [f"{one.times[name] / 1000:.2f}" for one in found]
        lines.append(f"| {NAMES[name]} | " + " | ".join(cells) + " |")
    return lines
