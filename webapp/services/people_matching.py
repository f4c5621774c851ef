"""An entry against what is on file 比对: who it is, what would change, what stands against it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from webapp.services.people_entries import PROFILE, Entry
from webapp.services.people_register import Register, Unit

Action = Literal["create", "update", "same", "refused"]
Change = tuple[str, str, str]
COLUMNS: Mapping[str, str] = {"sex": "性别", "birth_month": "出生年月", "nation": "民族", "party": "政治面貌"}
SECRETS: Mapping[str, str] = {"id_number": "身份证号", "phone": "手机号"}
UNDECIDED = "未定职级"
SEPARATORS = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done with an entry; ``post_id`` None where the post would be new or is not recorded."""

    entry: Entry
    action: Action
    person_id: str | None = None
    unit: Unit | None = None
    post_title: str = ""
    post_id: str | None = None
    rank: str = ""
    joins: bool = False
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def number(self) -> int:
        """The row in the file."""
        return self.entry.number


def plans(register: Register, entries: Sequence[Entry], *, document: str = "") -> list[Plan]:
    """A plan for every entry; ``document``: digest of the approval form the only entry came in."""
    seen: dict[object, int] = {}
    found = []
    for entry in entries:
        keys = [
            key
            for key in (entry.id_number, (entry.name, entry.birth_month))
            if key and key != (entry.name, "")
        ]
        twin = next((seen[key] for key in keys if key in seen), None)
        if twin is not None:
            found.append(_refused(entry, f"与第{twin}行是同一人，请只保留一行。"))
            continue
        seen.update((key, entry.number) for key in keys)
        found.append(_plan(register, entry, document))
    return found


def _refused(entry: Entry, *problems: str) -> Plan:
    return Plan(
        entry,
        "refused",
        post_title=entry.post,
        problems=(*entry.problems, *problems),
        warnings=entry.warnings,
    )


def _plan(register: Register, entry: Entry, document: str) -> Plan:
    if entry.problems:
        return _refused(entry)
    person_id, problem, remark = _who(register, entry)
    if problem:
        return _refused(entry, problem)
    if person_id is None:
        return _joining(register, entry, None, (remark,) if remark else (), ())
    if person_id in register.barred:
        return _refused(entry, "不得办理本人及亲属的信息，请由其他同志导入。")
    cadre = register.cadres.get(person_id)
    changes = _changes(register, entry, person_id, document)
    if cadre is None:
        told = (remark, "系统中已有此人，但不是在册干部；导入后补登为在册干部。")
        return _joining(register, entry, person_id, tuple(one for one in told if one), changes)
    if cadre["committee_id"] not in register.committees:
        return _refused(entry, "此人不在您的干部管理权限范围内，不能导入。")
    warnings = (*entry.warnings, *((remark,) if remark else ()), *_moved(register, entry, cadre))
    title, unit = cadre["title"], next((one for one in register.units if one.id == cadre["unit_id"]), None)
    action: Action = "update" if changes else "same"
    return Plan(entry, action, person_id, unit, title, warnings=warnings, changes=changes)


def _who(register: Register, entry: Entry) -> tuple[str | None, str, str]:
    """(person, problem, remark) by ID number, else by name and month of birth."""
    by_id = register.by_id.get(entry.id_number) if entry.id_number else None
    if by_id is not None:
        if register.persons[by_id]["name"] != entry.name:
            return None, "该身份证号已登记在另一姓名之下，请核对姓名和身份证号。", ""
        return by_id, "", ""
    alike = register.by_name.get((entry.name, entry.birth_month), ()) if entry.birth_month else ()
    if not alike:
        return _by_name_alone(register, entry)
    if entry.id_number:
        others = [one for one in alike if register.secret.get(one, {}).get("id_number")]
        alike = tuple(one for one in alike if one not in others)
        if not alike:
            return None, "", "系统中有同名、同出生年月而身份证号不同的人员，将作为另一人新增，请核对。"
    if len(alike) > 1:
        return None, "系统中有多名同名、同出生年月的人员，请填写身份证号后再导入。", ""
    return alike[0], "", "按姓名和出生年月认定为系统中的同一人，请核对。"


def _by_name_alone(register: Register, entry: Entry) -> tuple[str | None, str, str]:
    namesakes = [key for key in register.by_name if key[0] == entry.name]
    if not namesakes:
        return None, "", ""
    if not entry.birth_month and not entry.id_number:
        return None, "系统中有同名人员，请填写出生年月或身份证号后再导入。", ""
    return None, "", "系统中有同名而出生年月不同的人员，将作为另一人新增，请核对。"


def _changes(register: Register, entry: Entry, person_id: str, document: str) -> tuple[Change, ...]:
    row, secret = register.persons[person_id], register.secret.get(person_id, {})
    found: list[Change] = []
    for name, zh in COLUMNS.items():
        new = getattr(entry, name)
        if new and new != (row[name] or ""):
            found.append((zh, row[name] or "", new))
    for name, zh in SECRETS.items():
        new, old = getattr(entry, name), str(secret.get(name) or "")
        if new and new != old:
            found.append((zh, masked(old), masked(new)))
    profile = secret.get("profile")
    before = profile if isinstance(profile, Mapping) else {}
    found += [
        (PROFILE[k], str(before.get(k, "")), v) for k, v in entry.profile.items() if v != before.get(k, "")
    ]
    known = register.documents.get(person_id, frozenset())
    if document and document not in known:
        found.append(("任免审批表", "已有原件" if known else "", "新的原件"))
    return tuple(found)


def _moved(register: Register, entry: Entry, cadre: Mapping[str, object]) -> list[str]:
    """A post or unit that differs is said, never changed: appointments have their own way."""
    unit, title = _unit_and_title(register, entry)
    there = str(cadre["title"])
    is_elsewhere = unit is not None and unit.id != cadre["unit_id"]
    if is_elsewhere or (title and title != there and there not in _titles(title)):
        return ["单位或职务与系统登记不一致；任职变动须经任免手续登记，本次导入不更改。"]
    if entry.rank and entry.rank != cadre["rank"]:
        return ["职级与系统登记不一致；职级变动须经任免手续登记，本次导入不更改。"]
    return []


def _joining(
    register: Register,
    entry: Entry,
    person_id: str | None,
    told: tuple[str, ...],
    changes: tuple[Change, ...],
) -> Plan:
    """A person who becomes a cadre on file: unit, post, rank and the day it began."""
    unit, title = _unit_and_title(register, entry)
    problems = [] if entry.birth_month else ["“出生年月”未填写，新增人员必须填写。"]
    if unit is None:
        problems.append(_unknown_unit(register, entry))
        return _refused(entry, *problems)
    post = _post(register, unit, title)
    warnings = [*entry.warnings, *told]
    rank = entry.rank or (str(post["rank"]) if post else UNDECIDED)
    if post is None:
        warnings.append(
            f"“{unit.short}”没有登记“{title}”这一职务，将按此名称新增，请随后核定职数和职务层次。"
        )
    if rank == UNDECIDED:
        warnings.append("没有写明职级，暂记为“未定职级”，请随后补录。")
    if entry.since is None:
        warnings.append("没有写明任现职时间，自今天起列入在册干部，任职经历待补录。")
    if problems:
        return _refused(entry, *problems)
    kept = str(post["title"]) if post else title
    post_id = str(post["id"]) if post else None
    action: Action = "create" if person_id is None else "update"
    return Plan(entry, action, person_id, unit, kept, post_id, rank, True, (), tuple(warnings), changes)


def _unit_and_title(register: Register, entry: Entry) -> tuple[Unit | None, str]:
    """The unit and the post's title; where no unit is named, the post's text begins with it."""
    if entry.unit:
        unit = next((one for one in register.units if entry.unit in (one.name, one.short, one.code)), None)
        title = entry.post
        if unit is not None:
            title = title.removeprefix(unit.name).removeprefix(unit.short) or title
        return unit, title.strip()
    for unit in register.units:
        for name in (unit.name, unit.short):
            if entry.post.startswith(name):
                return unit, entry.post.removeprefix(name).strip() or entry.post
    return None, entry.post


def _unknown_unit(register: Register, entry: Entry) -> str:
    wanted = entry.unit or entry.post
    near = get_close_matches(wanted, [one.short for one in register.units], n=1, cutoff=0.6)
    hint = f"，是否为“{near[0]}”" if near else ""
    named = f"没有找到单位“{wanted[:40]}”{hint}" if wanted else "没有写明单位"
    return f"{named}；请按系统中登记的单位名称填写。"


def _titles(title: str) -> list[str]:
    return [one for one in SEPARATORS.split(title) if one]


def _post(register: Register, unit: Unit, title: str) -> Mapping[str, object] | None:
    there = {row["title"]: row for row in register.posts.get(unit.id, ())}
    if title in there:
        return there[title]
    return next((there[one] for one in reversed(_titles(title)) if one in there), None)


def masked(text: str) -> str:
    """A number with its middle hidden."""
    return f"{text[:3]}{'*' * max(len(text) - 5, 3)}{text[-2:]}" if text else ""
