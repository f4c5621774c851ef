"""A list of organisations 机构表 out of Excel or CSV, each line with what is wrong with it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.exchange.xlsx import MOST_ROWS, sheets
from webapp.exchange.xlsx_package import refused, require_sound

HEADINGS = {"编码": "code", "名称": "name", "类别": "kind", "上级编码": "parent", "启用日期": "since"}
KINDS = {
    "党委": "committee",
    "组织部门": "org_dept",
    "纪检监察机关": "discipline",
    "办事机构": "office",
    "单位": "unit",
    "本系统": "installation",
}
REQUIRED = ("编码", "名称", "类别")
LONGEST = {"code": 40, "name": 120}
LONGEST_FILE = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation 机构; ``number``: its row; ``kind`` as a code; ``since`` as written, '' for today."""

    number: int
    code: str
    name: str
    kind: str
    parent: str = ""
    since: str = ""


def read(data: bytes, name: str) -> tuple[Line, ...]:
    """The lines of a list with the headings 编码、名称、类别、上级编码、启用日期; Invalid names every wrong line."""
    rows = _csv(data) if name.lower().endswith(".csv") else _xlsx(data, name)
    for index, row in enumerate(rows[:10]):
        columns = {column: HEADINGS[text] for column, text in enumerate(row) if text in HEADINGS}
        if set(columns.values()) >= {HEADINGS[one] for one in REQUIRED}:
            return _lines(rows[index + 1 :], columns, index + 2)
    raise refused("没有找到标题行：请在前10行内写明“编码”“名称”“类别”。")


def _xlsx(data: bytes, name: str) -> list[list[str]]:
    require_sound(data, name)
    for rows in sheets(data):
        return [["" if cell is None else str(cell).strip() for cell in row] for row in rows]
    return []


def _csv(data: bytes) -> list[list[str]]:
    if len(data) > LONGEST_FILE:
        raise refused("文件过大，请分成几个文件。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]
    raise refused("文字编码无法识别，请另存为 UTF-8 后重试。")


def _lines(rows: Sequence[Sequence[str]], columns: dict[int, str], first: int) -> tuple[Line, ...]:
    found, problems = [], []
    for number, row in enumerate(rows[: MOST_ROWS + 1], first):
        values = {name: row[column] if column < len(row) else "" for column, name in columns.items()}
        if not any(values.values()):
            continue
        wrong = _wrong(values)
        if wrong:
            problems.append(f"第{number}行：{wrong}")
            continue
        values["kind"] = KINDS[values["kind"]]
        found.append(Line(number, **values))
    if len(found) > MOST_ROWS:
        problems.append(f"超过{MOST_ROWS}行，请分成几个文件。")
    if problems or not found:
        raise refused("；".join(problems[:20]) or "标题行下面没有内容。")
    return tuple(found)


def _wrong(values: dict[str, str]) -> str:
    missing = [word for word in REQUIRED if not values[HEADINGS[word]]]
    if missing:
        return f"缺少{'、'.join(missing)}。"
    if values["kind"] not in KINDS:
        return f"类别“{values['kind'][:20]}”不认识，应为{'、'.join(KINDS)}。"
    long = [name for name, most in LONGEST.items() if len(values[name]) > most]
    return "编码或名称过长。" if long else ""
