"""Deployed processes: the newest of each, versions with their instances, forms and files; the linter's word."""

import pytest

from tests.queries import scenes
from tests.site import Site
from webapp.domain.errors import NotAllowed, NotFound
from webapp.queries import definitions
from webapp.services import reads
from webapp.services.definitions import checked

KEY = "p01_down_adjustment"


def shown(site: Site, key: str = KEY, version: int | None = None) -> definitions.DefinitionView:
    with reads.begin(site.office) as look:
        rows = definitions.versions(look, key)
        row = definitions.version_of(rows, version)
        return definitions.show(look, rows, row, checked(site.office, row["digest"], key), "/drawing")


def test_the_list_has_the_newest_version_of_each_process_with_what_runs(any_site: Site) -> None:
    site = any_site
    site.open_case()

    with reads.begin(site.office) as look:
        rows = definitions.newest(look)
        parsed = {row["digest"]: checked(site.office, row["digest"], row["key"]) for row in rows}
        view = definitions.index(look, rows, parsed, "")

    running = {row.key: (row.version, row.running) for row in view.rows}
    assert running[KEY] == (1, 1)
    assert running["p02_tracking"] == (1, 0)
    assert all(row.name and row.deployed_by for row in view.rows)


def test_the_list_is_searched_by_name_or_key(site: Site) -> None:
    with reads.begin(site.office) as look:
        assert [row["key"] for row in definitions.newest(look, "P02_track")] == ["p02_tracking"]
        assert definitions.newest(look, "没有这个") == []


def test_a_version_tells_what_it_is_made_of(any_site: Site) -> None:
    view = shown(any_site)

    assert dict(view.forms)["adjustment_proposal"]
    assert dict(view.files)[f"{KEY}.bpmn"] > 1000
    assert view.diagram.url == "/drawing"
    assert any(step.name for step in view.diagram.steps)
    assert [(line.version, line.current) for line in view.versions] == [(1, True)]


def test_an_unknown_process_or_version_is_not_found(site: Site) -> None:
    with pytest.raises(NotFound):
        shown(site, "no_such_process")
    with pytest.raises(NotFound):
        shown(site, KEY, 7)


def test_the_drawing_is_the_file_byte_for_byte(site: Site) -> None:
    file = scenes.site_file(KEY)
    with reads.begin(site.office) as look:
        row = definitions.versions(look, KEY)[0]
        assert definitions.drawing(look, row["digest"], row["key"]) == file.read_bytes()


@pytest.mark.parametrize(
    ("login", "may"), [("liucheng", True), ("ganbu1", True), ("shenji", True), ("fgj1", False)]
)
def test_designers_officers_and_auditors_may_read_processes(site: Site, login: str, may: bool) -> None:
    if may:
        definitions.require_may_read(site.actor(login), site.today)
    else:
        with pytest.raises(NotAllowed):
            definitions.require_may_read(site.actor(login), site.today)
