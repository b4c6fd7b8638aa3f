"""A hidden sheet is an old list more often than not: it is asked about, and not taken for one of the registers."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
import openpyxl
from desk_pages import begun, everything


def test_a_hidden_sheet_with_persons_is_asked_about_before_a_run(home: Path) -> None:
    rows = [["姓名", "身份证号", "学校名称", "年级"], ["样某", "990341201501010017", "青溪小学", "三年级"]]
    file = home / "files" / "学籍底册.xlsx"
    exported.book(file, {"现在": rows, "去年": rows})
    book = openpyxl.load_workbook(file)
    book["去年"].sheet_state = "hidden"
    book.save(file)
    desk = begun(home)
    state, key = desk.state, ("学籍底册.xlsx", "去年")
    assert state.undecided == [key] and state.term.sheets["学籍底册.xlsx", "现在"] == "enrolment"
    assert "有 1 张表在工作簿里是隐藏的" in everything(desk.blocks())
    desk.hear(["table", *key], "")
    assert state.undecided == [] and "隐藏的" not in everything(desk.blocks())
