"""A new version of a process needs two designers, and the second publishes the very bytes that were reviewed."""

import pytest

from tests.site import WORKFLOWS, Site, any_site, pg_site, pg_template, prepared, site
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.persistence.models import history, repository
from webapp.services import deployments, proposals
from webapp.services.proposals import Proposal

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]

KEY = "p02a_periodic_note"
REASON = "补充环节说明。"


def files(mark: str = "（改）") -> dict[str, bytes]:
    """The process of the periodic note with another name."""
    (bundle,) = deployments.read_folder(WORKFLOWS / KEY)
    found = dict(bundle.files)
    text = found[f"{KEY}.bpmn"].decode()
    name = text.split('name="', 1)[1].split('"', 1)[0]
    found[f"{KEY}.bpmn"] = text.replace(f'name="{name}"', f'name="{name}{mark}"').encode()
    return found


def proposed(site: Site, mark: str = "（改）", by: str = "liucheng") -> Proposal:
    return proposals.propose(site.office, site.actor(by), files(mark), REASON)


def versions(site: Site) -> list[tuple[int, str]]:
    return [(row["version"], row["origin"]) for row in site.rows(repository.definition, key=KEY)]


def kinds(site: Site) -> list[str]:
    return [row["kind"] for row in site.rows(history.history_event, stream=f"definition:{KEY}")]


def test_nothing_is_published_before_a_second_designer_agrees(any_site: Site) -> None:
    found = proposed(any_site)

    assert (found.status, found.base_version, found.key) == ("waiting", 1, KEY)
    assert versions(any_site) == [(1, "installation")]
    with pytest.raises(NotAllowed, match="第二人复核"):
        proposals.approve(
            any_site.office, any_site.actor("liucheng"), proposal_id=found.id, digest=found.digest
        )
    assert versions(any_site) == [(1, "installation")]

    second = any_site.actor("liucheng2")
    assert proposals.approve(any_site.office, second, proposal_id=found.id, digest=found.digest) == 2
    assert versions(any_site) == [(1, "installation"), (2, "designer")]
    assert kinds(any_site) == ["definition_deployed", "deployment_proposed", "definition_deployed"]
    (row,) = any_site.rows(repository.proposal)
    assert (row["status"], row["version"], row["decided_by"]) == ("approved", 2, second.user_id)
    assert REASON not in str(any_site.rows(history.history_event))


def test_other_bytes_than_the_reviewed_ones_are_not_published(site: Site) -> None:
    found, second = proposed(site), site.actor("liucheng2")

    with pytest.raises(Conflict, match="不一致"):
        proposals.approve(site.office, second, proposal_id=found.id, digest="0" * 64)
    assert versions(site) == [(1, "installation")]


def test_a_proposal_is_decided_once(site: Site) -> None:
    found, second = proposed(site), site.actor("liucheng2")
    proposals.reject(site.office, second, proposal_id=found.id, reason="依据没有写明。")

    with pytest.raises(Conflict, match="已经处理"):
        proposals.approve(site.office, second, proposal_id=found.id, digest=found.digest)
    with pytest.raises(Conflict, match="已经处理"):
        proposals.withdraw(site.office, site.actor("liucheng"), proposal_id=found.id, reason="不再需要。")
    assert kinds(site)[-1] == "deployment_rejected"
    assert proposed(site).id != found.id


def test_a_proposal_made_on_an_older_version_has_to_be_made_again(site: Site) -> None:
    first, other = proposed(site, "甲"), proposed(site, "乙")
    second = site.actor("liucheng2")
    proposals.approve(site.office, second, proposal_id=first.id, digest=first.digest)

    with pytest.raises(Conflict, match="新版本"):
        proposals.approve(site.office, second, proposal_id=other.id, digest=other.digest)
    assert [version for version, _ in versions(site)] == [1, 2]


def test_only_the_proposer_takes_a_proposal_back(site: Site) -> None:
    found = proposed(site)

    with pytest.raises(NotAllowed, match="本人"):
        proposals.withdraw(site.office, site.actor("liucheng2"), proposal_id=found.id, reason="代撤。")
    proposals.withdraw(site.office, site.actor("liucheng"), proposal_id=found.id, reason="写错了。")
    assert kinds(site)[-1] == "deployment_withdrawn"


def test_the_same_proposal_twice_is_one_and_never_somebody_elses(site: Site) -> None:
    found = proposed(site)

    assert proposed(site) == found
    with pytest.raises(Conflict, match="另一名设计员"):
        proposed(site, by="liucheng2")
    assert len(site.rows(repository.proposal)) == 1


def test_a_proposal_needs_a_designer_a_reason_clean_files_and_a_change(site: Site) -> None:
    designer, unchanged = site.actor("liucheng"), files("")

    with pytest.raises(NotAllowed):
        proposed(site, by="ganbu1")
    with pytest.raises(Invalid):
        proposals.propose(site.office, designer, files(), "  ")
    with pytest.raises(Invalid, match="没有流程图"):
        proposals.propose(site.office, designer, {}, REASON)
    with pytest.raises(Invalid):
        proposals.propose(site.office, designer, {**files(), "run.py": b"print(1)"}, REASON)
    with pytest.raises(Invalid):
        proposals.propose(site.office, designer, {f"{KEY}.bpmn": b"<definitions/>"}, REASON)
    with pytest.raises(Conflict, match="完全相同"):
        proposals.propose(site.office, designer, unchanged, REASON)
    with pytest.raises(NotFound):
        proposals.approve(site.office, designer, proposal_id=designer.user_id, digest="")
    assert site.rows(repository.proposal) == []


def test_what_was_not_uploaded_stays_as_in_the_newest_version(site: Site) -> None:
    whole = files()

    sent = {"随便.bpmn": whole[f"{KEY}.bpmn"]}
    found = proposals.completed(site.office, sent)

    assert sorted(found) == sorted([*(name for name in whole if not name.endswith(".bpmn")), "随便.bpmn"])
    form = next(name for name in whole if name.startswith("forms/"))
    changed = proposals.completed(site.office, {form.removeprefix("forms/"): b"{}"}, KEY)
    assert sorted(changed) == sorted(whole)
    assert changed[form] == b"{}"
