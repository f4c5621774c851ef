"""A file to import 导入文件 → entries, one a person, whatever kind of file they come in."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from webapp.domain import formats
from webapp.domain.errors import Invalid
from webapp.domain.people import plain_name
from webapp.exchange import lrmx, xlsx
from webapp.exchange.lrmx import Form

# What is kept encrypted beside the master data, by the words on the page.
PROFILE: Mapping[str, str] = {
    "education": "学历学位",
    "native_place": "籍贯",
    "worked_since": "参加工作时间",
    "joined_party": "入党时间",
}
MEMBER = "中共党员"
_CAREER = re.compile(r"^\s*([0-9]{4}[.\-/年]?[0-9]{1,2})月?\s*(?:[-—–~至到]+)\s*(?:至今|今)?\s*(?![0-9])")
LONGEST_NAME, LONGEST_POST, LONGEST_WORDS = 60, 80, 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a file; ``birth_month`` yyyy-MM; ``unit`` empty where the post's text begins with it."""

    number: int
    name: str
    sex: str = ""
    birth_month: str = ""
    nation: str = ""
    party: str = ""
    unit: str = ""
    post: str = ""
    rank: str = ""
    since: date | None = None
    id_number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    profile: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its kind ``lrmx`` or ``xlsx``, its entries, what to know about it as a whole."""

    kind: str
    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()


def read(name: str, data: bytes, today: date) -> Source:
    """Every person of a file. Invalid (``file``) for a kind or a content that cannot be imported."""
    ending = name.lower().rpartition(".")[2]
    if ending == "lrmx":
        form = lrmx.read(data)
        return Source("lrmx", (_checked(_of_form(form), today),), _remarks(form))
    if ending == "lrm":
        sentence = "这是旧版任免审批表（.lrm），请用任免审批表编辑器打开后另存为 .lrmx 再上传。"
        raise Invalid({"file": sentence}, sentence)
    if ending in ("xlsx", "xls", "csv", "xlsm", "et"):
        roster = xlsx.read_roster(data, name)
        remarks = (f"不识别的栏没有读取：{'、'.join(roster.unknown[:10])}。",) if roster.unknown else ()
        return Source("xlsx", tuple(_checked(_of_line(line), today) for line in roster.lines), remarks)
    sentence = "只能导入任免审批表（.lrmx）或花名册（.xlsx），请重新选择文件。"
    raise Invalid({"file": sentence}, sentence)


def _remarks(form: Form) -> tuple[str, ...]:
    kept = (f"有{len(form.unknown)}个本系统不识别的栏目，已随原文件原样保留。",) if form.unknown else ()
    return (*form.problems, *kept)


def _of_form(form: Form) -> Entry:
    degrees = (form.education, form.degree, form.later_education, form.later_degree)
    profile = {
        "education": "、".join(dict.fromkeys(one for one in degrees if one)),
        "native_place": form.native_place,
        "worked_since": form.worked_since,
        "joined_party": form.joined_party,
    }
    is_member = lrmx.month_of(form.joined_party) is not None
    unread = form.born and form.birth_month is None
    return Entry(
        number=1,
        name=form.name,
        sex=form.sex,
        birth_month=form.birth_month or "",
        nation=form.nation,
        party=MEMBER if is_member else form.joined_party,
        post=form.current_post,
        since=_since(form.career),
        id_number=form.id_number,
        profile=profile,
        problems=(f"出生年月“{form.born[:20]}”不是年月，请在编辑器中改为 197805 的样式。",) if unread else (),
    )


def _since(career: str) -> date | None:
    """When the present post began: the last line of the career without an end."""
    for line in reversed(career.splitlines()):
        if line.strip():
            match = _CAREER.match(line)
            return lrmx.day_of(match[1]) if match else None
    return None


def _of_line(line: xlsx.Line) -> Entry:
    profile = {name: getattr(line, name) for name in PROFILE}
    return Entry(
        number=line.number,
        name=line.name,
        sex=line.sex,
        birth_month=lrmx.month_of(line.born) or "",
        nation=line.nation,
        party=line.party,
        unit=line.unit,
        post=line.post,
        rank=line.rank,
        since=lrmx.day_of(line.since),
        id_number=line.id_number,
        phone=line.phone,
        profile=profile,
        problems=line.problems,
    )


def _checked(entry: Entry, today: date) -> Entry:
    """Texts made plain, what is wrong said once."""
    problems = list(entry.problems)
    warnings: list[str] = []
    words = {
        "name": _words(plain_name(entry.name), "姓名", LONGEST_NAME, problems),
        "sex": _sex(entry.sex, problems),
        "nation": _nation(_words(entry.nation, "民族", 30, problems)),
        "party": _words(entry.party, "政治面貌", 40, problems),
        "unit": _words(entry.unit, "单位", LONGEST_WORDS, problems),
        "post": _words(entry.post, "现任职务", LONGEST_WORDS, problems),
        "rank": _words(entry.rank, "职级", 30, problems),
        "id_number": _formatted(entry.id_number, "id_number", "身份证号", problems),
        "phone": _formatted(entry.phone, "phone", "手机号", problems),
    }
    written = {name: text for name, text in entry.profile.items() if text}
    profile = {name: _words(text, PROFILE[name], LONGEST_WORDS, problems) for name, text in written.items()}
    problems += _birth_problems(entry.birth_month, today)
    problems += [f"“{zh}”未填写。" for key, zh in (("name", "姓名"), ("post", "现任职务")) if not words[key]]
    since = entry.since
    if since is not None and since > today:
        problems.append("“任现职时间”晚于今天，请核对。")
    warnings += _id_warnings(words["id_number"], entry.birth_month, words["sex"])
    return Entry(
        number=entry.number,
        **words,
        birth_month=entry.birth_month,
        since=since,
        profile=profile,
        problems=tuple(dict.fromkeys(problems)),
        warnings=(*entry.warnings, *warnings),
    )


def _words(text: str, label: str, longest: int, problems: list[str]) -> str:
    try:
        plain = formats.clean(text)
    except formats.Wrong as wrong:
        problems.append(f"“{label}”{wrong}")
        return ""
    # Direction marks and the like would make a name look like another one.
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    if len(plain) > longest:
        problems.append(f"“{label}”不超过{longest}字，现为{len(plain)}字。")
        return plain[:longest]
    return plain


def _sex(text: str, problems: list[str]) -> str:
    plain = text.strip().removesuffix("性")
    if plain not in ("", "男", "女"):
        problems.append("“性别”应为男或女。")
        return ""
    return plain


def _nation(text: str) -> str:
    return f"{text}族" if text and not text.endswith("族") else text


def _formatted(text: str, kind: str, label: str, problems: list[str]) -> str:
    if not text.strip():
        return ""
    try:
        return formats.require_format(text, kind)
    except formats.Wrong as wrong:
        problems.append(f"“{label}”{wrong}")
        return ""


def _birth_problems(month: str, today: date) -> list[str]:
    if not month:
        return []
    age = today.year - int(month[:4])
    return [] if 16 <= age <= 100 else [f"“出生年月”{month}与干部年龄不符，请核对。"]


def _id_warnings(id_number: str, month: str, sex: str) -> list[str]:
    """Where the ID number says something else: for people to look at, 三龄 must agree in the archive."""
    if not id_number:
        return []
    found = []
    if month and f"{id_number[6:10]}-{id_number[10:12]}" != month:
        found.append("身份证号中的出生年月与所填出生年月不一致，请按档案核对。")
    if sex and ("男" if int(id_number[16]) % 2 else "女") != sex:
        found.append("身份证号所示性别与所填性别不一致，请核对。")
    return found
