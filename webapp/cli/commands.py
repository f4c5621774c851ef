"""The words of the terminal: ``flask serve``, ``deploy``, ``jobs``, ``history``, ``tokens``, ``demo``."""

from flask import Flask

from webapp.cli import demo, deploy, history, jobs, serve, tokens


def install(app: Flask) -> None:
    """Register every command."""
    for group in (serve.command, deploy.command, jobs.group, history.group, tokens.group, demo.group):
        app.cli.add_command(group)
