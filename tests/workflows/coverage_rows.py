"""The rows that must be built: every step of C1–C4, every part of the visit's record, F01–F14.

A row: its code, its Chinese name, and the kinds of place it needs at least. ``clock`` is a due date or timer.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``needs`` are kinds of ``coverage.Place``."""

    code: str
    zh: str
    needs: frozenset[str]


def _row(code: str, zh: str, needs: str) -> Row:
    return Row(code, zh, frozenset(needs.split()))


DOWN = (
    _row("C1.0", "分析研判（日常了解信息）", "element field rule clock test"),
    _row("C1.1", "启动", "element field clock test"),
    _row("C1.2", "核实认定", "element field clock test"),
    _row("C1.3", "提出调整建议", "element field rule clock test"),
    _row("C1.3a", "征求意见、酝酿", "element field clock test"),
    _row("C1.3b", "报上级", "element field rule clock test"),
    _row("C1.4", "组织决定", "element field function test"),
    _row("C1.5", "谈话", "element field rule clock test"),
    _row("C1.6", "履行任免程序", "element field clock test"),
    _row("C1.7", "同日建立跟踪、起算影响期、归档", "element rule function test"),
)
TRACKING = (
    _row("C2.1", "建档", "element field clock test"),
    _row("C2.2", "确定帮带责任人、制定方案", "element field clock test"),
    _row("C2.3", "岗位安排", "element field clock"),
    _row("C2.4", "培养措施", "element field"),
    _row("C2.5", "日常了解", "element field rule clock test"),
    _row("C2.6", "回访", "element rule function test"),
    _row("C2.7", "年度小结", "element field clock test"),
    _row("C2.8", "期满评估", "element field clock test"),
    _row("C2.9", "结论", "element field clock test"),
)
VISITS = (
    _row("C3.who", "谁回访", "element test"),
    _row("C3.whom", "回访谁、还听取谁", "field"),
    _row("C3.when", "何时回访", "rule clock test"),
    _row("C3.before", "回访之前", "element field"),
    _row("C3.manner", "方式（听察谈、四个一）", "field"),
    _row("C3.forms", "三张表：登记、单位评价、评价意见", "element"),
    _row("C3.grades", "评价等次", "field"),
    _row("C3.result", "结果运用", "element field test"),
    _row("C3.filing", "归档", "element function"),
)
_RECORD = {
    "visit_no": "次别",
    "post_then_now": "对象、原职务与现职务",
    "measure_and_period": "措施、日期与影响期",
    "visit_type": "类型",
    "held_on": "日期",
    "held_place": "地点",
    "visitors": "回访人（二人以上）",
    "companions": "陪同人员",
    "outline": "提纲",
    "subject_attitude": "本人：对决定的认识",
    "view_of_fault": "本人：对问题的认识",
    "state_of_mind": "本人：思想状况",
    "work_since": "本人：履职与整改",
    "execution": "本人：决定执行",
    "difficulties": "本人：困难与诉求",
    "health": "本人：健康（受限）",
    "family": "本人：家庭（受限）",
    "suggestions": "本人：意见建议",
    "unit_thought": "单位：思想",
    "unit_ability": "单位：能力",
    "unit_diligence": "单位：作风",
    "unit_results": "单位：实绩",
    "unit_integrity": "单位：廉洁",
    "mass_opinion": "单位：群众反映",
    "mentor_performance": "单位：帮带责任人履职",
    "treatment_done": "单位：待遇、职务落实",
    "others_heard": "其他了解对象",
    "others_view": "其他人员的反映",
    "grade_evidence": "回访人意见与依据",
    "grade": "评价",
    "proposals": "建议",
    "follow_ups": "待办",
    "follow_up_owners": "待办责任人",
    "follow_up_due": "待办期限",
    "signing": "本人签字",
    "refusal_reason": "未签字原因",
    "witness": "见证人",
    "signed": "回访人签字",
    "unit_seal": "单位盖章",
    "record_scan": "签字件扫描",
}
RECORD = tuple(_row(f"C3.record.{name}", f"回访记录：{zh}", "field") for name, zh in _RECORD.items())
UP = (
    _row("C4.gate0", "任职限制核查（D3）", "element field function test"),
    _row("C4.gate1", "事先报告上级", "element field rule clock test"),
    _row("C4.1", "动议", "element field"),
    _row("C4.2", "民主推荐", "element field test"),
    _row("C4.3", "确定考察对象", "element test"),
    _row("C4.4", "考察", "element field test"),
    _row("C4.4a", "四必", "element field rule test"),
    _row("C4.5", "酝酿", "element field clock test"),
    _row("C4.6", "讨论决定", "element function test"),
    _row("C4.7", "公示", "element field rule clock function test"),
    _row("C4.8", "举报核查", "element field test"),
    _row("C4.9", "任职谈话、任职", "element field test"),
    _row("C4.10", "试用期", "rule function test"),
    _row("C4.11", "转正、免去试任", "element field clock test"),
    _row("C4.12", "任用后跟踪", "element clock test"),
)
INVARIANTS = (
    _row("F01", "提出与审批分开，核实与申诉复查分开，二人以上", "element function test"),
    _row("F02", "不得个人决定、传阅代替会议、临时动议；程序不全不上会", "element function test"),
    _row("F03", "三分之二以上成员到会，回避者不计到会", "element function test"),
    _row("F04", "应到会成员过半数同意", "element function test"),
    _row("F05", "本人及亲属回避", "field function test"),
    _row("F06", "公示不少于五个工作日，不得缩短，有反映即暂缓", "element rule function test"),
    _row("F07", "影响期内不得提拔、进一步使用、晋升职级，不可绕过", "element function test"),
    _row("F08", "第1、3、6、9步均核查任职限制", "element test"),
    _row("F09", "表决前四必、双签字齐全且在六个月内", "element rule test"),
    _row("F10", "未经上级答复不得讨论", "element rule test"),
    _row("F11", "试用期一年，不胜任的按原职级安排", "element rule function test"),
    _row("F12", "申诉不停止执行，不加重处理", "element function test"),
    _row("F13", "听取本人说明，书面告知救济途径和期限", "element field test"),
    _row("F14", "同日建立一份跟踪方案，最晚影响期满前不得结束", "element function test"),
)
ROWS = (*DOWN, *TRACKING, *VISITS, *RECORD, *UP, *INVARIANTS)
