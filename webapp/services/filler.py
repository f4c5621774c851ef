"""Fills forms 试填表单 for demo, trial runs and tests: a driver says what matters, the rest is plausible."""

from collections.abc import Mapping
from datetime import datetime
from zlib import crc32

from webapp.domain import forms as rules
from webapp.domain.fields import ROWS, Field
from webapp.domain.workdays import local_date
from webapp.services import forms
from webapp.services.forms import Posted

Filled = dict[str, str | list[str]]
DAY_TIME = "09:30"
PATTERNS: Mapping[str, str] = {
    "email": "shili@example.org",
    "phone": "0999-1234567",
    "id_number": "990101198001010017",
    "year_month": "1978-05",
}
# By a part of the label: what an office would write there. The first that fits is taken.
PHRASES: tuple[tuple[str, str], ...] = (
    ("地点", "组织部谈话室（示例）"),
    ("途径和期限", "对决定不服的，可自知道之日起三十日内申请复核，也可在十五日内向公正委员会提出申诉。"),
    ("民族", "汉族"),
    ("政治面貌", "中共党员"),
    ("呈报单位", "星屿市委组织部干部一科（示例）"),
    ("签", "经办人（示例）"),
    ("填表人", "吴山奈"),
    ("姓名", "见任免审批表（示例）"),
    ("职务", "见任免审批表（示例）"),
    ("会次", "第十二次会议（示例）"),
    ("期间", "影响期起止以核定结果为准"),
    ("频次", "每季度一次"),
    ("考核", "近三年年度考核分别为称职、称职、优秀。"),
    ("廉", "未发现违反廉洁自律规定的情况，个人有关事项如实报告。"),
    ("帮带", "每季度谈心一次，帮助制定整改清单并逐项跟进落实。"),
    ("培训", "参加履职能力提升班，安排到项目一线跟岗锻炼。"),
    ("思想", "思想稳定，能正确认识组织决定，工作主动性有所提高。"),
    ("方式", "当面谈话"),
    ("目标", "一年内熟悉新岗位业务，按期完成承担的重点任务。"),
    ("本人说明", "认可所列事实，说明了当时人手不足、协调不够主动的情况，表示今后改进。"),
    ("困难", "暂无突出困难，希望有机会参加业务培训。"),
    ("本人意见", "认可所列事实，服从组织安排。"),
    ("核实结论", "经核实，反映的主要事实属实，存在不适宜担任现职的情形。"),
    ("群众反映", "多数同志认为该同志态度转变明显，工作比以前主动。"),
    ("事实", "近两年分管的重点项目三次逾期，统筹协调不够有力，情况属实。"),
    ("理由", "综合考虑岗位要求、现实表现和工作需要，经研究提出上述意见。"),
    ("意见", "经研究，同意上述意见，请按程序办理。"),
    ("谈话", "围绕履职情况和下一步打算进行了谈心谈话，态度端正。"),
    ("整改", "对照问题清单逐条整改，重点项目已恢复正常进度。"),
)  # fmt: skip
# The same, where the whole label is a single word.
EXACT: Mapping[str, str] = {
    "能": "业务能力较强，到新岗位后适应较快。",
    "勤": "工作勤恳，能按时完成交办的任务。",
    "绩": "负责的工作按进度推进，年度任务完成较好。",
    "主要反映": "对组织的处理认识到位，工作状态平稳。",
}
LAST_PHRASES = (
    "情况已核对，材料齐备，已按程序记录在案。",
    "经了解，情况属实，相关材料已一并留存。",
    "按规定办理，过程和结果已如实记载。",
)


def fill(
    fields: tuple[Field, ...],
    given: Mapping[str, object] | None = None,
    *,
    variables: Mapping[str, object] | None = None,
    picks: Mapping[str, list[str]] | None = None,
    now: datetime,
) -> Filled:
    """Posted strings for every visible required field; ``given`` by key or variable, ``picks`` by picker kind.

    LookupError for a given name no field of the form has, or a picker nobody gave an id for.
    """
    posted = _given(fields, given or {})
    while True:
        shown = forms.visible_keys(fields, posted, variables or {}, now=now)
        wanted = [one for one in rules.flat(fields) if _is_wanted(one, shown, posted)]
        if not wanted:
            return posted
        # What is always shown comes first: it decides which of the others are.
        posted |= _all([one for one in wanted if not one.condition] or wanted, picks or {}, now)


def _all(wanted: list[Field], picks: Mapping[str, list[str]], now: datetime) -> Filled:
    found: Filled = {}
    for one in wanted:
        found |= _answer(one, picks, now)
    return found


def _given(fields: tuple[Field, ...], given: Mapping[str, object]) -> Filled:
    names = {one.key: one.key for one in rules.flat(fields)}
    names = {one.variable: one.key for one in rules.flat(fields) if one.variable} | names
    unknown = sorted(name for name in given if name.partition(".")[0] not in names)
    if unknown:
        raise LookupError(f"no field {', '.join(unknown)} among {', '.join(sorted(names))}")
    found: Filled = {}
    for name, value in given.items():
        head, dot, rest = name.partition(".")
        found[names[head] + dot + rest] = written(value)
    return found


def written(value: object) -> str | list[str]:
    """A value as a browser would post it."""
    if isinstance(value, list | tuple | set | frozenset):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


def _is_wanted(one: Field, shown: frozenset[str], posted: Posted) -> bool:
    if not one.required or not one.is_input or one.read_only or one.key not in shown:
        return False
    if one.kind in ROWS:
        return not any(name.startswith(f"{one.key}.") for name in posted)
    return one.key not in posted


def _answer(one: Field, picks: Mapping[str, list[str]], now: datetime) -> Filled:
    if one.kind in ROWS:
        cells = [sub for sub in one.fields if sub.required and sub.is_input]
        return {rules.row_name(one.key, 0, sub.key): _value(sub, picks, now) for sub in cells}
    return {one.key: _value(one, picks, now)}


def _value(one: Field, picks: Mapping[str, list[str]], now: datetime) -> str | list[str]:
    if dict(one.properties).get("all_when"):
        return [option.value for option in one.options]
    if one.kind in ("checklist", "taglist"):
        return [one.options[0].value]
    if one.kind in ("radio", "select"):
        return one.options[0].value
    if one.kind in ("person", "people", "organisation", "post", "member", "filepicker"):
        return _picked(one, picks)
    plain = {"checkbox": "on", "time": DAY_TIME, "number": str(one.validate.minimum or 1)}
    plain |= {"date": local_date(now).isoformat(), "datetime": f"{local_date(now).isoformat()} {DAY_TIME}"}
    return plain[one.kind] if one.kind in plain else _text(one, now)


def _picked(one: Field, picks: Mapping[str, list[str]]) -> str | list[str]:
    ids = picks.get(one.kind) or picks.get({"people": "person", "person": "people"}.get(one.kind, ""), [])
    if not ids:
        raise LookupError(f"nobody said what to pick for {one.key} ({one.kind})")
    return list(ids) if one.kind == "people" or one.multiple else ids[0]


def _text(one: Field, now: datetime) -> str:
    if one.validate.pattern:
        number = crc32(f"{one.key}{now.isoformat()}".encode()) % 900 + 1
        return PATTERNS.get(one.validate.pattern, f"星组干〔{local_date(now).year}〕{number}号")
    if "号" in one.name:
        return f"星组函〔{local_date(now).year}〕{crc32(one.key.encode()) % 90 + 1}号"
    last = LAST_PHRASES[crc32(one.key.encode()) % len(LAST_PHRASES)]
    sentence = EXACT.get(one.name) or next((words for part, words in PHRASES if part in one.name), last)
    least, most = one.validate.min_length or 0, one.validate.max_length or len(sentence)
    return (sentence if len(sentence) >= least else sentence + last * (least // len(last) + 1))[
        : max(most, least)
    ]
