"""Every row of the domain's tables is carried by something that is really there."""

import pytest

from tests.workflows import coverage_c1, coverage_c2, coverage_c3, coverage_c4
from tests.workflows.coverage import Place, missing
from tests.workflows.coverage_rows import RECORD, ROWS, Row

PLACES = (*coverage_c1.COVERAGE, *coverage_c2.COVERAGE, *coverage_c3.COVERAGE, *coverage_c4.COVERAGE)
P01 = "workflows/p01_down_adjustment/p01_down_adjustment.bpmn"
SIGNAL = "workflows/p01_down_adjustment/forms/signal.json"
D1 = "workflows/shared/d01_impact_period.dmn"
# Beside the rows: decision tables, corrections, papers and the other invariants.
BESIDE = ("D3", "D5", "D6", "D7", "0.", "F15", "F16", "F18", "F20", "F22", "F24", "F27")


def uncarried(places: tuple[Place, ...], rows: tuple[Row, ...] = ROWS) -> list[str]:
    """Rows that lack a kind of carrier, with what they lack."""
    kinds: dict[str, set[str]] = {}
    for place in places:
        kinds.setdefault(place.code, set()).add(place.kind)
    lacking = [(row, row.needs - kinds.get(row.code, set())) for row in rows]
    return [f"{row.code} {row.zh}: {', '.join(sorted(kinds))}" for row, kinds in lacking if kinds]


def test_every_row_of_the_four_processes_and_every_invariant_is_carried() -> None:
    assert uncarried(PLACES) == []


def test_everything_named_as_a_carrier_exists() -> None:
    assert missing(PLACES) == []


def test_all_rows_are_asked_for_once() -> None:
    codes = [row.code for row in ROWS]
    assert len(set(codes)) == len(codes)
    steps = {
        part: [code for code in codes if code.startswith(part)] for part in ("C1.", "C2.", "C3.", "C4.", "F")
    }
    assert [code[3:] for code in steps["C1."]] == ["0", "1", "2", "3", "3a", "3b", "4", "5", "6", "7"]
    assert [code[3:] for code in steps["C2."]] == [str(number) for number in range(1, 10)]
    assert [code[3:] for code in steps["C4."]] == [
        "gate0", "gate1", "1", "2", "3", "4", "4a", *(str(number) for number in range(5, 13)),
    ]  # fmt: skip
    assert steps["F"] == [f"F{number:02}" for number in range(1, 15)]
    assert len(steps["C3."]) == 9 + len(RECORD)


def test_no_carrier_stands_under_a_row_that_nobody_asks_for() -> None:
    known = {row.code for row in ROWS}
    assert [place for place in PLACES if place.code not in known and not place.code.startswith(BESIDE)] == []


@pytest.mark.parametrize(
    ("kind", "file", "there", "gone"),
    [
        ("element", P01, "talk", "chat"),
        ("clock", P01, "assess: add working days(today(), 5)", "assess: add working days(today(), 6)"),
        ("field", SIGNAL, "summary", "rumour"),
        ("rule", D1, "d01_up_down_demotion", "d01_up_down_promotion"),
        ("function", "webapp/domain/meetings.py", "require_quorum", "require_applause"),
        ("test", "tests/workflows/test_p01.py", "test_the_linter_has_nothing_to_say", "test_nothing"),
        ("element", "workflows/p99_nowhere.bpmn", "", "talk"),
    ],
)
def test_a_carrier_that_is_not_there_would_be_found(kind: str, file: str, there: str, gone: str) -> None:
    lost = Place("C1.0", kind, file, gone)
    assert missing([lost]) == [lost]
    assert not there or missing([Place("C1.0", kind, file, there)]) == []


def test_a_row_without_its_carriers_would_be_named() -> None:
    without = tuple(place for place in PLACES if place.code != "F06")
    assert uncarried(without) == [
        "F06 公示不少于五个工作日，不得缩短，有反映即暂缓: element, function, rule, test"
    ]
