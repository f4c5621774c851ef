"""The lives of the demo city 示例人生: who comes under a process when, and how it goes; decided by seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from webapp.services.demo import cast, cast_city
from webapp.services.demo.organisation import ELECTED, SEED

Answers = Mapping[str, Mapping[str, Any]]
Stops = Mapping[str, int]
MONTH = 30.4
EVER = 10_000
SITUATIONS = (
    "U03_weak_resolve", "U04_performance_view", "U05_dem_centralism", "U06_weak_org_concept", "U07_weak_drive",
    "U08_insufficient_ability", "U09_decision_fault", "U10_bad_style", "U14_appraisal", "U01_political_capacity",
)  # fmt: skip
SOURCES = (
    "annual_appraisal", "daily_appraisal", "inspection", "audit", "petition", "personal_matters", "statistics",
    "democratic_review",
)  # fmt: skip
SUMMARIES = (
    "牵头的两个民生项目连续三个季度未达序时进度，协调会议定事项没有跟进。",
    "年度考核民主测评中肯定票偏低，服务对象反映办事周期长、回应慢。",
    "班子内部沟通不够，重要事项会前酝酿不充分，同级意见较多。",
    "防汛值守安排出现疏漏，虽未造成损失，反映应急准备不足。",
    "部门预算执行率连续两年靠后，项目论证不够深入。",
    "新到岗位后业务不熟，重点任务主要依靠下属推动。",
    "巡察反馈的整改事项有三项逾期，说明材料不够具体。",
    "统计数据报送两次更正，审核把关不够严格。",
)
MANNERS = ("convert_to_rank_only", "lateral_transfer", "relieve_of_post", "demotion")
SANCTIONS = (
    ("party", "warning"), ("admin", "demerit"), ("party", "serious_warning"), ("party", "warning"),
    ("admin", "major_demerit"),
)  # fmt: skip
UP, SANCTION = "up_down", "sanction"


@dataclass(frozen=True, slots=True)
class Life:
    """One case to come: ``answers`` by element beside the usual ones, ``stops`` what is left lying from n days ago.

    ``due_today``: opened on the day from which its first term ends today; ``paused``: suspended in the end.
    """

    person: str
    unit: str
    door: str
    opens_on: date
    first: Mapping[str, Any]
    answers: Answers = field(default_factory=dict)
    stops: Stops = field(default_factory=dict)
    appeal: str = ""
    due_today: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A way cases go 走向: how many in the city and in the tests, and how many months ago they begin."""

    key: str
    many: int
    few: int
    months: tuple[float, float]


COURSES = (
    Course("demoted", 1, 1, (11.5, 11.5)),
    Course("proposed", 1, 1, (3.2, 3.2)),
    Course("examined", 1, 0, (14.3, 14.3)),
    Course("dismissed", 6, 1, (53, 4)),
    Course("watched", 5, 0, (50, 3)),
    Course("reminded", 4, 1, (48, 5)),
    Course("admonished", 4, 0, (46, 3)),
    Course("cleared", 10, 1, (54, 6)),
    Course("tolerated", 2, 0, (40, 20)),
    Course("referred", 1, 0, (30, 30)),
    Course("up_again", 3, 0, (55, 50)),
    Course("adjusted", 6, 0, (46, 34)),
    Course("tracked", 6, 1, (18, 6)),
    Course("sanctioned_up", 5, 0, (50, 30)),
    Course("sanctioned", 6, 0, (52, 28)),
    Course("sanctioned_tracked", 6, 1, (13, 2)),
    Course("registered_late", 2, 0, (20, 9)),
    Course("signing", 1, 1, (6.5, 6.5)),
    Course("appealing", 1, 1, (3.9, 3.9)),
    Course("assisted", 1, 1, (4.3, 4.3)),
    Course("checked", 1, 1, (7.8, 7.8)),
    Course("upward", 1, 0, (15, 15)),
    Course("entered", 1, 1, (0.1, 0.1)),
    Course("announced", 1, 1, (0.7, 0.7)),
    Course("visited", 1, 1, (3.3, 3.3)),
)
# Where a case under way lies, how many days ago it was opened, and whether the tests have it too.
UNDER_WAY = (
    ("assess", 4, True), ("assess", 12, True), ("assess", 20, False), ("propose_opening", 10, True),
    ("approve_opening", 17, True), ("hear_subject", 24, False), ("verify", 42, False), ("verify", 46, False),
    ("sign_report", 47, True), ("determine", 50, True), ("propose", 54, True), ("dept_meeting", 62, True),
    ("dept_meeting", 66, True), ("dept_meeting", 70, True), ("consult_discipline", 70, True),
    ("consult_leader", 74, True), ("check_materials", 86, True), ("committee_meeting", 92, True),
    ("committee_meeting", 97, False), ("record_decision", 105, True), ("talk", 112, True), ("formalities", 114, False),
    ("file_papers", 128, True),
)  # fmt: skip
# Elements the way to which some facts of the cadre or the post open: what is then answered.
OPENED_BY: Mapping[str, Mapping[str, Any]] = {
    "consult_united_front": {"non_party": "yes"},
    "report_superior": {"elected_post": "yes"},
    "legal_procedure": {"elected_post": "yes"},
}
SPECIAL = (
    ("唐忍冬", "tjj", "consult_united_front", 76), ("韩沉香", "qtq", "report_superior", 90),
    ("丁玉竹", "lyx", "legal_procedure", 126),
)  # fmt: skip
EARLIEST_FEW = 12
# Whose lives are not drawn by lot: the three of the small demo, and those whose unit or log-in matters.
KNOWN = {
    "demoted": ("苏白露", "fgj"), "proposed": ("叶小满", "jtj"), "examined": ("白南星", "swj"),
    "signing": ("温霜降", "jyj"), "checked": ("邱佩兰", "wlj"),
}  # fmt: skip
KEPT_OUT = {"罗寒露"}


def plan(anchor: date, *, few: bool = False, seed: int = SEED) -> tuple[Life, ...]:
    """All lives up to the ``anchor`` day, in the order in which they begin."""
    random = Random(seed)
    people = iter(_subjects(random))
    lives = [life for course in COURSES for life in _of(course, anchor, people, random, few)]
    under_way = [(element, days) for element, days, both in UNDER_WAY if both or not few]
    lives += [_under_way(next(people), anchor, element, days, random) for element, days in under_way]
    lives += [
        _under_way((name, unit), anchor, element, days, random) for name, unit, element, days in SPECIAL
    ]
    lives.append(replace(_under_way(next(people), anchor, "assess", 0, random), due_today=True))
    lives.append(replace(_under_way(next(people), anchor, "verify", 44, random), paused=True))
    return tuple(sorted(lives, key=lambda life: (life.opens_on, life.person)))


def _subjects(random: Random) -> list[tuple[str, str]]:
    """(name, unit) of those who may come under a process: no head of a unit, nobody with a log-in."""
    kinds = {code: kind for code, _, kind in (*cast.UNITS, *cast_city.UNITS)}
    found = [(trio[1], code) for (code, _, _), trio in zip(cast.UNITS, cast.CADRES, strict=True)]
    known = {code for code, _, _ in cast.UNITS}
    seen: dict[str, int] = {}
    for one in cast_city.figures(SEED):
        if one.place != "deputy":
            continue
        number = seen[one.unit] = seen.get(one.unit, 0) + 1
        if one.party == "中共党员" and (one.unit in known or number != 2):
            found.append((one.name, one.unit))
    taken = {name for name, _ in KNOWN.values()} | KEPT_OUT
    found = [(name, unit) for name, unit in found if name not in taken and kinds[unit] not in ELECTED]
    random.shuffle(found)
    return found


def _of(
    course: Course, anchor: date, people: Iterator[tuple[str, str]], random: Random, few: bool
) -> Iterator[Life]:
    number = course.few if few else course.many
    first, last = course.months
    if few:
        first, last = min(first, EARLIEST_FEW), min(last, EARLIEST_FEW)
    for index in range(number):
        months = first - (first - last) * index / max(number - 1, 1)
        day = anchor - timedelta(days=round(months * MONTH) + (random.randint(0, 9) if number > 1 else 0))
        name, unit = KNOWN[course.key] if course.key in KNOWN else next(people)
        yield MAKERS[course.key](name, unit, day, index, random)


def _signal(random: Random, **given: Any) -> dict[str, Any]:
    return {
        "source": random.choice(SOURCES),
        "situation_codes": [random.choice(SITUATIONS)],
        "severity_reported": random.choice(("medium", "high")),
        "source_count": random.choice((1, 2, 2, 3)),
        "credibility": "plausible",
        "summary": random.choice(SUMMARIES),
        **given,
    }


def _up(name: str, unit: str, day: date, random: Random, answers: Answers, **more: Any) -> Life:
    first = _signal(random)
    found = {"determine": {"situation_codes": first["situation_codes"]}, **answers}
    return Life(name, unit, UP, day, first, found, **more)


def _dismissed(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    return _up(name, unit, day, random, {"assess": {"assessment_outcome": "dismissed"}})


def _watched(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    return _up(name, unit, day, random, {"assess": {"assessment_outcome": "watch"}})


def _reminded(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    kind = ("reminder", "inquiry")[index % 2]
    answers = {"assess": {"assessment_outcome": "mild_measure"}, "handle_mild": {"mild_measure_kind": kind}}
    return _up(name, unit, day, random, answers)


def _determined(outcome: str, more: Answers | None = None) -> Any:
    def make(name: str, unit: str, day: date, index: int, random: Random) -> Life:
        life = _up(name, unit, day, random, more or {})
        given = {**life.answers["determine"], "determination_outcome": outcome}
        return Life(name, unit, UP, day, life.first, {**life.answers, "determine": given})

    return make


def _adjusted_answers(unit: str, manner: str, index: int) -> dict[str, Any]:
    to = f"@post:{_other(unit, index)}:deputy" if manner == "lateral_transfer" else f"@post:{unit}:rank"
    decided = {"decided_manner": manner, "target_post_id": to, "tracking_class": "AB"[index % 2]}
    return {"propose": {"manner": manner, "target_post_id": to}, "record_decision": decided}


def _other(unit: str, index: int) -> str:
    """A bureau other than the own one."""
    bureaus = [code for code, _, kind in (*cast_city.UNITS, *cast.UNITS) if kind == "局" and code != unit]
    return bureaus[index % len(bureaus)]


def _ended(conclusion: str) -> dict[str, Any]:
    return {"evaluate": {"proposed_conclusion": conclusion}, "conclude": {"conclusion": conclusion}}


def _adjusted(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = {**_adjusted_answers(unit, MANNERS[index % 3], index), **_ended("closed")}
    return _up(
        name,
        unit,
        day,
        random,
        answers,
        appeal="review" if MANNERS[index % 3] == "relieve_of_post" and index < 3 else "",
    )


def _tracked(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    stops = {"write_note": 40, "write_unit_note": 40} if index % 3 == 1 else {}
    return _up(name, unit, day, random, _adjusted_answers(unit, MANNERS[index % 4], index), stops=stops)


def _up_again(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = {
        **_adjusted_answers(unit, "convert_to_rank_only", index), **_ended("recommended"),
        "initiate": {"branch": "promotion", "post_id": f"@post:{_other(unit, index + 3)}:deputy"},
        "appraise_probation": {"probation_outcome": "fail" if index == 0 else "pass"},
    }  # fmt: skip
    return _up(name, unit, day, random, answers)


def _demoted(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    stops = {"hold_visit": 75, "supervise_15": 40, "supervise_30": 40, "write_note": 45}
    return _up(name, unit, day, random, _adjusted_answers(unit, "demotion", index), stops=stops)


def _proposed(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = _adjusted_answers(unit, "lateral_transfer", index)
    return _up(name, unit, day, random, answers, stops={"committee_meeting": EVER})


def _decision(day: date, index: int, **given: Any) -> dict[str, Any]:
    track, kind = SANCTIONS[index % len(SANCTIONS)]
    decided = (day - timedelta(days=2)).isoformat()
    return {
        "late_entry": "no", "track": track, "kind": kind, "decided_on": decided, "effective_on": decided,
        "tracking_class": "ABA"[index % 3], **given,
    }  # fmt: skip


def _sanctioned(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    appeal = "party_appeal" if index == 0 else ""
    return Life(name, unit, SANCTION, day, _decision(day, index), _ended("closed"), appeal=appeal)


def _sanctioned_tracked(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    stops = (
        {"write_note": 35} if index % 3 == 0 else {"prepare_visit_discipline": 20} if index % 3 == 1 else {}
    )
    return Life(name, unit, SANCTION, day, _decision(day, index), stops=stops)


def _sanctioned_up(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = {
        **_ended("recommended"),
        "initiate": {"branch": "further_use", "post_id": f"@post:{_other(unit, index + 7)}:deputy"},
    }
    return Life(name, unit, SANCTION, day, _decision(day, 0 if index % 2 else 3), answers)


def _examined(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = {
        **_ended("recommended"),
        "initiate": {"branch": "further_use", "post_id": f"@post:{_other(unit, index + 5)}:deputy"},
    }
    checks = (
        "examine",
        "double_sign",
        "check_archive",
        "check_personal_matters",
        "check_petitions",
        "hear_discipline",
    )
    return Life(name, unit, SANCTION, day, _decision(day, 0), answers, dict.fromkeys(checks, EVER))


def _admonished(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    return Life(
        name, unit, SANCTION, day, _decision(day, index, track="mild", kind="admonishment"), _ended("closed")
    )


def _registered_late(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    decided = (day - timedelta(days=90)).isoformat()
    given = _decision(day, index, late_entry="yes", decided_on=decided, effective_on=decided)
    talked = {"record_past_execution": {"talked_on": (day - timedelta(days=85)).isoformat()}}
    return Life(name, unit, SANCTION, day, given, {**talked, **_ended("closed")})


def _under_way(person: tuple[str, str], anchor: date, element: str, days: int, random: Random) -> Life:
    name, unit = person
    manner = "relieve_of_post" if element in OPENED_BY else MANNERS[days % 3]
    answers = _adjusted_answers(unit, manner, days)
    answers["propose"] |= OPENED_BY.get(element, {})
    if element == "legal_procedure":
        answers["record_decision"]["legal_act_needed"] = "yes"
    return _up(name, unit, anchor - timedelta(days=days), random, answers, stops={element: EVER})


def _signing(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = {**_adjusted_answers(unit, "demotion", index), "hold_visit": {"signing": "online"}}
    return _up(name, unit, day, random, answers, stops={"subject_sign": EVER})


def _appealing(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = _adjusted_answers(unit, "relieve_of_post", index)
    return _up(name, unit, day, random, answers, appeal="review", stops={"accept": EVER})


def _assisted(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    answers = _adjusted_answers(unit, "convert_to_rank_only", index)
    return _up(name, unit, day, random, answers, stops={"arrange_measures": EVER})


def _checked(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    life = _examined(name, unit, day, index, random)
    return replace(life, first=_decision(day, index, track="mild", kind="admonishment"))


def _upward(name: str, unit: str, day: date, index: int, random: Random) -> Life:
    return replace(_examined(name, unit, day, index, random), stops={"committee_meeting": EVER})


def _left_at(element: str) -> Any:
    def make(name: str, unit: str, day: date, index: int, random: Random) -> Life:
        return Life(name, unit, SANCTION, day, _decision(day, index), stops={element: EVER})

    return make


MAKERS: Mapping[str, Any] = {
    "demoted": _demoted, "proposed": _proposed, "examined": _examined, "dismissed": _dismissed, "watched": _watched,
    "reminded": _reminded, "admonished": _admonished, "cleared": _determined("not_unsuited"),
    "tolerated": _determined("tolerated", {"handle_tolerance": {"tolerance_outcome": "exempt"}}),
    "referred": _determined("referred", {"refer_discipline": {"referral_outcome": "accepted"}}),
    "up_again": _up_again, "adjusted": _adjusted, "tracked": _tracked, "sanctioned_up": _sanctioned_up,
    "sanctioned": _sanctioned, "sanctioned_tracked": _sanctioned_tracked, "registered_late": _registered_late,
    "signing": _signing, "appealing": _appealing, "assisted": _assisted, "checked": _checked, "upward": _upward,
    "entered": _left_at("check_entry"), "announced": _left_at("announce"),
    "visited": _left_at("prepare_visit_discipline"),
}  # fmt: skip
