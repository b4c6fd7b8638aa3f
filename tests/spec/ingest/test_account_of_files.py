"""What ``auditlib ingest`` says at the end: columns that are not there, sheets that are hidden, files that nobody could open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny_county as tiny

from auditlib.base.errors import AuditError
from auditlib.county.ingest_only import write_ingest


def test_a_file_that_no_source_names_and_nobody_can_open_is_no_clean_end(tmp_path: Path) -> None:
    parameters = tiny.deliver(tmp_path / "data", tiny.tables(3))
    parameters.columns["enrolment"] = {"就读方式": None, "学生状态": None}  # type: ignore[index]
    (tmp_path / "data" / "发放明细（补）.xlsx").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "data" / "值班.csv").write_text("日期,值班\n10月1日,样\n", encoding="utf-8")
    lines: list[str] = []
    with pytest.raises(AuditError) as end:
        write_ingest(parameters, lines.append)
    message = str(end.value)
    assert "发放明细（补）.xlsx" in message and "not_needed" in message and "值班" not in message
    account = "\n".join(lines)
    assert "没有的列" in account and "就读方式、学生状态" in account and "值班.csv" in account
    parameters.not_needed.append("发放*（补）.xlsx")  # type: ignore[attr-defined]
    (tmp_path / "data" / "新转入.csv").write_text("姓名,证\n样某,990111201101010011\n", encoding="utf-8")
    parameters.not_needed.append("新转入.csv")  # type: ignore[attr-defined]
    assert write_ingest(parameters, lines.append).is_file()
    assert any("新转入.csv" in line and "其中 1 行有证件号" in line for line in lines)


def test_what_stands_in_a_few_cells_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    county = tiny.tables(6)
    county["payments"][0]["pay_date"] = "第3周"
    county["payments"][1]["id_number"] = "99011120110"
    lines: list[str] = []
    assert write_ingest(tiny.deliver(tmp_path / "data", county), lines.append).is_file()
    account = "\n".join(lines)
    assert "“发放日期”有 1 格读不出" in account and "“第3周” 1" in account
    assert "“身份证号”有 1 格读不出" in account and "99011120110" not in account


@pytest.mark.parametrize("by", [1, 2, -1])
def test_the_first_rows_of_a_file_that_has_shifted_show_nobody(tmp_path: Path, by: int) -> None:
    county = tiny.tables(3)
    persons = [row["name"] for row in county["payments"]]
    for row in county["payments"]:
        cells = list(row.values())
        row.update(zip(row, cells[-by:] + cells[:-by], strict=True))
    parameters = tiny.deliver(tmp_path / "data", county)
    with pytest.raises(AuditError) as end:
        write_ingest(parameters, lambda _line: None)
    account = (parameters.output_dir / "ingest.json").read_text("utf-8")
    [sheet] = [sheet for sheet in json.loads(account)["sheets"] if sheet["table"] == "payments"]
    assert sheet["first_rows"]
    assert not any(name in account or name in str(end.value) for name in persons)


def test_schools_are_not_called_unknown_where_the_register_that_knows_them_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table, lacking in (("enrolment", ("stage", "grade")), ("payments", ("school_code",))):
        headers = {k: v for k, v in tiny.HEADERS[table].items() if k not in lacking}
        monkeypatch.setitem(tiny.HEADERS, table, headers)
    parameters, lines = tiny.deliver(tmp_path / "data", tiny.tables(3)), list[str]()
    with pytest.raises(AuditError) as end:
        write_ingest(parameters, lines.append)
    assert "缺少必需列" in str(end.value) and not any("学校名称在名录" in line for line in lines)
    assert json.loads((parameters.output_dir / "ingest.json").read_text("utf-8"))["unknown_schools"] == []


def test_the_name_of_a_child_by_whom_a_file_is_called_stands_nowhere(tmp_path: Path) -> None:
    parameters = tiny.deliver(tmp_path / "data", tiny.tables(3))
    name = tiny.pupil(1)["name"]
    file = f"{name}送教记录.csv"
    (tmp_path / "data" / "payments.csv").rename(tmp_path / "data" / file)
    parameters.sources["payments"] = [file]  # type: ignore[index]
    lines: list[str] = []
    with pytest.raises(AuditError, match="人名") as end:
        write_ingest(parameters, lines.append)
    account = (parameters.output_dir / "ingest.json").read_text("utf-8")
    assert not any(name in text for text in (account, str(end.value), *lines))
    assert "送教记录.csv" in account
