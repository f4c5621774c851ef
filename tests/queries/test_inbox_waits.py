"""我发起的 says whom each task waits for."""

from datetime import UTC, datetime

from tests.site import Site
from webapp.queries import inbox
from webapp.services import reads


def test_what_one_started_says_who_has_it_now(site: Site) -> None:
    case_id = site.open_case(by="ganbu1")
    wish = inbox.Wish(tab="started")

    with reads.begin(site.office) as look:
        view = inbox.show(look, site.actor("ganbu1"), wish, now=datetime.now(UTC), processes={})

    (row,) = [one for one in view.rows if one.case_id == case_id]
    assert "干部科" in row.waits_for
