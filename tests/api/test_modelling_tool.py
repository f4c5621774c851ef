"""The deploy button of a desktop modelling tool for Camunda 7: the very requests it sends, in their order."""

from base64 import b64encode
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.services.test_proposals import KEY, files
from tests.site import PASSWORD, Site
from webapp.persistence.models import repository
from webapp.services import proposals, reads
from webapp.services.office import bundle

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


def headers(login: str, password: str = PASSWORD) -> dict[str, str]:
    credentials = b64encode(f"{login}:{password}".encode()).decode()
    return {"accept": "application/json", "authorization": f"Basic {credentials}", "origin": "file://"}


def form(name: str, xml: bytes, *attachments: tuple[str, bytes], file: str = f"{KEY}.bpmn") -> bytes:
    """The multipart body byte for byte: the file's part is named like the file."""
    texts = {
        "deployment-name": name, "deployment-source": "Camunda Modeler", "deploy-changed-only": "true",
        "enable-duplicate-filtering": "true",
    }  # fmt: skip
    parts = [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{text}'.encode() for key, text in texts.items()
    ]
    for file_name, data, kind in (
        (file, xml, "text/xml"),
        *((one, data, "application/octet-stream") for one, data in attachments),
    ):
        head = f'Content-Disposition: form-data; name="{file_name}"; filename="{file_name}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + data)
    line = f"--{BOUNDARY}\r\n".encode()
    return b"".join(line + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def send(site: Site) -> Any:
    """POST the deployment as a designer."""

    def post(body: bytes, login: str = "liucheng", password: str = PASSWORD) -> TestResponse:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        client = site.app.test_client(use_cookies=False)
        path = "/engine-rest/deployment/create"
        return site.checked(client.post(path, data=body, content_type=kind, headers=headers(login, password)))

    return post


def test_the_tool_finds_the_engine_and_its_version(site: Site) -> None:
    client = site.app.test_client(use_cookies=False)

    probe = client.get("/engine-rest/deployment?maxResults=0", headers=headers("liucheng"))
    version = client.get("/engine-rest/version", headers=headers("liucheng"))

    assert (probe.status_code, probe.json) == (200, [])
    assert (version.status_code, list(version.json)) == (200, ["version"])
    for path in ("/engine-rest/deployment?maxResults=0", "/engine-rest/version"):
        assert client.get(path, headers={"accept": "application/json"}).status_code == 401
        assert client.get(path, headers=headers("liucheng", "猜错的密码")).status_code == 401


def test_what_the_tool_deploys_waits_for_a_second_designer(site: Site, send: Any) -> None:
    note = files()["forms/p02a_mentor_note.json"] + b"\n"
    answer = send(form("年度小结（改）", files()[f"{KEY}.bpmn"], ("p02a_mentor_note.form", note)))

    (row,) = site.rows(repository.proposal)
    assert answer.status_code == 200
    assert (answer.json["id"], answer.json["deployedProcessDefinitions"]) == (row["id"], None)
    assert (row["status"], row["reason"], row["key"]) == ("waiting", "年度小结（改）", KEY)
    with reads.begin(site.office) as look:
        assert bundle(look, row["digest"])["forms/p02a_mentor_note.json"] == note
    assert len(site.rows(repository.definition, key=KEY)) == 1


def test_deploying_twice_makes_one_proposal_and_what_is_published_no_second_version(
    site: Site, send: Any
) -> None:
    body = form("年度小结（改）", files()[f"{KEY}.bpmn"])
    first, again = send(body).json, send(body).json
    (row,) = site.rows(repository.proposal)
    second = site.actor("liucheng2")
    proposals.approve(site.office, second, proposal_id=row["id"], digest=row["digest"])
    published = send(body)

    assert first["id"] == again["id"] == published.json["id"]
    assert (published.status_code, published.json["deployedProcessDefinitions"]) == (200, None)
    assert len(site.rows(repository.definition, key=KEY)) == 2
    assert len(site.rows(repository.proposal)) == 1


def test_the_tool_shows_our_sentence_when_the_checks_or_the_rights_refuse(site: Site, send: Any) -> None:
    broken = files()[f"{KEY}.bpmn"].replace(b"bpmn:userTask", b"bpmn:adHocSubProcess")

    refused, stranger, unknown = (
        send(form("改坏了", broken)),
        send(form("改", files()[f"{KEY}.bpmn"]), "ganbu1"),
        send(form("改", files()[f"{KEY}.bpmn"]), "liucheng", "猜错的密码"),
    )

    assert [one.status_code for one in (refused, stranger, unknown)] == [400, 403, 401]
    assert "adHocSubProcess" in refused.json["message"] or "临时子流程" in refused.json["message"]
    assert all(one.json["message"] for one in (stranger, unknown))
    assert site.rows(repository.proposal) == []
