"""Jinja filters and globals 显示格式: Chinese dates with the relative form beside, numbers, words, links.

Dates are legal days in Asia/Shanghai; instants arrive as aware UTC and are shown in Asia/Shanghai.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Flask, request, url_for
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from webapp.web.assets import asset
from webapp.web.wording import words

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
OWN_NUMBER = re.compile(r"F\d\d")
# A run of other letters with what belongs to them.
CODE = re.compile(r"([!-~]*[A-Za-z](?:[ -~]*[!-~])?)")
SOON = 3
NEAR = 60


def day_zh(day: date) -> str:
    """2026年11月22日（周日）"""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def short_day_zh(day: date, today: date) -> str:
    """11月22日, with the year in front when it is not this year's."""
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def relative_zh(day: date, today: date) -> str:
    """The distance from today in the unit a person would say: days, months, years."""
    days = (day - today).days
    near = {0: "今天", 1: "明天", -1: "昨天", 2: "后天", -2: "前天"}
    if days in near:
        return near[days]
    after = "后" if days > 0 else "前"
    if abs(days) < NEAR:
        return f"{abs(days)}天{after}"
    months = _months_between(min(day, today), max(day, today))
    return f"{span_zh(months)}{after}"


def lasting_zh(since: date, today: date) -> str:
    """How long something has lasted: 5天, 8个月, 1年2个月; nothing on its first day."""
    days = (today - since).days
    if days <= 0:
        return ""
    return f"{days}天" if days < NEAR else span_zh(_months_between(since, today))


def span_zh(months: int) -> str:
    """1年8个月, 8个月, 2年."""
    years, rest = divmod(months, 12)
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest or not years else "")


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def _local_day(value: date | datetime) -> date:
    return value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value


def _time(machine: str, shown: str, title: str = "") -> Markup:
    hint = Markup(' title="{}"').format(title) if title else ""
    return Markup('<time datetime="{}"{}>{}</time>').format(machine, hint, shown)


@pass_context
def day(context: Context, value: date | datetime | None, absent: str = "未定") -> str:
    """The full date with the relative form beside: 2026年11月22日（周日） 3天后."""
    if value is None:
        return absent
    local = _local_day(value)
    beside = Markup(' <span class="rel">{}</span>').format(relative_zh(local, context["today"]))
    return _time(local.isoformat(), day_zh(local)) + beside


def plain_day(value: date | datetime | None, absent: str = "未定") -> str:
    """The full date alone, for paper."""
    if value is None:
        return absent
    local = _local_day(value)
    return _time(local.isoformat(), day_zh(local))


@pass_context
def short_day(context: Context, value: date | datetime | None, absent: str = "") -> str:
    """The short date for tables, the full one as its hint."""
    if value is None:
        return absent
    local = _local_day(value)
    return _time(local.isoformat(), short_day_zh(local, context["today"]), day_zh(local))


@pass_context
def lasting(context: Context, since: date | datetime) -> str:
    """How long it has lasted until today."""
    return lasting_zh(_local_day(since), context["today"])


@pass_context
def ago(context: Context, value: date | datetime | None, absent: str = "") -> str:
    """The relative form for tables, the full date as its hint."""
    if value is None:
        return absent
    local = _local_day(value)
    return _time(local.isoformat(), relative_zh(local, context["today"]), day_zh(local))


def moment(value: datetime) -> str:
    """2026年11月22日（周日）14:05, in Asia/Shanghai."""
    local = value.astimezone(SHANGHAI)
    return _time(value.isoformat(), f"{day_zh(local.date())}{local:%H:%M}")


def short_moment(value: datetime) -> str:
    """2026-11-22 14:05 for dense tables of events."""
    local = value.astimezone(SHANGHAI)
    return _time(value.isoformat(), f"{local:%Y-%m-%d %H:%M}", f"{day_zh(local.date())}{local:%H:%M:%S}")


def codes(text: str) -> Markup:
    """A sentence about a file, with what is written in it (names, formulas) set apart as such."""
    parts = CODE.split(text)
    # Every second part is what the pattern found.
    return Markup("").join(
        Markup('<span class="mono wide-words">{}</span>').format(one) if at % 2 else Markup.escape(one)
        for at, one in enumerate(parts)
    )


def due_state(value: date | None, today: date) -> str:
    """overdue | soon | later | none."""
    if value is None:
        return "none"
    days = (value - today).days
    if days < 0:
        return "overdue"
    return "soon" if days <= SOON else "later"


@pass_context
def due(context: Context, value: date | None, absent: str = "无时限", rule: str = "") -> str:
    """A deadline in words, shape and colour: icon and 逾期5天, or the date with the days left.

    ``rule``: what it was counted from, told on pointing at it and to who listens.
    """
    today = context["today"]
    state = due_state(value, today)
    if value is None:
        return Markup('<span class="due soft">{}</span>').format(absent)
    late = f"逾期{(today - value).days}天" if state == "overdue" else relative_zh(value, today)
    mark = {"overdue": icon("overdue"), "soon": icon("clock")}.get(state, Markup(""))
    shown = _time(value.isoformat(), short_day_zh(value, today), day_zh(value))
    told = Markup('<span class="visually-hidden">（{}）</span>').format(rule) if rule else Markup("")
    return Markup('<span class="due due-{}" title="{}">{}{} <span class="rel">{}</span>{}</span>').format(
        state, rule, mark, shown, late, told
    )


def number(value: int | None) -> str:
    """12,345; a dash when not counted."""
    return "—" if value is None else f"{value:,}"


def size(value: int) -> str:
    """A file size: 812 KB, 3.4 MB."""
    kilobytes = value / 1024
    return f"{max(1, round(kilobytes))} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"


def icon(name: str) -> Markup:
    """One drawing of the sprite; decorative, the words stand beside it."""
    href = asset("icons.svg")
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        href, name
    )


def here(**changes: object) -> str:
    """The address of this page with some query arguments changed; None takes one away."""
    values: dict[str, object] = {**request.args.to_dict(), **(request.view_args or {})}
    values.update(changes)
    kept = {key: value for key, value in values.items() if value not in (None, "")}
    return url_for(request.endpoint or "inbox.index", **kept)  # type: ignore[arg-type]


def new_key() -> str:
    """A fresh idempotency key for one drawn form."""
    return str(uuid4())


def dom_id(name: str) -> str:
    """The element id of an input from its html name."""
    return name.replace(".", "-")


def joined(values: Sequence[str], separator: str = "、") -> str:
    """The non-empty ones, joined the Chinese way."""
    return separator.join(value for value in values if value)


def basis(article: str) -> str:
    """The regulation a person can look up; the house's own number of a rule (F06) says nothing to them."""
    return "" if OWN_NUMBER.fullmatch(article) else article


def by_field(problems: Sequence[object]) -> dict[str, str]:
    """Problems -> html name of the input: its sentence."""
    return {str(problem.field): str(problem.sentence) for problem in problems}  # type: ignore[attr-defined]


FILTERS = {
    "basis": basis,
    "by_field": by_field,
    "day": day,
    "plain_day": plain_day,
    "short_day": short_day,
    "ago": ago,
    "lasting": lasting,
    "moment": moment,
    "codes": codes,
    "short_moment": short_moment,
    "due": due,
    "number": number,
    "size": size,
    "words": words,
    "span": span_zh,
    "dom_id": dom_id,
    "joined": joined,
}


def install(app: Flask) -> None:
    """Give the app's templates the filters and globals; an unknown name in a template is an error."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(icon=icon, here=here, new_key=new_key)
