"""A county that hands in every ledger of the child half: from its files to the report, the package and the workbench."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import child_county as county
import pandas as pd
import pytest
import yaml
from child_county import LEDGERS, Delivered
from ibis import _

from auditlib import cli, report
from auditlib.county.self_check import run_self_check
from auditlib.findings.results import Results
from auditlib.linkage.ledgers import LEDGERS as NAMING_CHILDREN
from auditlib.package import read_package
from auditlib.report.named_children import everybody
from auditlib.report.verdict import in_trouble
from auditlib.rules import RULES
from auditlib.runs.clearing import what_clears
from auditlib.runs.pupil_file import persons_of_finding, pupil_file
from auditlib.runs.retest import put, scope_of
from auditlib.runs.run_rows import Viewer
from auditlib.runs.run_tables import RunTables, open_run

RULES_HERE = [rule.id for rule in county.child_rules()]
STAFF = ("郭老师", "郭主任")  # whom the ledgers name as teacher, persuader, responsible


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    """All cases and traps as one county, self-checked by the command."""
    folder = tmp_path_factory.mktemp("child")
    delivery = county.deliver(folder / "data", county.child_county())
    file = folder / "county.yaml"
    file.write_text(yaml.safe_dump(delivery.parameters.as_json(), allow_unicode=True), "utf-8")
    command = [sys.executable, "-c", "from auditlib.cli import main; raise SystemExit(main())"]
    subprocess.run([*command, "self-check", str(file), "--quiet"], check=True)
    return delivery


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return _checked(tmp_path_factory.mktemp("results"), county.child_county())


@pytest.fixture(scope="module")
def folder(delivered: Delivered) -> Path:
    return delivered.parameters.output_dir


@pytest.fixture(scope="module")
def run(folder: Path) -> RunTables:
    return open_run(folder)


def test_one_total_counts_every_child_in_trouble_those_known_to_be_away_too(results: Results) -> None:
    people, kinds = everybody(results), results.whereabouts["kinds"]
    away = people["places"].map(lambda places: bool({"out_of_school", "untraced"} & {*places}))
    assert len(people) == in_trouble(results.conclusion)
    assert away.sum() == len(results.out_of_school) == kinds["out_of_school"] + kinds["untraced"]
    alone = results.conclusion["children_out"]
    assert 0 < alone < away.sum() and (people["places"].map(len)[away] == 1).sum() == alone


def test_two_counts_of_one_thing_are_reconciled_where_they_stand(results: Results) -> None:
    """The paid of the account and of the first screen; letters and children elsewhere; dropouts of the rates and of the kinds."""
    paid = results.paid_children
    line = results.children.loc[results.children["state"] == "paid", "pupils"].sum()
    assert paid["pupils"].sum() == line
    in_full = int(paid.loc[paid["figure"] == "aid.paid_in_full", "pupils"].sum())
    elsewhere = results.conclusion["paid_in_full"] - in_full
    account = str(report.children(results).body)
    assert f"的 {line:,} 人，按首屏的数：足额到位 {in_full:,} 人" in account
    assert (f"另有 {elsewhere:,} 人不在这一行" in account) == (elsewhere > 0)
    figures, page = results.whereabouts, str(report.whereabouts(results).body)
    letters, kinds = figures["letters"], figures["kinds"]
    rest = letters["letters"] - letters["of_kind"]
    assert (
        f"其中 {letters['of_kind']} 人次是上表“在外省、外县就读”的 {kinds['elsewhere']} 人；其余 {rest} 人次"
        in page
    )
    lost = sum(rate["part"] for rate in figures["rates"] if rate["measure"].startswith("dropout_"))
    away = kinds["out_of_school"] + kinds["untraced"]
    assert f"辍学率所数的 {lost} 人，与下表“不在校”“下落不明”的 {away} 人不是一个数" in page


def test_every_planted_case_is_found_and_no_trap(delivered: Delivered, folder: Path) -> None:
    findings = pd.read_parquet(folder / "findings.parquet")
    assert delivered.found(findings) == county.answer_key(county.cases())
    assert set(RULES_HERE) - county.WITHOUT_CASE <= set(findings["rule"])


def test_every_row_of_every_file_is_accounted_for(delivered: Delivered, folder: Path) -> None:
    files = json.loads((folder / "ingest.json").read_text("utf-8"))["files"]
    used = Counter({file["table"]: file["rows_used"] for file in files})
    parts = ("rows_used", "rows_left_out", "rows_rejected")
    assert [file["file"] for file in files if file["rows_read"] != sum(file[part] for part in parts)] == []
    rows = Counter(address.partition(":")[0] for address in delivered.addresses)
    rejected = Counter({file["table"]: file["rows_rejected"] for file in files})
    assert used + rejected == rows


def test_the_package_is_whole(folder: Path) -> None:
    assert cli.main(["verify", str(folder / "package.zip")]) == 0
    package = read_package(folder / "package.zip")
    assert package.contradictions == ()
    assert set(LEDGERS) <= set(package.fingerprints["table"])


def test_the_workbench_shows_a_child_with_what_the_ledgers_say_of_it(run: RunTables) -> None:
    for table in NAMING_CHILDREN:
        row = run.fetch(run.table(table).filter(_.in_register).order_by("source").limit(1)).iloc[0]
        file = pupil_file(run, row["person_id"])
        assert file is not None
        assert row["source"] in {subject_rows["source"] for subject_rows in file.terms[0].rows[table]}


def test_the_days_of_a_ledger_stand_in_the_child_s_time_line(run: RunTables) -> None:
    with_every_day = _.returned_on.notnull() & _.closed_on.notnull() & _.in_register
    back = run.table("dropouts").filter(with_every_day).order_by("source").limit(1)
    file = pupil_file(run, run.fetch(back)["person_id"].iloc[0])
    assert file is not None
    days = {event.text.into("zh") for event in file.timeline() if event.table == "dropouts"}
    assert days == {"辍学", "限期复学通知书", "劝返复学", "销号"}


@pytest.mark.parametrize("column", ["persuader", "teacher", "responsible", "signed_by", "name"])
def test_whoever_a_ledger_names_is_masked_unless_seen_in_full(run: RunTables, column: str) -> None:
    assert Viewer(run, "zh").cell(column, "郭老师") == "郭**"
    assert Viewer(run, "zh", unmasked=True).cell(column, "郭老师") == "郭老师"


@pytest.mark.parametrize("page", ["report.html", "self_check.ipynb"])
def test_no_page_names_whoever_persuades_teaches_or_answers_for_it(folder: Path, page: str) -> None:
    text = (folder / page).read_text("utf-8")
    names = set(pd.read_parquet(folder / "findings.parquet")["name"].dropna())
    assert [name for name in (*STAFF, *sorted(names)) if name in text] == []


def _subjects(run: RunTables) -> list[dict[str, Any]]:
    subject_rows = run.fetch(run.table("subjects").order_by("finding_id")).to_dict("records")
    return [
        row for row in subject_rows if row["rule"] in RULES_HERE and RULES[row["rule"]].subject == "pupil"
    ]


def test_every_finding_about_a_child_comes_again_from_the_child_s_rows(run: RunTables) -> None:
    subject_rows = _subjects(run)
    persons = sorted(
        {person for row in subject_rows for person in persons_of_finding(run, row["finding_id"])}
    )
    scope = scope_of(run, persons)
    answers = put(scope, [scope.rows])[0]
    again = {key for key, answer in answers.items() if answer.exception}
    assert {(row["rule"], row["subject"]) for row in subject_rows} - again == set()


CLEARED_BY = {
    "attendance.paid_absent": ("attendance", "present"),
    "unable.uncertified": ("unable", "certified_health"),
    "dropout.overdue": ("dropouts", "returned_on"),
}


@pytest.mark.parametrize("rule", list(CLEARED_BY))
def test_a_cell_of_a_ledger_that_would_clear_a_finding_is_told(run: RunTables, rule: str) -> None:
    """Of the findings of a rule, the first that such a cell clears: each takes seconds."""

    def changes(finding: dict[str, Any]) -> list[tuple[str, str | None]]:
        scope = scope_of(run, persons_of_finding(run, finding["finding_id"]))
        clearing_changes = what_clears(scope, rule, finding["subject"])
        assert clearing_changes.reproduced
        return [(one.change.table, one.change.column) for one in clearing_changes.best]

    assert any(CLEARED_BY[rule] in changes(row) for row in _subjects(run) if row["rule"] == rule)


# --- a ledger missing, empty, half-filled ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def part() -> county.Delivery:
    """Every third case: small, and of every ledger a few rows."""
    return county.child_county([case for case in county.cases() if case.number % 3 == 0])


def _checked(folder: Path, full_county: county.Delivery, **options: Any) -> Results:
    return run_self_check(county.deliver(folder / "data", full_county, **options).parameters)[1]


def _of(results: Results, rule: str) -> dict[str, Any]:
    return dict(results.rules.set_index("rule").loc[rule])


def test_a_ledger_that_is_missing_stops_its_rules_and_no_other(part: county.Delivery, tmp_path: Path) -> None:
    results = _checked(tmp_path, part.without(*LEDGERS, "applications"))
    for rule in RULES_HERE:
        subject_rows = _of(results, rule)
        assert subject_rows["status"] == "not_run"
        assert subject_rows["not_run_reason"] in (*LEDGERS, "applications")
    assert not set(results.findings["rule"]) & set(RULES_HERE)


def test_an_empty_roster_says_of_nobody_that_he_is_absent(part: county.Delivery, tmp_path: Path) -> None:
    results = _checked(tmp_path, part.without(*LEDGERS), empty=LEDGERS, empty_tables=list(LEDGERS))
    home_taught = sum(row["boarding"] == "送教上门" for _address, row in part.rows["enrolment"])
    for rule in ("attendance.absent", "attendance.paid_absent"):
        subject_rows = _of(results, rule)
        # Whom the record has taught at home no roster need have seen.
        assert subject_rows["tested"] <= home_taught
        assert subject_rows["population"] - subject_rows["tested"] == subject_rows["untested"] > 0
        assert subject_rows["exceptions"] == 0
    reasons = results.untested[results.untested["rule"].str.startswith("attendance.")]["reason"]
    assert set(reasons) == {"no_roster"}
    ledger = set(RULES_HERE) - {"dropout.unledgered"} - {f"procedure.{name}" for name in county.CHAIN}
    assert not set(results.findings["rule"]) & ledger


def test_a_ledger_without_a_row_is_one_that_nobody_handed_in_unless_that_is_meant(
    part: county.Delivery, tmp_path: Path
) -> None:
    results = _checked(tmp_path, part.without(*LEDGERS), empty=LEDGERS)
    for rule, table in {
        "attendance.absent": "attendance",
        "dropout.overdue": "dropouts",
        "home.too_few": "home_teaching",
    }.items():
        row = _of(results, rule)
        assert (row["status"], row["not_run_reason"]) == ("not_run", table)


BLANK = {
    "attendance": {"present": ""},
    "dropouts": dict.fromkeys(("notice_on", "dropped_on", "returned_on", "closed_on", "reported_on"), ""),
    "funds": {"received_on": "", "paid_out": "0"},
    "issues": {"due_on": "", "state": "进行中", "closed_on": ""},
}
UNTESTED = {
    "attendance.absent": "attendance_not_stated",
    "dropout.overdue": "date_unreadable",
    "funds.idle": "date_unreadable",
    "issues.overdue": "date_unreadable",
}


def test_a_column_left_blank_is_untested_with_the_reason(part: county.Delivery, tmp_path: Path) -> None:
    full_county = part
    for table, cells in BLANK.items():
        full_county = full_county.changed(table, **cells)
    results = _checked(tmp_path, full_county)
    subject_rows = set(zip(results.untested["rule"], results.untested["reason"], strict=True))
    assert set(UNTESTED.items()) <= subject_rows
    assert not {"dropout.overdue", "funds.idle", "issues.overdue"} & set(results.findings["rule"])


@pytest.mark.parametrize(
    ("table", "column", "rule"),
    [
        ("dropouts", "notice_on", "dropout.overdue"),
        ("dropouts", "returned_on", "dropout.returned_unpaid"),
        ("unable", "certified_health", "unable.uncertified"),
        ("home_teaching", "taught_on", "home.too_few"),
        ("funds", "received_on", "funds.idle"),
        ("issues", "evidence", "issues.no_evidence"),
    ],
)
def test_a_column_that_is_missing_is_named_where_its_rule_is_not_run(
    without_columns: Results, table: str, column: str, rule: str
) -> None:
    assert _of(without_columns, rule)["not_run_reason"] == f"{table}.{column}"


@pytest.fixture(scope="module")
def without_columns(part: county.Delivery, tmp_path_factory: pytest.TempPathFactory) -> Results:
    full_county = part.changed("dropouts", notice_on=None, returned_on=None).changed(
        "unable", certified_health=None
    )
    full_county = full_county.changed("home_teaching", taught_on=None, month=None).changed(
        "funds", received_on=None
    )
    return _checked(tmp_path_factory.mktemp("columns"), full_county.changed("issues", evidence=None))
