"""The headings of a roster 花名册 in the words offices use, whatever their order."""

import re

# Field of a line → headings under which it comes; the first is the one we write ourselves.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名",),
    "sex": ("性别",),
    "born": ("出生年月", "出生日期", "出生时间", "出生年月日"),
    "nation": ("民族",),
    "native_place": ("籍贯",),
    "party": ("政治面貌", "党派", "政治面目"),
    "joined_party": ("入党时间", "入党年月", "入党日期"),
    "worked_since": ("参加工作时间", "参加工作年月", "工作时间"),
    "education": ("学历", "文化程度", "最高学历", "全日制学历"),
    "unit": ("单位", "工作单位", "所在单位", "现工作单位", "单位名称"),
    "post": (
        "现任职务",
        "职务",
        "现任单位及职务",
        "单位及职务",
        "工作单位及职务",
        "单位职务",
        "现职务",
        "任职",
    ),
    "rank": ("职级", "级别", "职务层次", "现任职级", "职务职级", "职级级别"),
    "since": ("任现职时间", "任现职年月", "现任职务时间", "任现职日期", "任职时间"),
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "身份证"),
    "phone": ("手机号", "联系电话", "手机", "电话", "手机号码"),
}
REQUIRED = ("name", "post")
WORDS = {field: names[0] for field, names in HEADINGS.items()}
_BY_HEADING = {heading: field for field, names in HEADINGS.items() for heading in names}
# Counted again at every look, so neither is taken from a file.
IGNORED = frozenset({"序号", "编号", "年龄", "备注", "照片"})


def field_of(heading: str) -> str | None:
    """The field of a heading; blanks, line breaks and what stands in brackets do not matter."""
    return _BY_HEADING.get(plain(heading))


def plain(heading: str) -> str:
    """A heading without blanks and bracketed remarks."""
    return re.sub(r"[（(\[【].*?[)）\]】]|[\s:：*＊/／、]", "", heading)
