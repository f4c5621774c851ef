"""The approval form 干部任免审批表 as a value, with its dates as the editors write them."""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date

_PARTS = re.compile(r"((?:19|20|21)[0-9]{2})[-./年]?([0-9]{1,2})?[-./月]?([0-9]{1,2})?日?")
_WIDE = str.maketrans("０１２３４５６７８９．－　", "0123456789.- ")

# Field of the form → pinyin tag, in the order of the paper.
TAGS: dict[str, str] = {
    "name": "XingMing",
    "sex": "XingBie",
    "born": "ChuShengNianYue",
    "nation": "MinZu",
    "native_place": "JiGuan",
    "birthplace": "ChuShengDi",
    "joined_party": "RuDangShiJian",
    "worked_since": "CanJiaGongZuoShiJian",
    "health": "JianKangZhuangKuang",
    "expert_title": "ZhuanYeJiShuZhiWu",
    "expertise": "ShuXiZhuanYeYouHeZhuanChang",
    "education": "QuanRiZhiJiaoYu_XueLi",
    "degree": "QuanRiZhiJiaoYu_XueWei",
    "education_school": "QuanRiZhiJiaoYu_XueLi_BiYeYuanXiaoXi",
    "degree_school": "QuanRiZhiJiaoYu_XueWei_BiYeYuanXiaoXi",
    "later_education": "ZaiZhiJiaoYu_XueLi",
    "later_degree": "ZaiZhiJiaoYu_XueWei",
    "later_education_school": "ZaiZhiJiaoYu_XueLi_BiYeYuanXiaoXi",
    "later_degree_school": "ZaiZhiJiaoYu_XueWei_BiYeYuanXiaoXi",
    "current_post": "XianRenZhiWu",
    "proposed_post": "NiRenZhiWu",
    "relieved_post": "NiMianZhiWu",
    "career": "JianLi",
    "rewards": "JiangChengQingKuang",
    "appraisals": "NianDuKaoHeJieGuo",
    "reason": "RenMianLiYou",
    "submitted_by": "ChengBaoDanWei",
    "age_counted_on": "JiSuanNianLingShiJian",
    "filled_on": "TianBiaoShiJian",
    "filled_by": "TianBiaoRen",
    "id_number": "ShenFenZheng",
    "photo": "ZhaoPian",
    "version": "Version",
}
FAMILY, ITEM = "JiaTingChengYuan", "Item"
MEMBER_TAGS: dict[str, str] = {
    "relation": "ChengWei",
    "name": "XingMing",
    "born": "ChuShengRiQi",
    "party": "ZhengZhiMianMao",
    "work": "GongZuoDanWeiJiZhiWu",
}
VERSION = "3.2.1.16"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the family 家庭主要成员及重要社会关系, as written."""

    relation: str = ""
    name: str = ""
    born: str = ""
    party: str = ""
    work: str = ""

    @property
    def is_blank(self) -> bool:
        """True for an empty row of the paper."""
        return not any((self.relation, self.name, self.born, self.party, self.work))


@dataclass(frozen=True, slots=True)
class Form:
    """One 任免审批表; texts and dates exactly as the file has them, ``photo`` as bytes. Age is never kept.

    ``unknown``: tags this product does not know, kept in the file. ``problems``: what could not be read.
    ``original``: the file's bytes, empty for a form that did not come from a file.
    """

    name: str = ""
    sex: str = ""
    born: str = ""
    nation: str = ""
    native_place: str = ""
    birthplace: str = ""
    joined_party: str = ""
    worked_since: str = ""
    health: str = ""
    expert_title: str = ""
    expertise: str = ""
    education: str = ""
    degree: str = ""
    education_school: str = ""
    degree_school: str = ""
    later_education: str = ""
    later_degree: str = ""
    later_education_school: str = ""
    later_degree_school: str = ""
    current_post: str = ""
    proposed_post: str = ""
    relieved_post: str = ""
    career: str = ""
    rewards: str = ""
    appraisals: str = ""
    reason: str = ""
    submitted_by: str = ""
    age_counted_on: str = ""
    filled_on: str = ""
    filled_by: str = ""
    id_number: str = field(default="", repr=False)
    photo: bytes = field(default=b"", repr=False)
    version: str = ""
    family: tuple[Member, ...] = field(default=(), repr=False)
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    original: bytes = field(default=b"", repr=False, compare=False)

    @property
    def birth_month(self) -> str | None:
        """``yyyy-MM``, None when absent or unreadable."""
        return month_of(self.born)


def month_of(text: str) -> str | None:
    """``197805``, ``19780506``, ``1978.05``, ``1978-5-6``, ``1978年5月`` → ``1978-05``; None otherwise."""
    parts = _parts(text)
    return f"{parts[0]:04d}-{parts[1]:02d}" if parts and parts[1] else None


def day_of(text: str) -> date | None:
    """The day of such a date, the first of the month where no day is written; None when unreadable."""
    parts = _parts(text)
    return date(parts[0], parts[1], parts[2] or 1) if parts and parts[1] else None


def _parts(text: str) -> tuple[int, int, int] | None:
    plain = text.translate(_WIDE).replace(" ", "")
    if re.fullmatch(r"[0-9]{6}|[0-9]{8}", plain):
        plain = ".".join(part for part in (plain[:4], plain[4:6], plain[6:]) if part)
    match = _PARTS.fullmatch(plain)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if month > 12 or (day and (not month or day > calendar.monthrange(year, month)[1])):
        return None
    return year, month, day
