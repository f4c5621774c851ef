"""Loads the demo's cases 载入示例卷宗: three lives in the small demo, the whole city's in ``make run``."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from webapp.domain.errors import NotAllowed
from webapp.domain.workdays import BUSINESS_ZONE, local_date
from webapp.persistence.database import open_engine
from webapp.persistence.models import administration
from webapp.services import reads
from webapp.services.demo import arrival, clock, lives, organisation, progress, story
from webapp.services.demo.city import City
from webapp.services.demo.staff import MORNING, Staff
from webapp.services.office import Office

KEY = "demo_city"


def load(office: Office) -> None:
    """Load what belongs to the installed organisation. NotAllowed where the clock may not be shifted."""
    if not office.shifted:
        raise NotAllowed("正式环境不能载入示例卷宗，也不能拨动时钟。")
    if organisation.is_city(office):
        load_city(office)
    else:
        story.load(office)


def load_city(office: Office, *, few: bool = False) -> City | None:
    """Go on with the city's cases from the day that was reached; None when they are all there.

    A loader that was stopped half-way leaves whole acts behind: the next one does what still lies open.
    """
    state = _state(office)
    if state["done"]:
        return None
    engine = open_engine(office.engine.url, durable=False)
    anchor = date.fromisoformat(state["anchor"])
    city = City(Staff(replace(office, engine=engine)), lives.plan(anchor, few=few), anchor)
    try:
        _play(city, date.fromisoformat(state["reached"]) if state["reached"] else None)
        _keep(office, {**_state(office), "done": True})
    finally:
        engine.dispose()
        clock.reset(office)
        _show(
            office,
            1,
            1,
            "示例卷宗已载入" if _state(office)["done"] else "示例卷宗未能全部载入",
            loading=False,
        )
    return city


def _play(city: City, reached: date | None) -> None:
    office = city.staff.office
    days = city.days()
    left = [day for day in days if reached is None or day > reached]
    if left:
        clock.place(office, datetime.combine(left[0], MORNING, BUSINESS_ZONE))
    for day, following in zip(left, [*left[1:], None], strict=True):
        _show(
            office, days.index(day), len(days), f"正在载入示例卷宗：{day.year}年{day.month}月", loading=True
        )
        city.work_on(day, following)
        _keep(office, {**_state(office), "reached": day.isoformat()})
    arrival.arrive(city)


def _show(office: Office, done: int, total: int, stage: str, *, loading: bool) -> None:
    progress.write(office.begin(), done=done, total=total, stage=stage, loading=loading)


def _state(office: Office) -> Mapping[str, Any]:
    with reads.begin(office) as look:
        row: Any = look.one(administration.setting, key=KEY)
    if row is not None:
        found: Mapping[str, Any] = row["value"]
        return found
    state = {"anchor": local_date(datetime.now(UTC)).isoformat(), "reached": "", "done": False}
    _keep(office, state)
    return state


def _keep(office: Office, state: Mapping[str, Any]) -> None:
    """Note how far it came; an operating value, not an act, so it has no event."""
    work = office.begin()
    with work:
        work.put(administration.setting, {"key": KEY, "value": dict(state)})
        work.settle()
