"""The words of the terminal: ``flask serve``, ``deploy``, ``jobs``, ``history``, ``demo``."""

from flask import Flask

from webapp.cli import demo, deploy, history, jobs, serve


def install(app: Flask) -> None:
    """Register every command."""
    for group in (serve.command, deploy.command, jobs.group, history.group, demo.group):
        app.cli.add_command(group)
