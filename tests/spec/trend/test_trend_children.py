"""Child by child from term to term: who is in no register any more, who came back, who left, who finished."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from trend_fixture import NAME, NUMBER, finding, looked, term_run

from auditlib.audit.last_term import COLUMNS
from auditlib.trend import report
from auditlib.trend.outputs import write_ledger


def pupil(person: int, **values: Any) -> dict[str, Any]:
    number = NUMBER.format(person)
    return {
        "person_id": number, "name": NAME, "id_number": number, "student_no": f"G{number}",
        "school_name": "松坪县城关小学", "class_name": "2班", "stage": "junior", "study_year": 2, "active": True,
        "status": "enrolled", "birth": None, **values,
    }  # fmt: skip


def register(run: Path, *pupils: dict[str, Any]) -> Path:
    """``run`` with its table of pupils."""
    (run / "tables").mkdir()
    pd.DataFrame(list(pupils), columns=list(COLUMNS)).to_parquet(run / "tables" / "pupils.parquet")
    return run


OUT = {"active": False, "status": "withdrawn"}


def three_terms(folder: Path) -> list[Path]:
    """1 stays; 2 vanishes, and is back a term later; 3 leaves by record and comes back; 4 finishes the third year (6 is written as of a fourth) and 5 has a third
    year too but is gone in spring; 6 has another ID number; 7 another student number; 8 was never enrolled; 9 graduates by record."""
    autumn = register(
        term_run(folder / "a", "2019-autumn"),
        pupil(1), pupil(2), pupil(3), pupil(4, study_year=3), pupil(5, study_year=3), pupil(6), pupil(7),
        pupil(8, **OUT),
    )  # fmt: skip
    spring = register(
        term_run(folder / "b", "2020-spring", [finding("x", "enrolment.vanished", person=5)]),
        pupil(1), pupil(3, **OUT), pupil(4, study_year=3), pupil(6, study_year=4, id_number=NUMBER.format(66)),
        pupil(7, student_no="L1"), pupil(8, **OUT), pupil(9, study_year=3),
    )  # fmt: skip
    later = register(
        term_run(folder / "c", "2020-autumn"),
        pupil(1), pupil(2), pupil(3, status="resumed"), pupil(6), pupil(7),
        pupil(9, active=False, status="graduated"),
    )  # fmt: skip
    return [autumn, spring, later]


def moves(lines: pd.DataFrame, term: str) -> dict[str, str]:
    of_term = lines[lines["term"] == term]
    return {number[15:]: move for number, move in zip(of_term["id_number"], of_term["move"], strict=True)}


def test_each_child_has_one_move_and_who_stays_has_none(tmp_path: Path) -> None:
    results = looked(tmp_path, *three_terms(tmp_path))
    assert moves(results.children, "2020-spring") == {"002": "vanished", "005": "vanished", "003": "left"}
    assert moves(results.children, "2020-autumn") == {
        "002": "came_back", "003": "came_back", "004": "finished", "009": "finished",
    }  # fmt: skip
    spring = results.movements.iloc[0]
    assert (spring["before"], spring["stayed"], spring["vanished"], spring["left"]) == (7, 4, 2, 1)


def test_a_finding_of_the_term_stands_beside_the_child(tmp_path: Path) -> None:
    lines = looked(tmp_path, *three_terms(tmp_path)).children
    finding_by_number = dict(zip(lines["id_number"], lines["finding"], strict=True))
    assert finding_by_number[NUMBER.format(5)] == "enrolment.vanished"
    assert pd.isna(finding_by_number[NUMBER.format(4)])


def test_across_a_term_without_a_run_nothing_is_said(tmp_path: Path) -> None:
    autumn, _, later = three_terms(tmp_path)
    assert looked(tmp_path, autumn, later).children.empty
    assert "No two terms" in str(report.children(looked(tmp_path, autumn, later, language="en")).body)


def test_who_has_no_number_is_not_said_to_have_vanished_and_a_gap_between_terms_is_named(
    tmp_path: Path,
) -> None:
    first, second, third = (
        register(term_run(tmp_path / name, term), pupil(1), pupil(2, id_number="", student_no=None))
        for name, term in (("a", "2019-spring"), ("b", "2019-autumn"), ("c", "2020-autumn"))
    )
    results = looked(tmp_path, first, second, third, language="en")
    assert results.children["move"].tolist() == ["unfollowed"]
    assert "Not compared: autumn term 2020" in str(report.children(results).body)


def test_the_report_counts_and_hides_small_numbers_and_the_workbook_names(tmp_path: Path) -> None:
    results = looked(tmp_path, *three_terms(tmp_path), language="en")
    page = str(report.children(replace(results, public=True)).body)
    assert "1–4" not in str(report.children(results).body)
    assert NAME not in page
    assert NUMBER.format(2) not in page
    assert "1–4" in page
    write_ledger(results, tmp_path / "ledger.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "ledger.xlsx")["Pupils"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert ("In no register any more", NAME, NUMBER.format(5)) in [row[1:4] for row in rows]
    assert "not to be passed on" in str(sheet["A2"].value)
    assert rows[0][6] == "Junior secondary, year 2, class 2"
