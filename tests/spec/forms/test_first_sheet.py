"""The first sheet of the working list: every finding in one table."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from findings_fixture import findings
from worklist_fixture import columns, opened

from auditlib.base.errors import AuditError
from auditlib.forms.worklist import read_worklist, write_worklist
from auditlib.forms.worklist.cells import LINE_HEIGHT, USUAL_LINE, line_count


def test_the_first_sheet_has_every_finding_in_one_table_whose_key_is_last_and_hidden(
    county_findings: pd.DataFrame, workbook: Path
) -> None:
    sheet = opened(workbook).worksheets[0]
    at = columns(sheet)
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(county_findings)
    assert {row[at["finding_id"] - 1] for row in rows} == set(county_findings["finding_id"])
    assert at["finding_id"] == sheet.max_column
    assert sheet.column_dimensions[sheet.cell(1, sheet.max_column).column_letter].hidden
    assert sum(row[at["涉及金额"] - 1] or 0 for row in rows) == float(county_findings["at_stake"].sum())
    on_sheet = {row[at["finding_id"] - 1]: row[at["所在表页（在该页填写）"] - 1] for row in rows}
    for own in opened(workbook).worksheets[2:]:
        key = columns(own)["finding_id"] - 1
        assert {on_sheet[row[key]] for row in own.iter_rows(min_row=2, values_only=True)} == {own.title}


def test_the_sheet_that_opens_tells_who_may_have_the_list(workbook: Path) -> None:
    assert opened(workbook).active.title == "说明"


def test_what_somebody_writes_into_a_column_added_to_the_first_sheet_is_not_lost(
    one_town: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(one_town)
    sheet = book.worksheets[0]
    sheet.cell(1, sheet.max_column + 1, "处理结果")
    sheet.cell(2, sheet.max_column, "属实")
    book.save(tmp_path / "added.xlsx")
    with pytest.raises(AuditError, match="表头中没有“原因、整改日期、追回/补发金额”"):
        read_worklist(tmp_path / "added.xlsx")


def test_findings_of_several_counties_are_told_apart_and_one_of_two_is_on_both_lists(tmp_path: Path) -> None:
    three = findings(counts={"missed.unpaid": 3}).assign(
        town=["甲镇", "甲镇", "乙镇"], school_name=None, county_code=["990001", "990002", "990001"]
    )
    three["records"] = [
        ["payments:a.xlsx!1"],
        ["payments:b.xlsx!2"],
        ["990001/payments:a.xlsx!3", "990002/payments:b.xlsx!4"],
    ]
    path = tmp_path / "city.xlsx"
    counties = {"990002": "西县", "990001": "东县"}
    number = three["id_number"].iloc[2]
    places = pd.DataFrame(
        [("990002", number, "丁镇", "丁小学"), ("990001", number, "丙镇", "丙小学")],
        columns=["county_code", "id_number", "town", "school_name"],
    )
    three.loc[2, ["town", "school_name"]] = None
    write_worklist(
        three, path, parameters={"term": "2020-autumn"}, language="zh", counties=counties, places=places
    )
    book = opened(path)
    # In the counties' own order; whoever is in two stands under the own town of each.
    assert book.sheetnames == ["全部疑点", "说明", "西县 丁镇", "西县 甲镇", "东县 丙镇", "东县 甲镇"]
    first = book.worksheets[0]
    at = columns(first)
    rows = [row for row in first.iter_rows(min_row=2, values_only=True) if row[at["县"] - 1] == "东县、西县"]
    assert [row[at["来源"] - 1] for row in rows] == ["东县 a.xlsx!3\n西县 b.xlsx!4"]
    assert [row[at["所在表页（在该页填写）"] - 1] for row in rows] == ["西县 丁镇\n东县 丙镇"]
    assert {row[at["来源"] - 1] for row in first.iter_rows(min_row=2, values_only=True)} >= {
        "东县 a.xlsx!1",
        "西县 b.xlsx!2",
    }
    assert "2020 年秋季学期" in str([cell.value for row in book["说明"].iter_rows() for cell in row])


def test_a_probable_link_is_never_shown_as_a_certain_one(tmp_path: Path) -> None:
    two = findings(counts={"missed.unpaid": 2}).assign(confidence=[1.0, 0.99998])
    path = tmp_path / "shares.xlsx"
    write_worklist(two, path, parameters={"term": "2020-autumn"}, language="zh")
    sheet = opened(path).worksheets[0]
    at = columns(sheet)["可信度"]
    cells = [sheet.cell(row, at) for row in (2, 3)]
    assert sorted(cell.value for cell in cells) == [0.99998, 1]  # a number still, to be sorted by
    certain, nearly, others = cells[0].number_format.split(";")
    assert (certain, nearly, others) == ("[>=1]0", '[>0.99]">0.99"', "0.00")


def test_a_row_is_as_high_as_what_is_printed_of_it(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook)["全部疑点"]
    at = next(cell.column for cell in sheet[1] if cell.value == "疑点说明")
    spans = sheet.column_dimensions.values()
    width = next(
        span.width for span in spans if span.min <= at <= span.max
    )  # one may stand for several alike
    lines = {
        cells[0].row: line_count(str(cells[0].value), width)
        for cells in sheet.iter_rows(min_row=2, min_col=at, max_col=at)
    }
    assert max(lines.values()) > 1
    # The file holds heights in whole pixels.
    heights = {row: (sheet.row_dimensions[row].height or USUAL_LINE) + 1 for row in lines}
    assert all(heights[row] >= LINE_HEIGHT * n for row, n in lines.items())


def test_a_row_has_the_height_of_its_lines_in_the_font_of_a_free_system() -> None:
    """Noto Sans gives a Chinese line 1.448 of its size: letters of 10 points in lists, of 11 in ledgers."""
    assert LINE_HEIGHT >= 10 * 1.448 and USUAL_LINE >= 11 * 1.448
