"""Every sheet is taken for what it is, says why, and shows its first rows without anybody's name or number."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
import pytest

from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import sheets
from auditlib.desk.profile import NOT_NEEDED, Profile
from auditlib.ingest.files.find import find, list_folder
from auditlib.law.policy import read_policy
from auditlib.tables.vocabulary import vocabulary

ROOT = Path(__file__).parents[3]
WORDS = vocabulary(read_policy(["national"], ROOT))
PLAIN = sheets.reader(Profile(), WORDS)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    exported.write(folder, exported.pupils())
    return folder


def sheet_seen(folder: Path, file: str, at: int = 0) -> sheets.SheetSeen:
    return sheets.open_file(file, folder / file).sheets[at]


def guesses(folder: Path) -> dict[str, set[str]]:
    """File -> tables that its sheets are taken for."""
    open_files = [sheets.open_file(name, path) for name, path in sheets.files_in(folder).items()]
    return {one.file: {sheets.guess(PLAIN, sheet).table for sheet in one.sheets} - {""} for one in open_files}


def test_the_sample_county_is_taken_for_what_its_parameters_say() -> None:
    content = read_yaml(ROOT / "params" / "qinghe-2020-autumn.yaml")
    folder = ROOT / "data_samples" / "qinghe" / "2020-autumn"
    expected_tables, _wrong = find(list_folder(folder), content["sources"], WORDS)
    expected: dict[str, set[str]] = {}
    for one in expected_tables:
        expected.setdefault(one.file, set()).add(one.table.name)
    assert {file: tables for file, tables in guesses(folder).items() if tables} == expected


def test_a_special_schools_list_of_those_at_school_is_enrolment_and_no_roster(tmp_path: Path) -> None:
    rows = [
        ["姓名", "残疾类别", "身份证号", "学籍号", "启聪班别"],
        ["样甲", "听力", "990341201501010017", "G990341201501010017", "一"],
    ]
    exported.book(tmp_path / "学籍" / "特殊教育学校在校生.xlsx", {"在校生": rows})
    assert guesses(tmp_path) == {"学籍/特殊教育学校在校生.xlsx": {"enrolment"}}


def test_a_list_of_those_recognised_is_no_ledger_of_applications(tmp_path: Path) -> None:
    person = ["样甲", "990341201501010017", "青溪小学"]
    flags = ["姓名", "身份证号", "学校", "是否低保户", "是否建档立卡户", "认定等级"]
    exported.book(tmp_path / "认定汇总.xlsx", {"认定汇总": [flags, [*person, "是", "否", "困难"]]})
    steps = ["姓名", "身份证号", "学校", "认定等级", "公示开始日期"]
    exported.book(tmp_path / "认定.xlsx", {"认定": [steps, [*person, "困难", "2024-09-20"]]})
    exported.book(tmp_path / "申请认定.xlsx", {"表": [steps[:4], [*person, "困难"]]})
    tables = guesses(tmp_path)
    assert tables["认定汇总.xlsx"] == {"eligibility"}
    assert tables["认定.xlsx"] == tables["申请认定.xlsx"] == {"applications"}


def test_a_register_of_those_eligible_without_a_category_is_no_list_of_applications(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "乡镇", "认定日期"], ["样甲", "990341201501010017", "青溪镇", "2022-05-01"]]
    exported.book(tmp_path / "民政.xlsx", {"对象": rows})
    assert guesses(tmp_path) == {"民政.xlsx": set()}  # asked


def test_where_the_name_says_another_table_than_a_few_columns_it_is_asked(tmp_path: Path) -> None:
    person = ["样甲", "990341201501010017"]
    placed_header = ["姓名", "身份证号", "残疾类别", "安置方式"]  # 安置方式 is a column of dropouts as well
    exported.book(tmp_path / "特校在籍学生.xlsx", {"一年级": [placed_header, [*person, "智力", "送教上门"]]})
    money = ["姓名", "身份证号", "困难类型", "本期减免数"]
    exported.book(tmp_path / "一中资助发放.xlsx", {"免学杂费": [money, [*person, "低保", "800"]]})
    listed_header = ["姓名", "身份证号", "困难类型", "困难等级", "认定时间"]
    exported.book(
        tmp_path / "学校认定学生名单.xlsx",
        {"一": [listed_header, [*person, "其他困难", "困难", "2025-03-03"]]},
    )
    seen_as = {
        "特校在籍学生.xlsx": {"dropouts", "enrolment"},
        "一中资助发放.xlsx": {"eligibility", "payments"},
        "学校认定学生名单.xlsx": {"eligibility", "applications"},
    }
    for file, rivals in seen_as.items():
        guess = sheets.guess(PLAIN, sheet_seen(tmp_path, file))
        assert (guess.table, {*guess.rivals}) == ("", rivals), file


def test_a_list_of_names_with_a_day_is_no_home_teaching(tmp_path: Path) -> None:
    person = ["青溪小学", "样甲", "990341201501010017"]
    declined_header = ["学校", "姓名", "身份证号", "家长签字", "日期"]
    exported.book(
        tmp_path / "自愿放弃资助学生名单.xlsx", {"一": [declined_header, [*person, "已签", "2024-09-25"]]}
    )
    exported.book(tmp_path / "送教上门.xlsx", {"一": [declined_header, [*person, "已签", "2024-09-25"]]})
    assert guesses(tmp_path) == {"自愿放弃资助学生名单.xlsx": set(), "送教上门.xlsx": {"home_teaching"}}


def test_of_a_header_that_nobody_knows_each_column_can_be_said(tmp_path: Path) -> None:
    rows = [["编号甲", "人姓", "号数字段", "类别甲"], ["1", "样甲", "990341201501010017", "低保"]]
    exported.book(tmp_path / "a.xlsx", {"表": rows})
    sheet = sheet_seen(tmp_path, "a.xlsx")
    assert sheets.guess(PLAIN, sheet).table == "" and sheets.holds_persons(sheet)
    view = sheets.preview(PLAIN, sheet, "eligibility", {})
    assert [column.header for column in view.columns] == rows[0]
    assert "样甲" not in str(view.rows)


def test_the_row_above_the_numbers_is_a_header_whatever_its_words(tmp_path: Path) -> None:
    """受保人 is no field that anybody knows; a person without a number above the others is no header."""
    person = ["枫桥镇", "样禾甲", "990341201501010017", 420]
    headers = ["户籍镇", "受保人", "受保人身份证", "月保"]
    exported.book(tmp_path / "甲.xlsx", {"农低保": [["样禾县民政局在册人员"], headers, person]})
    view = sheets.preview(PLAIN, sheet_seen(tmp_path, "甲.xlsx"), "eligibility", {})
    assert [column.header for column in view.columns] == headers
    unsaid = sheets.preview(PLAIN, sheet_seen(tmp_path, "甲.xlsx"), "", {})
    assert [column.header for column in unsaid.columns] == headers and "样禾甲" not in str(unsaid.rows)
    exported.book(tmp_path / "丙.xlsx", {"农低保": [["姓名", "公民身份证", "月保"], person[1:]]})
    view = sheets.preview(PLAIN, sheet_seen(tmp_path, "丙.xlsx"), "eligibility", {})
    assert [column.column for column in view.columns] == ["name", "", ""]
    for answer in (None, "无证", "暂无号码"):
        exported.book(tmp_path / "乙.xlsx", {"农低保": [["枫桥镇", "样禾乙", answer, 420], person]})
        assert sheets.preview(PLAIN, sheet_seen(tmp_path, "乙.xlsx"), "eligibility", {}).columns == ()


def test_a_county_as_its_systems_export_it_is_taken_for_what_it_is(files: Path) -> None:
    assert guesses(files) == {
        "乡村振兴.xlsx": {"eligibility"},
        "系统名单.xlsx": {"payments"},  # whether it is the same money is asked, not guessed
        "银行代发.xlsx": {"payments"},
        "学籍/云岭初级中学.xlsx": {"enrolment"},
        "学籍/石桥镇中心小学.xlsx": {"enrolment"},
        "学籍/青溪镇中心小学.xlsx": {"enrolment"},
        "民政/农村低保.xlsx": {"eligibility"},
        "民政/城市低保.xlsx": {"eligibility"},
    }


def test_a_guess_says_why(files: Path) -> None:
    reason = sheets.guess(PLAIN, sheet_seen(files, "民政/农村低保.xlsx")).reason
    assert reason.zh == "名称含“民政”；认出 4 列：姓名、身份证号、困难类型、户编号"
    assert reason.en.startswith("its name has “民政”; 4 columns recognised: Name, ID number")


def test_a_sheet_of_notes_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "说明.csv").write_text("填表说明\n请按系统导出的格式填写\n", "utf-8")
    assert sheets.guess(PLAIN, sheet_seen(tmp_path, "说明.csv")).table == ""


def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"%PDF-1.4")
    open_files = sheets.open_file("坏.xlsx", tmp_path / "坏.xlsx")
    assert open_files.sheets == () and open_files.trouble


def test_columns_are_known_unknown_or_chosen(files: Path) -> None:
    sheet = sheet_seen(files, "学籍/青溪镇中心小学.xlsx")
    plain = {c.header: (c.column, c.state) for c in sheets.preview(PLAIN, sheet, "enrolment", {}).columns}
    assert plain["姓名"] == ("name", "known")
    assert plain["食宿情形"] == ("", "unknown")
    profile = (
        Profile()
        .with_column("enrolment", "食宿情形", "boarding")
        .with_column("enrolment", "民族", NOT_NEEDED)
    )
    by = sheets.reader(profile, WORDS)
    column_states = {
        c.header: (c.column, c.state) for c in sheets.preview(by, sheet, "enrolment", {}).columns
    }
    assert (column_states["食宿情形"], column_states["民族"]) == (("boarding", "chosen"), ("", "idle"))


@pytest.mark.parametrize("table", ["payments", "enrolment", ""])
def test_the_first_rows_show_nobody(files: Path, table: str) -> None:
    people = exported.pupils()
    names, numbers = {p.name for p in people}, {p.id_number for p in people}
    for file in ("银行代发.xlsx", "学籍/青溪镇中心小学.xlsx", "乡村振兴.xlsx"):
        rows = sheets.preview(PLAIN, sheet_seen(files, file), table, {}).rows
        cells = {cell for row in rows for cell in row}
        assert rows
        assert not cells & names
        assert not any(number in cell for number in numbers for cell in cells)


def test_a_column_of_names_under_an_unknown_header_is_masked(tmp_path: Path) -> None:
    lines = ["受益人,班主任,资助项目,金额,民族"] + [
        f"{exported.person_name(i, 1)},{exported.person_name(50 + i, 1)},寄宿生生活补助,625,汉族"
        for i in range(12)
    ]
    (tmp_path / "发放.csv").write_text("\n".join(lines), "utf-8")
    sheet_preview = sheets.preview(PLAIN, sheet_seen(tmp_path, "发放.csv"), "payments", {})
    assert len(sheet_preview.rows) == 10
    assert all(cell.endswith("*") for row in sheet_preview.rows for cell in row[:2])
    assert {row[4] for row in sheet_preview.rows} == {"汉族"}  # many times the same: a word, no name
    assert sheet_preview.missing == (("name",),)


def test_names_across_a_sheet_that_lies_on_its_side_are_masked(tmp_path: Path) -> None:
    people = [exported.person_name(i, 1) for i in range(6)]
    lines = [",".join(["姓名", *people]), *(f"第{n}次发函日期" + ",2025-03-16" * 6 for n in range(4))]
    (tmp_path / "函告.csv").write_text("\n".join(lines), "utf-8")
    rows = sheets.preview(PLAIN, sheet_seen(tmp_path, "函告.csv"), "letters", {}).rows
    preview_text = "".join(cell for row in rows for cell in row)
    assert "2025-03-16" in preview_text and not any(name in preview_text for name in people)


def test_what_the_sheets_name_states_is_told(files: Path) -> None:
    sheet_preview = sheets.preview(PLAIN, sheet_seen(files, "银行代发.xlsx", 1), "payments", {})
    assert sheet_preview.name_constants == {"scheme": "day_pupil_allowance"} and not sheet_preview.missing
