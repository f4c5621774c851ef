"""Rosters 花名册 in and out of Excel workbooks, each line with what is wrong with it."""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from webapp.domain import formats
from webapp.domain.errors import Invalid
from webapp.exchange.lrmx_form import month_of
from webapp.exchange.xlsx_headings import HEADINGS, IGNORED, REQUIRED, WORDS, field_of, plain
from webapp.exchange.xlsx_package import refused, require_sound

__all__ = ["MOST_ROWS", "Line", "Roster", "read_roster", "sheets", "write_roster", "write_template"]

MOST_ROWS = 5000
MOST_COLUMNS = 60
HEADING_WITHIN = 10
LONGEST_CELL = 500
DATES = ("born", "joined_party", "worked_since", "since")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a roster; ``number``: its row in the sheet; texts as written, ``""`` for an empty cell."""

    number: int
    name: str = ""
    sex: str = ""
    born: str = ""
    nation: str = ""
    native_place: str = ""
    party: str = ""
    joined_party: str = ""
    worked_since: str = ""
    education: str = ""
    unit: str = ""
    post: str = ""
    rank: str = ""
    since: str = ""
    id_number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster: its lines, the fields it has a column for, and headings nobody knows."""

    lines: tuple[Line, ...]
    columns: frozenset[str]
    unknown: tuple[str, ...] = ()


def read_roster(data: bytes, name: str) -> Roster:
    """The first sheet with a heading row. Invalid (``file``) for another kind of file, a bomb, no headings."""
    require_sound(data, name)
    for rows in sheets(data):
        found = _heading_row(rows[:HEADING_WITHIN])
        if found is not None:
            return _roster(rows, *found)
    raise refused("没有找到标题行：请在前10行内写明“姓名”“现任职务”等标题，可下载模板对照。")


def sheets(data: bytes) -> Iterator[list[tuple[object, ...]]]:
    """The rows of every sheet, cells as they come; Invalid (``file``) for a workbook that cannot be read."""
    import openpyxl

    # What a workbook has beyond cells is dropped, and openpyxl says so every time.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                limit = MOST_ROWS + HEADING_WITHIN + 1
                yield [
                    tuple(row)
                    for row in sheet.iter_rows(max_row=limit, max_col=MOST_COLUMNS, values_only=True)
                ]
        except Invalid:
            raise
        except Exception:
            # The library fails in many ways on malformed parts; for the person it is one.
            raise refused("工作簿内容已损坏，不能读取，请用 Excel 或 WPS 重新保存后再上传。") from None


def _heading_row(rows: Sequence[tuple[object, ...]]) -> tuple[int, dict[int, str]] | None:
    """(index, column → field) of the first row that names 姓名 and two more."""
    for index, row in enumerate(rows):
        found: dict[int, str] = {}
        for column, cell in enumerate(row):
            name = field_of(cell) if isinstance(cell, str) else None
            if name is not None and name not in found.values():
                found[column] = name
        if "name" in found.values() and len(found) >= 3:
            return index, found
    return None


def _roster(rows: Sequence[tuple[object, ...]], at: int, columns: Mapping[int, str]) -> Roster:
    missing = [WORDS[one] for one in REQUIRED if one not in columns.values()]
    if missing:
        raise refused(f"标题行缺少“{'”“'.join(missing)}”栏，请补上后重新上传，可下载模板对照。")
    headings = [plain(cell) for cell in rows[at] if isinstance(cell, str)]
    unknown = dict.fromkeys(one for one in headings if one and one not in IGNORED and field_of(one) is None)
    lines = [_line(at + offset + 2, row, columns) for offset, row in enumerate(rows[at + 1 :])]
    filled = tuple(line for line in lines if line is not None)
    if len(filled) > MOST_ROWS or len(rows) > MOST_ROWS + HEADING_WITHIN:
        raise refused(f"花名册超过{MOST_ROWS}行，请分成几个文件上传。")
    if not filled:
        raise refused("标题行下面没有内容，请填写后重新上传。")
    return Roster(filled, frozenset(columns.values()), tuple(unknown))


def _line(number: int, row: tuple[object, ...], columns: Mapping[int, str]) -> Line | None:
    values: dict[str, str] = {}
    problems: list[str] = []
    for column, name in columns.items():
        cell = row[column] if column < len(row) else None
        try:
            values[name] = _text(name, cell)
        except formats.Wrong as wrong:
            problems.append(f"“{WORDS[name]}”{wrong}")
    if not any(values.values()) and not problems:
        return None
    problems += [f"“{WORDS[one]}”未填写。" for one in REQUIRED if not values.get(one, "")]
    return Line(number, **values, problems=tuple(dict.fromkeys(problems)))


def _text(name: str, cell: object) -> str:
    """A cell as text. Wrong where the sheet's own type has lost something."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        raise formats.Wrong("应为文字，不能是逻辑值。")
    if isinstance(cell, datetime | date):
        return _dated(name, cell)
    if isinstance(cell, int | float):
        return _numbered(name, cell)
    text = formats.clean(str(cell))
    if len(text) > LONGEST_CELL:
        raise formats.Wrong(f"不超过{LONGEST_CELL}字，现为{len(text)}字。")
    if text and name in DATES and month_of(text) is None:
        raise formats.Wrong(f"“{text[:20]}”不是年月，请写成 1978.05 或 1978-05-06。")
    return formats.require_format(text, "id_number") if text and name == "id_number" else text


def _dated(name: str, cell: date) -> str:
    if name not in DATES:
        raise formats.Wrong("应为文字，不能是日期。")
    return f"{cell:%Y-%m-%d}"


def _numbered(name: str, cell: float) -> str:
    if name == "id_number":
        raise formats.Wrong("按数字保存，末几位已经丢失，请把该列设为文本后重新填写。")
    text = str(int(cell)) if float(cell).is_integer() else repr(cell)
    if name in DATES:
        if re.fullmatch(r"[0-9]{4}\.1", text):
            raise formats.Wrong(f"按数字保存为“{text}”，分不清1月与10月，请把该列设为文本后重新填写。")
        if month_of(text) is None:
            raise formats.Wrong(f"“{text[:20]}”不是年月，请写成 1978.05 或 1978-05-06。")
    elif name != "phone":
        raise formats.Wrong("应为文字，不能是数字。")
    return text


def write_roster(
    lines: Sequence[Line], *, columns: Sequence[str], marks: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A workbook of lines with the named fields as columns; ``marks``: who exported it, when, what for.

    No cell can be taken for a formula.
    """
    rows = [[getattr(line, name) for name in columns] for line in lines]
    return _workbook([WORDS[name] for name in columns], rows, marks)


def write_table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[tuple[str, str]]
) -> bytes:
    """A workbook of any rows under headings; no cell can be taken for a formula."""
    return _workbook(headings, rows, notes, title)


def write_template() -> bytes:
    """An empty roster with every heading and a sheet that says how to fill it in."""
    notes = [
        (
            "必填",
            "、".join(WORDS[name] for name in REQUIRED) + "；新增人员还须填写出生年月、单位、任现职时间",
        ),
        ("年月", "写成 1978.05、197805 或 1978-05-06；请把日期列设为文本"),
        ("身份证号", "请把该列设为文本，否则末几位会丢失；导入后加密保存"),
        ("单位", "与系统中登记的单位名称一致；也可以把单位写在“现任职务”前面"),
        ("示例", "姓名：苏白露；单位：星屿市发展和改革局；现任职务：副局长；职级：副处；任现职时间：2021.03"),
    ]
    return _workbook([names[0] for names in HEADINGS.values()], [], notes)


def _workbook(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Sequence[tuple[str, str]],
    title: str = "花名册",
) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([inert(value) for value in row])
    sheet.freeze_panes = "B2"
    for index in range(1, len(headings) + 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = 16
        sheet.column_dimensions[letter].number_format = "@"
    if notes:
        beside = book.create_sheet("说明")
        for label, words in notes:
            beside.append([inert(label), inert(words)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def inert(value: str) -> str:
    """Text that no spreadsheet takes for a formula, without characters a workbook cannot hold."""
    plain_text = _UNWRITABLE.sub("", value)
    return f"'{plain_text}" if plain_text.lstrip(" ").startswith(FORMULA_SIGNS) else plain_text
