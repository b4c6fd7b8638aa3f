"""What is chosen by mouse is the parameter file that a person would write: it reads back the same, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
import pytest

from auditlib.base.errors import UsageError
from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import writing
from auditlib.desk.draft import (
    Draft,
    alike,
    days_of_term,
    following,
    new_draft,
    next_term,
    parameters,
    sources,
)
from auditlib.desk.profile import AS_READ, NOT_NEEDED, Profile
from auditlib.desk.state import with_not_needed, with_sources
from auditlib.ingest.files.find import find, list_folder
from auditlib.law.parameters import read_self_check
from auditlib.law.policy import read_policy
from auditlib.tables.vocabulary import vocabulary

ROOT = Path(__file__).parents[3]
WORDS = vocabulary(read_policy(["national"], ROOT))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own."""
    monkeypatch.setenv("AUDITLIB_FOLDER", str(tmp_path))
    (tmp_path / "params").mkdir()
    return tmp_path


def county(home: Path) -> Draft:
    exported.write(home / "files", exported.pupils())
    draft = new_draft(exported.CODE, "样禾县", "2024-autumn", str(home / "files"), "../runs/it")
    for file in ("乡村振兴.xlsx", "民政/农村低保.xlsx", "民政/城市低保.xlsx"):
        sheet = {"乡村振兴.xlsx": "导出"}.get(file, Path(file).stem)
        draft = draft.with_table((file, sheet), "eligibility")
    draft = draft.with_table(("系统名单.xlsx", "名单"), "planned")
    for sheet in ("寄宿生生活补助", "非寄宿生生活补助"):
        draft = draft.with_table(("银行代发.xlsx", sheet), "payments")
    return draft


def test_a_draft_is_a_parameter_file_that_every_command_reads(home: Path) -> None:
    draft = county(home).with_constant(("民政/农村低保.xlsx", "农村低保"), "category", "low_income")
    file = writing.parameter_file(draft)
    writing.write_parameters(draft, file)
    read = read_self_check(file)
    assert (read.county_code, read.term, str(read.count_date)) == ("990341", "2024-autumn", "2024-10-31")
    assert read.data_dir == home / "files" and read.output_dir == home / "runs" / "it"
    assert read.sources["eligibility"] == [
        "乡村振兴.xlsx",
        {"files": "民政/农村低保.xlsx", "category": "low_income"},
        "民政/城市低保.xlsx",
    ]


def test_what_stands_in_the_file_is_chosen_again(home: Path) -> None:
    draft = county(home).with_constant(("银行代发.xlsx", "寄宿生生活补助"), "scheme", "boarder_allowance")
    draft = draft.with_table(("银行代发.xlsx", "非寄宿生生活补助"), "").with_table(
        ("学籍/云岭初级中学.xlsx", "Sheet1"), ""
    )
    writing.write_parameters(draft, writing.parameter_file(draft))
    content = read_yaml(writing.parameter_file(draft))
    assert content["not_needed"] == [
        "学籍/云岭初级中学.xlsx",
        {"files": "银行代发.xlsx", "sheets": "非寄宿生生活补助"},
    ]
    assert read_self_check(writing.parameter_file(draft)).not_needed == content["not_needed"]
    again = with_sources(
        writing.read_draft(writing.parameter_file(draft)), content["sources"], home / "files", WORDS
    )
    again = with_not_needed(again, content["not_needed"], home / "files")
    assert (again.sheets, again.constants) == (draft.sheets, draft.constants)
    assert parameters(again) == parameters(draft)


def test_keys_that_the_desk_does_not_show_stay_as_they_stand(home: Path) -> None:
    file = home / "params" / "990341-2024-autumn.yaml"
    draft = county(home)
    writing.write_parameters(draft.with_value("leave_out", ["missed.not_placed"]), file)
    writing.write_parameters(writing.read_draft(file).with_threshold("idle_days", "45"), file)
    content = read_yaml(file)
    assert content["leave_out"] == ["missed.not_placed"]
    assert content["thresholds"]["idle_days"] == "45"


def test_a_workbook_of_several_tables_is_told_apart_by_its_sheets() -> None:
    draft = (
        Draft({}).with_table(("一.xlsx", "名册"), "eligibility").with_table(("一.xlsx", "发放"), "payments")
    )
    draft = draft.with_table(("一.xlsx", "说明"), "")
    assert sources(draft) == {
        "eligibility": [{"files": "一.xlsx", "sheets": "名册"}],
        "payments": [{"files": "一.xlsx", "sheets": "发放"}],
    }


def test_what_holds_for_one_sheet_leaves_the_others_as_they_are() -> None:
    draft = Draft({}).with_table(("二.xlsx", "寄宿"), "payments").with_table(("二.xlsx", "走读"), "payments")
    draft = draft.with_constant(("二.xlsx", "寄宿"), "scheme", "boarder_allowance")
    assert sources(draft) == {
        "payments": ["二.xlsx", {"files": "二.xlsx", "sheets": "寄宿", "scheme": "boarder_allowance"}]
    }
    assert sources(draft.with_constant(("二.xlsx", "寄宿"), "scheme", ""))["payments"] == ["二.xlsx"]


@pytest.mark.parametrize("name", ["发放[1].csv", "发放*.csv", "第?批.csv", "[!a].csv"])
def test_a_name_with_signs_of_patterns_means_this_file_alone(tmp_path: Path, name: str) -> None:
    for one in (name, "发放1.csv", "第二批.csv", "b.csv"):
        (tmp_path / one).write_text("姓名,金额\n", "utf-8")
    pattern, wrong = find(list_folder(tmp_path), sources(Draft({}).with_table((name, ""), "payments")), WORDS)
    assert ([one.file for one in pattern], wrong) == ([name], [])


def test_another_table_takes_away_what_was_said_of_all_rows() -> None:
    sheet = ("三.csv", "")
    draft = Draft({}).with_table(sheet, "eligibility").with_constant(sheet, "category", "orphan")
    assert draft.with_table(sheet, "eligibility").constants[sheet] == {"category": "orphan"}
    assert sheet not in draft.with_table(sheet, "payments").constants


def test_the_days_of_a_term_are_those_of_the_shipped_counties() -> None:
    shipped_file = read_yaml(ROOT / "params" / "qinghe-2020-autumn.yaml")
    days = days_of_term("2020-autumn")
    assert days == {
        "count_date": shipped_file["count_date"],
        **{k: shipped_file["thresholds"][k] for k in ("pay_by", "reply_by")},
    }
    assert days_of_term("2021-spring") == {
        "count_date": "2021-04-30",
        "pay_by": "2021-06-30",
        "reply_by": "2021-06-15",
    }


def test_the_next_term_names_the_run_before_it_and_nothing_of_its_files(home: Path) -> None:
    draft = county(home).with_value("empty_tables", ["letters"])
    then = next_term(draft, "D:/新", "../runs/neu")
    assert "empty_tables" not in then.values  # said of its own term alone
    assert (then.text("term"), then.text("count_date"), then.sheets) == ("2025-spring", "2025-04-30", {})
    assert then.values["previous"] == ["../runs/it"]
    assert then.values["policy"] == draft.values["policy"]
    assert following("2025-spring") == "2025-autumn"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("学籍2020秋.xlsx", "学籍2021春.xlsx", True),
        ("发放明细（2024年秋季学期）.csv", "发放明细(2025年春季学期).csv", True),
        ("民政/低保20241031.xlsx", "低保2025-04-30.xlsx", True),
        ("低保.xlsx", "特困.xlsx", False),
    ],
)
def test_names_that_differ_by_the_term_alone_are_alike(one: str, other: str, same: bool) -> None:
    assert (alike(one) == alike(other)) is same


def test_a_profile_keeps_headers_and_spellings_and_takes_them_back(home: Path) -> None:
    profile = (
        Profile().with_column("payments", "客户证号", "id_number").with_column("payments", "备用", NOT_NEEDED)
    )
    profile = profile.with_value("boarding", "住宿舍", "boarding")
    writing.write_profile("990341", profile)
    again = writing.read_profile("990341")
    assert again == profile
    assert [again.column("payments", h) for h in ("客户证号", "备用", "金额")] == [
        "id_number",
        NOT_NEEDED,
        AS_READ,
    ]
    draft = county(home)
    writing.write_parameters(draft, writing.parameter_file(draft))
    read = read_self_check(writing.parameter_file(draft))
    assert read.columns == {"payments": {"客户证号": "id_number", "备用": None}}
    assert read.values == {"boarding": {"住宿舍": "boarding"}}
    emptied_draft = again.with_column("payments", "客户证号", AS_READ).with_value("boarding", "住宿舍", "")
    assert emptied_draft.as_mapping() == {"columns": {"payments": {"备用": None}}}


def test_a_column_is_given_to_one_header_of_a_table() -> None:
    profile = Profile().with_column("payments", "甲", "amount").with_column("payments", "乙", "amount")
    assert profile.columns == {"payments": {"乙": "amount"}}


def test_two_sheets_of_a_table_may_call_one_column_by_two_names() -> None:
    """学生 in the schools' lists and 供养对象 in that of civil affairs are both the name; of one sheet only one is."""
    profile = Profile().with_column("eligibility", "学生", "name", ("学生", "证件"))
    profile = profile.with_column("eligibility", "供养对象", "name", ("供养对象", "户主", "证件"))
    assert profile.columns == {"eligibility": {"学生": "name", "供养对象": "name"}}
    again = profile.with_column("eligibility", "户主", "name", ("供养对象", "户主", "证件"))
    assert again.columns == {"eligibility": {"学生": "name", "户主": "name"}}


def test_a_profile_that_a_person_wrote_is_kept_beside_it_once(home: Path) -> None:
    file = writing.profile_file("990341")
    file.parent.mkdir()
    file.write_text("# 本县\nconstants: {payments: [{files: '低保*', category: low_income}]}\n", "utf-8")
    profile = writing.read_profile("990341")
    writing.write_profile("990341", profile.with_value("boarding", "住", "boarding"))
    writing.write_profile("990341", writing.read_profile("990341").with_value("boarding", "宿", "boarding"))
    assert "# 本县" in file.with_name(file.name + writing.BEFORE).read_text("utf-8")
    content = read_yaml(file)
    assert content["constants"] == {"payments": [{"files": "低保*", "category": "low_income"}]}
    assert content["values"] == {"boarding": {"住": "boarding", "宿": "boarding"}}


def test_a_profile_with_a_wrong_key_is_refused_by_name(home: Path) -> None:
    file = writing.profile_file("990341")
    file.parent.mkdir()
    file.write_text("colums: {}\n", "utf-8")
    with pytest.raises(UsageError, match="colums"):
        writing.read_profile("990341")


def test_what_is_said_twice_is_written_twice_since_aliases_are_refused(tmp_path: Path) -> None:
    amount = {"yuan": "250", "by": "文件"}
    writing.write_yaml(tmp_path / "a.yaml", {"primary": amount, "junior": amount}, "# 头\n")
    assert read_yaml(tmp_path / "a.yaml") == {"primary": amount, "junior": amount}
