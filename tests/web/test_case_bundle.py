"""The bundle of a case, checked by a program alone: a changed byte is named, hostile files are refused."""

import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.queries import scenes
from tests.queries.scenes import text
from tests.site import CADRE, Site
from webapp.exchange import verify_bundle
from webapp.persistence.models import cases, history, runtime
from webapp.services import attachments, case_bundles, meetings, tasks
from webapp.services.attachments import Upload
from webapp.services.demo import scenes as story
from webapp.services.demo.staff import Staff

SECRET = "巡察反馈推进重点任务不力。"
SCAN = Upload("巡察反馈（示例）.pdf", b"%PDF-1.7\n" + bytes(range(32, 127)) * 40)
# So many places of each file, and of the archive, get another bit; ``make soak`` tries far more of them.
OFFSETS, ARCHIVE_OFFSETS = (300, 20_000) if os.environ.get("SOAK") else (12, 120)


def bundle(site: Site, case_id: str, *, disclose: bool = True) -> case_bundles.Bundle:
    assert case_bundles.offered(site.office, site.actor("shenji"), case_id).forms
    chosen = [case_bundles.ALL, case_bundles.FILES] if disclose else []
    _, made = case_bundles.export(
        site.office, site.actor("shenji"), case_id=case_id, purpose="internal_audit", disclose=chosen
    )
    return made


@pytest.fixture
def voted(site: Site) -> tuple[Site, str]:
    """A case with a form, a file, a claim and a member's vote on its chain."""
    case_id = site.open_case()
    task = site.task(case_id, "assess")
    tasks.claim(site.office.begin(), site.actor("ganbu1"), task_id=task)
    attachments.add(site.office.begin(), site.actor("ganbu1"), task_id=task, upload=SCAN)
    item_id = scenes.item(site, case_id)
    scenes.opened(site, item_id)
    scenes.voting(site, item_id)
    meetings.vote(site.office.begin(), site.actor("fubuzhang1"), item_id=item_id, choice="disagree")
    return site, case_id


def test_a_bundle_verifies_by_the_program_inside_it_without_a_server(
    voted: tuple[Site, str], tmp_path: Path
) -> None:
    site, case_id = voted
    made = bundle(site, case_id)
    files, found = verify_bundle.unpack(made.data)
    archive, program = tmp_path / "bundle.zip", tmp_path / "verify.py"
    archive.write_bytes(made.data)
    program.write_bytes(files["verify_bundle.py"])
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(io.BytesIO(made.data)).extractall(folder)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    right = run(str(archive), "--digest", made.digest)
    assert (right.returncode, right.stderr) == (0, "")
    total = json.loads(files["manifest.json"])["events"]
    inside = sum(name.startswith("events/") for name in files)
    assert total > inside
    page = site.as_("shenji").get(f"/history/cases/{case_id}/bundle").get_data(as_text=True)
    assert f"共{total}条办理记录，其中{inside}条随带原样内容，{total - inside}条载有" in page
    assert "浏览器没有启用脚本的，下载后请刷新本页" in page
    assert f"核验通过：{len(files)}个文件、{total}条记录（{inside}条核对了原样内容；" in right.stdout
    assert f"{total - inside}条载有会议成员个人的表决选择" in right.stdout
    bare, asked = run(), run("--help")
    assert (bare.returncode, asked.returncode) == (2, 0)
    assert bare.stderr.startswith("没有写明核验哪个证据包")
    assert "usage" not in bare.stderr + asked.stdout
    assert "用法：python verify_bundle.py" in asked.stdout
    assert run(str(folder)).returncode == 0
    assert run(str(archive), "--digest", "0" * 64).returncode == 1
    (folder / "events" / "000001.json").write_bytes(b"{}")
    wrong = run(str(folder))
    assert wrong.returncode == 1
    assert "events/000001.json" in wrong.stderr
    assert run(str(tmp_path / "none.zip")).returncode == 2
    assert found == []


@pytest.mark.soak
def test_any_byte_changed_in_any_file_is_found_and_named(voted: tuple[Site, str]) -> None:
    site, case_id = voted
    files, _ = verify_bundle.unpack(bundle(site, case_id).data)
    chance = random.Random(1105)
    assert verify_bundle.verify(files) == []

    for name, data in files.items():
        places = {0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(OFFSETS))}
        for at in places:
            changed = bytearray(data)
            changed[at] ^= 1 << chance.randrange(8)
            found = verify_bundle.verify({**files, name: bytes(changed)})
            assert name in {one.place for one in found}, (name, at)
        assert name in {
            one.place for one in verify_bundle.verify({k: v for k, v in files.items() if k != name})
        }
    extra = verify_bundle.verify({**files, "more.txt": b"x"})
    assert [one.place for one in extra] == ["more.txt"]


@pytest.mark.soak
def test_any_byte_changed_in_the_archive_makes_it_fail(voted: tuple[Site, str]) -> None:
    site, case_id = voted
    data = bundle(site, case_id).data
    chance = random.Random(7)

    for at in [
        *range(32),
        *range(len(data) - 64, len(data)),
        *(chance.randrange(len(data)) for _ in range(ARCHIVE_OFFSETS)),
    ]:
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        try:
            files, found = verify_bundle.unpack(bytes(changed))
        except verify_bundle.Hostile:
            continue
        assert found + verify_bundle.verify(files), at


def rewritten(files: dict[str, bytes], **changes: bytes) -> dict[str, bytes]:
    """A forger's bundle: contents changed, and list and seals made to fit again."""
    changed = {**files, **{name.replace("__", "/"): data for name, data in changes.items()}}
    manifest = json.loads(files["manifest.json"])
    inside = {name: data for name, data in changed.items() if not name.startswith("manifest.")}
    manifest["files"] = [
        [name, len(data), verify_bundle._sha256(data)] for name, data in sorted(inside.items())
    ]
    listed = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    seal = f"{verify_bundle._sha256(listed)}  manifest.json\n".encode()
    return {**inside, "manifest.json": listed, "manifest.sha256": seal}


def test_a_forger_who_fits_the_list_again_is_betrayed_by_the_chain_the_keys_or_the_digest(
    voted: tuple[Site, str],
) -> None:
    site, case_id = voted
    made = bundle(site, case_id)
    files, _ = verify_bundle.unpack(made.data)
    first = files["events/000001.json"].replace(CADRE.encode(), b"x").replace(b'"medium"', b'"low"')
    other_value = files["disclosed.json"].replace(SECRET.encode(), "推进重点任务有力。".encode())
    diagram = next(name for name in files if name.endswith(".bpmn"))
    assert other_value != files["disclosed.json"]

    def places(**changes: bytes) -> set[str]:
        return {one.place for one in verify_bundle.verify(rewritten(files, **changes))}

    assert "events/000002.json" in places(**{"events/000001.json": first + b" "})
    assert places(**{"disclosed.json": other_value}) == {"disclosed.json"}
    assert places(**{diagram: files[diagram] + b" "}) == {diagram.rsplit("/", 1)[0] + "/"}
    assert "checkpoint.txt" in places(**{"checkpoint.txt": b"x"})
    assert verify_bundle.verify(rewritten(files, **{"README.txt": b"x"}), made.digest) != []
    for broken in (b"[]", b"{}", b'{"format":"zaishang-case-bundle/1"}', b"[" * 100_000, b"\xff"):
        assert verify_bundle.verify({**files, "manifest.json": broken}) != []


def zipped(*entries: tuple[str, bytes], compressed: bool = False) -> bytes:
    out = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def test_the_bytes_of_a_file_leave_only_when_chosen_and_as_their_record_names_them(
    voted: tuple[Site, str],
) -> None:
    site, case_id = voted
    (row,) = site.rows(cases.attachment, case_id=case_id)
    open_, _ = verify_bundle.unpack(bundle(site, case_id).data)
    closed, _ = verify_bundle.unpack(bundle(site, case_id, disclose=False).data)
    name = f"attachments/{row['id']}.pdf"

    assert open_[name] == SCAN.data
    (told,), (untold,) = (json.loads(files["attachments.json"])["files"] for files in (open_, closed))
    assert (told["file"], untold["file"], told["digest"]) == (name, None, untold["digest"])
    assert f'"{told["digest"]}"'.encode() in open_[f"events/{told['seq']:06d}.json"]
    named = [one for one in json.loads(open_["disclosed.json"])["fields"] if one["task"] == row["id"]]
    assert [json.loads(one["value"]) for one in named] == [SCAN.name]
    assert not [one for one in closed if one.startswith("attachments/")]
    assert SCAN.name.encode() not in b"".join(closed.values())
    assert [verify_bundle.verify(files) for files in (open_, closed)] == [[], []]
    facts = [json.loads(one["body"])["facts"] for one in site.rows(history.history_event, kind="exported")]
    assert sorted(one["attachments"] for one in facts) == [[], [row["id"]]]


def test_a_forged_file_is_named_though_the_list_fits_again(voted: tuple[Site, str]) -> None:
    site, case_id = voted
    files, _ = verify_bundle.unpack(bundle(site, case_id).data)
    name = next(one for one in files if one.startswith("attachments/"))
    other = json.loads(files["attachments.json"])
    other["files"][0]["digest"] = verify_bundle._sha256(b"other")
    other["files"][0]["size"] = 5
    swapped = {name: b"other", "attachments.json": json.dumps(other).encode()}

    def places(**changes: bytes) -> set[str]:
        return {one.place for one in verify_bundle.verify(rewritten(files, **changes))}

    assert places(**{name: files[name] + b" "}) == {name}
    assert places(**{"attachments/more.pdf": b"x"}) == {"attachments/more.pdf"}
    assert places(**swapped) == {"attachments.json"}
    without = {one: data for one, data in files.items() if one != "attachments.json"}
    assert "attachments.json" in {one.place for one in verify_bundle.verify(rewritten(without))}


def test_a_bundle_made_before_attachments_went_along_still_verifies(voted: tuple[Site, str]) -> None:
    site, case_id = voted
    files, _ = verify_bundle.unpack(bundle(site, case_id, disclose=False).data)
    old = {name: data for name, data in files.items() if name != "attachments.json"}
    old["manifest.json"] = old["manifest.json"].replace(
        verify_bundle.FORMAT.encode(), verify_bundle.FORMATS[0].encode()
    )

    assert verify_bundle.verify(rewritten(old)) == []
    assert verify_bundle.verify(rewritten({**old, "attachments/x.pdf": b"x"})) == []


def test_what_tells_votes_or_stands_with_restricted_answers_stays(site: Site) -> None:
    case_id = story.open_and_verify(Staff(site.office), site.person("苏白露"))
    task = next(row for row in site.rows(runtime.work_item, case_id=case_id) if row["element_id"] == "verify")
    (event,) = site.rows(history.history_event, case_id=case_id, seq=1)
    kept = {"key_id": "k", "ciphertext": b"x", "wrapped_key": b"x", "stored_by": event["actor_id"]}
    named = sorted(set(re.findall(rb'"([0-9a-f]{64})"', event["body"])))
    assert len(named) >= 2
    for digest, purpose, work_item in zip(named, ("minutes", "form"), (None, task["id"]), strict=False):
        scenes.put(
            site, cases.attachment, case_id=case_id, work_item_id=work_item, purpose=purpose, media_type="x", size=1,
            digest=digest.decode(), stored_at=site.instant(), **kept,
        )  # fmt: skip

    offer = case_bundles.offered(site.office, site.actor("shenji"), case_id)
    files, _ = verify_bundle.unpack(bundle(site, case_id).data)

    leaving = {row["id"] for row in site.rows(cases.attachment, case_id=case_id)}
    restricted = [
        row for row in site.rows(cases.attachment, case_id=case_id) if row["work_item_id"] == task["id"]
    ]
    assert offer.papers == len(leaving) - len(restricted) - 1
    told = {one.split("/")[1].partition(".")[0] for one in files if one.startswith("attachments/")}
    assert not told & {row["id"] for row in restricted}
    assert verify_bundle.verify(files) == []


@pytest.mark.parametrize(
    "data",
    [
        zipped(("../escape.txt", b"x")),
        zipped(("/etc/escape", b"x")),
        zipped(("a/../../b", b"x")),
        zipped(("C:\\escape", b"x")),
        zipped(("a\\b", b"x")),
        zipped(("same.txt", b"x"), ("samf.txt", b"y")).replace(b"samf", b"same"),
        zipped(("same.txt", b"x"), ("SAME.txt", b"y")),
        zipped(("folder/", b"")),
        zipped(("bomb", b"0" * 5_000_000), compressed=True),
        b"no archive",
        b"",
    ],
)  # fmt: skip
def test_a_hostile_archive_is_refused_before_anything_is_read(data: bytes) -> None:
    with pytest.raises(verify_bundle.Hostile):
        verify_bundle.unpack(data)


def test_what_a_bundle_tells_is_chosen_and_votes_are_never_told(voted: tuple[Site, str]) -> None:
    site, case_id = voted

    open_, closed = bundle(site, case_id), bundle(site, case_id, disclose=False)

    assert SECRET.encode() in open_.data
    assert SECRET.encode() not in closed.data
    for made in (open_, closed):
        files, _ = verify_bundle.unpack(made.data)
        assert verify_bundle.verify(files, made.digest) == []
        assert b"disagree" not in b"".join(data for name, data in files.items() if name.startswith("events/"))
        assert len(json.loads(files["withheld.json"])["events"]) >= 1


def test_restricted_parts_of_a_form_are_not_disclosed_even_when_everything_is(site: Site) -> None:
    case_id = story.open_and_verify(Staff(site.office), site.person("苏白露"))
    task = next(row for row in site.rows(runtime.work_item, case_id=case_id) if row["element_id"] == "verify")
    sealed = {row["field"] for row in site.rows(cases.sealed_value, owner_id=task["id"])}

    files, _ = verify_bundle.unpack(bundle(site, case_id).data)

    assert verify_bundle.verify(files) == []
    told = {
        one["field"] for one in json.loads(files["disclosed.json"])["fields"] if one["task"] == task["id"]
    }
    (version,) = {name.split("/")[1] for name in files if name.endswith("verification_report.json")}
    form = json.loads(files[f"definitions/{version}/forms/verification_report.json"])
    groups = [one for one in form["components"] if "restricted" in one.get("properties", {})]
    kept_back = {one["key"] for group in groups for one in group["components"]}
    assert kept_back & sealed
    assert told == sealed - kept_back


def test_an_erased_field_is_said_to_be_erased_and_the_bundle_holds(site: Site) -> None:
    case_id = site.open_case()
    erased = {"ciphertext": None, "wrapped_key": None, "erased_at": site.instant()}
    site.change(cases.sealed_value, {"case_id": case_id, "field": "summary"}, erased)

    files, _ = verify_bundle.unpack(bundle(site, case_id).data)

    assert verify_bundle.verify(files) == []
    fields = {one["field"]: one for one in json.loads(files["disclosed.json"])["fields"]}
    assert fields["summary"]["erased"]
    assert "value" not in fields["summary"]


def test_a_bundle_leaves_by_the_page_with_purpose_and_digest_on_record(any_site: Site) -> None:
    site = any_site
    case_id = site.open_case()
    path = f"/history/cases/{case_id}/bundle"
    browser = site.as_("shenji")
    assert "登记日常了解信息" in text(browser, path)
    task = next(row for row in site.rows(runtime.work_item, case_id=case_id) if row["status"] == "completed")

    assert browser.post(path, {"purpose": "curiosity"}).status_code == 422
    answer = browser.post(path, {"purpose": "inspection", "disclose": task["id"]})

    assert answer.status_code == 200
    files, found = verify_bundle.unpack(answer.data)
    (row,) = site.rows(history.history_event, kind="exported")
    facts: dict[str, Any] = json.loads(row["body"])["facts"]
    assert (facts["what"], facts["purpose"], facts["case_id"]) == ("case.bundle", "inspection", case_id)
    assert found + verify_bundle.verify(files, facts["digest"]) == []
    assert SECRET.encode() not in row["body"]
    assert facts["digest"] in text(browser, path)
    assert "巡视巡察" in text(browser, "/history/reads?kind=exported")
    program = browser.get("/history/verify_bundle.py")
    assert program.data == Path(verify_bundle.__file__).read_bytes()


def test_nobody_else_takes_a_bundle_and_own_and_relatives_cases_are_not_there(site: Site) -> None:
    case_id = site.open_case()
    path = f"/history/cases/{case_id}/bundle"

    for login in ("changwei03", "ganbu1", "benren", "liucheng", "anquan"):
        assert site.as_(login).get(path).status_code in (403, 404), login
        assert site.as_(login).post(path, {"purpose": "archive"}).status_code in (403, 404), login
    scenes.relate(site, "全明鉴", CADRE)
    assert site.as_("shenji").get(path).status_code == 404
    assert site.as_("shenji").post(path, {"purpose": "archive"}).status_code == 404
    assert site.rows(history.history_event, kind="exported") == []
