"""In the workbench: slips of what is listed go out, lists that were filled in come back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from run_fixture import finished_run

from auditlib.decisions.dispositions import COLUMNS, append_decisions, latest, read_dispositions
from auditlib.workbench.exchange import _Exchange
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.session import Session

SAVED_AT = dt.datetime(2021, 3, 1, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    sitting = Session(who="张审计")
    sitting.open(finished_run(tmp_path / "runs" / "990122-2020-autumn"))
    sitting.list_filter = ListFilter().choosing("rule", ("mismatch.school",))
    return sitting


def saved_files_of(exchange: _Exchange, monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str, str]]:
    downloads: list[tuple[bytes, str, str]] = []
    monkeypatch.setattr(type(exchange.saver), "save", lambda _self, *file: downloads.append(file))
    return downloads


def test_slips_of_what_is_listed_are_masked_as_on_the_screen(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = _Exchange(session)
    saved_file = saved_files_of(exchange, monkeypatch)
    exchange.print.click()
    assert "答复期限" in exchange.said.value
    assert not saved_file
    exchange.by.value = dt.date(2021, 3, 15)
    exchange.print.click()
    session.unmasked = True
    exchange.print.click()
    assert session.stored
    finding_page = session.stored.page(session.list_filter)
    masked_slips, full_slips = (content.decode() for content, _name, _kind in saved_file)
    assert masked_slips.count("</article>") == len(finding_page) == 7
    for number in finding_page["id_number"].dropna():
        assert number not in masked_slips
        assert number in full_slips


def workbooks(session: Session, monkeypatch: pytest.MonkeyPatch) -> tuple[_Exchange, str, bytes]:
    """The exchange, and the first school's workbook that it gave out."""
    exchange = _Exchange(session)
    saved_file = saved_files_of(exchange, monkeypatch)
    exchange.by.value = dt.date(2021, 3, 15)
    exchange.books.click()
    with zipfile.ZipFile(io.BytesIO(saved_file[0][0])) as bundle:
        name = bundle.namelist()[0]
        return exchange, name, bundle.read(name)


def filled_file(content: bytes, **values: str) -> tuple[bytes, str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[6]}
    for title, value in values.items():
        sheet.cell(7, at[title]).value = value
    sheet.cell(5, 2).value = "王校长"
    workbook_file = io.BytesIO()
    book.save(workbook_file)
    return workbook_file.getvalue(), str(sheet.cell(7, at["疑点编号"]).value)


def upload(exchange: _Exchange, name: str, content: bytes) -> str:
    file: dict[str, Any] = {
        "name": name,
        "type": "",
        "size": len(content),
        "content": content,
        "last_modified": SAVED_AT,
    }
    exchange.upload.value = (file,)
    return str(exchange.told.value)


def test_a_slip_that_comes_back_is_entered_and_seen_at_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange, name, content = workbooks(session, monkeypatch)
    content, number = filled_file(content, 处理结果="排除", 原因="县外就读")
    assert "1 条处理已记入" in upload(exchange, name, content)
    assert session.stored
    assert session.folder
    (row,) = read_dispositions([session.folder]).to_dict("records")
    finding = session.stored.id_of(number)
    assert (row["decided_by"], row["status"], row["finding_id"]) == ("王校长", "cleared", finding)
    one_finding = session.stored.finding(finding)
    assert one_finding
    assert one_finding["disposition"] == "cleared"


def test_a_conflict_is_shown_and_the_inspector_may_side_with_the_list(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange, name, content = workbooks(session, monkeypatch)
    content, number = filled_file(content, 处理结果="排除", 原因="县外就读")
    assert session.folder
    assert session.stored
    finding = session.stored.id_of(number)
    decision_row = dict.fromkeys(COLUMNS, "") | {
        "decided_at": "2021-02-01T10:00:00", "decided_by": "李复核", "finding_id": finding, "status": "confirmed",
    }  # fmt: skip
    append_decisions(session.folder, pd.DataFrame([decision_row]))
    assert "李复核" in upload(exchange, name, content)
    assert exchange.side.layout.display == ""
    assert latest(read_dispositions([session.folder]))["status"].tolist() == ["confirmed"]
    exchange.side.click()
    assert exchange.side.layout.display == "none"
    last = latest(read_dispositions([session.folder])).iloc[0]
    assert (last["status"], last["decided_by"]) == ("cleared", "张审计")


def test_a_cell_that_contradicts_is_named_and_nothing_is_entered(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange, name, content = workbooks(session, monkeypatch)
    content, _finding = filled_file(content, 处理结果="排除")
    assert "第 7 行 › 原因" in upload(exchange, name, content)
    assert session.folder
    assert read_dispositions([session.folder]).empty
    assert "无法打开" in upload(exchange, "x.xlsx", b"no workbook")
