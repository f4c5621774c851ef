"""What each service 自动服务 is called on the designers' pages; a test keeps the list whole."""

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "put_on_agenda": "列入会议议题",
    "recall_agenda_item": "撤回议题",
    "register_measure": "登记处理决定",
    "open_impact_periods": "核算并开始影响期",
    "record_deemed_consent": "登记逾期视为同意",
    "record_talk": "登记谈话",
    "apply_adjustment": "执行职务调整",
    "appoint": "任职",
    "confirm_appointment": "正式任职",
    "end_probation_appointment": "免去试任职务",
    "open_tracking": "建立跟踪管理方案",
    "read_plan": "读取跟踪管理方案",
    "set_class": "确定联系类别",
    "assign_mentor": "确定帮带责任人",
    "extend_plan": "延长或加强跟踪",
    "close_plan": "结束跟踪",
    "open_reuse_tracking": "开始任用后回访",
    "plan_visits": "安排回访",
    "reschedule_visits": "重新安排回访",
    "read_visit": "读取回访安排",
    "postpone_visit": "回访改期",
    "cancel_visit": "取消回访",
    "record_visit": "登记回访",
    "plan_notes": "安排记实和小结",
    "read_note": "读取记实安排",
    "record_note": "登记记实",
    "raise_assessment_item": "提出研判事项",
    "read_reinstatement_facts": "读取重新任用情况",
    "check_eligibility": "核对重新任用条件",
    "record_not_reinstated": "登记未予任用",
    "open_publicity": "开始公示",
    "close_publicity": "结束公示",
    "close_case": "办结卷宗",
    "accept_appeal": "登记复核申诉受理结果",
    "extend_appeal": "延长复核申诉期限",
    "check_panel": "核对审理组",
    "decide_appeal": "登记复核申诉决定",
    "answer_appeal": "登记复核申诉送达",
    "apply_appeal_result": "执行复核申诉结果",
}


def name_of(delegate: str) -> str:
    """The service in words; its code when nobody has named it yet."""
    return NAMES.get(delegate, delegate)
