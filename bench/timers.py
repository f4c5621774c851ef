"""Timers fired by two workers, each a process of its own, as in production."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import world as worlds
from bench.databases import Scratch
from bench.scenes import Scene
from webapp.persistence.models import administration, runtime
from webapp.services import instances

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
KEY = "waits_an_hour"
WAYS = (("s", "p"), ("p", "beside"), ("p", "wait"), ("wait", "after"), ("beside", "e"), ("after", "e"))
FLOWS = "".join(
    f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
    for number, (source, target) in enumerate(WAYS)
)
DIAGRAM = f"""{worlds.HEAD}
<bpmn:process id="{KEY}" name="等一小时" isExecutable="true">
<bpmn:startEvent id="s"/><bpmn:parallelGateway id="p"/>
<bpmn:userTask id="beside" name="旁边" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"/>
<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:userTask id="after" name="之后" camunda:formKey="paper" camunda:candidateGroups="{worlds.ROLE}"/>
<bpmn:endEvent id="e"/>
{FLOWS}
</bpmn:process></bpmn:definitions>"""


def a_second(scratch: Scratch, home: Path, count: int) -> float:
    """How many of ``count`` due timers two workers fire in a second; RuntimeError unless each fired once."""
    scene = Scene(scratch, home)
    worlds.deploy(scene.world, KEY, {f"{KEY}.bpmn": DIAGRAM.encode(), "forms/paper.json": worlds.form()})
    scene.office.shifted = True
    for _ in range(count):
        instances.start(scene.office.begin(), scene.world.actors[0], key=KEY, variables={})
    _let_two_hours_pass(scene)
    told = _run(scratch, home)
    fired = _fired(scene)
    scene.close()
    if fired != count or sum(one["ran"] for one in told) != count:
        raise RuntimeError(f"{count} timers were due, {fired} fired: {told}")
    return count / max(one["seconds"] for one in told if one["ran"])


def _let_two_hours_pass(scene: Scene) -> None:
    ahead = int(timedelta(hours=2).total_seconds())
    with scene.office.engine.begin() as connection:
        connection.execute(administration.clock.delete())
        values = {"id": 1, "offset_seconds": ahead, "moved_at": worlds.datetime.now(worlds.UTC)}
        connection.execute(administration.clock.insert().values(**values))


def _run(scratch: Scratch, home: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "bench.worker", scratch.url, str(home)]
    pipes = {"cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, **pipes) for _ in range(WORKERS)]  # type: ignore[call-overload]
    for one in workers:
        one.stdout.readline()
    for one in workers:
        one.stdin.write("go\n")
        one.stdin.flush()
    return [json.loads(one.communicate()[0]) for one in workers]


def _fired(scene: Scene) -> int:
    with scene.office.begin() as work:
        return len(work.all(runtime.job, kind="timer", status="done"))
