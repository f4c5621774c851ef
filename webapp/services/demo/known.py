"""What an office knows of the cadre before it fills a form 已知信息: name, birth, post, so that papers look right."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from webapp.domain import appraisals
from webapp.domain import forms as rules
from webapp.domain.fields import Field
from webapp.persistence.models import people
from webapp.services.desk import Desk
from webapp.services.office import Work

SEX = {"男": "male", "女": "female"}
CONTACT = "电话0999-1234567，信箱：星屿市委组织部干部监督科（示例）"
KEYS = frozenset(
    {
        "name", "sex", "birth_month", "ethnicity", "political_status", "present_post", "posts_ended",
        "post_then_now", "visit_no", "authority_note", "notice_person", "notice_posts", "notice_contact",
    }
)  # fmt: skip


def answers(work: Work, desk: Desk, fields: Iterable[Field], given: Collection[str]) -> Mapping[str, str]:
    """Answers by key for those fields of the form that a file on the cadre answers and nobody has."""
    keys = {one.key for one in rules.flat(tuple(fields)) if not one.read_only} & KEYS - set(given)
    if not keys or desk.case is None:
        return {}
    person = work.get(people.person, id=desk.case.person_id)
    cadre = work.one(people.cadre, person_id=desk.case.person_id, valid_to=None)
    unit = work.get(people.organisation, id=desk.case.unit_id)
    found = _of(person, f"{unit['name']}{cadre['title'] if cadre else ''}")
    return {key: found[key] for key in keys}


def graded(fields: Iterable[Field], variables: Mapping[str, Any]) -> Mapping[str, str]:
    """The year's appraisal that fits what the table of its effects says, where the form asks for one."""
    told = variables.get("appraisal")
    if not isinstance(told, Mapping) or all(one.key != "appraisal_grade" for one in fields):
        return {}
    return {"appraisal_grade": appraisals.FITTING.get(str(told.get("effect")), "competent")}


def _of(person: Mapping[str, Any], post: str) -> dict[str, str]:
    year, _, month = str(person["birth_month"]).partition("-")
    born = f"{year}年{int(month)}月生"
    who = "，".join((person["name"], person["sex"], born, person["nation"], person["party"], "大学学历"))
    return {
        "name": person["name"], "sex": SEX[person["sex"]], "birth_month": person["birth_month"],
        "ethnicity": person["nation"], "political_status": person["party"], "present_post": post,
        "posts_ended": post, "post_then_now": f"现任{post}", "visit_no": "按回访计划",
        "authority_note": "市管干部",
        "notice_person": who, "notice_posts": f"现任{post}，拟任同职级领导职务", "notice_contact": CONTACT,
    }  # fmt: skip
