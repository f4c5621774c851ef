"""People come in by preview and confirmation, once, with their own event, and nothing personal in the clear."""

import base64
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text

from webapp.crypto.keyring import Keyring
from webapp.domain.access import Actor, Grant
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.exchange import lrmx
from webapp.persistence import ledger
from webapp.persistence.models import cases, history, runtime
from webapp.persistence.models import people as tables
from webapp.queries import people as asked
from webapp.queries import pickers
from webapp.services import identity, people, people_facts, people_import, reads
from webapp.services.demo import organisation
from webapp.services.office import Office, Work

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
UNIT = "星屿市教育局"
HEADINGS = [
    "姓名",
    "性别",
    "出生年月",
    "民族",
    "单位",
    "现任职务",
    "职级",
    "任现职时间",
    "身份证号",
    "手机号",
    "籍贯",
]


class Frozen(Office):
    """An office whose clock stands still."""

    def begin(self, at: datetime | None = None) -> Work:
        return Work(self, at or NOW)


@pytest.fixture
def office(sqlite_engine: Engine, keyring: Keyring) -> Office:
    made = Frozen(sqlite_engine, keyring, {})
    organisation.install(made.begin(), password_hash="x")
    return made


def actor(office: Office, login: str) -> Actor:
    with office.begin() as work:
        return identity.actor_of(work, organisation.fixed("user", login))


def id_number(month: str = "198103", serial: str = "002", place: str = "990101") -> str:
    """A number of an impossible region with a correct check digit."""
    body = f"{place}{month}15{serial}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def roster(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADINGS, *rows):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


NEW = [
    "安桂枝",
    "女",
    "1981.03",
    "汉",
    UNIT,
    "副局长",
    "副处",
    "2022.06",
    id_number(),
    "99012345678",
    "云汀星屿",
]


def preview(office: Office, *rows: list[Any], login: str = "ganbu1") -> people_import.Preview:
    return people_import.preview(office, actor(office, login), name="花名册.xlsx", data=roster(*rows))


def confirm(
    office: Office, made: people_import.Preview, *numbers: int, **more: Any
) -> people_import.Imported:
    chosen = numbers or tuple(row.number for row in made.rows if row.action != "refused")
    by = actor(office, "ganbu1")
    return people_import.confirm(office.begin(), by, token=made.token, numbers=chosen, **more)


def found(office: Office, name: str) -> Any:
    with office.begin() as work:
        return work.one(tables.person, name=name)


COUNTED = (
    tables.person, tables.cadre, tables.appointment, tables.post, tables.person_token, tables.person_document,
)  # fmt: skip


def counted(office: Office) -> dict[str, int]:
    with office.begin() as work:
        return {one.name: len(work.all(one)) for one in COUNTED}


def test_a_preview_writes_no_master_data_and_leaves_a_trace(office: Office) -> None:
    before = counted(office)

    made = preview(office, NEW)

    assert counted(office) == before
    (row,) = made.rows
    assert (row.number, row.name, row.unit, row.post, row.action) == (2, "安桂枝", UNIT, "副局长", "create")
    assert (made.good, made.bad) == (1, 0)
    with office.begin() as work:
        (event,) = work.all(history.history_event, kind="read")
        assert event["stream"] == f"user:{organisation.fixed('user', 'ganbu1')}"


def test_a_new_cadre_comes_in_with_tokens_appointment_and_one_event(office: Office) -> None:
    done = confirm(office, preview(office, NEW))

    person = found(office, "安桂枝")
    with office.begin() as work:
        cadre = work.one(tables.cadre, person_id=person["id"])
        appointment = work.one(tables.appointment, person_id=person["id"])
        post = work.one(tables.post, id=appointment["post_id"])
        tokens = {row["token"] for row in work.all(tables.person_token, person_id=person["id"])}
        stream = [row["kind"] for row in work.all(history.history_event, stream=f"person:{person['id']}")]
    assert done == people_import.Imported(created=1, updated=0, unchanged=0, new_posts=0)
    assert (person["sex"], person["birth_month"], person["nation"]) == ("女", "1981-03", "汉族")
    assert (cadre["rank"], cadre["title"], cadre["valid_from"]) == ("副处", "副局长", date(2022, 6, 1))
    assert (post["title"], appointment["valid_from"]) == ("副局长", date(2022, 6, 1))
    assert {"安桂枝", "agz", "桂枝"} <= tokens
    assert stream == ["person_imported"]


def test_no_id_number_phone_or_profile_lies_in_the_clear(office: Office) -> None:
    made = preview(office, NEW)
    confirm(office, made)

    with office.engine.connect() as connection:
        dump = b"".join(
            str(value).encode() if not isinstance(value, bytes) else value
            for (table,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'table'")
            ).all()
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).all()
            for value in row
        )
        assert ledger.verify(connection) == []
    for secret in (NEW[8], NEW[9], NEW[10]):
        assert secret.encode() not in dump
        assert secret not in repr(made)
    with office.begin() as work:
        fields = {row["field"] for row in work.all(cases.sealed_value, owner_kind="person")}
    assert fields == {"id_number", "phone", "profile"}


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    confirm(office, preview(office, NEW))
    before = counted(office)

    made = preview(office, NEW)
    done = confirm(office, made)

    assert [row.action for row in made.rows] == ["same"]
    assert done.unchanged == 1
    assert counted(office) == before


def test_an_update_shows_before_and_after_and_hides_numbers(office: Office) -> None:
    confirm(office, preview(office, NEW))
    changed = [*NEW[:3], "回族", *NEW[4:9], "99000000000", "云汀澜屿"]

    made = preview(office, changed)
    confirm(office, made)

    (row,) = made.rows
    assert row.action == "update"
    assert row.changes == (
        ("民族", "汉族", "回族"),
        ("手机号", "990******78", "990******00"),
        ("籍贯", "云汀星屿", "云汀澜屿"),
    )
    assert found(office, "安桂枝")["nation"] == "回族"
    assert [one.action for one in preview(office, changed).rows] == ["same"]


def test_duplicates_are_told_from_namesakes(office: Office) -> None:
    confirm(office, preview(office, NEW))
    namesake = [*NEW[:8], id_number(serial="004"), None, None]
    without = [*NEW[:8], None, None, None]
    stolen = ["安桂花", *NEW[1:]]
    later = ["安桂枝", "女", "1985.07", "汉", UNIT, "副局长", "副处", "2022.06", None, None, None]
    nameless = ["安桂枝", "女", None, "汉", UNIT, "副局长", "副处", "2022.06", None, None, None]

    rows = [preview(office, one).rows[0] for one in (namesake, without, stolen, later, nameless)]

    assert [row.action for row in rows] == ["create", "same", "refused", "create", "refused"]
    assert "身份证号不同" in rows[0].warnings[0]
    assert "同一人" in rows[1].warnings[0]
    assert "另一姓名" in rows[2].problems[0]
    assert "出生年月不同" in rows[3].warnings[0]
    assert "同名" in rows[4].problems[0]


OTHERWISE_WRITTEN = {
    "ideographic blanks": "　麦麦提·桂枝　",
    "a no-break blank": "麦麦提\u00a0·\u00a0桂枝",
    "zero-width signs": "\ufeff麦麦提·桂\u200b枝\u200d",
    "another middle dot": "麦麦提•桂枝",
    "a katakana dot": "麦麦提・桂枝",
    "a full-width stop": "麦麦提．桂枝",
    "a hyphenation point": "麦麦提‧桂枝",
}


@pytest.mark.parametrize("written", OTHERWISE_WRITTEN.values(), ids=OTHERWISE_WRITTEN.keys())
def test_a_name_written_otherwise_is_still_the_same_person_in_rosters_and_forms(
    office: Office, written: str
) -> None:
    confirm(office, preview(office, ["麦麦提·桂枝", *NEW[1:]]))
    plain = [written, *NEW[1:8], None, None, *NEW[10:]]

    by_roster = preview(office, plain)
    by_form = form_preview(office, lrmx.write(replace(FORM, name=written, id_number="")))

    assert [(row.name, row.action) for row in by_roster.rows] == [("麦麦提·桂枝", "same")]
    assert [(row.name, row.action) for row in by_form.rows] == [("麦麦提·桂枝", "update")]
    twice = preview(office, ["麦麦提·桂枝", *NEW[1:]], plain)
    assert "与第2行是同一人" in str(twice.rows[1].problems)


def test_a_name_is_found_however_it_is_typed(office: Office) -> None:
    confirm(office, preview(office, ["麦麦提•桂　枝", *NEW[1:]]))
    by = actor(office, "ganbu1")
    person_id = found(office, "麦麦提·桂枝")["id"]

    assert people_facts.named(office.begin(), "麦麦提．桂枝 ") == person_id
    with reads.begin(office) as look:
        for typed in ("麦麦提·桂枝", "麦麦提•桂枝", "　麦麦提 桂枝", "麦麦提・", "桂\u200b枝", "ＭＭＴＧＺ"):
            assert [one.value for one in pickers.matches(look, "person", typed)] == [person_id]
            assert [one.id for one in asked.found(look, by, typed, today=NOW.date(), most=5)] == [person_id]


def test_a_form_with_a_padded_name_comes_in_plain_and_goes_out_byte_for_byte(office: Office) -> None:
    data = lrmx.write(replace(FORM, name="安　桂枝\u200b"))

    confirm(office, form_preview(office, data))

    person = found(office, "安桂枝")
    assert people.export_lrmx(office, actor(office, "dangan"), person["id"]) == data
    assert [row.action for row in form_preview(office, data).rows] == ["same"]


def test_one_person_twice_in_a_file_is_taken_once(office: Office) -> None:
    made = preview(office, NEW, [*NEW[:8], None, None, None], ["安桂花", "女", "1990.01", *NEW[3:]])

    assert [row.action for row in made.rows] == ["create", "refused", "refused"]
    assert "第2行" in made.rows[1].problems[0]


def test_an_unknown_unit_is_refused_with_the_nearest_name_and_a_new_post_is_proposed(office: Office) -> None:
    wrong = ["安桂枝", "女", "1981.03", "汉", "星屿市教育局局", "副局长", "副处", "2022.06", None, None, None]
    other = ["安桂枝", "女", "1981.03", "汉", UNIT, "总督学", "正处", None, None, None, None]

    refused, proposed = preview(office, wrong).rows[0], preview(office, other)
    done = confirm(office, proposed)

    assert refused.action == "refused"
    assert f"是否为“{UNIT}”" in refused.problems[0]
    assert "总督学" in proposed.rows[0].warnings[0]
    assert "任职经历待补录" in proposed.rows[0].warnings[1]
    assert done.new_posts == 1
    person = found(office, "安桂枝")
    with office.begin() as work:
        assert work.one(tables.post, title="总督学")["quota"] == 1
        assert work.all(tables.appointment, person_id=person["id"]) == []


def test_a_move_is_said_but_never_made_by_import(office: Office) -> None:
    confirm(office, preview(office, NEW))

    made = preview(office, [*NEW[:4], "星屿市水务局", "局长", "正处", "2026.01", *NEW[8:]])
    confirm(office, made)

    assert "任免手续" in made.rows[0].warnings[0]
    person = found(office, "安桂枝")
    with office.begin() as work:
        assert len(work.all(tables.appointment, person_id=person["id"])) == 1


def test_wrong_cells_and_contradictions_are_said_row_by_row(office: Office) -> None:
    bad = ["安桂枝", "中", "1981.13", "汉", UNIT, "副局长", "副处", "2027.06", "123", None, None]
    odd = [
        "安桂花",
        "男",
        "1982.05",
        "汉",
        UNIT,
        "副局长",
        "副处",
        "2022.06",
        id_number(serial="006"),
        None,
        None,
    ]

    made = preview(office, bad, odd)

    assert made.rows[0].action == "refused"
    assert any("性别" in one for one in made.rows[0].problems)
    assert any("出生年月" in one for one in made.rows[0].problems)
    assert any("身份证号" in one for one in made.rows[0].problems)
    assert len(made.rows[1].warnings) == 2


def test_only_the_managing_department_imports(office: Office) -> None:
    for login in ("heshi1", "jiwei", "fgj1", "shenji", "xitong", "changwei01", "benren"):
        with pytest.raises(NotAllowed):
            preview(office, NEW, login=login)


def test_another_committees_department_may_not_take_our_cadres(office: Office) -> None:
    grant = Grant("cadre_section", organisation.fixed("organisation", "szzb"), date(2020, 1, 1))
    stranger = Actor("0" * 36, None, "外市", grants=(grant,))

    with pytest.raises(NotAllowed):
        people_import.preview(office, stranger, name="花名册.xlsx", data=roster(NEW))


def test_nobody_imports_the_own_file_or_a_relatives(office: Office) -> None:
    kin = actor(office, "ganbu2")
    person = found(office, "罗寒露")
    month = person["birth_month"].replace("-", ".")
    row = ["罗寒露", "女", month, "汉", "星屿市农业农村局", "副局长", "副处", "2022.06", None, None, None]

    made = people_import.preview(office, kin, name="花名册.xlsx", data=roster(row))

    assert made.rows[0].action == "refused"
    assert "亲属" in made.rows[0].problems[0]


def test_a_substitute_imports_and_exports_nothing(office: Office) -> None:
    person = found(office, "苏白露")
    grant = Grant(
        "cadre_section",
        organisation.fixed("organisation", "zzb"),
        date(2020, 1, 1),
        on_behalf_of=person["id"],
    )
    substitute = Actor(organisation.fixed("user", "peiyang"), None, "项莲房", grants=(grant,))
    month = person["birth_month"].replace("-", ".")
    row = ["苏白露", None, month, None, "星屿市发展和改革局", "副局长", None, None, None, None, None]

    with pytest.raises(NotAllowed):
        people_import.preview(office, substitute, name="花名册.xlsx", data=roster(row))
    with pytest.raises((NotAllowed, NotFound)):
        people.export_lrmx(office, substitute, person["id"])


def test_a_preview_is_its_makers_alone_and_for_a_day(office: Office) -> None:
    made = preview(office, NEW)

    with pytest.raises(NotFound):
        people_import.confirm(office.begin(), actor(office, "ganbu2"), token=made.token, numbers=[2])
    later = office.begin(NOW + timedelta(days=1))
    with pytest.raises(NotFound):
        people_import.confirm(later, actor(office, "ganbu1"), token=made.token, numbers=[2])
    with pytest.raises(NotFound):
        people_import.confirm(office.begin(), actor(office, "ganbu1"), token="../x", numbers=[2])
    assert found(office, "安桂枝") is None


def test_expired_previews_are_deleted_by_the_next_one(office: Office) -> None:
    preview(office, NEW)
    with office.engine.begin() as connection:
        connection.execute(text("UPDATE import_preview SET made_at = '2026-02-28 00:00:00.000000'"))

    preview(office, NEW)

    with office.begin() as work:
        assert len(work.all(tables.import_preview)) == 1


def test_a_preview_files_the_job_that_will_delete_it(office: Office) -> None:
    preview(office, NEW)

    with office.begin() as work:
        (job,) = work.all(runtime.job, kind="forget_previews")
    assert job["due_at"] == NOW + people_import.KEPT_FOR


def test_what_changed_since_the_preview_stops_the_confirmation(office: Office) -> None:
    first, second = preview(office, NEW), preview(office, NEW)
    confirm(office, first)
    before = counted(office)

    with pytest.raises(Conflict):
        confirm(office, second)

    assert counted(office) == before


def test_a_refused_row_cannot_be_taken_and_nothing_is_written(office: Office) -> None:
    made = preview(
        office, NEW, ["安桂花", "女", None, "汉", "某单位", "副局长", None, None, None, None, None]
    )
    before = counted(office)

    for numbers in ((2, 3), (2, 99)):
        with pytest.raises(Invalid):
            confirm(office, made, *numbers)
    with pytest.raises(Invalid):
        people_import.confirm(office.begin(), actor(office, "ganbu1"), token=made.token, numbers=[])

    assert counted(office) == before


def test_the_same_submission_twice_is_done_once(office: Office) -> None:
    made = preview(office, NEW)

    first = confirm(office, made, key="k1")
    second = confirm(office, made, key="k1")

    assert first == second
    assert counted(office)["cadre"] == 31


FORM = lrmx.Form(
    name="安桂枝",
    sex="女",
    born="198103",
    nation="汉族",
    native_place="云汀星屿",
    joined_party="200305",
    worked_since="200107",
    education="大学",
    current_post="星屿市教育局党委委员、副局长",
    career="2001.07--2010.03  星屿市教育局科员\n2010.03--        星屿市教育局副局长",
    id_number=id_number(),
    photo=b"\xff\xd8\xff" + bytes(64),
    family=(lrmx.Member("丈夫", "齐杜衡", "197902", "群众", "示例单位"),),
    version="3.2.1.16",
)


def form_preview(office: Office, data: bytes) -> people_import.Preview:
    return people_import.preview(office, actor(office, "ganbu1"), name="安桂枝.lrmx", data=data)


def test_an_approval_form_comes_in_and_goes_out_byte_for_byte(office: Office) -> None:
    data = lrmx.write(FORM).replace(b"</Person>", b"  <DaoLingNianYue>203603</DaoLingNianYue>\r\n</Person>")

    made = form_preview(office, data)
    confirm(office, made)
    person = found(office, "安桂枝")

    assert [(row.action, row.unit, row.post) for row in made.rows] == [("create", UNIT, "副局长")]
    assert "原样保留" in made.remarks[0]
    assert person["party"] == "中共党员"
    with office.begin() as work:
        assert work.one(tables.appointment, person_id=person["id"])["valid_from"] == date(2010, 3, 1)
        (document,) = work.all(tables.person_document)
        assert b"Person" not in document["ciphertext"]
    assert people.export_lrmx(office, actor(office, "dangan"), person["id"]) == data
    assert [row.action for row in form_preview(office, data).rows] == ["same"]


def test_an_exported_form_follows_corrections_and_says_who_took_it(office: Office) -> None:
    data = lrmx.write(FORM)
    confirm(office, form_preview(office, data))
    person = found(office, "安桂枝")
    confirm(office, preview(office, [*NEW[:3], "回族", *NEW[4:]]))

    out = lrmx.read(people.export_lrmx(office, actor(office, "dangan"), person["id"]))

    assert replace(out, nation="汉族") == FORM
    assert out.nation == "回族"
    with office.begin() as work:
        rows = work.all(history.history_event, stream=f"person:{person['id']}", order=("seq",))
    assert [row["kind"] for row in rows] == ["person_imported", "person_imported", "person_exported"]


def test_a_cadre_who_came_without_a_file_goes_out_as_a_valid_one(office: Office) -> None:
    person = found(office, "苏白露")

    form = lrmx.read(people.export_lrmx(office, actor(office, "ganbu1"), person["id"]))

    assert (form.name, form.sex, form.birth_month) == ("苏白露", person["sex"], person["birth_month"])
    assert form.current_post == "星屿市发展和改革局副局长"
    assert "称职" in form.appraisals or "优秀" in form.appraisals
    assert base64.b64encode(form.photo) == b""


def test_forms_leave_only_through_the_managing_department(office: Office) -> None:
    for login in ("jiwei", "fgj1", "benren", "shenji", "xitong", "heshi1"):
        with pytest.raises((NotAllowed, NotFound)):
            people.export_lrmx(office, actor(office, login), found(office, "苏白露")["id"])


def test_a_relatives_form_does_not_exist(office: Office) -> None:
    with pytest.raises(NotFound):
        people.export_lrmx(office, actor(office, "ganbu2"), found(office, "罗寒露")["id"])


def test_other_kinds_of_file_are_refused_with_what_to_do(office: Office) -> None:
    for name, words in (("安桂枝.lrm", "另存为 .lrmx"), ("安桂枝.docx", "只能导入"), ("花名册.csv", ".xlsx")):
        with pytest.raises(Invalid) as refusal:
            people_import.preview(office, actor(office, "ganbu1"), name=name, data=b"abc")
        assert words in refusal.value.problems["file"]
