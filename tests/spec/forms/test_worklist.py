"""The working list: what a clerk gets, and what is read back from it."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from findings_fixture import HOSTILE, LONG_SCHOOL, findings
from results_fixture import results
from worklist_fixture import columns, opened, write

from auditlib.base.errors import AuditError
from auditlib.findings.results import UNCOVERED_COLUMNS
from auditlib.forms.worklist import read_worklist, write_worklist
from auditlib.forms.worklist.cells import display_width, in_a_cell
from auditlib.forms.worklist.sheets import Names, shorten

HEADERS = {"status": "处理结果", "cause": "原因", "rectified_on": "整改日期", "amount": "追回/补发金额"}


def test_every_finding_stands_on_one_sheet_and_whole(county_findings: pd.DataFrame, workbook: Path) -> None:
    listed_cells: dict[str, tuple[str, str]] = {}
    for sheet in opened(workbook).worksheets[2:]:
        at = columns(sheet)
        for row in sheet.iter_rows(min_row=2, values_only=True):
            key = row[at["finding_id"] - 1]
            assert key not in listed_cells
            listed_cells[key] = (row[at["姓名"] - 1], row[at["身份证号"] - 1])
    assert set(listed_cells) == set(county_findings["finding_id"])
    for finding in county_findings.dropna(subset=["id_number"]).itertuples():
        assert listed_cells[finding.finding_id] == (finding.name, finding.id_number)


def test_a_town_has_a_sheet_then_a_school_then_the_rest(tmp_path: Path) -> None:
    places = {"town": ["青山镇", None, None, "青山镇"], "school_name": ["甲校", "乙校", None, "丙校"]}
    book = opened(write(tmp_path / "places.xlsx", findings().head(4).assign(**places)))
    assert book.sheetnames == ["全部疑点", "说明", "青山镇", "乙校", "其他"]


def test_missed_stand_first_then_by_yuan(workbook: Path) -> None:
    sheet = opened(workbook)["青山镇"]
    at = columns(sheet)
    rows = [
        (row[at["规则"] - 1], row[at["涉及金额"] - 1]) for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    missed = {"应助未助", "退汇未补", "未足额", "县外就读未落实", "疑似失学"}
    later = [rule not in missed for rule, _ in rows]
    assert later == sorted(later)
    stakes = [yuan for (_, yuan), is_later in zip(rows, later, strict=True) if not is_later]
    assert stakes == sorted(stakes, reverse=True)


def test_a_cell_that_looks_like_a_formula_is_text(workbook: Path) -> None:
    text_cells = set()
    for sheet in opened(workbook).worksheets:
        for row in sheet.iter_rows():
            text_cells |= {cell.value for cell in row if cell.data_type == "s"}
            assert not [cell for cell in row if cell.data_type == "f"]
    assert set(HOSTILE) <= text_cells


def test_a_key_of_digits_alone_is_text_and_stays_text(tmp_path: Path) -> None:
    county_findings = findings(counts={"missed.unpaid": 2}).assign(
        town="青山镇", finding_id=["12345678901234567890", "12e45678901234567890"]
    )
    sheet = opened(write(tmp_path / "digits.xlsx", county_findings)).worksheets[2]
    cells = [sheet.cell(row, columns(sheet)["finding_id"]) for row in (2, 3)]
    assert {cell.value for cell in cells} == set(county_findings["finding_id"])
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


def test_clerks_get_choices_filters_and_a_frozen_header(workbook: Path) -> None:
    sheet = opened(workbook)["青山镇"]
    at = columns(sheet)
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
    choices = {next(iter(v.sqref.ranges)).min_col: v for v in sheet.data_validations.dataValidation}
    assert choices[at["处理结果"]].formula1 == '"属实,排除,已整改,销号"'
    assert not choices[at["原因"]].showErrorMessage
    assert choices[at["整改日期"]].type == "date"
    assert choices[at["追回/补发金额"]].type == "decimal"


def test_it_prints_on_a4_landscape_with_the_header_on_every_page(workbook: Path) -> None:
    sheet = opened(workbook)["青山镇"]
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many as it takes; one wide is the default
    assert sheet.print_title_rows == "$1:$1"
    assert "&P" in str(sheet.oddFooter.center.text).replace("&[Page]", "&P")
    assert "青禾县" in sheet.oddHeader.left.text


def test_the_first_sheet_warns_and_counts(county_findings: pd.DataFrame, workbook: Path) -> None:
    cells = [
        cell
        for row in opened(workbook)["说明"].iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    assert "未遮盖" in " ".join(map(str, cells))
    by_rule = cells[cells.index("应助未助") + 1]
    assert by_rule == (county_findings["rule"] == "missed.unpaid").sum()


def test_no_findings_give_a_list_that_says_so(tmp_path: Path) -> None:
    book = opened(write(tmp_path / "none.xlsx", findings(counts={})))
    assert book.sheetnames == ["说明"]
    assert "本次没有疑点。" in [cell.value for row in book["说明"].iter_rows() for cell in row]


def test_the_same_findings_give_the_same_bytes(
    county_findings: pd.DataFrame, workbook: Path, tmp_path: Path
) -> None:
    shuffled_rows = county_findings.sample(frac=1, random_state=7)
    assert write(tmp_path / "again.xlsx", shuffled_rows).read_bytes() == workbook.read_bytes()


def test_it_speaks_english_too(tmp_path: Path) -> None:
    book = opened(write(tmp_path / "en.xlsx", findings("en", {"missed.unpaid": 8}), "en"))
    assert book.sheetnames[:2] == ["All findings", "Read me"]
    assert "Outcome" in columns(book.worksheets[2])


@pytest.mark.parametrize(
    ("sheet_name", "name"),
    [
        ("青山/白水[镇]:?*\\", "青山_白水_镇_____"),
        ("'引号'", "引号"),
        ("", "_"),
        ("History", "History(2)"),
        ("说明", "说明(2)"),
    ],
)
def test_sheet_names_are_such_as_excel_takes(sheet_name: str, name: str) -> None:
    assert Names("说明").free(sheet_name) == name


def test_long_sheet_names_are_cut_and_stay_apart() -> None:
    names = Names("说明")
    first, second = names.free(LONG_SCHOOL), names.free(LONG_SCHOOL)
    assert first != second
    assert len(first) == 31
    assert second.endswith("(2)")
    assert shorten("𬎆" * 20, 31) == "𬎆" * 15


def test_a_chinese_character_takes_two_columns() -> None:
    assert display_width("青山镇A1") == 8


# Reading back


def filled_list(path: Path, cells: Mapping[int, Mapping[str, Any]], target: Path) -> Path:
    """``path`` with ``cells`` (row of the first sheet of findings: column: value) written in."""
    book = opened(path)
    sheet = book.worksheets[2]
    at = columns(sheet)
    for row, values in cells.items():
        for name, value in values.items():
            sheet.cell(row, at[HEADERS.get(name, name)]).value = value
    book.save(target)
    return target


def test_what_was_filled_in_comes_back(one_town: Path, tmp_path: Path) -> None:
    cells = {
        2: {
            "status": "属实",
            "cause": "应发未发，已补发",
            "rectified_on": dt.date(2020, 12, 31),
            "amount": 312.5,
        },
        4: {"status": "Cleared", "rectified_on": "2020年12月1日", "amount": "1,000.00 元"},
        5: {"status": "销号", "rectified_on": "2020.12.31"},
    }
    read = read_worklist(filled_list(one_town, cells, tmp_path / "filled.xlsx"))
    assert read["status"].tolist() == ["confirmed", "cleared", "closed"]
    assert read["rectified_on"].tolist() == [
        dt.date(2020, 12, 31),
        dt.date(2020, 12, 1),
        dt.date(2020, 12, 31),
    ]
    assert read["amount"].tolist() == [Decimal("312.50"), Decimal("1000.00"), None]
    assert read["cause"].tolist() == ["应发未发，已补发", None, None]
    assert read["row"].tolist() == [2, 4, 5]
    assert set(read["sheet"]) == {"青山镇"}
    assert read["finding_id"].is_unique


def test_an_untouched_list_reads_as_nothing(one_town: Path) -> None:
    read = read_worklist(one_town)
    assert read.empty
    assert list(read.columns) == [
        "finding_id", "status", "cause", "rectified_on", "amount", "evidence", "so_far", "asks_evidence", "sheet",
        "row", "signed_by",
    ]  # fmt: skip


def test_the_list_tells_what_was_decided_so_far_and_it_comes_back(tmp_path: Path) -> None:
    rows = findings(counts={"missed.unpaid": 2}).assign(town="青山镇", disposition=["confirmed", None])
    path = write(tmp_path / "one.xlsx", rows)
    sheet = opened(path).worksheets[2]
    at = columns(sheet)
    so_far = {
        row[at["finding_id"] - 1]: row[at["已有处理"] - 1] for row in sheet.iter_rows(2, values_only=True)
    }
    assert so_far == dict(zip(rows["finding_id"], ("属实", None), strict=True))
    cells = {2: {"status": "已整改"}, 3: {"status": "已整改"}}
    read = read_worklist(filled_list(path, cells, tmp_path / "filled.xlsx"))
    assert dict(zip(read["finding_id"], read["so_far"], strict=True)) == dict(
        zip(rows["finding_id"], ("confirmed", None), strict=True)
    )


def signed_list(path: Path, target: Path, *, book: str = "", sheet: str = "") -> Path:
    opening = opened(path)
    notes = opening["说明"]
    assert notes["A3"].value == "填报人："
    notes["B3"].value = book or None
    if sheet:
        opening.worksheets[2].cell(20, 3).value = f"填报人（签名）： {sheet}"
    opening.save(target)
    return target


@pytest.mark.parametrize(
    ("book", "sheet", "who"),
    [("", "", None), ("张三", "", "张三"), ("张三", "李四", "李四"), ("", "李四", "李四")],
)
def test_who_signs_the_sheet_or_the_workbook_is_read(
    one_town: Path, tmp_path: Path, book: str, sheet: str, who: str | None
) -> None:
    path = filled_list(one_town, {2: {"status": "属实"}}, tmp_path / "filled.xlsx")
    read = read_worklist(signed_list(path, tmp_path / "signed.xlsx", book=book, sheet=sheet))
    assert read["signed_by"].tolist() == [who]


def problems(path: Path, known_ids: Iterable[str] | None = None) -> list[str]:
    with pytest.raises(AuditError) as error:
        read_worklist(path, finding_ids=None if known_ids is None else set(known_ids))
    return [problem.into("zh") for problem in error.value.problems]


@pytest.mark.parametrize(
    ("cells", "message_part"),
    [
        ({"status": "可能"}, "处理结果“可能”不可识别"),
        ({"status": "属实", "rectified_on": "去年底"}, "整改日期无法识别"),
        ({"status": "属实", "rectified_on": "2020-13-01"}, "整改日期无法识别"),
        ({"status": "属实", "amount": "约三百"}, "金额无法识别"),
        ({"status": "属实", "amount": -5}, "金额无法识别"),
        ({"status": "属实", "amount": "1.005"}, "金额无法识别"),
        ({"status": "属实", "amount": "nan"}, "金额无法识别"),
        ({"cause": "已补发"}, "未选处理结果"),
        ({"status": "属实", "finding_id": None}, "疑点编号都为空"),
        ({"status": "属实", "finding_id": 12345678901234567890}, "改成了数字"),
        ({"status": "属实", "finding_id": 12e45}, "改成了数字"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(
    one_town: Path, tmp_path: Path, cells: dict[str, Any], message_part: str
) -> None:
    (problem,) = problems(filled_list(one_town, {3: cells}, tmp_path / "filled.xlsx"))
    assert message_part in problem
    assert re.search(r"filled.xlsx › 青山镇 › 第 3 行 › ", problem)


def test_all_problems_are_told_at_once(one_town: Path, tmp_path: Path) -> None:
    cells = {2: {"status": "可能", "amount": "x"}, 3: {"status": "未知"}}
    assert len(problems(filled_list(one_town, cells, tmp_path / "filled.xlsx"))) == 3


def test_a_foreign_or_repeated_finding_is_refused(one_town: Path, tmp_path: Path) -> None:
    path = filled_list(one_town, {2: {"status": "属实"}}, tmp_path / "filled.xlsx")
    assert "不属于本次核对" in problems(path, known_ids=["0" * 16])[0]
    key = read_worklist(path)["finding_id"][0]
    twice = filled_list(path, {5: {"status": "排除", "finding_id": key}}, tmp_path / "twice.xlsx")
    assert "出现多次" in problems(twice)[0]


def test_a_problem_shows_no_number_of_a_person(one_town: Path, tmp_path: Path) -> None:
    path = filled_list(one_town, {2: {"status": "990122201003070017"}}, tmp_path / "filled.xlsx")
    assert "201003070017" not in problems(path)[0]


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    book.save(tmp_path / "other.xlsx")
    assert "没有找到含 finding_id 或疑点编号的表头" in problems(tmp_path / "other.xlsx")[0]
    (tmp_path / "broken.xlsx").write_bytes(b"not a workbook")
    assert "无法打开" in problems(tmp_path / "broken.xlsx")[0]


def test_the_workbook_holds_no_clock(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        assert "2000-01-01T00:00:00Z" in parts.read("docProps/core.xml").decode()
        assert {part.date_time[0] for part in parts.infolist()} == {1980}


def test_children_whom_no_rule_covers_have_a_sheet_of_their_own_that_is_not_read_back(tmp_path: Path) -> None:
    row = ("left:lost", "=甲", "990101201105040017", None, "河口镇", None, ["enrolment:学籍.xlsx!一!7"])
    frame = pd.DataFrame([row], columns=list(UNCOVERED_COLUMNS))
    path = tmp_path / "findings.xlsx"
    write_worklist(findings(), path, parameters=results().parameters, language="zh", uncovered_rows=frame)
    sheet = opened(path)["先找的孩子"]
    assert [cell.value for cell in sheet[2]] == [
        "学籍“流失（辍学）”，无函告、台账", "=甲", "990101201105040017", "", "河口镇", "", "学籍.xlsx!一!7"
    ]  # fmt: skip
    assert sheet["B2"].data_type == "s"
    assert read_worklist(path).empty


def test_what_does_not_fit_into_a_cell_says_how_much_more_there_is() -> None:
    lines = [f"发放明细.xlsx!表!{number}" for number in range(4000)]
    cell_lines = in_a_cell("\n".join(lines)).split("\n")
    assert len("\n".join(cell_lines)) <= 32_767
    assert cell_lines[:-1] == lines[: len(cell_lines) - 1]
    assert cell_lines[-1] == f"… +{len(lines) - len(cell_lines) + 1} → findings.parquet"
    assert in_a_cell("一行") == "一行"


def test_a_list_that_has_lost_a_title_is_refused(one_town: Path) -> None:
    book = openpyxl.load_workbook(one_town)
    sheet = book.worksheets[2]
    next(cell for cell in sheet[1] if cell.value == "处理结果").value = "意见"
    book.save(one_town)
    with pytest.raises(AuditError, match="表头中没有“处理结果”"):
        read_worklist(one_town)
