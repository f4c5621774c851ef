"""Names and codes inside a record 办理记录 in the office's words; what has none is left to the record as it stands."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from webapp.domain.appeals import STATES_ZH, WINDOWS
from webapp.domain.fields import flat
from webapp.domain.impact import BARS_ZH
from webapp.domain.kinship import ACTS_ZH, SOURCES_ZH
from webapp.domain.kinship import KINDS_ZH as KIN_ZH
from webapp.domain.lifecycle import STAGES_ZH
from webapp.domain.measure_changes import KINDS_ZH
from webapp.domain.measures import MEASURES, TRACKS
from webapp.domain.meetings import ENTRIES_ZH, RESULTS_ZH
from webapp.domain.policies import POLICIES
from webapp.domain.roles import ROLES
from webapp.domain.workdays import local_date
from webapp.engine import Definition
from webapp.queries import records
from webapp.queries.meetings import MATTERS

ELSEWHERE = "见原样记录"
LABELS: Mapping[str, str] = {
    "number": "卷宗编号", "door": "立卷途径", "person_id": "人员", "decided_by": "线下办理人", "entered_by": "代录人",
    "body": "会议", "held_on": "会议日期", "result": "结果", "matter": "议题", "entry": "录入方式", "version": "版本",
    "origin": "来源", "message": "流程消息", "what": "查阅内容", "size": "字节数", "decisive": "须本人办理的事项",
    "finding": "核查结论", "reason": "原因", "seed": "示例数据种子", "events": "记录条数", "findings": "发现问题",
    "findings_count": "发现问题", "streams": "记录卷数", "code": "代码", "presence": "到会登记", "secret": "无记名表决",
    "in_favour": "同意复议人数", "for_good": "不再提请", "change": "更改事项", "before": "原登记", "after": "现登记",
    "measure": "措施", "organ": "作出机关", "document_no": "文号", "decided_on": "决定日期", "effective_on": "生效日期",
    "months_decided": "决定载明月数", "restored_on": "恢复党员权利日期", "ended_on": "撤销或结束日期",
    "ended_by": "撤销或结束", "periods": "重新核算的影响期", "bar": "限制事项", "starts_on": "起算日",
    "ends_on": "届满日", "proposed_by": "提出人", "user_id": "账号", "role": "岗位角色", "organisation": "单位代码",
    "job_kind": "事项种类", "due_on": "应办日期", "talked_on": "谈话日期", "mentor": "帮带责任人",
    "meeting_outcome": "会议结果", "note_kind": "记实种类", "visit_kind": "回访种类", "operator": "操作人",
    "created": "新增", "changed": "变更", "valid_from": "起始日期", "valid_to": "截止日期", "expires_on": "有效期至",
    "quota": "职数", "rows": "行数", "action": "处理", "format": "格式", "fields_count": "栏目数", "page": "第几页",
    "ok": "未发现问题", "purpose": "用途", "scope": "范围", "basis": "依据", "outcome": "结果", "manner": "方式",
    "received_on": "收到日期", "concluded_on": "核查完毕日期", "years": "年度", "days": "天数",
    "tracking_class": "联系类别", "kind": "种类", "post": "职务", "disclosed": "披露栏目数", "withheld": "不随带的记录",
    "relation": "亲属关系", "act": "办理", "source": "登记来源", "relative_id": "亲属", "derived": "推知的亲属关系数",
    "policy": "规则参数", "document": "依据文件", "freed": "比原来多休（天）", "worked": "比原来多上班（天）",
    "on_behalf_of": "代理", "principal_id": "委托人", "substitute_id": "代理人",
    "receiver_id": "转办给", "route": "复核、申诉途径", "filed_how": "提出方式", "answered_on": "送达本人日期",
}  # fmt: skip
_OUTPUTS: Mapping[str, str] = {
    "promotion": "不得晋升职务（月）", "equal": "不得担任相当职务（月）", "leading": "不得担任领导职务（月）",
    "open_until": "止期待定至", "allows_excellent": "可评优秀", "effect": "对考核的影响", "sets_grade": "确定等次",
    "at_rights_restored": "恢复权利时回访", "avoid_handlers": "回避原承办人", "before_expiry_days": "期满前几日回访",
    "every_months": "每隔几个月回访", "first_within_months": "首次回访在几个月内", "immediate": "立即回访",
    "max_per_year": "每年至多几次", "alternative": "可选方式", "manner": "调整方式", "tracking_class": "联系类别",
    "body": "决定机关", "legal_act": "须依法办理", "must_report": "须事先报告", "owner": "谈话人",
    "roles": "谈话人范围",
    "archive": "档案必审", "discipline": "纪检意见必听", "personal_matters": "个人事项必核",
    "petitions": "信访举报必查",
    "prior_report": "须事先报告", "probation": "须试用", "months": "月数", "publicity": "须公示", "days": "工作日",
    "required": "须办理", "working_days": "公示工作日", "level": "分级", "grade": "分级", "track": "途径",
}  # fmt: skip
_VALUES: Mapping[str, str] = {
    "yes": "是", "no": "否", "true": "是", "false": "否", "dept": "部务会", "committee": "常委会", "timer": "流程时限",
    "superior": "上级组织部门", "first": "首次", "annual": "年度", "quarterly": "季度", "monthly": "月度",
    "education": "教育管理", "care": "关心联系", "present": "到会", "absent": "缺席", "leave": "请假",
    "unset": "未登记",
    "installation": "系统安装", "upload": "上传", "designer": "流程设计", "not_excellent": "不得评为优秀",
    "all": "全部", "ignore": "不予处理", "remind": "提醒、函询", "superior_committee": "上级党委",
    "incompetent": "应为不称职", "comments_only": "只写评语、不定等次", "no_grade_until_closed": "结案以前暂不确定等次",
    "by_rule": "按有关规定确定", "normal": "不受影响",
    "done": "已办", "create": "新增", "update": "更新", "lrmx": "任免审批表", "up_down": "能上能下",
    "sanction": "处分处理", "rights_restored": "恢复党员权利", "regular": "定期", "before_expiry": "期满前",
}  # fmt: skip
CODES: Mapping[str, Mapping[str, str]] = {
    "body": {"dept": "部务会", "committee": "常委会"},
    "door": {"up_down": "日常了解信息", "sanction": "登记处理处分决定"},
    "entry": {str(code): words for code, words in ENTRIES_ZH.items()},
    "result": {str(code): words for code, words in RESULTS_ZH.items()},
    "meeting_outcome": {str(code): words for code, words in RESULTS_ZH.items()},
    "matter": MATTERS,
    "measure": {one.key: f"{TRACKS[one.track]}：{one.zh}" for one in MEASURES},
    "kind": {one.code: one.zh for one in MEASURES},
    "change": {str(code): words for code, words in KINDS_ZH.items()},
    "bar": {str(code): f"不得{words}" for code, words in BARS_ZH.items()},
    "ended_by": {"revoked": "撤销", "ended": "结束"},
    "role": {one.code: one.zh for one in ROLES},
    "message": records.MESSAGES,
    "job_kind": {"timer": "流程时限到期", "message": "到期提示"},
    "status": {
        "open": "进行中", "closed": "已结束", "waiting": "等待上会", "scheduled": "已列入议程", "voting": "正在表决",
        "decided": "已有结果", "recalled": "已撤回", "planned": "已安排", "started": "到期待办", "held": "已回访",
        "cancelled": "已取消", "suspended": "已暂停", **STATES_ZH,
    },
    "filed_how": {"online": "本人网上提出", "paper": "纸面提出，代录"},
    "policy": {one.code: one.zh for one in POLICIES},
    "relation": KIN_ZH,
    "source": SOURCES_ZH,
    "act": ACTS_ZH,
    "route": {code: remedy.zh for code, remedy in WINDOWS.items()},
    "tracking_class": {"A": "一般联系", "B": "重点联系", "C": "专项联系"},
    "stage": STAGES_ZH,
}  # fmt: skip
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|[0-9a-f]{40}")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]+")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def is_identifier(value: object) -> bool:
    """An id or a digest: for checking, not for reading."""
    return isinstance(value, str) and IDENTIFIER.fullmatch(value) is not None


def output_name(name: str) -> str:
    """What a decision table calls its result, in words."""
    return _OUTPUTS.get(name) or LABELS.get(name) or "结果"


def value_words(name: str, value: object, labels: Mapping[str, str], who: Mapping[str, str]) -> str:
    """A stored value in words: names for ids, labels for codes; ``labels``: the answers of the pinned forms."""
    if value is None:
        return "未填"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return _pairs(value, labels, who) or "无"
    if isinstance(value, list | tuple):
        return _all(name, value, labels, who)
    text = str(value)
    known = CODES.get(name, {}).get(text) or who.get(text) or labels.get(text) or _common().get(text)
    if known:
        return known
    if INSTANT.fullmatch(text):
        return local_date(datetime.fromisoformat(text)).isoformat()
    return ELSEWHERE if is_identifier(text) or CODE.fullmatch(text) else text


def _all(name: str, values: Iterable[object], labels: Mapping[str, str], who: Mapping[str, str]) -> str:
    words = [
        "：".join(value_words(name, part, labels, who) for part in one)
        if isinstance(one, list) and len(one) == 2
        else value_words(name, one, labels, who)
        for one in values
    ]
    told = [one for one in words if one != ELSEWHERE]
    left = len(words) - len(told)
    return "、".join([*told, *([f"另{left}项{ELSEWHERE}"] if left else [])]) or "无"


def _pairs(value: Mapping[str, Any], labels: Mapping[str, str], who: Mapping[str, str]) -> str:
    return "；".join(
        f"{LABELS[key]}：{value_words(key, item, labels, who)}"
        for key, item in value.items()
        if key in LABELS and not is_identifier(item)
    )


@lru_cache(1)
def _common() -> Mapping[str, str]:
    return {
        **{str(track): zh for track, zh in TRACKS.items()},
        **{one.code: one.zh for one in MEASURES},
        **{one.code: one.zh for one in ROLES},
        **STAGES_ZH,
        **_VALUES,
    }


def labels_of(definition: Definition) -> Mapping[str, str]:
    """The answers that the forms of a definition offer: code → label."""
    found: dict[str, str] = {}
    for key in definition.forms:
        for one in flat(records.form_fields(definition, key)):
            found |= {option.value: option.label for option in one.options}
    return found
