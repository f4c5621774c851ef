"""The demo's people at their own screens: what ``Staff`` does through the services, done by hand in a browser."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from tests.browser.live import Live
from webapp.domain import forms as rules
from webapp.domain.access import Actor
from webapp.domain.fields import PICKERS, Field
from webapp.domain.meetings import NOTICE_DAYS
from webapp.persistence.models import identity, people, runtime
from webapp.services import filler, forms, meetings, messages, opening, reads
from webapp.services.demo import scenes
from webapp.services.demo.staff import PAPER, RECORDER, Staff
from webapp.services.desk import take

DOORS = {"up_down": "/cases/start", "sanction": "/measures/new"}
TICKED = {"radio", "checkbox"}
# What comes up at every visit and note is done by hand the first time (two sign a visit), then through the services.
TWICE = {"sign_visit"}


class Hands(Staff):
    """Everybody of the demo office; each has a browser window of their own that stays signed in."""

    def __init__(self, live: Live, page_at: Callable[..., Page]) -> None:
        super().__init__(live.office)
        self.live = live
        self._page_at = page_at
        self._windows: dict[str, Page] = {}
        self._names: dict[str, str] = {}
        self._done: Counter[str] = Counter()
        # Each claims the first time; after that a task is finished straight away.
        self._claimed: set[str] = set()
        self._met: set[str] = set()

    # Who sits where

    def window(self, login: str) -> Page:
        """The window of a person, signed in the first time it is asked for."""
        if login not in self._windows:
            page = self._page_at(1280)
            self.live.sign_in(page, login)
            self._windows[login] = page
        return self._windows[login]

    def login_of(self, actor: Actor) -> str:
        """The log-in of an actor."""
        with reads.begin(self.office) as look:
            row = look.get(identity.User.__table__, id=actor.user_id)
        return str(row["username"])

    def look(self, login: str, path: str) -> Page:
        """Somebody goes to an address of the product."""
        page = self.window(login)
        page.goto(f"{self.live.url}{path}")
        return page

    # The doors

    def open_case(self, login: str, person_id: str, door: str = "up_down", **given: object) -> str:
        """Register what opens a case, by either door → case id."""
        fields = opening.fields(self.office, door)
        posted = filler.fill(fields, {"cadre": person_id, **given}, picks=_any_file(fields), now=self.now)
        page = self.look(login, DOORS[door])
        self.type(page, fields, posted)
        self.submit(page)
        expect(page.locator(".said-done")).to_contain_text("工作卷宗已建立")
        return str(UUID(page.url.rstrip("/").rsplit("/", 1)[1]))

    # Tasks

    def _finish(self, task_id: str, by: str | None, given: Mapping[str, object]) -> Mapping[str, Any]:
        element = self._element(task_id)
        self._done[element] += 1
        if element in scenes.ROUTINE and self._done[element] > 1 + (element in TWICE):
            return super()._finish(task_id, by, given)
        login = by or self.login_of(self.who_may(task_id))
        page = self.look(login, f"/tasks/{task_id}")
        if login not in self._claimed:
            self._claim(page, login)
        self.fill_task(page, task_id, given)
        self.submit(page)
        expect(page.locator(".said-done")).to_contain_text("已办结")
        return {}

    def _element(self, task_id: str) -> str:
        with reads.begin(self.office) as look:
            return str(look.get(runtime.work_item, id=task_id)["element_id"])

    def _claim(self, page: Page, login: str) -> None:
        self._claimed.add(login)
        button = page.get_by_role("button", name="签收", exact=True)
        if button.count():
            button.click()
            expect(page.locator(".said-done")).to_contain_text("已签收")

    def fill_task(self, page: Page, task_id: str, given: Mapping[str, object]) -> None:
        """Type the answers of a task into its form; nothing is handed in."""
        with self.begin() as work:
            desk = take(work, task_id)
            fields = forms.fields_of_task(desk.definition, desk.row["form_key"])
        posted, uploads = self.answers(task_id, given)
        self.type(page, fields, {**posted, **dict.fromkeys(uploads, "")})

    def type(self, page: Page, fields: tuple[Field, ...], posted: filler.Filled) -> None:
        """Set every control by its name; what others depend on comes first, as a form shows it."""
        kinds = {one.key: one.kind for one in rules.flat(fields)}
        left = dict(posted)
        while left:
            ready = [name for name in left if self._is_there(page, name)]
            if not ready:
                ready = self._add_row(page, left)
            for name in ready:
                if self._is_there(page, name):
                    self._set(page, name, kinds.get(name.split(".")[0], ""), left.pop(name))

    def _add_row(self, page: Page, left: filler.Filled) -> list[str]:
        lists = {name.split(".")[0] for name in left if name.count(".") == 2}
        if not lists:
            raise LookupError(f"no control for {sorted(left)} on {page.url}")
        page.locator(f'#f-{lists.pop()}-box button[value^="add:"]').click()
        self._settle(page)
        return [name for name in left if self._is_there(page, name)]

    def _is_there(self, page: Page, name: str) -> bool:
        return page.locator(f'[name="f.{name}"], [name="f.{name}.search"]').count() > 0

    def _set(self, page: Page, name: str, kind: str, value: str | list[str]) -> None:
        if kind in PICKERS:
            self._pick(page, name, kind, [value] if isinstance(value, str) else value)
            return
        controls = page.locator(f'[name="f.{name}"]')
        tag, type_ = controls.first.evaluate("one => [one.tagName, one.type]")
        if tag == "SELECT":
            controls.select_option(value)
        elif type_ in TICKED:
            self._tick(controls, name, value)
        elif type_ == "file":
            controls.set_input_files(
                {"name": PAPER.name, "mimeType": "application/pdf", "buffer": PAPER.data}
            )
        else:
            controls.fill(str(value))
        self._settle(page)

    def _tick(self, controls: Locator, name: str, value: str | list[str]) -> None:
        if value == "on":
            controls.check()
            return
        for one in [value] if isinstance(value, str) else value:
            controls.page.locator(f'[name="f.{name}"][value="{one}"]').check()

    def _pick(self, page: Page, name: str, kind: str, ids: list[str]) -> None:
        for one in ids:
            page.locator(f'[name="f.{name}.search"]').fill(self._named(kind, one))
            page.locator(f'[name="f.{name}"][value="{one}"]').check()
        self._settle(page)

    def _named(self, kind: str, row_id: str) -> str:
        """What somebody types to find it."""
        if row_id not in self._names:
            with reads.begin(self.office) as look:
                if kind == "post":
                    row_id_, table = look.get(people.post, id=row_id)["organisation_id"], people.organisation
                else:
                    row_id_, table = row_id, people.organisation if kind == "organisation" else people.person
                self._names[row_id] = str(look.get(table, id=row_id_)["name"])
        return self._names[row_id]

    def _settle(self, page: Page) -> None:
        """Wait until the form has been drawn again."""
        expect(page.locator(".htmx-request")).to_have_count(0)

    def submit(self, page: Page) -> None:
        """Press the form's main button, and once more where the product asks whether it is meant."""
        button = page.locator("form.form .form-end .btn-primary").last
        asks = button.get_attribute("data-confirm")
        button.click()
        if asks:
            page.locator(f"#{asks} .btn-primary").click()

    # Meetings

    def call(
        self, body: str, case_ids: Iterable[str], *, number: str = "第一次会议"
    ) -> tuple[str, list[str]]:
        """Call a meeting for the next day with the waiting items of the cases, and come to it."""
        items, held_on = self.items(body, case_ids), self.today + timedelta(days=NOTICE_DAYS)
        page = self.look(RECORDER[body], "/meetings/new")
        page.locator('[name="f.body"]').select_option(body)
        self._settle(page)
        page.locator('[name="f.title"]').fill(number)
        page.locator('[name="f.held_on"]').fill(held_on.isoformat())
        page.locator('[name="f.place"]').fill("市委会议室（示例）")
        for item in items:
            page.locator(f'[name=item][value="{item}"]').check()
        self.submit(page)
        expect(page.locator(".said-done")).to_contain_text("会议已安排")
        self.until(held_on)
        return page.url.split("#")[0].rsplit("/", 1)[1], items

    def attend(self, meeting_id: str, *, absent: Iterable[str] = ()) -> None:
        """The recorder signs everybody in and opens the meeting."""
        page = self._at_meeting(meeting_id)
        away = set(absent)
        page.get_by_text("登记到会", exact=True).click()
        for member in self.members(meeting_id):
            presence = "absent" if member in away else "present"
            page.locator(f'[name="attendance.{member}"][value={presence}]').check()
        page.get_by_role("button", name="保存到会情况").click()
        expect(page.locator(".said-done")).to_contain_text("到会情况已保存")
        page.get_by_role("button", name="宣布开会").click()
        expect(page.locator(".said-done")).to_contain_text("会议开始")

    def _at_meeting(self, meeting_id: str) -> Page:
        with reads.begin(self.office) as look:
            body = look.get(meetings.tables.meeting, id=meeting_id)["body"]
        return self.look(RECORDER[body], f"/meetings/{meeting_id}")

    def meet(self, body: str, *case_ids: str, outcome: str = "agree") -> str:
        """A whole meeting, everybody present, the recorder enters the votes; by hand the first time a body meets."""
        if body in self._met:
            return Staff(self.office).meet(body, *case_ids, outcome=outcome)
        self._met.add(body)
        meeting_id, items = self.call(body, case_ids)
        self.attend(meeting_id)
        page = self.window(RECORDER[body])
        for item_id in items:
            item = page.locator(f"#item-{item_id}")
            self.start_vote(page, item_id)
            item.get_by_text("代录会议表决结果").click()
            for choice in ("agree", "disagree", "defer"):
                able = self._able(meeting_id, item_id) if choice == outcome else 0
                item.locator(f"[name={choice}]").fill(str(able))
            item.get_by_role("button", name="录入", exact=True).click()
            expect(page.locator(".said-done")).to_contain_text("表决结果已录入")
        self.close_meeting(page)
        return meeting_id

    def start_vote(self, page: Page, item_id: str) -> None:
        """The recorder puts an item to the vote."""
        page.locator(f"#item-{item_id}").get_by_role("button", name="开始表决").click()
        expect(page.locator(".said-done")).to_contain_text("开始表决")

    def close_meeting(self, page: Page) -> None:
        """The recorder closes the meeting."""
        page.get_by_role("button", name="结束会议", exact=True).click()
        page.get_by_role("button", name="确认结束会议").click()
        expect(page.locator(".said-done")).to_contain_text("会议结束")
        messages.deliver_all(self.office)

    def vote(self, person_id: str, meeting_id: str, item_id: str, choice: str) -> None:
        """A member votes on the own screen."""
        with reads.begin(self.office) as look:
            login = look.get(identity.User.__table__, person_id=person_id)["username"]
        page = self.look(login, f"/meetings/{meeting_id}")
        item = page.locator(f"#item-{item_id}")
        item.locator(f"input[value={choice}]").check()
        item.get_by_role("button", name="提交表决").click()
        page.get_by_role("button", name="确认提交").click()
        expect(page.locator(".said-done")).to_contain_text("您的表决已提交")


def _any_file(fields: tuple[Field, ...]) -> Mapping[str, list[str]]:
    wanted = any(one.kind == "filepicker" and one.required for one in forms.every(fields))
    return {"filepicker": ["a file"]} if wanted else {}
