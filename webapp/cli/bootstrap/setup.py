"""Set-up as a whole: what each word needs, done side by side where that is quicker."""

from collections.abc import Callable

from webapp.cli.bootstrap import assets, browser, environment
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.shell import Crew, together
from webapp.cli.bootstrap.stamps import only_one_at_a_time


def set_up(place: Place, *, dev: bool = False, with_browser: bool = False) -> None:
    """Virtual environment, packages, assets and, for browser tests, a browser; Stop says what went wrong."""
    with only_one_at_a_time(place.stamps) as lock:
        crew = Crew(lock)
        environment.ensure_venv(place, crew)
        jobs: list[Callable[[], None]] = [
            lambda: environment.ensure_packages(place, crew, dev=dev),
            lambda: assets.ensure_assets(place, crew),
        ]
        if with_browser:
            jobs.append(lambda: browser.ensure_by_package(place, crew))
        together(crew, *jobs)
        if with_browser:
            browser.ensure_by_download(place, crew)
