"""Rosters are read whatever the order of their columns, every wrong cell is named, bombs stay closed."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from webapp.domain.errors import Invalid
from webapp.exchange import xlsx
from webapp.exchange.xlsx import Line

ID = "990101197805060025"


def book(*rows: Any, title: str = "Sheet1") -> bytes:
    """A workbook with these rows."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(*rows: Any) -> xlsx.Roster:
    return xlsx.read_roster(book(*rows), "花名册.xlsx")


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    roster = read(
        ["星屿市管干部花名册（示例）"],
        [],
        [
            "序号",
            "现任 职务",
            "姓  名",
            "出生\n年月",
            "单位（全称）",
            "职务层次",
            "身份证号码",
            "星座",
            "年龄",
        ],
        [1, "副局长", "苏白露", "1978.05", "星屿市发展和改革局", "副处", "990101197805060020", "金牛", 48],
        [None, None, None],
        [2, " 局长 ", "钟谷雨", datetime(1971, 3, 1), "星屿市发展和改革局", "正处", None, None, None],
    )

    first, second = roster.lines
    assert (first.number, first.name, first.born, first.post, first.rank) == (
        4,
        "苏白露",
        "1978.05",
        "副局长",
        "副处",
    )
    assert (second.number, second.name, second.born, second.post) == (6, "钟谷雨", "1971-03-01", "局长")
    assert roster.unknown == ("星座",)
    assert "sex" not in roster.columns


def test_every_wrong_cell_is_named_in_its_row() -> None:
    roster = read(
        ["姓名", "出生年月", "现任职务", "身份证号", "任现职时间", "手机"],
        ["苏白露", 1978.1, "副局长", 990101197805060000, "去年", 13900000000],
        ["", "197805", "局长", "123", date(2021, 3, 1), True],
        ["顾半夏", 197811, 3.5, "", "2021.03", ""],
    )

    assert [line.problems for line in roster.lines] == [
        (
            "“出生年月”按数字保存为“1978.1”，分不清1月与10月，请把该列设为文本后重新填写。",
            "“身份证号”按数字保存，末几位已经丢失，请把该列设为文本后重新填写。",
            "“任现职时间”“去年”不是年月，请写成 1978.05 或 1978-05-06。",
        ),
        (
            "“身份证号”应为18位公民身份号码，且校验位相符。",
            "“手机号”应为文字，不能是逻辑值。",
            "“姓名”未填写。",
        ),
        ("“现任职务”应为文字，不能是数字。", "“现任职务”未填写。"),
    ]
    assert roster.lines[0].phone == "13900000000"
    assert roster.lines[2].born == "197811"


def packed(parts: dict[str, bytes], base: bytes | None = None) -> bytes:
    """A zip with parts, those of a workbook among them unless replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        if base is not None:
            with zipfile.ZipFile(io.BytesIO(base)) as source:
                for name in source.namelist():
                    if name not in parts:
                        package.writestr(name, source.read(name))
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


GOOD = book(["姓名", "单位", "现任职务"], ["苏白露", "星屿市发展和改革局", "副局长"])
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><worksheet>&a;</worksheet>'
HOSTILE = {
    "old workbook": ("花名册.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "另存为"),
    "csv": ("花名册.csv", "姓名,单位\n苏白露,某局".encode(), ".csv"),
    "another ending": ("花名册.xlsm", GOOD, ".xlsm"),
    "no workbook": ("花名册.xlsx", packed({"a.txt": b"x"}), "不是 Excel"),
    "a picture": ("花名册.xlsx", b"\x89PNG\r\n\x1a\n", "不是 Excel"),
    "empty": ("花名册.xlsx", b"", "空"),
    "cut short": ("花名册.xlsx", GOOD[:900], "损坏"),
    "spoilt": ("花名册.xlsx", GOOD[:60] + bytes(40) + GOOD[100:], "损坏"),
    "bomb": ("花名册.xlsx", packed({"xl/media/a.xml": bytes(40 * 1024 * 1024)}, GOOD), "过大"),
    "many parts": ("花名册.xlsx", packed({f"a{i}": b"" for i in range(400)}, GOOD), "过大"),
    "macro": ("花名册.xlsx", packed({"xl/vbaProject.bin": b"x"}, GOOD), "宏"),
    "entities": ("花名册.xlsx", packed({SHEET: LAUGHS}, GOOD), "实体"),
    "wide entities": ("花名册.xlsx", packed({SHEET: LAUGHS.decode().encode("utf-16")}, GOOD), "编码"),
    "broken sheet": ("花名册.xlsx", packed({SHEET: b"<worksheet><sheetData><row>"}, GOOD), "损坏"),
    "no headings": ("花名册.xlsx", book(["甲", "乙"], ["苏白露", "某局"]), "标题行"),
    "heading missing": ("花名册.xlsx", book(["姓名", "单位", "民族"], ["苏白露", "某局", "汉"]), "现任职务"),
    "no lines": ("花名册.xlsx", book(["姓名", "单位", "现任职务"]), "没有内容"),
    "too many lines": (
        "花名册.xlsx",
        book(["姓名", "性别", "现任职务"], *[["苏白露", "女", "局长"]] * 5001),
        "5000行",
    ),
}


@pytest.mark.parametrize(("name", "data", "words"), HOSTILE.values(), ids=HOSTILE.keys())
def test_another_kind_of_file_and_hostile_ones_are_refused_with_a_sentence(
    name: str, data: bytes, words: str
) -> None:

    with pytest.raises(Invalid) as refusal:
        xlsx.read_roster(data, name)

    assert words in refusal.value.problems["file"]
    assert refusal.value.problems["file"].endswith("。")


def test_a_row_a_million_lines_down_costs_nothing() -> None:
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far += b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'

    with pytest.raises(Invalid):
        xlsx.read_roster(packed({SHEET: far}, GOOD), "花名册.xlsx")


def test_no_cell_that_goes_out_is_a_formula() -> None:
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "苏白露", "苏\x0b白露"]
    lines = [Line(i, name=name, post="局长") for i, name in enumerate(names)]

    data = xlsx.write_roster(lines, columns=("name", "post", "unit"), marks=[("=导出人", "=1+1")])

    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    written = [cell.value for cell in sheets[0]["A"]]
    assert written == [
        "姓名",
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\t=1",
        "'  =1",
        "'＝1",
        "苏白露",
        "苏白露",
    ]
    assert [cell.value for cell in sheets[1][1]] == ["'=导出人", "'=1+1"]


def test_a_roster_that_was_written_can_be_read() -> None:
    line = Line(
        2, name="苏白露", sex="女", born="1978-05", unit="星屿市水务局", post="副局长", since="2021-03-15"
    )

    data = xlsx.write_roster([line], columns=("name", "sex", "born", "unit", "post", "since"))

    assert xlsx.read_roster(data, "花名册.XLSX").lines == (line,)


def test_the_template_has_every_heading_and_no_line() -> None:
    data = xlsx.write_template()

    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [names[0] for names in xlsx.HEADINGS.values()]
    with pytest.raises(Invalid, match="没有内容"):
        xlsx.read_roster(data, "模板.xlsx")
