"""Codes -> words on the screen 界面用语; the single list templates read through the filter ``words``."""

from webapp.domain.meetings import CHOICES_ZH, RESULTS_ZH
from webapp.domain.roles import ROLES

WORDS: dict[str, dict[str, str]] = {
    "role": {role.code: role.zh for role in ROLES},
    "choice": {**{str(code): zh for code, zh in CHOICES_ZH.items()}, "cast": "已表决", "silent": "未表决"},
    "result": {str(code): zh for code, zh in RESULTS_ZH.items()},
    "stage": {"down": "下", "tracking": "跟踪", "visit": "回访", "up": "再上"},
    "stage_state": {"done": "已完成", "now": "正在进行", "ahead": "尚未开始", "skipped": "不经过"},
    "task": {
        "open": "待签收",
        "claimed": "办理中",
        "mine": "由我办理",
        "other": "他人办理中",
        "completed": "已办结",
        "cancelled": "已撤销",
    },
    "case": {"open": "办理中", "suspended": "已暂停", "closed": "已办结"},
    "step": {
        "done": "已办",
        "active": "正在办理",
        "ahead": "尚未开始",
        "cancelled": "已取消",
        "error": "流程异常",
    },
    "period": {"running": "执行中", "over": "已期满", "unsettled": "止期未定", "revoked": "已撤销"},
    "measure": {"in_force": "有效", "revoked": "已撤销", "ended": "已结束"},
    "change": {"proposed": "等待复核", "agreed": "已生效", "refused": "未同意"},
    "correction": {
        "proposed": "等待复核",
        "agreed": "已复核同意",
        "done": "已办理",
        "refused": "未同意",
        "withdrawn": "已收回",
    },
    "reason": {"passed": "已核，无限制", "blocked": "受限制", "notice": "提请注意", "unknown": "尚未核查"},
    "branch": {"promotion": "提拔或进一步使用", "same_level": "平级重新任职"},
    "standing": {
        "none": "无限制记录",
        "barred": "影响期内",
        "tracked": "跟踪管理中",
        "probation": "试用期内",
    },
    "import": {"create": "新增", "update": "更新", "same": "无变化", "refused": "不能导入"},
    "body": {"dept": "部务会", "committee": "常委会"},
    "meeting": {"planned": "待召开", "open": "正在召开", "closed": "已结束", "cancelled": "已取消"},
    "attendance": {"unset": "未登记", "present": "到会", "absent": "缺席", "leave": "请假"},
    "item": {"waiting": "待讨论", "voting": "正在表决", "put_off": "暂缓表决", "decided": "已有结果"},
    "class": {"A": "一般", "B": "重点", "C": "专项联系"},
    "plan": {"open": "跟踪中", "closed": "已结束"},
    "visit": {
        "planned": "已安排",
        "due": "到期待办",
        "overdue": "逾期未办",
        "held": "已回访",
        "missed": "未开展",
        "cancelled": "已取消",
        "written": "已记实",
    },
    "grade": {"good": "好", "fair": "一般", "poor": "较差"},
    "quota": {"now": "现行", "ahead": "尚未生效", "replaced": "已被替代"},
    "vacancy": {"vacant": "有空缺的", "over": "超职数的"},
    "ending": {"impact": "影响期（处分期）", "admonishment": "诫勉影响期", "probation": "试用期"},
    "level": {"error": "错误", "warning": "提醒"},
    "tab": {
        "mine": "待办",
        "group": "科室待办",
        "done": "已办",
        "started": "我发起的",
        "stand_in": "代理待办",
    },
    "due": {
        "overdue": "已逾期",
        "today": "今天到期",
        "week": "七日内到期",
        "none": "无时限",
        "month": "三十日内到期",
    },
    "sort": {
        "due": "按到期先后",
        "-due": "按到期倒序",
        "-created": "最近到达在前",
        "created": "最早到达在前",
        "process": "按流程",
        "updated": "最近办理在前",
    },
}


def words(code: str, kind: str) -> str:
    """The words of a code, e.g. ``'overdue'|words('due')``; a code without words is shown as it is."""
    return WORDS[kind].get(code, code)
