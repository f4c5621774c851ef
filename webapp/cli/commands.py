"""The words of the terminal: ``flask serve``, ``deploy``, ``jobs``, ``history``, ``backup``, ``tokens``, ``demo``."""

from flask import Flask

from webapp.cli import backup, demo, deploy, history, jobs, serve, tokens


def install(app: Flask) -> None:
    """Register every command."""
    groups = (jobs.group, history.group, backup.group, tokens.group, demo.group)
    for word in (serve.command, serve.prepare, deploy.command, *groups):
        app.cli.add_command(word)
