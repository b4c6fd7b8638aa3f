"""A filled-in working list becomes decisions: entered once, refused by cell, and never over somebody else's."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from findings_fixture import findings

from auditlib.base.errors import AuditError
from auditlib.decisions.dispositions import COLUMNS, append_decisions, latest, read_dispositions
from auditlib.decisions.read_back import ReadBack, decisions_of, enter, read_back_all
from auditlib.forms.worklist import write_worklist
from auditlib.forms.worklist.sheets import listed_rows

MONDAY, TUESDAY, WEDNESDAY = (dt.datetime(2021, 3, day, 9, 30) for day in (1, 2, 3))
HEADS = {
    "status": "处理结果",
    "cause": "原因",
    "on": "整改日期",
    "amount": "追回/补发金额",
    "evidence": "凭据",
    "finding_id": "finding_id",
}
Cells = Mapping[int, Mapping[str, Any]]


def worklist(
    path: Path, cells: Cells, *, saved_at: dt.datetime = MONDAY, signature: str = "", so_far: Any = None
) -> Path:
    """A list of three findings of one town with ``cells`` (row: column: value) filled in, saved at ``saved``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = findings(counts={"missed.unpaid": 3}).assign(town="青山镇", disposition=so_far)
    write_worklist(rows, path, parameters={"term": "2020-autumn"}, language="zh")
    book = openpyxl.load_workbook(path)
    book["说明"]["B3"].value = signature or None
    sheet = book["青山镇"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row, values in cells.items():
        for name, value in values.items():
            sheet.cell(row, at[HEADS[name]]).value = value
    book.save(path)
    os.utime(path, (saved_at.timestamp(), saved_at.timestamp()))
    return path


def key(row: int) -> str:
    """The finding_id in ``row`` of the list."""
    order = listed_rows(findings(counts={"missed.unpaid": 3}), "zh", {})
    return str(order["finding_id"].iloc[row - 2])


def decide(folder: Path, who: str, status: str, at: dt.datetime, row: int = 2, **more: str) -> None:
    decision_row = {
        "decided_at": at.isoformat(),
        "decided_by": who,
        "finding_id": key(row),
        "status": status,
        **more,
    }
    append_decisions(folder, pd.DataFrame([dict.fromkeys(COLUMNS, "") | decision_row]))


def entered(path: Path, folder: Path, at: dt.datetime = MONDAY, **more: Any) -> ReadBack:
    return enter(decisions_of(path, at), path.name, folder, **more)


def refusals(path: Path, folder: Path) -> list[str]:
    with pytest.raises(AuditError) as refusal:
        entered(path, folder)
    assert read_dispositions([folder]).empty
    return [problem.into("zh") for problem in refusal.value.problems]


def test_what_is_filled_in_becomes_decisions_with_their_address(tmp_path: Path) -> None:
    cells = {
        2: {"status": "已整改", "on": dt.date(2021, 2, 26), "amount": 312.5, "evidence": "凭证  7\n复印件"},
        3: {"status": "排除", "cause": "县外就读"},
    }
    back = entered(worklist(tmp_path / "青山镇.xlsx", cells), tmp_path)
    assert (back.entered, back.already, len(back.conflicts)) == (2, 0, 0)
    first, second = read_dispositions([tmp_path]).to_dict("records")
    assert first == {
        "decided_at": "2021-03-01T09:30:00", "decided_by": "青山镇", "finding_id": key(2), "status": "rectified",
        "cause": "", "amount": "312.50", "evidence": "2021-02-26 凭证 7 复印件", "note": "青山镇.xlsx › 青山镇 › 2",
    }  # fmt: skip
    assert (second["finding_id"], second["status"], second["cause"]) == (key(3), "cleared", "县外就读")


def test_who_has_signed_it_has_decided(tmp_path: Path) -> None:
    entered(worklist(tmp_path / "青山镇.xlsx", {2: {"status": "属实"}}, signature="张三"), tmp_path)
    assert read_dispositions([tmp_path])["decided_by"].tolist() == ["张三"]


def test_a_number_in_the_name_of_the_file_goes_nowhere(tmp_path: Path) -> None:
    number = "990122201203040" + "015"
    entered(worklist(tmp_path / f"{number}.xlsx", {2: {"status": "属实"}}), tmp_path)
    assert number not in (tmp_path / "dispositions.csv").read_text("utf-8")


def test_reading_a_list_again_adds_nothing(tmp_path: Path) -> None:
    path = worklist(tmp_path / "青山镇.xlsx", {2: {"status": "属实"}})
    entered(path, tmp_path)
    before = (tmp_path / "dispositions.csv").read_bytes()
    again = entered(path, tmp_path, WEDNESDAY)
    assert (again.entered, again.already) == (0, 1)
    assert (tmp_path / "dispositions.csv").read_bytes() == before


def test_a_clerk_may_think_again(tmp_path: Path) -> None:
    for at, status in ((MONDAY, "属实"), (TUESDAY, "销号"), (WEDNESDAY, "属实")):
        back = entered(worklist(tmp_path / "青山镇.xlsx", {2: {"status": status}}), tmp_path, at)
        assert (back.entered, len(back.conflicts)) == (1, 0)
    assert read_dispositions([tmp_path])["status"].tolist() == ["confirmed", "closed", "confirmed"]


def test_what_somebody_else_has_decided_since_is_shown_and_not_written_over(tmp_path: Path) -> None:
    decide(tmp_path, "李复核", "confirmed", TUESDAY)
    before = (tmp_path / "dispositions.csv").read_bytes()
    back = entered(
        worklist(tmp_path / "青山镇.xlsx", {2: {"status": "排除", "cause": "县外就读"}}), tmp_path, WEDNESDAY
    )
    assert back.entered == 0
    (conflict,) = back.sentences()
    for words in ("青山镇.xlsx › 青山镇 › 2", "排除", "李复核", "2021-03-02 09:30:00", "属实"):
        assert words in conflict.zh
    assert "Cleared".casefold() in conflict.en.casefold()
    assert (tmp_path / "dispositions.csv").read_bytes() == before


def test_a_person_who_has_looked_at_a_conflict_may_side_with_the_list(tmp_path: Path) -> None:
    decide(tmp_path, "李复核", "confirmed", TUESDAY)
    path = worklist(tmp_path / "青山镇.xlsx", {2: {"status": "排除", "cause": "县外就读"}})
    assert entered(path, tmp_path, WEDNESDAY, over=[key(2)]).entered == 1
    assert latest(read_dispositions([tmp_path]))["status"].tolist() == ["cleared"]


def test_a_list_that_knew_the_decision_goes_on_from_it(tmp_path: Path) -> None:
    decide(tmp_path, "李复核", "confirmed", MONDAY)
    cells = {2: {"status": "已整改", "on": dt.date(2021, 3, 2), "evidence": "凭证 7"}}
    path = worklist(tmp_path / "青山镇.xlsx", cells, so_far="confirmed")
    assert entered(path, tmp_path, WEDNESDAY).entered == 1


def without_evidence(path: Path) -> Path:
    """The list as it was made before it had a column for evidence."""
    book = openpyxl.load_workbook(path)
    sheet = book["青山镇"]
    sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value == HEADS["evidence"]))
    book.save(path)
    return path


def test_an_older_list_without_a_column_for_evidence_is_entered_and_what_is_wanting_is_told(
    tmp_path: Path,
) -> None:
    cells = {2: {"status": "已整改", "on": dt.date(2021, 2, 26)}, 3: {"status": "属实"}}
    path = without_evidence(worklist(tmp_path / "青山镇.xlsx", cells))
    back = entered(path, tmp_path)
    assert read_dispositions([tmp_path])["evidence"].tolist() == ["2021-02-26", ""]
    (warning,) = back.warnings()
    assert "青山镇.xlsx：没有“凭据”一列" in warning.zh
    assert "1 条“已整改”只记了整改日期" in warning.zh
    decide(tmp_path, "李复核", "rectified", TUESDAY, evidence="2021-02-26 凭证 7")
    assert "0 条“已整改”" in entered(path, tmp_path).warnings()[0].zh


def test_evidence_added_to_an_older_list_is_entered_with_its_next_reading(tmp_path: Path) -> None:
    cells = {2: {"status": "已整改", "on": dt.date(2021, 2, 26)}}
    entered(without_evidence(worklist(tmp_path / "青山镇.xlsx", cells)), tmp_path)
    cells = {2: {**cells[2], "evidence": "凭证 7"}}
    back = entered(worklist(tmp_path / "青山镇.xlsx", cells, saved_at=TUESDAY), tmp_path, TUESDAY)
    assert (back.entered, back.warnings()) == (1, [])
    assert latest(read_dispositions([tmp_path]))["evidence"].tolist() == ["2021-02-26 凭证 7"]


def test_a_list_saved_before_the_decision_that_holds_does_not_outdo_it(tmp_path: Path) -> None:
    decide(tmp_path, "李复核", "confirmed", WEDNESDAY)
    path = worklist(tmp_path / "青山镇.xlsx", {2: {"status": "销号"}}, so_far="confirmed")
    assert len(entered(path, tmp_path, TUESDAY).conflicts) == 1


def test_a_list_that_says_what_is_known_with_its_voucher_is_no_conflict(tmp_path: Path) -> None:
    decide(tmp_path, "李复核", "rectified", MONDAY, amount="312.50", evidence="2021-02-26 凭证 7")
    cells = {2: {"status": "已整改", "on": dt.date(2021, 2, 26), "amount": 312.5}}
    back = entered(without_evidence(worklist(tmp_path / "青山镇.xlsx", cells)), tmp_path, TUESDAY)
    assert (back.entered, back.already, len(back.conflicts)) == (0, 1, 0)


@pytest.mark.parametrize(
    ("cells", "column", "decision_row"),
    [
        ({"status": "排除"}, "原因", "须写明原因"),
        ({"status": "已整改", "evidence": "凭证 7"}, "整改日期", "须写明整改日期"),
        ({"status": "已整改", "on": dt.date(2021, 2, 1)}, "凭据", "须写明凭据"),
        ({"status": "排除", "cause": "误报", "amount": 100}, "处理结果", "矛盾"),
        ({"status": "属实", "on": dt.date(2021, 2, 1)}, "处理结果", "矛盾"),
        (
            {"status": "已整改", "on": dt.date(2021, 3, 2), "evidence": "凭证 7"},
            "整改日期",
            "晚于填写之日",
        ),
        ({"status": "大概"}, "处理结果", "不可识别"),
    ],
)
def test_cells_that_contradict_each_other_are_refused_where_they_stand(
    tmp_path: Path, cells: dict[str, Any], column: str, decision_row: str
) -> None:
    (problem,) = refusals(worklist(tmp_path / "青山镇.xlsx", {2: {"status": "属实"}, 3: cells}), tmp_path)
    assert f"青山镇.xlsx › 青山镇 › 第 3 行 › {column}" in problem
    assert decision_row in problem


def test_a_run_reads_its_own_list_and_those_sent_back(tmp_path: Path) -> None:
    worklist(tmp_path / "findings.xlsx", {2: {"status": "属实"}}, signature="张三")
    worklist(tmp_path / "returned" / "青山镇.xlsx", {3: {"status": "属实"}}, saved_at=TUESDAY)
    (tmp_path / "returned" / "~$青山镇.xlsx").write_bytes(b"open in Excel")
    own, list_sent = read_back_all(tmp_path)
    assert (own.file, own.entered, list_sent.file, list_sent.entered) == (
        "findings.xlsx",
        1,
        "青山镇.xlsx",
        1,
    )
    decisions = read_dispositions([tmp_path])
    assert list(zip(decisions["decided_by"], decisions["decided_at"], strict=True)) == [
        ("张三", "2021-03-01T09:30:00"), ("青山镇", "2021-03-02T09:30:00"),
    ]  # fmt: skip
    assert [each.entered for each in read_back_all(tmp_path)] == [0, 0]


def test_two_lists_that_decide_differently_are_both_refused(tmp_path: Path) -> None:
    worklist(tmp_path / "returned" / "甲.xlsx", {2: {"status": "属实"}})
    worklist(tmp_path / "returned" / "乙.xlsx", {2: {"status": "销号"}})
    with pytest.raises(AuditError) as refusal:
        read_back_all(tmp_path)
    text = refusal.value.into("zh")
    assert "甲.xlsx › 青山镇 › 2" in text
    assert "乙.xlsx › 青山镇 › 2" in text
    assert read_dispositions([tmp_path]).empty


def test_nothing_of_any_list_is_entered_while_one_cell_is_refused(tmp_path: Path) -> None:
    worklist(tmp_path / "findings.xlsx", {2: {"status": "属实"}})
    worklist(tmp_path / "returned" / "青山镇.xlsx", {3: {"status": "大概"}})
    with pytest.raises(AuditError):
        read_back_all(tmp_path)
    assert read_dispositions([tmp_path]).empty


def test_a_finding_of_another_audit_is_refused(tmp_path: Path) -> None:
    worklist(tmp_path / "findings.xlsx", {2: {"status": "属实"}})
    with pytest.raises(AuditError, match="不属于本次核对"):
        read_back_all(tmp_path, finding_ids={key(3)})


def test_a_list_of_a_run_that_is_no_workbook_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "findings.xlsx").write_bytes(b"no workbook")
    assert read_back_all(tmp_path) == []
    (tmp_path / "returned").mkdir()
    (tmp_path / "returned" / "x.xlsx").write_bytes(b"no workbook")
    with pytest.raises(AuditError, match=r"x\.xlsx"):
        read_back_all(tmp_path)
