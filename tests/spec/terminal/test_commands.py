"""The commands: what they print, how they end, and that no traceback reaches a user."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path

import pytest

import auditlib
from auditlib.cli import main
from auditlib.law.parameter_readers import columns_by_table
from auditlib.page.papermill_folder import _parameter_file
from auditlib.tables.delivered import TABLES

ROOT = Path(__file__).resolve().parents[3]
AUTUMN = str(ROOT / "params" / "qinghe-2020-autumn.yaml")


def test_the_rules_are_listed_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    printed_list = capsys.readouterr().out
    assert "missed.unpaid\t应助未助" in printed_list and "recheck.false_closure\t虚假销号" in printed_list
    assert main(["rules", "--language", "en"]) == 0
    assert "missed.unpaid\tEntitled and not paid" in capsys.readouterr().out


def test_the_policy_prints_what_holds_in_the_term_with_references(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", AUTUMN]) == 0
    printed_text = capsys.readouterr().out
    assert "义务教育家庭经济困难非寄宿生生活补助\t初中\t低保\t312.50\t2019-09-01" in printed_text
    assert "财科教〔2019〕19号" in printed_text


def test_an_engine_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", AUTUMN, "--engine", "spark"]) == 2
    assert "Spark" in capsys.readouterr().err


def test_a_missing_parameter_file_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "nowhere.yaml", "--language", "en"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


COUNTY = """
county_code: 0990301
county_name: 某县
term: 2020-autumn
count_date: 2020-10-31
data_dir: .
sources: {eligibility: ["名册.csv"], enrolment: ["学籍.csv"], payments: ["发放*.csv"]}
policy: [national]
enrolment_covers: [primary, junior]
thresholds: {link_accept: 0.95, link_review: 0.5, posting_days: 5, pay_by: 2020-12-31, reply_by: 2020-12-15}
output_dir: out
"""


def test_ingest_reports_every_problem_of_every_file_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "county.yaml").write_text(COUNTY, encoding="utf-8")
    (tmp_path / "名册.csv").write_text("姓名,人员类别\n甲一,不太困难家庭\n乙二,低保\n", encoding="utf-8")
    (tmp_path / "学籍.csv").write_text(
        "姓名,学校,学段,学籍状态\n甲一,某校,小学,云游后在读\n", encoding="utf-8"
    )
    (tmp_path / "发放.csv").write_text("姓名,补助项目\n甲一,一补\n", encoding="utf-8")
    assert main(["ingest", str(tmp_path / "county.yaml")]) == 1
    stderr = capsys.readouterr().err
    for part in (
        "不太困难家庭",
        "params/codes/category.csv",
        "云游后在读",
        "params/codes/status.csv",
        "发放.csv",
        "金额",
    ):
        assert part in stderr
    assert "甲一" not in stderr
    assert "Traceback" not in stderr
    report = json.loads((tmp_path / "out" / "ingest.json").read_text(encoding="utf-8"))
    assert len(report["problems"]) == 3


def test_ingest_says_what_it_understood_of_every_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "county.yaml").write_text(COUNTY, encoding="utf-8")
    (tmp_path / "名册.csv").write_text(
        "姓名,身份证号,人员类别\n甲一新,990301201001010011,低保\n乙二旧,,低保\n", "utf-8"
    )
    (tmp_path / "学籍.csv").write_text("姓名,学校,学段,学籍状态,血型\n甲一新,某校,小学,在读,A\n", "utf-8")
    (tmp_path / "发放.csv").write_text("姓名,补助项目,金额\n甲一新,一补,500\n", encoding="utf-8")
    with redirect_stderr(sys.stdout):  # as on a terminal
        assert main(["ingest", str(tmp_path / "county.yaml"), "--rows"]) == 0
    output = capsys.readouterr().out
    assert any(line.startswith("表  ") for line in output.splitlines())  # not behind what was under way
    for part in (
        "资助项目←补助项目",
        "身份证号←身份证号[0/1]",
        "未用：血型",
        "3 个文件、3 张表",
        "没有发现需要处理的问题",
        "读作：姓名 甲**、学校名称 某校、学段 小学、学生状态 在读",
    ):
        assert part in output
    assert "甲一新" not in output
    report = json.loads((tmp_path / "out" / "ingest.json").read_text(encoding="utf-8"))
    assert "990301201001010011" not in json.dumps(report) and "甲一新" not in json.dumps(
        report, ensure_ascii=False
    )
    [enrolment] = [sheet for sheet in report["sheets"] if sheet["table"] == "enrolment"]
    assert enrolment["unused"] == [{"header": "血型", "letter": "E", "cells": 1, "looks_like": None}]
    assert enrolment["first_rows"] == [
        {"name": "甲**", "school_name": "某校", "stage": "小学", "status": "在读"}
    ]
    assert {"column": "stage", "header": "学段", "cells": 1, "unread": 0, "beside": []} in enrolment[
        "columns"
    ]
    main(["ingest", str(tmp_path / "county.yaml"), "--quiet"])
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "out" / "ingest.json")]


def test_a_self_check_without_the_earlier_run_it_names_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "county.yaml").write_text(COUNTY + "previous: [spring]\n", encoding="utf-8")
    assert main(["self-check", str(tmp_path / "county.yaml")]) == 2
    assert "“spring”" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_file_where_the_output_folder_should_be_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = COUNTY.replace("output_dir: out", "output_dir: county.yaml").replace(
        "term: 2020-autumn", "term: 2020-autumn\nlanguage: zh"
    )
    (tmp_path / "county.yaml").write_text(empty, encoding="utf-8")
    assert main(["ingest", str(tmp_path / "county.yaml")]) == 1
    assert "output_dir" in capsys.readouterr().err


def test_wrong_parameters_are_told_in_the_language_they_ask_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "county.yaml").write_text(
        COUNTY.replace("2020-autumn", "2020-winter") + "language: en\n", encoding="utf-8"
    )
    assert main(["ingest", str(tmp_path / "county.yaml")]) == 2
    assert "has a wrong value" in capsys.readouterr().err


def test_the_columns_that_parameters_may_name_are_the_declared_ones() -> None:
    declared_columns = {table.name: {column.name for column in table.columns} for table in TABLES.values()}
    assert {table: set(columns) for table, columns in columns_by_table().items()} == declared_columns


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (["python", "/x/bin/papermill", "in.ipynb", "out.ipynb", "-f", "a/p.yaml"], "a/p.yaml"),
        (["papermill", "in", "out", "--parameters_file", "a.yaml", "-f", "b.yaml"], "b.yaml"),
        (["python", "-m", "papermill", "in", "out", "--parameters_file=c.yaml"], "c.yaml"),
        (["jupyter", "lab", "-f", "x.yaml"], None),
        (["papermill", "in", "out"], None),
    ],
)
def test_the_parameter_file_is_read_from_papermills_own_command_line(
    words: list[str], file: str | None
) -> None:
    assert _parameter_file(words) == file


def test_a_process_with_an_engine_at_work_ends_with_its_answer() -> None:
    """Threads of an engine that meet an interpreter being taken down abort the process, after its answer."""
    program = (
        "from auditlib import cli\n"
        "from auditlib.base.engine import duckdb_engine\n"
        "def busy(words=None):\n"
        "    engine = duckdb_engine()\n"
        "    query = 'SELECT count(*) FROM range(10000000000)'\n"
        "    engine.worker.submit(engine.backend.con.cursor().execute, query)\n"
        "    print('answer')\n"
        "    return 1\n"
        "cli.main = busy\n"
        "cli.run()\n"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=120, check=False)
    assert (process.returncode, process.stdout.split(), process.stderr) == (1, [b"answer"], b"")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["--version"])
    assert exit_info.value.code == 0
    assert capsys.readouterr().out.strip() == f"auditlib {auditlib.__version__}"


@pytest.mark.parametrize(
    ("word", "guess"),
    [("selfcheck", "self-check"), ("self_check", "self-check"), ("verfy", "verify"), ("xyzzy", None)],
)
def test_a_misspelt_command_is_guessed_at(
    word: str, guess: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word, "params.yaml"]) == 2
    stderr = capsys.readouterr().err
    assert f"没有“{word}”这个命令" in stderr
    assert (f"是否指 {guess}？" in stderr) if guess else ("是否指" not in stderr)


def test_the_policy_has_a_heading_and_says_no_nan(capsys: pytest.CaptureFixture[str]) -> None:
    for language, heading in (
        ("zh", "青禾县 2020 年秋季学期 有效的资助标准"),
        ("en", "the standards in force"),
    ):
        assert main(["policy", AUTUMN, "--language", language]) == 0
        printed_text = capsys.readouterr().out
        assert heading in printed_text.splitlines()[0]
        assert "nan" not in printed_text.lower()
        assert "⌀" not in printed_text


def test_answers_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", AUTUMN, "--json"]) == 0
    standards = json.loads(capsys.readouterr().out)
    assert {"scheme", "stage", "category", "minimum", "since", "policy_ref"} <= set(standards[0])
    assert any(row["category"] is None for row in standards)
    assert main(["rules", "--json"]) == 0
    rules = {rule["rule"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert rules["missed.unpaid"]["severity"] == "high"


def test_ingest_answers_in_json_and_shows_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "county.yaml").write_text(COUNTY, encoding="utf-8")
    (tmp_path / "名册.csv").write_text("姓名,人员类别\n甲一,不太困难家庭\n", encoding="utf-8")
    (tmp_path / "学籍.csv").write_text("姓名,学校,学段\n甲一,某校,小学\n", encoding="utf-8")
    (tmp_path / "发放.csv").write_text("姓名,补助项目,金额\n甲一,一补,500\n", encoding="utf-8")
    assert main(["ingest", str(tmp_path / "county.yaml"), "--json"]) == 1
    output = capsys.readouterr()
    assert "不太困难家庭" in json.loads(output.out)["problems"][0]
    assert all(f"{table} …" in output.err for table in ("资格名册", "学籍", "发放明细"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["ingest.json"]
