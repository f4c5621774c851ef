"""Stages 阶段 of a case 工作卷宗: the codes of the diagrams' ``zaishang:stage`` and their words on the screen."""

STAGES_ZH: dict[str, str] = {
    "signal": "日常了解信息",
    "measure_intake": "登记处理处分决定",
    "assessment": "分析研判",
    "open_case": "启动核实",
    "verification": "核实认定",
    "proposal": "调整建议",
    "dept_meeting": "部务会研究",
    "committee_decision": "常委会讨论决定",
    "down_talk": "调整谈话",
    "formalities": "办理任免手续",
    "tracking": "跟踪管理",
    "visit": "回访",
    "up": "重新任用",
    "closed": "卷宗办结",
}
# Nothing is decided yet: the matter is open 尚在核查处理 and stands against a promotion (D3#2).
BEFORE_DECISION = frozenset(
    {
        "signal",
        "measure_intake",
        "assessment",
        "open_case",
        "verification",
        "proposal",
        "dept_meeting",
        "committee_decision",
    }
)
# How a post given by the way up 任职 is registered: from then on no letter of a publicity is taken any more.
REINSTATED = ("reinstatement", "probation")
# Formalities go on while tracking has begun; visits after reinstatement while the case is on its way up.
NOT_BACK_TO: dict[str, frozenset[str]] = {
    "tracking": frozenset({"down_talk", "formalities"}),
    "visit": frozenset({"down_talk", "formalities"}),
    "up": frozenset({"down_talk", "formalities", "tracking", "visit"}),
}
