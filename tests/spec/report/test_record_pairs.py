"""Two records side by side: where they differ is marked, what is masked stays masked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from test_review_sheet import audit, pair

from auditlib.base.engine import duckdb_engine
from auditlib.cells.spelling import differences
from auditlib.forms.review import write_review
from auditlib.report.record_pairs import MARKED_TEXT, mark, pair_table

NUMBER, OTHER_NUMBER = "990122201003070017", "990122201103070017"


@pytest.mark.parametrize(
    ("written_cell", "other", "places"),
    [
        ("12345", "12345", []),
        ("12345", "12945", [2]),
        ("12345", "13245", [1, 2]),
        ("1234", "12345", []),
        ("12345", "1245", [2]),
        ("", "1", []),
    ],
)
def test_places_that_differ(written_cell: str, other: str, places: list[int]) -> None:
    assert [at for at, differs in enumerate(differences(written_cell, other)) if differs] == places


def test_a_hidden_digit_is_marked_and_stays_hidden() -> None:
    marked_number = mark(NUMBER, OTHER_NUMBER, "990122**********17")
    assert marked_number == "990122***<mark>*</mark>******17"


def test_nothing_is_marked_where_one_side_is_missing() -> None:
    assert "mark" not in mark(None, NUMBER, "—") + mark(NUMBER, None, "990122**********17")


def test_the_table_names_the_findings_and_hides_the_persons() -> None:
    row = {
        "table": "payments",
        "source": "a.csv!2",
        "name": "王小明",
        "id_number": OTHER_NUMBER,
        "register_source": "b.csv!3",
    }
    row |= {"register_name": "王晓明", "register_number": NUMBER, "levels": "id_number:one_digit name:sound", "score": 0.99998, "decided_by": "model"}  # fmt: skip
    finding_columns = {
        "rule": ["mismatch.invalid_id"],
        "records": [["payments:a.csv!2"]],
        "confidence": [0.98],
    }
    page = pair_table(pd.DataFrame([row]), pd.DataFrame(finding_columns), "标题", "zh")
    for words in (
        "证件号无效",
        "身份证号一位不同；姓名同音",
        "王<mark>*</mark>*",
        "&gt;0.99",
        MARKED_TEXT.zh,
    ):
        assert words in page
    assert NUMBER not in page
    assert "小" not in page.replace("小满", "")


def test_what_differs_is_marked_in_the_review_sheet(tmp_path: Path) -> None:
    engine = duckdb_engine()
    county_audit = audit(engine, pair(2, 0.6))
    other = {"source": ["发放.csv!2"], "name": ["王晓明"], "id_number": [OTHER_NUMBER]}
    county_audit.rows["payments"] = engine.load("paid", pd.DataFrame(other), dict.fromkeys(other, "string"))
    write_review(engine, county_audit, tmp_path / "review.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "review.xlsx", rich_text=True).worksheets[0]
    cells = {title.value: cell.value for title, cell in zip(sheet[1], sheet[2], strict=True)}
    runs = [part for part in cells["姓名"] if not isinstance(part, str) and part.font and part.font.b]
    assert ("".join(str(part) for part in cells["姓名"]), [run.text for run in runs]) == ("王晓明", ["晓"])
    assert "".join(str(part) for part in cells["身份证号"]) == OTHER_NUMBER
