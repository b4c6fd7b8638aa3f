"""The pages of the desk without a browser: both languages, every answer kept, every refusal said on the page."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
import pytest
from desk_pages import begun, everything

from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import value_words
from auditlib.desk.checked import IngestCheck
from auditlib.desk.desk import PAGES, Desk
from auditlib.law.parameter_readers import CODE_LISTS
from auditlib.law.policy import in_force, read_policy
from auditlib.tables.vocabulary import CODED_COLUMNS

ROOT = Path(__file__).parents[3]
UNKNOWN = {
    "table": "payments",
    "column": "scheme",
    "kind": "scheme",
    "word": "义教寄宿补",
    "rows": 33,
    "first": "系统名单.xlsx!名单!3",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_drawn_in_both_languages_from_plain_values(home: Path, language: str) -> None:
    desk = begun(home, language)
    desk.state.check = IngestCheck(
        {"problems": ["x\n  位置：系统名单.xlsx\n  处理：y"], "unknown_values": [UNKNOWN], "sheets": []}
    )
    for page in PAGES:
        desk.state.page = page
        page_text = everything(desk.blocks())
        assert (PAGES[page].TITLE.zh in page_text) is (language == "zh")
        assert "{" not in "".join(block.get("text", "") for block in desk.blocks())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_names_a_person_but_masked(home: Path, language: str) -> None:
    people = exported.pupils()
    hidden_words = {
        word for person in people for word in (person.name, person.id_number, person.id_number[6:14])
    }
    desk = begun(home, language)
    desk.hear(["sheet", "银行代发.xlsx", "寄宿生生活补助"])
    pages = dict[str, str]()
    for page in PAGES:
        desk.state.page = page
        pages[page] = everything(desk.blocks())
    assert {
        page: sorted(word for word in hidden_words if word in page_html) for page, page_html in pages.items()
    } == {page: [] for page in PAGES}
    assert f'"{people[0].name[0]}*' in pages["files"]


@pytest.mark.parametrize("choice", ["eligibility", ""])
def test_a_sheet_of_persons_that_looks_like_no_table_is_asked_about_before_a_run(
    home: Path, choice: str
) -> None:
    strangers = [["栏一", "栏二"], ["样某", "990341201501010017"]]
    exported.book(home / "files" / "未命名.xlsx", {"乙": strangers, "说明": [["请报送"]]})
    desk = begun(home)
    state, key = desk.state, ("未命名.xlsx", "乙")
    assert state.undecided == [key] and "未命名.xlsx › 乙" in everything(desk.blocks())
    desk.hear(["next"])
    assert "乙" not in str(read_yaml(state.file).get("not_needed"))
    state.job, state.page, state.check = None, "check", IngestCheck({"problems": [], "sheets": []})
    state.checked = state.fingerprint()
    assert '["run"]' not in everything(desk.blocks()) and '["go", "files"]' in everything(desk.blocks())
    desk.hear(["go", "files"])
    desk.hear(["table", *key], "?")
    assert state.undecided == [key]
    desk.hear(["table", *key], choice)
    assert state.undecided == [] and state.term.sheets[key] == choice


def test_a_file_that_cannot_be_opened_is_asked_about_before_a_run(home: Path) -> None:
    (home / "files" / "低保(有密码).xlsx").write_bytes(b"%PDF-1.4")
    (home / "files" / "扫描件.pdf").write_bytes(b"%PDF-1.4")
    desk = begun(home)
    state = desk.state
    text_of_page = everything(desk.blocks())
    assert state.closed_files == ["低保(有密码).xlsx"]
    assert all(words in text_of_page for words in ("有 1 个文件打不开", "这是 PDF 或图片"))
    state.page, state.check = "check", IngestCheck({"problems": [], "sheets": []})
    state.checked = state.fingerprint()
    text_of_page = everything(desk.blocks())
    assert '["run"]' not in text_of_page and "低保(有密码).xlsx" in text_of_page
    desk.hear(["go", "files"])
    desk.hear(["table", "低保(有密码).xlsx", ""], "")
    desk.hear(["next"])
    assert read_yaml(state.file)["not_needed"] == ["低保(有密码).xlsx"] and not state.closed_files
    state.read(state.file)
    state.look()
    assert not state.closed_files  # remembered
    (home / "files" / "低保(有密码).xlsx").write_bytes((home / "files" / "乡村振兴.xlsx").read_bytes())
    state.look()
    assert state.term.sheets["低保(有密码).xlsx", "导出"] == "eligibility"
    assert ("低保(有密码).xlsx", "") not in state.term.sheets  # mended: its sheets are read


def test_a_sheet_that_looks_like_two_tables_is_asked_about_not_guessed(home: Path) -> None:
    rows = [
        ["学生姓名", "身份证号", "学校", "困难类型", "认定日期"],
        ["样某", "990341201501010017", "青溪小学", "低保", "2024-09-06"],
    ]
    exported.book(home / "files" / "汇总.xlsx", {"一": rows})
    desk = begun(home)
    key = ("汇总.xlsx", "一")
    assert desk.state.guesses[key].rivals == ("eligibility", "applications") and desk.state.undecided == [key]
    desk.hear(["sheet", *key])
    page_text = everything(desk.blocks())
    assert "像是“资格名册”，也像是“申请认定公示”" in page_text and "像是两种表，分不清" in page_text
    desk.hear(["table", *key], "applications")
    assert desk.state.undecided == [] and "分不清" not in everything(desk.blocks()).split("依据")[0]


def test_what_is_wrong_with_the_form_is_said_all_at_once(home: Path) -> None:
    desk = Desk()
    desk.hear(["new"])
    desk.hear(["form", "code"], "９９")
    desk.hear(["form", "folder"], str(home / "nowhere"))
    desk.hear(["next"])
    page_text = everything(desk.blocks())
    assert desk.state.page == "county"
    assert all(word in page_text for word in ("县代码", "县名", "没有这个文件夹"))


def test_without_a_folder_one_is_made_and_files_are_dropped_into_it(home: Path) -> None:
    desk = Desk()
    desk.hear(["new"])
    desk.hear(["own folder"])
    assert desk.state.page == "county" and not (home / "data").exists()  # no county, no folder of it
    for key, text in {"code": "990341", "name": "样禾县", "term": "2024-autumn"}.items():
        desk.hear(["form", key], text)
    desk.hear(["own folder"])
    assert desk.state.page == "files" and '"is": "drop"' in everything(desk.blocks())
    content = (home / "files" / "乡村振兴.xlsx").read_bytes()
    desk.take("files", "乡村振兴.xlsx", 0, len(content), content)
    desk.take("files", "通知.docx", 0, 3, b"abc")
    desk.hear(["dropped", "files"])
    page_text = everything(desk.blocks())
    assert all(
        words in page_text for words in ("收下 乡村振兴.xlsx", "没有收下 通知.docx", "不是这里要的文件")
    )
    assert desk.state.term.sheets == {("乡村振兴.xlsx", "导出"): "eligibility"}
    assert (home / "data" / "990341-2024-autumn" / "乡村振兴.xlsx").read_bytes() == content


def test_without_a_file_one_does_not_go_on(home: Path) -> None:
    (home / "nothing").mkdir()
    desk = Desk()
    desk.hear(["new"])
    for key, text in {
        "code": "990341",
        "name": "样禾县",
        "term": "2024-autumn",
        "folder": str(home / "nothing"),
    }.items():
        desk.hear(["form", key], text)
    desk.hear(["next"])
    desk.hear(["next"])
    assert desk.state.page == "files" and "没有文件" in everything(desk.blocks())


def test_nothing_is_dropped_into_the_programs_own_folder(home: Path) -> None:
    desk = begun(home)
    desk.hear(["go", "county"])
    desk.hear(["form", "folder"], str(home))
    desk.hear(["next"])
    desk.take("files", "a.csv", 0, 3, b"a,b")
    desk.hear(["dropped", "files"])
    assert "还没有选定" in everything(desk.blocks()) and not (home / "a.csv").exists()


def test_term_school_and_batch_of_a_whole_sheet_are_said_at_the_desk(home: Path) -> None:
    desk = begun(home)
    desk.hear(["sheet", "银行代发.xlsx", "寄宿生生活补助"])
    page_text = everything(desk.blocks())
    for column in ("term", "school_name", "batch_no"):
        assert f'["constant", "银行代发.xlsx", "寄宿生生活补助", "{column}"]' in page_text
    desk.hear(["constant", "银行代发.xlsx", "寄宿生生活补助", "batch_no"], "第一批")
    desk.state.save()
    payment_sources = read_yaml(home / "params" / "990341-2024-autumn.yaml")["sources"]["payments"]
    assert {"files": "银行代发.xlsx", "sheets": "寄宿生生活补助", "batch_no": "第一批"} in payment_sources


def test_what_holds_for_a_whole_sheet_is_offered_to_its_like_and_a_school_only_where_none_is_named(
    home: Path,
) -> None:
    rows = [["姓名", "身份证", "班"], ["样某", "990341200801010017", "1"]]
    exported.book(home / "files" / "名单.xlsx", {"高一": rows, "高二": rows, "青溪镇初级中学": rows})
    desk = begun(home)
    first, second, other = (("名单.xlsx", sheet) for sheet in ("高一", "高二", "青溪镇初级中学"))
    desk.hear(["table", *other], "enrolment")
    desk.hear(["constant", *other, "stage"], "junior")
    desk.hear(["table", *first], "enrolment")
    page_text = everything(desk.blocks())
    assert "缺少：学校标识码或学校名称" in page_text
    desk.hear(["constant", *first, "stage"], "senior")
    desk.hear(["constant", *first, "school_name"], "样禾县第一中学")
    assert "同样表头的另外 1 张表也这样" in everything(desk.blocks())
    desk.hear(["alike"])
    term = desk.state.term
    assert term.sheets[second] == term.sheets[other] == "enrolment"
    assert term.constants[second] == {"school_name": "样禾县第一中学", "stage": "senior"}
    assert term.constants[other] == {"stage": "junior"}
    assert '["alike"]' not in everything(desk.blocks())


def test_a_column_and_a_spelling_go_into_the_profile_at_once(home: Path) -> None:
    desk = begun(home)
    desk.hear(["column", "payments", "客户证号"], "id_number")
    desk.state.page = "values"
    desk.hear(["value", "scheme", "义教寄宿补"], "boarder_allowance")
    assert read_yaml(home / "params" / "counties" / "990341.yaml") == {
        "columns": {"payments": {"客户证号": "id_number"}},
        "values": {"scheme": {"义教寄宿补": "boarder_allowance"}},
    }


def test_every_spelling_that_is_asked_about_can_be_answered(home: Path) -> None:
    state = begun(home).state
    assert set(CODE_LISTS) == {*CODED_COLUMNS, "scheme"}
    for kind in CODE_LISTS:
        options = value_words.codes(kind, state.words(), state.policy(), "zh")
        words = [word for _code, word in options]
        assert words and not any(word.isascii() for word in words) and len(set(words)) == len(words), kind
        state.keep(state.profile.with_value(kind, "没见过的写法", options[0][0]))
    state.save()
    values_chosen = state.profile.values
    state.read(state.file)  # as every command reads them
    assert state.profile.values == values_chosen


def test_a_check_is_stale_once_something_is_changed_and_a_run_waits_for_it(home: Path) -> None:
    desk = begun(home)
    state = desk.state
    state.page, state.check, state.checked = (
        "check",
        IngestCheck({"problems": [], "sheets": []}),
        state.fingerprint(),
    )
    assert '["run"]' in everything(desk.blocks())
    desk.hear(["go", "files"])
    desk.hear(["table", "系统名单.xlsx", "名单"], "planned")
    desk.hear(["go", "check"])
    page_text = everything(desk.blocks())
    assert '["run"]' not in page_text and "请再检查一次" in page_text
    desk.hear(["run"])
    assert state.job is None


def test_the_values_are_read_when_one_comes_to_them_and_again_only_after_a_change(home: Path) -> None:
    desk = begun(home)
    desk.hear(["next"])
    assert desk.state.job and desk.state.doing == "ingest"
    assert (home / "params" / "990341-2024-autumn.yaml").is_file()
    desk.state.job, desk.state.check = None, IngestCheck({"problems": []})
    desk.state.checked = desk.state.fingerprint()
    desk.hear(["go", "files"])
    desk.hear(["next"])
    assert desk.state.job is None


def test_a_day_outside_the_term_is_refused_on_its_page(home: Path) -> None:
    desk = begun(home)
    desk.state.page = "days"
    desk.hear(["count"], "2023-01-01")
    desk.hear(["next"])
    assert desk.state.page == "days" and "“核定基准日”的值不对" in everything(desk.blocks())
    desk.hear(["count"], "")
    desk.hear(["next"])
    assert desk.state.page == "check"


def test_a_local_standard_by_form_is_a_policy_file_in_force(home: Path) -> None:
    desk = begun(home)
    desk.state.page = "law"
    desk.hear(["add"])
    page_text = everything(desk.blocks())
    assert all(word in page_text for word in ("项目名称", "每学期（元）", "依据的文件", "至少一项"))
    form = {"name": "县级寄宿增补", "yuan": "250", "by": "样禾县教育局通知（2024-09）", "boarding": "true",
            "stage primary": "1", "stage junior": "1", "category registered_poor": "1"}  # fmt: skip
    for key, text in form.items():
        desk.hear(["law", key], text)
    desk.hear(["add"])
    assert "已写入" in everything(desk.blocks())
    assert desk.state.term.values["policy"] == ["national", "990341-local"]
    standards = in_force(read_policy(["national", "990341-local"], home), "2024-autumn").set_index(
        ["scheme", "stage"]
    )
    own = standards.loc[("local_1", "primary")]
    assert (int(own["due"]), own["boarding"], own["category"]) == (250, True, "registered_poor")
    assert "样禾县教育局通知" in own["policy_ref"]


def test_the_amount_that_the_national_standards_leave_to_the_county_is_added_by_form(home: Path) -> None:
    desk = begun(home)
    desk.state.page = "law"
    assert "补上以前不核对金额：普通高中免学杂费" in everything(desk.blocks())
    for key, text in {"name": "普通高中免学费", "yuan": "800", "by": "样禾县物价局批复（2023）"}.items():
        desk.hear(["law", key], text)
    desk.hear(["add"])
    page_text = everything(desk.blocks())
    assert (
        "已写入 990341-local.yaml：普通高中免学杂费" in page_text
        and "核对金额：普通高中免学杂费" not in page_text
    )
    standards = in_force(desk.state.policy(), "2024-autumn").set_index(["scheme", "stage"])
    own = standards.loc[[("senior_fee_waiver", "senior")]]
    assert {int(due) for due in own["due"]} == {800} and "orphan" not in {*own["category"]}
    for key, text in {"name": "普通高中免学杂费", "yuan": "900", "since": "2024-03-01", "by": "更正"}.items():
        desk.hear(["law", key], text)
    desk.hear(["add"])
    amounts = read_yaml(home / "params" / "policy" / "990341-local.yaml")["schemes"]["senior_fee_waiver"]
    assert {str(day): one["yuan"] for day, one in amounts["per_term"]["senior"].items()} == {
        "2024-09-01": "800",
        "2024-03-01": "900",
    }


def test_a_name_that_the_national_standards_have_is_refused_and_nothing_is_written(home: Path) -> None:
    desk = begun(home)
    desk.state.page = "law"
    form = {
        "name": "寄宿生生活补助",
        "yuan": "250",
        "by": "通知",
        "stage primary": "1",
        "category orphan": "1",
    }
    for key, text in form.items():
        desk.hear(["law", key], text)
    desk.hear(["add"])
    assert "已是另一项目的名称或别名" in everything(desk.blocks())
    assert not (home / "params" / "policy" / "990341-local.yaml").exists()


def test_an_account_of_an_earlier_check_is_not_taken_for_this_one(home: Path) -> None:
    desk = begun(home)
    account = home / "runs" / "990341-2024-autumn" / "ingest.json"
    account.parent.mkdir(parents=True)
    account.write_text('{"problems": []}', "utf-8")
    desk.state.page = "check"
    desk.hear(["check"])
    assert desk.state.job
    desk.state.job.status, desk.state.job.spoken = 2, "缺少参数“x”\n  位置：p.yaml\n  处理：补上\n"
    assert desk.tick()
    assert desk.state.check is None
    assert "缺少参数" in everything(desk.blocks())


def test_a_run_that_fails_says_why_and_leads_to_where_it_is_mended(home: Path) -> None:
    desk = begun(home)
    state = desk.state
    state.page, state.check, state.checked = (
        "check",
        IngestCheck({"problems": [], "sheets": []}),
        state.fingerprint(),
    )
    desk.hear(["run"])
    assert state.job and state.doing == "self-check"
    state.job.status = 1
    state.job.spoken = "启动 · Start … 1.0 s\n没有政策文件“x”\n  位置：x.yaml\n  处理：写上\n"
    desk.tick()
    page_text = everything(desk.blocks())
    assert "没有政策文件" in page_text and "处理：写上" in page_text
    desk.hear(["mend failure"])
    assert state.page == "law" and "没有政策文件" in everything(desk.blocks())
