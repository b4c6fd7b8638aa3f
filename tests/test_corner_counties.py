"""Counties at the corners: a register missing or empty, rows that cannot be read, names that nobody would expect."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tiny_county import Tables, changed, deliver, pupil, tables

from auditlib import report
from auditlib.base.errors import AuditError
from auditlib.county.outputs import read_lists, write_outputs
from auditlib.county.self_check import begin, check, ingest, link, notebook_parameters, run_self_check, sum_up
from auditlib.decisions.dispositions import read_dispositions
from auditlib.findings.children import state_text
from auditlib.findings.results import Results

PUPILS = 12
UNSENT = pupil(PUPILS) | {"destination": "外省某小学", "sent_on": "", "replied_on": "", "aided": ""}


def without(*missing: str) -> Tables:
    return {table: rows for table, rows in tables(PUPILS).items() if table not in missing}


def hardly_readable() -> Tables:
    """Payments of which one lost its number, one number and most of the name; of the others one can be read."""

    def spoil(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        nowhere = {"account_no": "", "school_code": "", "school_name": ""}
        cut = rows[0] | nowhere | {"id_number": "9.90111E+17"}
        lost_row = rows[1] | {
            "account_no": "",
            "id_number": "",
            "name": f"{rows[1]['name'][0]}??",
        }
        return [cut, lost_row, rows[2], *(row | {"amount": "伍佰"} for row in rows[3:])]

    return changed(tables(PUPILS), "payments", spoil)


CORNERS: dict[str, tuple[Tables, dict[str, Any], str]] = {
    "no eligibility": (
        without("eligibility"), dict.fromkeys(("entitled_pupils", "unpaid", "not_found", "owed_yuan", "wrong_yuan")), "缺少资格名册",
    ),
    "no payments": (
        without("payments"), dict.fromkeys(("entitled_pupils", "unpaid", "not_tested", "owed_yuan", "wrong_yuan")),
        "应享受资助的人数和到位情况未能核对",
    ),
    "no enrolment": (
        without("enrolment") | {"letters": [UNSENT]},
        dict.fromkeys(("entitled_pupils", "not_found", "elsewhere_open", "uncovered", "wrong_yuan")), "缺少学籍",
    ),
    "payments that can hardly be read": (
        hardly_readable(),
        {"entitled_pupils": PUPILS, "unpaid": 1, "payment_unclear": PUPILS - 2, "not_tested": PUPILS - 2, "paid_in_full": 1, "findings": 1},
        "发放情况不明",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Results]:
    folder = tmp_path_factory.mktemp("corners")
    return {
        name: run_self_check(deliver(folder / str(at) / "delivery", county, lost_share=1))[1]
        for at, (name, (county, _, _)) in enumerate(CORNERS.items())
    }


@pytest.mark.parametrize("corner", CORNERS)
def test_the_conclusion_says_what_is_known_and_no_more(corner: str, results: dict[str, Results]) -> None:
    _, figures, sentence = CORNERS[corner]
    assert {figure: results[corner].conclusion[figure] for figure in figures} == figures
    assert sentence in str(report.conclusion(results[corner]).body)


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("figure", ["unpaid", "returned", "underpaid"])
def test_the_conclusion_counts_as_the_rules_do(corner: str, figure: str, results: dict[str, Results]) -> None:
    """Each pupil of these counties has one scheme, so that a finding is a pupil."""
    status, expectation = (
        results[corner].rules.set_index("rule").loc[f"missed.{figure}", ["status", "exceptions"]]
    )
    assert results[corner].conclusion[figure] == (expectation if status == "run" else None)


@pytest.mark.parametrize("corner", [corner for corner in CORNERS if corner.startswith("no ")])
def test_without_a_register_no_child_is_said_to_be_in_order(corner: str, results: dict[str, Results]) -> None:
    """Nor by a letter that no rule asked about."""
    account = results[corner].children
    listed = corner != "no eligibility"
    assert account[["state", "pupils"]].to_numpy().tolist() == ([["untested", PUPILS]] if listed else [])
    sentence = state_text("untested", "zh") if listed else "什么也说明不了"
    assert sentence in str(report.children(results[corner]).body)


def test_a_folder_that_no_run_has_written_is_not_replaced(tmp_path: Path) -> None:
    parameters = deliver(tmp_path / "delivery", tables(PUPILS), output=tmp_path / "out")
    own_file = tmp_path / "out" / "tables" / "mine.txt"
    own_file.parent.mkdir(parents=True)
    own_file.write_text("mine", "utf-8")
    with pytest.raises(AuditError, match="out/tables"):
        notebook_parameters(**parameters.as_json())
    own_file.unlink()
    assert notebook_parameters(**parameters.as_json()) == parameters


ODD = ("=1+1", "<b>粗</b>", "😀😀", "@甲", "-乙丙", "长" * 500)


def odd_county() -> Tables:
    """Names that a spreadsheet or a browser would take for something else; schools told by their code alone."""

    def rename(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [
            row | {"school_name": "", **({"name": name} if name else {})}
            for row, name in zip_longest(rows, ODD)
        ]

    county = tables(len(ODD))
    for table in ("eligibility", "enrolment"):
        county = changed(county, table, rename)
    school = {
        "school_code": "9901000001",
        "school_name": '=HYPERLINK("x")<script>' + "校" * 300,
        "stage": "小学",
    }
    return county | {"payments": [], "schools": [school]}


def test_odd_names_come_through_every_output_and_back(tmp_path: Path) -> None:
    run = begin(deliver(tmp_path / "delivery", odd_county(), empty_tables=["payments"]))
    registers = ingest(run)
    audit = link(run, registers)
    results = sum_up(run, registers, audit, check(run, audit))
    write_outputs(run, registers, audit, results)
    missed = results.findings[results.findings["rule"] == "missed.unpaid"]
    assert missed["school_name"].str.startswith("=HYPERLINK").all() and len(missed) == len(ODD)
    for part in (
        report.conclusion,
        report.findings_lists,
        report.breakdown,
        report.children,
        report.named_children,
    ):
        assert not {"<script>校", "<b>粗"} & set(re.findall("<script>校|<b>粗", str(part(results).body)))
    book = openpyxl.load_workbook(run.parameters.output_dir / "findings.xlsx")
    for sheet in book.worksheets:
        heads = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1 if "处理结果" in heads else 0):
            assert sheet.cell(row, heads["姓名"]).data_type == "s"
            sheet.cell(row, heads["处理结果"]).value = "属实"
    book.save(run.parameters.output_dir / "findings.xlsx")
    read_lists(run, results)
    decisions = read_dispositions([run.parameters.output_dir])
    assert set(decisions["finding_id"]) == set(results.findings["finding_id"])
