"""A reply slip says what is known, from which row, what is asked and by when; in full or masked, on paper or as xlsx."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from findings_fixture import HOSTILE, findings
from results_fixture import results

from auditlib.base.errors import AuditError
from auditlib.decisions.dispositions import read_dispositions
from auditlib.decisions.read_back import decisions_of, enter
from auditlib.findings.finding_numbers import by_number, numbered_rows
from auditlib.forms.reply_slips import slips, slips_page, write_slips

BY = dt.date(2021, 3, 15)
PARAMETERS = results().parameters
SECRET = b"s" * 32


@pytest.fixture(scope="module")
def findings_table() -> pd.DataFrame:
    return numbered_rows(
        findings(counts={"missed.unpaid": 8, "duplicate.same_scheme": 3, "totals.persons": 1}), SECRET
    )


def page(findings_table: pd.DataFrame, *, full: bool = True, language: str = "zh") -> str:
    slip_list = slips(
        findings_table, language=language, full=full, schemes={"boarder_allowance": "寄宿生生活补助"}
    )
    return slips_page(slip_list, parameters=PARAMETERS, by=BY, full=full, language=language)


def workbooks(findings_table: pd.DataFrame, folder: Path, *, full: bool = True) -> list[Path]:
    slip_list = slips(findings_table, language="zh", full=full)
    return write_slips(slip_list, folder, parameters=PARAMETERS, by=BY, full=full, language="zh")


def cells(path: Path) -> list[Any]:
    return [
        c
        for s in openpyxl.load_workbook(path).worksheets
        for row in s.iter_rows()
        for c in row
        if c.value is not None
    ]


def test_every_finding_has_a_slip_with_its_number_its_rows_and_the_day(findings_table: pd.DataFrame) -> None:
    html = page(findings_table)
    assert html.count("</article>") == len(findings_table)
    for row in findings_table.itertuples():
        assert row.number in html
        assert row.finding_id not in html
    for record in findings_table["records"].explode():
        assert str(record).partition(":")[2].replace("&", "&amp;") in html
    assert html.count("2021-03-15") == len(findings_table)
    assert "青禾县" in html


def test_the_page_asks_no_network_and_runs_no_script(findings_table: pd.DataFrame) -> None:
    html = page(findings_table)
    assert not re.search(r"(?i)<[^>]+\s(src|href|on\w+)\s*=|url\((?!data:)|@import|<script|<img", html)
    assert "default-src 'none'; font-src data:; style-src" in html
    assert "src: url(data:font/woff;base64," in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "@page { size: A4" in html


def test_both_languages_are_spoken(findings_table: pd.DataFrame) -> None:
    assert "学生资助疑点核实回执" in page(findings_table)
    english = page(findings_table.tail(4), language="en")
    assert "What is asked" in english
    assert "send the slip back with evidence by 2021-03-15" in english


def test_no_findings_give_a_page_that_says_so(findings_table: pd.DataFrame) -> None:
    assert "没有需要核实的疑点" in page(findings_table.head(0))


def people(findings_table: pd.DataFrame) -> set[str]:
    numbers = set(findings_table["id_number"].dropna()) | set(findings_table["student_no"].dropna())
    return numbers | {
        name for name in findings_table["name"].dropna() if name not in HOSTILE and len(name) > 1
    }


def test_a_masked_slip_names_nobody_and_a_full_one_does(findings_table: pd.DataFrame, tmp_path: Path) -> None:
    masked_page, full_page = page(findings_table, full=False), page(findings_table)
    text = " ".join(
        str(cell.value) for path in workbooks(findings_table, tmp_path, full=False) for cell in cells(path)
    )
    assert people(findings_table)
    for person in people(findings_table):
        assert person not in masked_page
        assert person not in text
        assert person in full_page
    assert "已遮盖" in masked_page
    assert "未遮盖" in full_page


def test_a_school_gets_a_workbook_with_its_own_findings_alone(
    findings_table: pd.DataFrame, tmp_path: Path
) -> None:
    schools = findings_table.assign(school_name=["第一小学"] * 5 + ["第二小学"] * 6 + [None], town=None)
    paths = workbooks(schools, tmp_path)
    assert [path.name for path in paths] == ["slips-第一小学.xlsx", "slips-第二小学.xlsx", "slips-其他.xlsx"]
    numbers_kept = [{c.value for c in cells(path)} & set(findings_table["number"]) for path in paths]
    assert [len(ids) for ids in numbers_kept] == [5, 6, 1]
    assert set.union(*numbers_kept) == set(findings_table["number"])


def test_a_name_that_no_system_takes_becomes_one_that_all_do(
    findings_table: pd.DataFrame, tmp_path: Path
) -> None:
    names = ['../甲:乙*"<x>|?', "A/B", "A\\B", "x" * 200, "甲小学."]
    schools = findings_table.head(5).assign(school_name=names)
    paths = workbooks(schools, tmp_path / "out")
    assert len({path.name.casefold() for path in paths}) == len(paths) == 5
    assert all(path.parent == tmp_path / "out" and path.is_file() for path in paths)
    assert not any(re.search(r'[<>:"/\\|?*]', path.name) for path in paths)


def test_a_workbook_is_printed_two_pages_abreast(findings_table: pd.DataFrame, tmp_path: Path) -> None:
    """On one page its twenty columns come out in letters of three points."""
    for file in workbooks(findings_table, tmp_path):
        sheet = openpyxl.load_workbook(file).worksheets[0]
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
        assert sheet.print_title_cols == "$A:$B"
        assert [cell.value for cell in sheet[6][:2]] == ["疑点编号", "姓名"]


@pytest.mark.parametrize(("language", "person_word"), [("zh", "年级、班级"), ("en", "Grade and class")])
def test_the_class_stands_on_page_and_workbook(
    findings_table: pd.DataFrame, tmp_path: Path, language: str, person_word: str
) -> None:
    with_classes = findings_table.assign(classes="小学三年级 2班", school_name="第一小学")
    slip_list = slips(with_classes, language=language, full=True)
    html = slips_page(slip_list, parameters=PARAMETERS, by=BY, full=True, language=language)
    assert html.count(f'<th scope="row">{person_word}</th><td>小学三年级 2班</td>') == len(findings_table)
    (path,) = write_slips(slip_list, tmp_path, parameters=PARAMETERS, by=BY, full=True, language=language)
    values = [cell.value for cell in cells(path)]
    assert person_word in values and values.count("小学三年级 2班") == len(findings_table)


def test_no_cell_of_a_workbook_is_a_formula(findings_table: pd.DataFrame, tmp_path: Path) -> None:
    cells_seen = [cell for path in workbooks(findings_table, tmp_path) for cell in cells(path)]
    assert not [cell for cell in cells_seen if cell.data_type == "f"]
    assert set(HOSTILE) <= {cell.value for cell in cells_seen}


def test_a_slip_that_was_filled_in_is_read_back(findings_table: pd.DataFrame, tmp_path: Path) -> None:
    schools = findings_table.assign(school_name="第一小学")
    (path,) = workbooks(schools, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "疑点编号" for cell in row))
    at = {cell.value: cell.column for cell in head}
    first = head[0].row + 1
    assert sheet.cell(5, 1).value == "填报人："
    sheet.cell(5, 2).value = "王校长"
    sheet.cell(first, at["处理结果"]).value = "排除"
    sheet.cell(first, at["原因"]).value = "县外就读"
    book.save(path)
    numbers = by_number(findings_table["finding_id"], SECRET)
    rows = decisions_of(path, dt.datetime(2021, 3, 10, 9), finding_ids=set(numbers.values()), numbers=numbers)
    assert enter(rows, path.name, tmp_path).entered == 1
    (row,) = read_dispositions([tmp_path]).to_dict("records")
    assert (row["decided_by"], row["status"], row["cause"]) == ("王校长", "cleared", "县外就读")
    assert row["finding_id"] == numbers[sheet.cell(first, at["疑点编号"]).value]


def test_a_slip_that_was_filled_in_is_not_written_over(findings_table: pd.DataFrame, tmp_path: Path) -> None:
    schools = findings_table.assign(school_name="第一小学")
    (path,) = workbooks(schools, tmp_path)
    assert workbooks(schools, tmp_path) == [path]
    path.write_bytes(b"no workbook any more")
    with pytest.raises(AuditError, match=r"第一小学\.xlsx"):
        workbooks(schools, tmp_path)
    assert path.read_bytes() == b"no workbook any more"


def test_the_same_findings_give_the_same_slips(findings_table: pd.DataFrame, tmp_path: Path) -> None:
    shuffled_rows = findings_table.sample(frac=1, random_state=3)
    assert page(shuffled_rows) == page(findings_table)
    one, other = workbooks(findings_table, tmp_path / "a"), workbooks(shuffled_rows, tmp_path / "b")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
