"""任免审批表 as its paper shows it: ages beside months of birth, the career line by line, ten rows of family."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.domain.access import Actor
from webapp.domain.people import age_on
from webapp.exchange import lrmx
from webapp.services import people
from webapp.services.office import Office

PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
FAMILY_ROWS = 10


@dataclass(frozen=True, slots=True)
class Relative:
    """One row of 家庭主要成员及重要社会关系."""

    relation: str = ""
    name: str = ""
    age: str = ""
    party: str = ""
    work: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """任免审批表; ``born`` with the age, ``photo`` as a data address or ''."""

    back: str
    form: lrmx.Form
    born: str
    joined_party: str
    worked_since: str
    proposed_post: str
    relieved_post: str
    reason: str
    career: tuple[str, ...]
    family: tuple[Relative, ...]
    photo: str


def show(
    office: Office, actor: Actor, person_id: str, proposed: Mapping[str, str], *, back: str, today: date
) -> ApprovalView:
    """The sheet of a cadre, for the department that manages; ages on the form's own day 计算年龄时间, or today."""
    form = people.approval_form(office, actor, person_id)
    return of(form, proposed, back=back, day=lrmx.day_of(form.age_counted_on) or today)


def of(form: lrmx.Form, proposed: Mapping[str, str], *, back: str, day: date) -> ApprovalView:
    """The sheet of a form; what a case proposes fills what the form leaves open."""
    born = lrmx.day_of(form.born)
    return ApprovalView(
        back=back,
        form=form,
        born=f"{born:%Y.%m}（{age_on(born, day)}岁）" if born else form.born,
        joined_party=_month(form.joined_party),
        worked_since=_month(form.worked_since),
        proposed_post=form.proposed_post or proposed.get("proposed_post", ""),
        relieved_post=form.relieved_post or proposed.get("relieved_post", ""),
        reason=form.reason or proposed.get("reason", ""),
        career=tuple(line.strip() for line in form.career.splitlines() if line.strip()),
        family=_family(form, day),
        photo=_photo(form.photo),
    )


def _month(text: str) -> str:
    found = lrmx.day_of(text)
    return f"{found:%Y.%m}" if found else text


def _family(form: lrmx.Form, day: date) -> tuple[Relative, ...]:
    """At least the ten rows of the paper."""
    rows = []
    for one in form.family:
        born = lrmx.day_of(one.born)
        rows.append(
            Relative(one.relation, one.name, str(age_on(born, day)) if born else "", one.party, one.work)
        )
    return (*rows, *(Relative() for _ in range(FAMILY_ROWS - len(rows))))


def _photo(data: bytes) -> str:
    kind = next((kind for mark, kind in PICTURES if data.startswith(mark)), "")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}" if kind else ""
