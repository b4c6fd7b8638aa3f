"""Which sheets are listed for what: a hidden one is asked about, one of another table is not shown with this one."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
import openpyxl
from desk_pages import begun, everything

from auditlib.desk.checked import IngestCheck


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


def test_a_sheet_is_listed_with_the_table_that_it_is_of_and_not_with_others_of_its_workbook(
    home: Path,
) -> None:
    desk = begun(home)
    desk.state.draft = desk.state.term.with_table(("银行代发.xlsx", "寄宿生生活补助"), "payments")
    plain = {
        "file": "银行代发.xlsx",
        "sheet": "寄宿生生活补助",
        "header_rows": [],
        "rejected": 0,
        "columns": [],
        "unused": [],
    }
    desk.state.check = IngestCheck(
        {
            "problems": [],
            "sheets": [plain | {"table": "payments", "used": 7}, plain | {"table": "funds", "used": 0}],
        }
    )
    desk.state.page = "check"
    page_text = everything(desk.blocks())
    assert page_text.count("银行代发.xlsx › 寄宿生生活补助") == 1 and "资金下达拨付" not in page_text


def test_what_a_title_tells_stands_in_words_and_not_as_a_code(home: Path) -> None:
    title = [["样禾县2024年秋季学期家庭经济困难学生生活补助发放表"]]
    header = ["姓名", "身份证号", "是否寄宿", "补助金额"]
    rows = [*title, header, ["样某", "990341201501010017", "是", 625]]
    exported.book(home / "files" / "发放.xlsx", {"一": rows})
    exported.book(home / "files" / "统计表.xlsx", {"一": [["样禾县2024年秋季学期统计表"], ["项目", "人次", "金额"], ["寄宿生生活补助", 1, 625]]})  # fmt: skip
    desk = begun(home)
    for sheet, words in (
        (("发放.xlsx", "一"), "据表名或标题：生活补助（寄宿还是"),
        (("统计表.xlsx", "一"), "据表名或标题：2024 秋"),
    ):
        desk.hear(["sheet", *sheet])
        assert words in everything(desk.blocks())


def test_of_a_list_of_what_came_back_it_can_be_said_what_became_of_all_its_rows(home: Path) -> None:
    """The check asks for it in these words."""
    rows = [
        ["姓名", "身份证号", "补助项目", "退款金额"],
        ["样某", "990341201501010017", "寄宿生生活补助", 625],
    ]
    exported.book(home / "files" / "退汇.xlsx", {"一": rows})
    desk, key = begun(home), ("退汇.xlsx", "一")
    desk.hear(["table", *key], "payments")
    assert "冲回（别处算作已发" in everything(desk.blocks())
    desk.hear(["constant", *key, "result"], "taken_back")
    assert desk.state.term.constants[key] == {"result": "taken_back"}


def test_of_a_banks_list_of_both_kinds_of_living_aid_it_is_said_once_for_the_file(home: Path) -> None:
    rows = [["姓名", "身份证号", "生活补助"], ["样某", "990341201501010017", 625]]
    exported.book(home / "files" / "代发.xlsx", {"一": rows})
    desk, key = begun(home), ("代发.xlsx", "一")
    desk.hear(["table", *key], "payments")
    assert "按拟发放名单和学籍分" in everything(desk.blocks())
    desk.hear(["constant", *key, "scheme"], "umbrella")
    desk.state.save()
    assert "scheme: umbrella" in desk.state.file.read_text("utf-8")
