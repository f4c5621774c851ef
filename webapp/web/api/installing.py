"""Both entrances registered with the app 接口安装: their routes, their own sign-in, no form tokens, no cookies."""

from flask import Flask

from webapp.web.api import (
    cases,
    corrections,
    decisions,
    definition_switches,
    definitions,
    deployments,
    exceptions,
    external_tasks,
    handing_on,
    instance_variables,
    instances,
    interruptions,
    measures,
    meetings,
    messages,
    migrations,
    openapi,
    pasts,
    tasks,
)
from webapp.web.api.doors import DOORS

# Each registers its operations with the entrances as it is read.
RESOURCES = (
    messages, deployments, definitions, definition_switches, instances, instance_variables, interruptions, tasks,
    external_tasks, handing_on, decisions, pasts, cases, measures, meetings, corrections, migrations, exceptions,
    openapi,
)  # fmt: skip


def install(app: Flask) -> None:
    """Register the entrances; a program carries no form token, and its cookies are not looked at."""
    for door in DOORS:
        app.register_blueprint(door.page)
        app.extensions["csrf"].exempt(door.page)
