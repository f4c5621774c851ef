"""The two entrances for programs 接口入口: ``/engine-rest`` as Camunda 7 has it, ``/api`` for what is ours alone."""

from webapp.web.api.registry import Door

ENGINE_REST = Door("engine_rest", "/engine-rest")
OWN = Door("api", "/api")
DOORS = (ENGINE_REST, OWN)
NAMES = frozenset(door.name for door in DOORS)
