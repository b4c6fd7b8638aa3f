"""The notebooks on the sample county: the answer key, all of it and nothing else; what is published is masked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import yaml
from leaks import derived, within
from tiny_county import deliver, tables

from auditlib.ingest import deliver as read_files
from auditlib.law.parameters import read_self_check
from auditlib.runs.pair_review import pairs_to_judge
from auditlib.runs.run_tables import open_run
from auditlib.workbench.session import Session
from auditlib.workbench.workbench import TABS

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data_samples" / "qinghe"
TERMS = ("2020-spring", "2020-autumn")
OUTPUTS = {
    "report.html", "self_check.ipynb", "findings.parquet", "findings.xlsx", "manifest.json", "review.xlsx",
    "dispositions.csv", "ingest.json", "package.zip", "public-key-990122.pem", "tables",
    "report.docx", "summary.html", "summary.docx", "ledgers",
}  # fmt: skip
# The published table of the county whose figures the sample ties out (persons, yuan).
PUBLISHED_FIGURES = {
    ("2020-spring", "registered_poor"): (7106, "3584400.00"),
    ("2020-spring", "urban_hardship"): (924, "486725.00"),
    ("2020-spring", "other_hardship"): (5949, "3506277.50"),
    ("2020-spring", None): (13979, "7577402.50"),
    ("2020-autumn", "registered_poor"): (7131, "4451387.50"),
    ("2020-autumn", "urban_hardship"): (898, "711325.00"),
    ("2020-autumn", "other_hardship"): (7286, "4878790.00"),
    ("2020-autumn", None): (15315, "10041502.50"),
}


def command(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def self_check(term: str, folder: Path, *words: str) -> Path:
    process = command("auditlib.cli", "self-check", f"params/qinghe-{term}.yaml", "--output", folder, *words)
    assert process.returncode == 0, process.stderr
    return folder


def after_spring(spring: Path, folder: Path, *words: str) -> Path:
    """The autumn's run that names the spring's, as `auditlib demo` runs it."""
    yaml_text = (ROOT / "params" / "qinghe-2020-autumn.yaml").read_text(encoding="utf-8")
    yaml_text = yaml_text.replace("previous: []", f"previous: [{json.dumps(str(spring))}]")
    file = folder.with_suffix(".yaml")
    file.write_text(yaml_text.replace("../data_samples", str(ROOT / "data_samples")), encoding="utf-8")
    process = command("auditlib.cli", "self-check", file, "--output", folder, *words)
    assert process.returncode == 0, process.stderr
    return folder


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_check("2020-spring", tmp_path_factory.mktemp("spring"))


@pytest.fixture(scope="session")
def autumn(spring: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return after_spring(spring, tmp_path_factory.mktemp("autumn"))


@pytest.fixture(params=TERMS)
def run(request: pytest.FixtureRequest) -> tuple[str, Path]:
    return request.param, request.getfixturevalue(request.param.split("-")[1])


@pytest.fixture(scope="session")
def english(spring: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return after_spring(spring, tmp_path_factory.mktemp("english"), "--language", "en")


def answers(term: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLES / "answers" / f"{term}.csv", dtype=str).fillna("")


def findings(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "findings.parquet")


def test_every_planted_case_is_found_and_nothing_else(run: tuple[str, Path]) -> None:
    term, folder = run
    expected, remainder = findings(folder), []
    by_record: dict[tuple[str, str], set[int]] = {}
    for row, rule, records in zip(expected.index, expected["rule"], expected["records"], strict=True):
        for record in records:
            by_record.setdefault((rule, record), set()).add(row)
    matched_rows: set[int] = set()
    for planted_row in answers(term).to_dict("records"):
        records = planted_row["records"].split(";") if planted_row["records"] else []
        of_rule = set(expected.index[expected["rule"] == planted_row["rule"]])
        rows = set.intersection(
            of_rule, *(by_record.get((planted_row["rule"], record), set()) for record in records)
        )
        if not records:  # of last term's pupils no row of this term tells
            rows = {row for row in rows if expected["id_number"][row] == planted_row["id_number"]}
        assert len(rows) == 1, (planted_row["rule"], planted_row["note"], len(rows))
        (row,) = rows
        if planted_row["reason"]:
            assert expected["reason"][row] == planted_row["reason"], planted_row
        if planted_row["at_stake"]:
            assert expected["at_stake"][row] == Decimal(planted_row["at_stake"]), planted_row
        matched_rows |= rows
        remainder.append(row)
    assert len(remainder) == len(matched_rows)
    extra = expected.drop(index=list(matched_rows))
    assert extra.empty, extra[["rule", "reason", "message"]].to_string()


def test_the_totals_tie_out_to_the_published_table(run: tuple[str, Path]) -> None:
    term, folder = run
    paid = pd.read_csv(SAMPLES / "answers" / f"rates-{term}.csv", dtype=str)
    assert not paid.empty
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    wrong = (
        manifest["rules"]["totals.persons"]["exceptions"] + manifest["rules"]["totals.amount"]["exceptions"]
    )
    assert wrong == len(answers(term).query("rule in ('totals.persons', 'totals.amount')"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    for (of_term, _category), (persons, yuan) in PUBLISHED_FIGURES.items():
        if of_term == term:
            assert f"{persons:,}" in page
            assert f"{Decimal(yuan):,}" in page


def test_all_files_are_written_and_none_is_left_half_written(run: tuple[str, Path]) -> None:
    _, folder = run
    assert {path.name for path in folder.iterdir()} == OUTPUTS


def test_rows_read_are_rows_used_left_out_or_rejected(run: tuple[str, Path]) -> None:
    _, folder = run
    for file in json.loads((folder / "ingest.json").read_text(encoding="utf-8"))["files"]:
        assert file["rows_read"] == file["rows_used"] + file["rows_left_out"] + file["rows_rejected"], file[
            "file"
        ]
        assert file["rows_rejected"] == len(file["rejected"])


def raw_persons(term: str) -> tuple[set[str], set[str]]:
    """Every name and every long number that stands in the delivered files."""
    parameters = read_self_check(ROOT / "params" / f"qinghe-{term}.yaml")
    raw = read_files(parameters.data_dir, parameters.sources).raw
    names = {name for table in raw.values() for column in ("name", "guardian_name", "account_holder") if column in table for name in table[column].dropna()}  # fmt: skip
    numbers = {
        number
        for table in raw.values()
        for column in ("id_number", "guardian_id", "student_no", "account_no")
        if column in table
        for number in table[column].dropna()
    }
    return {name.strip() for name in names if len(name.strip()) > 1}, {n for n in numbers if len(n) >= 12}


def windows(text: str, length: int) -> set[str]:
    """Every piece of ``text`` of this length."""
    return {text[i : i + length] for i in range(len(text) - length + 1)}


def test_nothing_published_holds_a_name_or_a_number(run: tuple[str, Path]) -> None:
    term, folder = run
    names, numbers = raw_persons(term)
    assert len(names) > 10_000
    personal_words = names | numbers
    lengths = {len(word) for word in personal_words}
    for file in ("report.html", "self_check.ipynb"):
        text = (folder / file).read_text(encoding="utf-8")
        assert not re.findall(r"(?<![0-9a-fA-F])[0-9]{14,}[0-9Xx]?(?![0-9a-fA-F])", text), file
        text = text.replace("任何文件", "")  # holds a made-up name of the sample by chance
        tabs_shown = [word for length in lengths for word in personal_words & windows(text, length)]
        assert not tabs_shown, (file, tabs_shown[:5])


def test_from_nothing_published_a_number_can_be_worked_out(run: tuple[str, Path]) -> None:
    _, folder = run
    signs = derived(folder)
    for file in ("report.html", "self_check.ipynb"):
        assert not within((folder / file).read_text(encoding="utf-8"), signs), file


def test_every_tab_of_the_workbench_opens_on_the_run(run: tuple[str, Path]) -> None:
    _, folder = run
    session = Session()
    session.open(folder)
    session.panels = tuple(tab.key for tab in TABS)
    tabs_shown = {tab.key: tab.build(session) for tab in TABS}
    for key in tabs_shown:
        session.panel = key
    assert "wb-alert" not in tabs_shown["judge"].trouble
    assert "wb-pair" in tabs_shown["judge"].card
    assert {pair.table for pair in pairs_to_judge(open_run(folder))} >= {"enrolment", "payments"}


def test_what_is_for_the_authorised_is_not_masked(run: tuple[str, Path]) -> None:
    _, folder = run
    assert findings(folder)["id_number"].dropna().str.fullmatch(r"[0-9]{17}[0-9X]|[0-9X]+").all()


@pytest.mark.parametrize("name", ["autumn", "english"])
def test_what_the_reader_reads_of_a_county_with_all_ledgers_prints_on_eight_pages(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    page = (request.getfixturevalue(name) / "report.html").read_text(encoding="utf-8")
    assert pages_before_annexes(page, tmp_path) <= 8


def pages_before_annexes(page: str, folder: Path) -> int:
    """Counted on paper by Chromium."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium to print with")
    file, paper = folder / "reader.html", folder / "reader.pdf"
    reader_part = page.replace(
        "</head>", "<style>section[data-annex], .colophon { display: none }</style></head>", 1
    )
    file.write_text(reader_part, encoding="utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    own = (f"--user-data-dir={folder / 'own'}", f"--print-to-pdf={paper}")
    subprocess.run([chromium, *flags, *own, str(file)], check=True, capture_output=True)
    return len(re.findall(rb"/Type /Page\b", paper.read_bytes()))


def test_the_report_speaks_english_when_asked(english: Path) -> None:
    page = (english / "report.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in page
    assert "county self-check of student aid" in page
    assert "internal, not to be handed out" in page
    findings_rows = findings(english)
    of_measures = (
        findings_rows["family"] == "issues"
    )  # these quote the measure as the other inspection wrote it
    own_words = findings_rows["message"].where(~of_measures, findings_rows["message"].str.partition(": ")[0])
    assert of_measures.sum() == 6
    # Of who vanished the school is named as last term's register wrote it.
    own_words = own_words.where(
        findings_rows["rule"] != "enrolment.vanished", own_words.str.partition("; ")[2]
    )
    # Of a pupil at another school both are named as the registers write them.
    own_words = own_words.where(
        findings_rows["reason"] != "listed_other_school",
        own_words.str.replace(r" \(eligibility: .+; enrolment: .+\)", "", regex=True),
    )
    assert not own_words.str.contains("[\u4e00-\u9fff]").any()


def test_the_language_changes_no_finding(english: Path, autumn: Path) -> None:
    same = ["finding_id", "rule", "at_stake", "reason", "records"]
    for column in same:
        remainder, right = findings(english)[column], findings(autumn)[column]
        assert [str(cell) for cell in remainder] == [str(cell) for cell in right]


def test_bare_papermill_runs_the_same_notebook(tmp_path: Path) -> None:
    """Relative paths count from the parameter file's folder, wherever Papermill is started."""
    parameters = deliver(tmp_path / "data", tables())
    values = {**parameters.as_json(), "data_dir": "data", "output_dir": "bare"}
    file = tmp_path / "county.yaml"
    file.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    process = command("auditlib.cli", "self-check", file, "--output", tmp_path / "own")
    assert process.returncode == 0, process.stderr
    notebook = ROOT / "notebooks" / "county_self_check.ipynb"
    words = ("papermill", notebook, "executed.ipynb", "-f", "county.yaml", "-k", "python3")
    process = command(*words, cwd=tmp_path)
    assert process.returncode == 0, process.stderr[-2000:]
    for name in ("findings.parquet", "findings.xlsx", "manifest.json"):
        assert (tmp_path / "bare" / name).read_bytes() == (tmp_path / "own" / name).read_bytes(), name


def test_a_run_of_the_very_same_says_that_its_check_stands_and_leaves_the_same_files(spring: Path) -> None:
    def contents() -> dict[Path, bytes]:  # the notebook of a first run tells of the keys that it made
        return {path: path.read_bytes() for path in spring.rglob("*.*") if path.suffix != ".ipynb"}

    before = contents()
    process = command("auditlib.cli", "self-check", "params/qinghe-2020-spring.yaml", "--output", spring)
    assert "核对沿用上次的结果" in process.stdout, process.stderr
    assert contents() == before


def test_a_wrong_parameter_stops_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text((ROOT / "params" / "qinghe-2020-autumn.yaml").read_text(encoding="utf-8").replace("term:", "trem:"), encoding="utf-8")  # fmt: skip
    process = command("auditlib.cli", "self-check", file, "--output", tmp_path / "out")
    assert process.returncode == 2
    assert "trem" in process.stderr
    assert "Traceback" not in process.stderr
    assert not (tmp_path / "out").exists()


def test_files_that_cannot_be_audited_stop_the_run_with_a_word_and_leave_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "学籍.csv").write_text("姓名,学校名称,年级\n甲乙,某校,三年级\n", encoding="utf-8")
    (data / "发放.csv").write_text("学生名,证件号,金额\n甲乙,1,500\n", encoding="utf-8")
    content = (ROOT / "params" / "qinghe-2020-autumn.yaml").read_text(encoding="utf-8")
    head, tail = content.split("sources:")[0], content.split("columns: {}")[1]
    sources = 'sources: {enrolment: ["学籍.csv"], payments: ["发放.csv"]}\ncolumns: {}'
    body = (
        re.sub(r"data_dir:.*", "data_dir: data", head)
        + sources
        + re.sub(r"output_dir:.*", "output_dir: out", tail)
    )
    (tmp_path / "county.yaml").write_text(body, encoding="utf-8")
    process = command("auditlib.cli", "self-check", tmp_path / "county.yaml")
    assert process.returncode == 1
    assert "发放.csv" in process.stderr
    assert "姓名" in process.stderr
    assert "Traceback" not in process.stderr
    assert [path.name for path in (tmp_path / "out").rglob("*")] == []
