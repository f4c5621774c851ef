"""The measurements: each runs what it compares in turns, so that a busy machine slows both alike."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.databases import Scratch
from bench.scenes import Scene, Stage, bulk_tasks, of_the_step
from webapp.persistence.models import runtime


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is measured."""

    rounds: int = 300
    warm: int = 30
    young: int = 10
    grown: int = 10_000
    few: int = 10_000
    many: int = 1_000_000
    pages: int = 60
    chain: int = 5_000
    timers: int = 800


QUICK = Settings(rounds=3, warm=2, young=2, grown=8, few=20, many=60, pages=2, chain=200, timers=4)
SHORT = Settings(rounds=100, warm=20, grown=500, few=1_000, many=50_000, pages=30, timers=400)


@dataclass(slots=True)
class Figures:
    """What one database showed; times in microseconds, lower deciles."""

    kind: str
    version: str
    times: dict[str, float] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def typical(values: Sequence[float]) -> float:
    """The lower decile: what else the machine is busy with lengthens the longer ones most."""
    return quantiles(values, n=10)[0] if len(values) >= 10 else min(values)


def timed(work: Callable[[], object]) -> float:
    """Microseconds."""
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / 1000


def measure(scratch: Scratch, home: Path, settings: Settings, log: Callable[[str], None]) -> Figures:
    """Everything on one database."""
    figures = Figures(scratch.kind, scratch.version)
    log(f"{figures.version}: a step")
    stage = Stage(scratch, home)
    try:
        steps(stage, settings, figures)
        log(f"{figures.version}: growth to {settings.grown} completed tasks")
        growth(stage, settings, figures)
        state(stage, figures)
    finally:
        stage.close()
    log(f"{figures.version}: the inbox with {settings.many} open tasks")
    inbox(scratch, stage, home, settings, figures)
    return figures


def steps(stage: Stage, settings: Settings, figures: Figures) -> None:
    """The step through service and page against their floors, one after the other in every round."""
    taken: dict[str, list[float]] = {name: [] for name in ("sql floor", "service", "http floor", "http")}
    recorder = stage.scene.recorder
    for number in range(settings.warm + settings.rounds):
        with recorder.listening() as seen:
            service = timed(stage.service)
        statements = of_the_step(seen)
        sql_floor = timed(partial(stage.floor.replay, statements))
        with recorder.listening() as asked:
            http = timed(stage.http)
        stage.find_next()
        recorded = of_the_step(asked)
        http_floor = timed(partial(stage.least_http, recorded))
        if number >= settings.warm:
            for name, value in zip(taken, (sql_floor, service, http_floor, http), strict=True):
                taken[name].append(value)
    figures.times |= {name: typical(values) for name, values in taken.items()}
    figures.ratios["service / sql floor"] = figures.times["service"] / figures.times["sql floor"]
    figures.ratios["http / http floor"] = figures.times["http"] / figures.times["http floor"]
    figures.counts["statements of a step"] = len(statements)
    figures.counts["statements of a step over http"] = len(asked)


def growth(stage: Stage, settings: Settings, figures: Figures) -> None:
    """A step of an instance with few completed tasks against one with many, each in its own case."""
    world, step = stage.scene.world, stage.scene.step
    young = world.begin(world.open_case("2026-young"))[1]
    old = world.begin(world.open_case("2026-old"))[1]
    for _ in range(settings.young):
        young = step(young)
    for _ in range(settings.grown):
        old = step(old)
    ages: dict[str, list[float]] = {"young": [], "old": []}
    for number in range(settings.rounds):
        if number % settings.young == 0:
            young = _fresh(stage, settings)
        began = time.perf_counter_ns()
        young = step(young)
        between = time.perf_counter_ns()
        old = step(old)
        ages["young"].append((between - began) / 1000)
        ages["old"].append((time.perf_counter_ns() - between) / 1000)
    figures.times["step, young"] = typical(ages["young"])
    figures.times["step, grown"] = typical(ages["old"])
    figures.ratios["growth"] = figures.times["step, grown"] / figures.times["step, young"]


def _fresh(stage: Stage, settings: Settings) -> str:
    """Another young instance: the one measured before is not so young any more."""
    world = stage.scene.world
    task_id = world.begin(world.open_case(f"2026-{time.monotonic_ns()}"))[1]
    for _ in range(settings.young):
        task_id = stage.scene.step(task_id)
    return task_id


def state(stage: Stage, figures: Figures) -> None:
    """The bytes of a running instance."""
    with stage.scene.office.begin() as work:
        rows: Sequence[Any] = work.all(runtime.process_instance)
    figures.counts["state bytes"] = max(len(row["state"]) for row in rows)


def inbox(scratch: Scratch, stage: Stage, home: Path, settings: Settings, figures: Figures) -> None:
    """The group's inbox page with few and with many open tasks, in turns on two databases."""
    world, callers, scenes = stage.scene.world, [], []
    for count in (settings.few, settings.many):
        copy = scratch.clone()
        bulk_tasks(copy, world, stage.instances[0], stage.case_ids, count)
        scene = Scene(copy, home, fresh=False)
        scenes.append(scene)
        callers.append(scene.sign_in(world))
    taken: list[list[float]] = [[], []]
    for number in range(settings.pages + 3):
        for index, caller in enumerate(callers):
            spent = timed(partial(_page, caller))
            if number >= 3:
                taken[index].append(spent)
    with scenes[1].recorder.listening() as seen:
        _page(callers[1])
    for scene in scenes:
        scene.close()
    figures.counts["statements of the inbox"] = len(seen)
    figures.times["inbox, few"], figures.times["inbox, many"] = (typical(values) for values in taken)
    figures.ratios["inbox"] = figures.times["inbox, many"] / figures.times["inbox, few"]


def _page(caller: Any) -> None:
    status, body = caller.ask("GET", "/inbox?tab=group")
    if status != 200:
        raise RuntimeError(f"the inbox answered with {status}: {body[:300]!r}")
