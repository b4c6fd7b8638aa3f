"""Which files a run means: patterns, constants, order, copies; and never a file outside the data folder."""

from __future__ import annotations

import unicodedata

import pytest

from auditlib.base import places
from auditlib.ingest import deliver
from auditlib.ingest.files.find import list_folder, unnamed_files
from auditlib.law.policy import read_policy
from auditlib.tables.vocabulary import vocabulary


@pytest.fixture
def three(county):
    for number, file in enumerate(["丙.csv", "乡镇/甲.csv", "乙.CSV"]):
        county.csv(file, [county.header, county.person(number)])
    return county


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("*.csv", {"丙.csv", "乙.CSV"}),
        ("**/*.csv", {"丙.csv", "乙.CSV", "乡镇/甲.csv"}),
        ("乡镇/*.csv", {"乡镇/甲.csv"}),
        ("乡镇\\甲.csv", {"乡镇/甲.csv"}),
        ("./丙.*", {"丙.csv"}),
        ("?.csv", {"丙.csv", "乙.CSV"}),
        ("[甲乙].csv", {"乙.CSV"}),
        ("[!乙].csv", {"丙.csv"}),
    ],
)
def test_patterns(three, pattern, files):
    delivery = three.read(payments=[pattern])
    assert not delivery.problems
    assert {file.file for file in delivery.files} == files


def test_files_come_in_the_order_of_their_names(three, cells):
    delivery = three.read(payments=["丙.csv", "**/*.csv"])
    files = [file.file for file in delivery.files]
    assert files == sorted(files)
    assert cells(delivery, "payments", "file") == files


def test_a_file_of_two_patterns_is_read_once(three, cells):
    assert len(cells(three.read(payments=["丙.csv", "*.csv"]), "payments", "file")) == 2


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_file_names_composed_or_decomposed(county, cells, form):
    county.csv(unicodedata.normalize(form, "Écoleが.csv"), [county.header, county.person()])
    for pattern in ("NFC", "NFD"):
        assert cells(county.read(payments=[unicodedata.normalize(pattern, "École*.csv")]), "payments", "name")


def test_lock_files_and_hidden_files_are_no_files(county, problem_texts):
    for file in ("~$发放.xlsx", ".发放.xlsx", ".~lock.发放.xlsx#", "__MACOSX/发放.xlsx", ".git/发放.xlsx"):
        county.bytes(file, b"junk")
    county.sheet("发放.xlsx", [county.header, county.person()])
    delivery = county.read(payments=["**/*"])
    assert [file.file for file in delivery.files] == ["发放.xlsx"]
    assert problem_texts(delivery) == []


def test_a_pattern_that_matches_nothing_names_what_is_there(three):
    [problem] = three.read(payments=["低保*.csv"]).problems
    assert problem.into("zh") == (
        "没有文件符合“低保*.csv”（发放明细）\n"
        "  位置：参数文件 sources.payments（数据文件夹中有：丙.csv、乙.CSV、乡镇/甲.csv）\n"
        "  处理：工作台：把文件放进数据文件夹，在“文件”一步按“重新读文件夹”。"
        "手写：改正文件名模式，或放入文件；确实没有这类数据时写 payments: []"
    )


def test_an_empty_list_or_no_entry_is_a_table_that_is_not_there(three):
    delivery = three.read(payments=["丙.csv"], letters=[])
    assert not delivery.problems
    assert set(delivery.raw) == set(delivery.columns_found) == {"payments"}


def test_constants_for_the_rows_of_a_file(county, cells):
    county.csv("低保.csv", [["姓名", "身份证号", "类别"], ["测试一", "x", "A类"]])
    county.csv("孤儿.csv", [["姓名", "身份证号"], ["测试二", "y"]])
    patterns = [{"files": "低保*", "category": "low_income"}, {"files": "孤儿*", "category": "orphan"}]
    delivery = county.read(eligibility=patterns)
    assert not delivery.problems
    assert cells(delivery, "eligibility", "name", "category") == [
        ("测试一", "low_income"),
        ("测试二", "orphan"),
    ]
    assert "category" in delivery.columns_found["eligibility"]
    sheet = delivery.files[0].sheets[0]
    assert (sheet.constants, sheet.unused) == ({"category": "low_income"}, ("类别",))


def test_a_constant_need_not_be_text(county, cells):
    county.csv("a.csv", [county.header, county.person()])
    delivery = county.read(payments=[{"files": "a.csv", "batch_no": 3, "term": None}])
    assert cells(delivery, "payments", "batch_no", "term") == [("3", None)]


@pytest.mark.parametrize(
    ("table", "constants", "key", "allowed_ids"),
    [
        ("eligibility", {"category": "某种困难"}, "sources.eligibility › category", "low_income"),
        ("payments", {"scheme": "某补助", "amount": "1"}, "sources.payments › scheme", "boarder_allowance"),
    ],
)
def test_a_constant_that_no_list_knows_is_refused_where_it_was_written(
    county, table, constants, key, allowed_ids
):
    county.csv("低保.csv", [["姓名", "身份证号"], ["测试一", "x"], ["测试二", "y"]])
    words = vocabulary(read_policy(["national"], places.ROOT))
    delivery = deliver(county.root, {table: [{"files": "低保.csv", **constants}]}, words=words)
    (problem,) = delivery.problems
    assert key in problem.where.zh and allowed_ids in problem.remedy.zh
    known_pattern = {"files": "低保.csv", "category": "低保 "}
    assert not deliver(county.root, {"eligibility": [known_pattern]}, words=words).problems


def test_a_category_must_come_from_somewhere(county, problem_texts):
    county.csv("低保.csv", [["姓名", "身份证号"], ["测试一", "x"]])
    delivery = county.read(eligibility=["低保.csv"])
    assert problem_texts(delivery) == ["缺少必需列“困难类型”"]
    assert "category: low_income" in delivery.problems[0].remedy.zh


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"files": "a.csv", "kategorie": "x"}, "表 payments（发放明细）没有列“kategorie”"),
        ({"category": "x"}, "数据来源写法不对"),
        (7, "数据来源写法不对"),
        ("", "数据来源写法不对"),
        ({"files": ["a.csv"]}, "数据来源写法不对"),
    ],
)
def test_sources_written_wrongly(county, problem_texts, entry, what):
    county.csv("a.csv", [county.header, county.person()])
    assert problem_texts(county.read(payments=[entry])) == [what]


def test_an_unknown_table(county, problem_texts):
    assert problem_texts(county.read(payment=["a.csv"])) == ["没有名为“payment”的表"]


def test_a_single_pattern_instead_of_a_list(county, cells):
    county.csv("a.csv", [county.header, county.person()])
    assert cells(county.read(payments="a.csv"), "payments", "name") == ["测试二"]


def test_two_patterns_that_disagree_about_a_file(county, problem_texts):
    county.csv("a.csv", [["姓名"], ["测试一"]])
    patterns = [{"files": "*.csv", "category": "orphan"}, {"files": "a.csv", "category": "low_income"}]
    assert problem_texts(county.read(eligibility=patterns)) == [
        "一个文件符合两个模式，而两处给出的固定值不同"
    ]


def test_a_copy_of_a_file_does_not_double_its_records(county, problem_texts, cells):
    county.csv("a.csv", [county.header, county.person()])
    county.csv("a - 副本.csv", [county.header, county.person()])
    delivery = county.read(payments=["*.csv"])
    assert problem_texts(delivery) == ["两个文件内容完全相同（发放明细），会使每条记录重复"]
    assert len(cells(delivery, "payments", "name")) == 1


def test_one_file_for_two_tables(county, cells):
    header = [*county.header, "困难类型"]
    county.csv("a.csv", [header, [*county.person(), "低保"]])
    delivery = county.read(payments=["a.csv"], eligibility=["a.csv"])
    assert not delivery.problems
    assert cells(delivery, "payments", "name") == cells(delivery, "eligibility", "name") == ["测试二"]
    assert [file.table for file in delivery.files] == ["eligibility", "payments"]


def test_one_workbook_for_the_detail_and_its_totals(county, cells, left_out):
    totals = [["资助项目", "人次", "金额"], ["寄宿生生活补助", 1, 500]]
    county.book("a.xlsx", {"明细": [county.header, county.person()], "合计": totals})
    delivery = county.read(payments=["a.xlsx"], control_totals=["a.xlsx"])
    assert not delivery.problems
    assert cells(delivery, "payments", "source") == ["a.xlsx!明细!2"]
    assert cells(delivery, "control_totals", "source") == ["a.xlsx!合计!2"]


@pytest.mark.parametrize(
    "pattern", ["../x.csv", "a/../../x.csv", "/etc/*", "~/x.csv", "C:/x.csv", "..\\x.csv"]
)
def test_patterns_that_lead_out(county, problem_texts, pattern):
    county.bytes("../x.csv", b"x")
    [what] = problem_texts(county.read(payments=[pattern]))
    assert what.endswith("指向数据文件夹之外")


def test_links_that_lead_out(county, problem_texts):
    county.csv("../outside/x.csv", [county.header, county.person()])
    (county.root / "link.csv").symlink_to(county.root.parent / "outside" / "x.csv")
    (county.root / "folder").symlink_to(county.root.parent / "outside")
    for pattern in ("link.csv", "folder/x.csv", "folder/*.csv"):
        delivery = county.read(payments=[pattern])
        assert problem_texts(delivery) == [f"“{pattern}”指向数据文件夹之外"]
        assert len(delivery.raw["payments"]) == 0


def test_a_folder_that_is_not_there(tmp_path, problem_texts):
    delivery = deliver(tmp_path / "none", {"payments": ["a.csv"]})
    assert problem_texts(delivery) == ["数据文件夹不存在"]
    assert len(delivery.raw["payments"]) == 0


def test_progress_names_every_file_once(three):
    lines_heard: list[str] = []
    deliver(three.root, {"payments": ["*.csv"], "eligibility": ["丙.csv"]}, progress=lines_heard.append)
    assert lines_heard == ["丙.csv", "乙.CSV"]


def test_the_sha_256_of_the_file(county):
    county.bytes("a.csv", b"abc")
    [file] = county.read(payments=["a.csv"]).files
    assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


# --- params/headers.csv ------------------------------------------------------------------------------------


def test_the_list_of_headers_holds_every_title_of_the_schema(county):
    """A file with the titles as the data dictionary prints them is recognised whole."""
    from auditlib.tables.delivered import TABLES

    for table in TABLES.values():
        header = [column.title.zh for column in table.columns]
        county.csv(f"{table.name}.csv", [header, ["x"] * len(header)])
        delivery = county.read(**{table.name: [f"{table.name}.csv"]})
        assert delivery.columns_found[table.name] == set(table.by_name), table.name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_list_of_headers_as_a_spreadsheet_saves_it(county, cells, tmp_path, monkeypatch, encoding):
    own = "table,column,header,coding\r\n"
    own += "payments,name,领取人,\r\npayments,scheme,项目,\r\npayments,amount,数额,\r\n"
    (tmp_path / "headers.csv").write_bytes(own.encode(encoding))
    monkeypatch.setattr(places, "HEADERS", tmp_path / "headers.csv")
    county.csv("a.csv", [["领取人", "项目", "数额"], ["测试一", "补助", "1"]])
    assert cells(county.read(payments=["a.csv"]), "payments", "name", "amount") == [("测试一", "1")]


def test_a_wrong_row_in_the_list_of_headers(county, problem_texts, tmp_path, monkeypatch):
    own = places.HEADERS.read_text() + "payments,nome,名,\n"
    (tmp_path / "headers.csv").write_text(own)
    monkeypatch.setattr(places, "HEADERS", tmp_path / "headers.csv")
    county.csv("a.csv", [county.header, county.person()])
    number = own.count("\n")
    assert problem_texts(county.read(payments=["a.csv"])) == [
        f"表头对照表第 {number} 行无法使用：payments,nome"
    ]


def test_no_list_of_headers(county, problem_texts, tmp_path, monkeypatch):
    monkeypatch.setattr(places, "HEADERS", tmp_path / "none.csv")
    assert problem_texts(county.read()) == ["对照表找不到或读不了"]


def test_sheets_and_files_that_nobody_needs_are_left_out_and_counted(county, cells, left_out):
    """A sheet of the same layout (last year's, a copy) would be read; a list of them keeps it out whatever sources say."""
    county.book(
        "a.xlsx", {"本期": [county.header, county.person(1)], "上期": [county.header, county.person(2)]}
    )
    county.sheet("旧.xlsx", [county.header, county.person(3)])
    delivery = county.read(
        payments=["*.xlsx"], not_needed=["旧*.xlsx", {"files": "a.xlsx", "sheets": "上期"}]
    )
    assert not delivery.problems
    assert cells(delivery, "payments", "source") == ["a.xlsx!本期!2"]
    assert [file.file for file in delivery.files] == ["a.xlsx"]
    assert left_out(delivery)["a.xlsx!上期!2"] == "not_needed"


def test_tables_of_the_folder_that_nobody_named_are_known(three):
    three.text("说明.docx", "x")
    three.csv("旧/甲.csv", [["x"]])
    three.csv("out/findings.csv", [["x"]])  # what a run has left there
    files_delivered, results = (
        {file.file for file in three.read(payments=["丙.csv"]).files},
        three.root / "out",
    )
    folder = list_folder(three.root)
    assert unnamed_files(folder, files_delivered, ["旧/*"], results) == ["乙.CSV", "乡镇/甲.csv"]
    assert unnamed_files(folder, files_delivered, [{"files": "**/*.csv", "sheets": "x"}], results) == []
