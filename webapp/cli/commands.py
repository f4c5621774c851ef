"""The words of the terminal: serve, deploy, translate, jobs, history, backup, tokens, organisations, users, demo."""

from flask import Flask

from webapp.cli import backup, demo, deploy, history, jobs, organisations, serve, tokens, users


def install(app: Flask) -> None:
    """Register every command."""
    groups = (jobs.group, history.group, backup.group, tokens.group, demo.group)
    setting_up = (organisations.group, users.group)
    for word in (serve.command, serve.prepare, deploy.command, deploy.translate, *groups, *setting_up):
        app.cli.add_command(word)
