"""What is written over the terms: masked and small groups hidden where it leaves the office, whole in the ledger."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import openpyxl
import pytest
from results_fixture import shown
from trend_fixture import NAME, NUMBER, decision, finding, looked, term_run

from auditlib.base.places import PARAMS, ROOT, SAMPLES
from auditlib.page import render
from auditlib.page.papermill_folder import NOTEBOOKS
from auditlib.rules import RULES
from auditlib.trend import report
from auditlib.trend.outputs import write_outputs
from auditlib.trend.parameters import read_trend
from auditlib.trend.programme import look, open_terms
from auditlib.trend.results import TrendResults
from samples.terms import RULES as PLANNED
from samples.terms import TERMS, write_terms

SECTIONS = [getattr(report, name) for name in report.__all__]
TAG = re.compile(r"<[^>]+>")


@cache
def sample(language: str = "zh", **overrides: Path) -> TrendResults:
    trend = read_trend(PARAMS / "trend-sample.yaml", language=language, **overrides)
    return look(trend, open_terms(trend))


def text(results: TrendResults) -> str:
    return "\n".join(TAG.sub(" ", str(section(results).html)) for section in SECTIONS)


def two_terms(tmp_path: Path, *decisions: dict[str, str]) -> tuple[Path, Path]:
    spring = term_run(tmp_path / "s", "2020-spring", [finding(f"s{at}", person=at) for at in range(7)])
    autumn = term_run(
        tmp_path / "a", "2020-autumn", [finding(f"a{at}", person=at) for at in range(9)], decisions
    )
    return spring, autumn


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_name_and_no_number_stands_in_the_report(language: str) -> None:
    results = sample(language)
    page_text = text(results)
    people = results.ledger
    assert len(people) > 50
    for column in ("name", "id_number", "student_no", "finding_id"):
        assert [value for value in set(people[column]) if value in page_text] == []


def test_the_english_report_has_chinese_in_names_alone() -> None:
    chinese = set(re.findall(r"[一-鿿]+", text(sample("en"))))
    assert {word for word in chinese if not word.startswith("松坪县")} == set()


def test_each_rate_stands_over_what_was_tested(tmp_path: Path) -> None:
    section_text = TAG.sub(" ", str(report.rates(looked(tmp_path, *two_terms(tmp_path))).html))
    assert re.search(r"应助未助\s+0\.70%\s+7 / 1,000\s+0\.90%\s+9 / 1,000\s+\+0\.20", section_text)


def test_a_rule_that_did_not_run_has_no_rate(tmp_path: Path) -> None:
    spring, autumn = two_terms(tmp_path)
    manifest = json.loads((spring / "manifest.json").read_text("utf-8"))
    manifest["rules"]["amount.overpaid"]["status"] = "not_run"
    del manifest["rules"]["duplicate.enrolment"]
    (spring / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    more = [
        finding(f"{rule}{at}", rule) for rule in ("amount.overpaid", "duplicate.enrolment") for at in range(6)
    ]
    last = term_run(tmp_path / "n", "2021-spring", more)
    section_text = TAG.sub(
        " ", str(report.rates(looked(tmp_path, spring, autumn, last, as_of="2021-05-01")).html)
    )
    assert re.search(r"超标准\s+—\s+未执行\s+0\.00%", section_text)
    assert re.search(r"双重学籍\s+—\s+当时没有此规则\s+0\.00%", section_text)


def test_small_groups_are_in_no_table_by_rule_or_school(tmp_path: Path) -> None:
    few = [finding(f"x{at}", "amount.overpaid", school_name="松坪县云顶小学") for at in range(3)]
    many = [finding(f"m{at}") for at in range(40)]
    spring = term_run(tmp_path / "s", "2020-spring", [*few, *many])
    again = [{**row, "finding_id": row["finding_id"] + "'"} for row in (*few, *many)]
    results = looked(tmp_path, spring, term_run(tmp_path / "a", "2020-autumn", again))
    public_results = replace(results, public=True)
    page_text = text(public_results)
    assert "1–4 / 1,000" in page_text
    assert "3 / 1,000" not in page_text
    schools = TAG.sub(" ", str(report.schools(public_results).html))
    assert "松坪县云顶小学" in schools
    assert not re.search(r"\b3\b", schools)
    own_text, own_schools = text(results), TAG.sub(" ", str(report.schools(results).html))
    assert "3 / 1,000" in own_text and "1–4" not in own_text and "…" not in own_text
    assert re.search(r"松坪县云顶小学.*\b3\b", own_schools, re.DOTALL)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("可对外提供", "1 至 4 不列", "照实列出")), ("en", ("may be handed out", "1 to 4 is not given", "as it is here"))],
)  # fmt: skip
def test_beside_the_county_s_own_lies_a_page_that_may_be_handed_out(
    language: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    results = sample(language, output_dir=tmp_path)
    assert "trend-public.html" in write_outputs(results).files
    page = (tmp_path / "trend-public.html").read_text("utf-8")
    label, of_public, of_internal = words
    assert label in page and of_public in page and of_internal not in page and "内部使用" not in page
    assert "1–4" in page and "1–4" not in text(results)
    assert of_internal in text(results) and of_public not in text(results)
    people = results.ledger
    assert not [value for name in ("name", "id_number") for value in set(people[name]) if value in page]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "还没有任何疑点有人写下结论"), ("en", "Nobody had given a verdict")]
)
def test_without_decisions_the_report_says_so(language: str, words: str, tmp_path: Path) -> None:
    results = looked(tmp_path, *two_terms(tmp_path), language=language)
    assert words in TAG.sub(" ", str(report.precision(results).html))
    assert words in TAG.sub(" ", str(report.overview(results).html))


def test_too_few_verdicts_give_no_precision(tmp_path: Path) -> None:
    decisions_made = [decision(f"a{at}", "confirmed", "2020-11-10") for at in range(4)]
    results = replace(looked(tmp_path, *two_terms(tmp_path, *decisions_made)), public=True)
    section_text = TAG.sub(" ", str(report.precision(results).html))
    assert re.search(r"应助未助\s+1–4\s+—\s+不足 5 条", section_text)


def test_a_term_without_findings_is_shown_too(tmp_path: Path) -> None:
    results = looked(tmp_path, term_run(tmp_path / "a", "2020-autumn"), as_of="2020-11-01")
    page_text = text(results)
    for words in ("各学期都没有疑点", "没有未了结的疑点", "只有一个学期", "还没有一期完整结束"):
        assert words in page_text


def test_the_report_says_what_must_be_known_before_comparing(tmp_path: Path) -> None:
    early = term_run(tmp_path / "e", "2019-autumn", auditlib="0.0.9")
    late = term_run(tmp_path / "l", "2020-autumn")
    section_text = TAG.sub(" ", str(report.overview(looked(tmp_path, late, early)).html))
    assert all(words in section_text for words in ("按学期重排", "缺 2020 年春季学期", "旧版程序（0.0.9）"))


def test_the_roll_ups_workbook_adds_up_and_holds_nobody(tmp_path: Path) -> None:
    results = sample(output_dir=tmp_path)
    write_outputs(results)
    book = openpyxl.load_workbook(tmp_path / "rollups.xlsx")
    assert book.sheetnames == ["月台账", "季度汇总", "半年通报", "反复出现的学校"]
    rows = list(book["半年通报"].iter_rows(min_row=3, max_row=4, max_col=7, values_only=True))
    assert [row[0] for row in rows] == ["2019 年秋季学期", "2020 年春季学期"]
    for _, _, before, came_in, cleared, closed, pending in rows:
        assert before + came_in - cleared - closed == pending
    cells = {
        str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None
    }
    assert not any(
        value in cell for cell in cells for value in {*results.ledger["name"], *results.ledger["id_number"]}
    )


def test_the_rectification_ledger_is_whole_and_says_for_whom_it_is(tmp_path: Path) -> None:
    decisions_made = [
        decision("a1", "confirmed", "2020-11-01"),
        decision("a1", "rectified", "2020-11-06", "500.00", evidence="2020-11-05 凭证 7"),
        decision("a1", "closed", "2020-11-06", decided_by="王某"),
        decision("a2", "cleared", "2020-11-06", cause="=1+1"),
    ]
    spring = term_run(tmp_path / "s", "2020-spring")
    findings = [finding(f"a{at}", person=at, name="=HYPERLINK(1)" if at == 3 else NAME) for at in range(4)]
    autumn = term_run(tmp_path / "a", "2020-autumn", findings, decisions_made)
    results = looked(tmp_path, spring, autumn, as_of="2020-11-30")
    outputs = write_outputs(results)
    assert "rectification-2020-11-30.xlsx" in outputs.files
    sheet = openpyxl.load_workbook(results.trend.output_dir / "rectification-2020-11-30.xlsx").active
    assert "未遮盖" in sheet["A2"].value
    head, *lines = list(sheet.iter_rows(min_row=3, values_only=True))
    rows = {line[head.index("finding_id")]: dict(zip(head, line, strict=True)) for line in lines}
    assert set(rows) == {"a0", "a1", "a3"}
    closed = rows["a1"]
    assert (closed["身份证号"], closed["姓名"]) == (NUMBER.format(1), NAME)
    assert (closed["状态"], closed["销号日期"], closed["完成期限"]) == ("销号", "2020-11-06", "2020-12-01")
    assert closed["整改日期"] == "2020-11-05"
    assert (closed["补发／追回（元）"], closed["凭据"], closed["完成情况"]) == (
        500,
        "2020-11-05 凭证 7",
        "按期完成",
    )
    assert rows["a3"]["姓名"] == "=HYPERLINK(1)"
    assert sheet.cell(6, head.index("姓名") + 1).data_type == "s"


def test_the_same_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_outputs(sample(output_dir=tmp_path / name / "trend"))
    first, second = (
        {p.name: p.read_bytes() for p in (tmp_path / n / "trend").iterdir()} for n in ("one", "two")
    )
    assert first == second


def test_a_report_needs_words_for_its_pictures_and_has_them(tmp_path: Path) -> None:
    cells = [shown(section(sample())) for section in SECTIONS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "trend.ipynb")
    render(tmp_path / "trend.ipynb", tmp_path / "trend.html", language="zh", title="松坪县")
    page = (tmp_path / "trend.html").read_text("utf-8")
    assert page.count("<figure>") >= 6
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_sample_terms_are_as_they_are_written(tmp_path: Path) -> None:
    write_terms(tmp_path)
    for plan in TERMS:
        for name in ("findings.parquet", "manifest.json", "dispositions.csv"):
            place = Path("terms") / plan.term / name
            assert (tmp_path / place).read_bytes() == (SAMPLES / place).read_bytes(), "python -m samples"


def test_the_sample_terms_use_rules_of_the_catalogue() -> None:
    assert {(plan.rule, plan.severity) for plan in PLANNED} <= {(r.id, r.severity) for r in RULES.values()}


@pytest.mark.parametrize("how", ["auditlib", "papermill"])
def test_the_notebook_runs_from_the_command_line_and_is_masked(how: str, tmp_path: Path) -> None:
    file = tmp_path / "trend.yaml"
    spring, autumn = two_terms(tmp_path, decision("a1", "confirmed", "2020-11-01"))
    file.write_text(
        f"runs: [{spring.name}, {autumn.name}]\nas_of: 2021-03-05\nlanguage: zh\noutput_dir: out\n", "utf-8"
    )
    words = {
        "auditlib": ["auditlib.cli", "trend", file, "--quiet"],
        "papermill": ["papermill", NOTEBOOKS / "term_trend.ipynb", tmp_path / "out.ipynb", "-f", file, "--no-progress-bar"],
    }[how]  # fmt: skip
    process = subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    files = {path.name for path in (tmp_path / "out").iterdir()}
    ours = {"trend-public.html", "rollups.xlsx", "rectification-2021-03-05.xlsx", "trend.json"}
    assert files == (ours | {"trend.html", "trend.ipynb"} if how == "auditlib" else ours)
    if how == "auditlib":
        published_text = (tmp_path / "out" / "trend.html").read_text("utf-8") + (
            tmp_path / "out" / "trend.ipynb"
        ).read_text("utf-8")
        assert NAME not in published_text
        assert "内部使用，不对外提供" in published_text
        assert NUMBER.format(1) not in published_text
        assert str(tmp_path) not in published_text
