"""What commands share: the office and settings of the app, refusals as one sentence and exit code 1."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from flask import current_app

from webapp.domain.errors import Invalid, Refused
from webapp.services.office import Office

F = TypeVar("F", bound=Callable[..., Any])


def office() -> Office:
    """The office of the app."""
    found: Office = current_app.extensions["office"]
    return found


def settings() -> Any:
    """The settings of the app."""
    found: Any = current_app.extensions["config"]
    return found


def plainly(command: F) -> F:
    """Turn a refusal into its sentence on standard error and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Invalid as invalid:
            click.echo(invalid.sentence, err=True)
            for where, sentence in invalid.problems.items():
                click.echo(f"  {where}: {sentence}", err=True)
            raise SystemExit(1) from None
        except Refused as refused:
            click.echo(refused.sentence, err=True)
            raise SystemExit(1) from None

    return run  # type: ignore[return-value]
