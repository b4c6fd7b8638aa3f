"""The ledgers a bureau keeps: in full, for their owner alone, text that stays text, the same bytes each time."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import child_county
import openpyxl
import pandas as pd
import pytest
from child_county import Delivered
from findings_fixture import findings as findings_of
from openpyxl.workbook.workbook import Workbook
from plain_county import parameters_of
from tiny_county import written

from auditlib.base.errors import AuditError
from auditlib.base.files import together, workbooks
from auditlib.findings.finding_numbers import finding_number, numbered_rows
from auditlib.forms.ledgers.books import CORRECTION, LEDGERS, RECTIFICATION, write_rectification
from auditlib.forms.ledgers.form import LedgerForm, write_form
from auditlib.forms.worklist.cells import UNMASKED
from auditlib.package.keys import numbers_key
from auditlib.rules import RULES
from auditlib.runs.run_tables import refuse_foreign

EVIL = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    few = [case for case in child_county.cases() if case.rule.family in ("dropout", "issues")]
    county = child_county.child_county(few).changed("dropouts", way=EVIL)
    delivery = child_county.deliver(tmp_path_factory.mktemp("ledgers") / "data", county)
    written(delivery.parameters)
    return delivery


def rows(delivered: Delivered, name: str) -> pd.DataFrame:
    """The first sheet of a ledger; its header is in the second row."""
    return pd.read_excel(
        delivered.parameters.output_dir / "ledgers" / name, header=1, dtype="object", engine="openpyxl"
    )


def test_each_is_there_for_its_owner_alone(delivered: Delivered) -> None:
    folder = delivered.parameters.output_dir / "ledgers"
    due = {form.file for form in LEDGERS if form is not CORRECTION}
    assert {file.name for file in folder.iterdir()} >= due
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_ledger_of_bringing_back_holds_every_row_and_the_leavers_in_no_ledger(
    delivered: Delivered,
) -> None:
    findings = pd.read_parquet(delivered.parameters.output_dir / "findings.parquet")
    table_rows = rows(delivered, "bringing-back.xlsx")
    listed = [address for address in delivered.addresses if address.startswith("dropouts:")]
    missing = findings[findings["rule"] == "dropout.unledgered"]
    assert len(table_rows) == len(listed) + len(missing) > len(listed)
    assert set(missing["name"]) <= set(table_rows["姓名"])
    assert (table_rows["核对疑点"] == "异动学生未入台账").sum() == len(missing)


def test_text_is_never_a_formula(delivered: Delivered) -> None:
    file = delivered.parameters.output_dir / "ledgers" / "bringing-back.xlsx"
    cells = [cell for row in openpyxl.load_workbook(file).active.iter_rows() for cell in row]
    assert EVIL in {cell.value for cell in cells}
    with zipfile.ZipFile(file) as parts:
        assert b"<f>" not in b"".join(parts.read(part) for part in parts.namelist())


@pytest.mark.parametrize("form", LEDGERS, ids=lambda form: form.file)
def test_a_ledger_is_printed_across_a4_in_letters_that_can_be_read(form: LedgerForm) -> None:
    """Excel's column of width w takes 7w + 5 pixels of 3/4 point; A4 across between these margins has 784 points."""
    width = sum(7 * field.width + 5 for field in form.fields) * 0.75
    assert 11 * min(784 / width, 1) >= 7, "points of a letter"


def of_one_row(form: LedgerForm, file: Path, language: str) -> Workbook:
    """The form with one short row, as it is opened."""
    row = {field.name: "一" if field.show == "text" else None for field in form.fields}
    rows = pd.DataFrame([row | ({form.sheet_by: "某镇"} if form.sheet_by else {})], dtype="object")
    write_form(form, rows, file, "某县", language)
    return openpyxl.load_workbook(file)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", LEDGERS, ids=lambda form: form.file)
def test_a_ledger_of_persons_says_on_sheet_and_paper_that_it_is_internal(
    form: LedgerForm, language: str, tmp_path: Path
) -> None:
    names_persons = any(field.name in ("name", "id_number") for field in form.fields)
    words = UNMASKED.into(language)
    book = of_one_row(form, tmp_path / form.file, language)
    sheet = book.worksheets[0]
    places = (
        sheet["A1"].value,
        sheet.oddHeader.center.text,
        sheet.oddFooter.center.text,
        book.properties.description,
    )
    assert [words in (text or "") for text in places] == [names_persons] * len(places)
    assert str(sheet["A1"].value).startswith("某县" + form.title.into(language))


@pytest.mark.parametrize("form", LEDGERS, ids=lambda form: form.file)
def test_a_row_of_one_line_is_high_enough_for_a_chinese_character(form: LedgerForm, tmp_path: Path) -> None:
    sheet = of_one_row(form, tmp_path / form.file, "zh").worksheets[0]
    assert sheet.row_dimensions[1].height >= 14 * 1.45
    assert min(sheet.row_dimensions[row].height for row in range(2, sheet.max_row + 1)) >= 11 * 1.45


def test_rectification_holds_our_findings_and_their_issues(delivered: Delivered) -> None:
    findings = pd.read_parquet(delivered.parameters.output_dir / "findings.parquet")
    own = findings[findings["family"] != "issues"]
    issues = [address for address in delivered.addresses if address.startswith("issues:")]
    table_rows = rows(delivered, "rectification.xlsx")
    assert len(table_rows) == len(own) + len(issues)
    numbers = {
        finding_number(key, numbers_key()) for key in own["finding_id"]
    }  # as in findings.xlsx and the report
    places = {address.partition(":")[2] for address in issues}  # without the table's code
    assert set(table_rows["编号或出处"]) == numbers | places


@pytest.mark.parametrize("language", ["zh", "en"])
def test_our_findings_stand_by_urgency_with_unit_day_class_and_yuan(tmp_path: Path, language: str) -> None:
    counts = {
        "amount.overpaid": 2,
        "procedure.not_posted": 1,
        "missed.unpaid": 2,
        "attendance.unregistered": 1,
    }
    own = numbered_rows(findings_of(counts=counts), b"s" * 32)
    details = pd.DataFrame(
        {"finding_id": own["finding_id"], "classes": "小学三年级 2班", "responsible": "班主任：样班主任"}
    )
    tasks = {"missed": {"unit": "资助中心", "by": "2021-01-15"}, "missed.unpaid": {"by": "2021-01-05"}}
    parameters = parameters_of(language=language, rectification=tasks)
    issues, decisions = (
        pd.DataFrame({"record": []}),
        pd.DataFrame(columns=["finding_id", "decided_at", "status", "evidence"]),
    )
    write_rectification(issues, own, decisions, tmp_path, parameters, details)
    sheet = pd.read_excel(
        tmp_path / "ledgers" / "rectification.xlsx", header=1, dtype="object", engine="openpyxl"
    )
    of = {field.name: sheet[field.title.into(language)] for field in RECTIFICATION.fields}
    rules = ["missed.unpaid", "attendance.unregistered", "amount.overpaid", "procedure.not_posted"]
    titles = [RULES[rule].title.into(language) for rule in rules]
    assert list(dict.fromkeys(of["found"])) == titles
    missed = of["found"] == titles[0]
    assert set(of["unit"][missed]) == {"资助中心"} and set(of["due_on"][missed]) == {"2021-01-05"}
    assert of["unit"][~missed].isna().all() and of["due_on"][~missed].isna().all()
    assert set(of["classes"]) == {"小学三年级 2班"} and set(of["responsible"]) == {"班主任：样班主任"}
    yuan = dict(zip(own["number"], own["at_stake"].astype(float), strict=True))
    assert of["at_stake"].fillna(0).tolist() == of["record"].map(yuan).fillna(0).tolist()


def test_the_monthly_sheet_adds_up_to_the_findings_and_the_payments(delivered: Delivered) -> None:
    findings = pd.read_parquet(delivered.parameters.output_dir / "findings.parquet")
    *schools, total = rows(delivered, "monthly.xlsx").to_dict("records")
    frame = pd.DataFrame(schools)
    assert total["乡镇"] == "合计"
    figures = [column for column in frame if pd.notna(total[column]) and column != "乡镇"]
    assert {column: frame[column].sum() for column in figures} == {
        column: total[column] for column in figures
    }
    assert "漏助人数" in figures and "拟发人数" not in figures
    missed = findings[findings["family"] == "missed"]
    assert frame["漏助金额（元）"].sum() == float(missed["at_stake"].astype(float).sum())
    paid = [
        row
        for row in (delivered.parameters.data_dir / "payments.csv").read_text("utf-8").splitlines()[1:]
        if row
    ]
    assert frame["已助人数"].sum() <= len(paid)
    assert frame["已助金额（元）"].sum() > 0


def test_whoever_is_registered_is_eligible_and_in_school(delivered: Delivered) -> None:
    table_rows = rows(delivered, "registered-pupils.xlsx")
    register = pd.read_csv(delivered.parameters.data_dir / "enrolment.csv", dtype=str)
    active = set(register.loc[register["学生状态"] == "在读", "姓名"])
    eligible = set(pd.read_csv(delivered.parameters.data_dir / "eligibility.csv", dtype=str)["姓名"])
    assert set(table_rows["姓名"]) == active & eligible
    assert set(table_rows["是否残疾"]) == {"否"}
    assert set(table_rows["年级（本学段第几年）"].astype(str)) <= {"1", "2", "3", "4", "5", "6"}


def test_the_same_run_gives_the_same_bytes_and_a_filled_in_ledger_is_kept(delivered: Delivered) -> None:
    folder = delivered.parameters.output_dir
    before = {name: digest for name, digest in workbooks(folder).items() if name.startswith("ledgers/")}
    file = folder / "ledgers" / "rectification.xlsx"
    book = openpyxl.load_workbook(file)
    book.active["F3"] = "郭校长"
    book.save(file)
    written(replace(delivered.parameters))
    after = {name: digest for name, digest in workbooks(folder).items() if name.startswith("ledgers/")}
    assert after == before
    (kept_file,) = folder.glob("rectification-filled-in-*.xlsx")
    assert openpyxl.load_workbook(kept_file).active["F3"].value == "郭校长"


def test_a_ledger_that_is_being_filled_in_stops_the_switch(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "monthly.xlsx").write_bytes(b"before")
    with pytest.raises(AuditError), together(tmp_path) as into:  # noqa: PT012 - somebody writes meanwhile
        (into / "ledgers").mkdir()
        (into / "ledgers" / "monthly.xlsx").write_bytes(b"new")
        (tmp_path / "ledgers" / "monthly.xlsx").write_bytes(b"filled in")
    assert (tmp_path / "ledgers" / "monthly.xlsx").read_bytes() == b"filled in"


def test_corrections_stand_on_a_sheet_for_each_office_and_town(tmp_path: Path) -> None:
    columns = [*(field.name for field in CORRECTION.fields), "addressee"]
    frame = pd.DataFrame([dict.fromkeys(columns, "一")] * 3, columns=columns)
    frame["addressee"] = ["民政部门 青山镇", "a:b", None]
    write_form(CORRECTION, frame, tmp_path / "c.xlsx", "平县", "zh")
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames == ["a b", "未注明", "民政部门 青山镇"]


def test_somebody_s_own_files_in_a_folder_of_this_name_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    refuse_foreign(tmp_path, "zh")
    (tmp_path / "ledgers" / "notes.txt").write_text("mine")
    with pytest.raises(AuditError, match="ledgers"):
        refuse_foreign(tmp_path, "zh")


def test_who_is_counted_on_the_first_screen_stands_in_the_ledger_by_that_figure(delivered: Delivered) -> None:
    ledger_rows = rows(delivered, "entitled-pupils.xlsx")
    counts = ledger_rows["发放情况"].value_counts()
    assert len(ledger_rows) == counts.sum() > counts["足额到位"] > 0
    assert not ledger_rows["身份证号"].duplicated().any()
    findings = pd.read_parquet(delivered.parameters.output_dir / "findings.parquet")
    unpaid = findings[findings["rule"] == "missed.unpaid"]["id_number"].nunique()
    assert counts.get("未发放", 0) == unpaid
