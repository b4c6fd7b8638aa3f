"""One pupil's file: all terms, each datum with its row, decisions and timeline; masked until the session shows it."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest
from many_findings import run_of
from tiny_county import deliver, pupil, tables, written

from auditlib.base.masking import masked_number
from auditlib.decisions.dispositions import COLUMNS, write_dispositions
from auditlib.runs.pupil_file import PupilFile, find_people, pupil_file, runs_beside
from auditlib.runs.run_tables import open_run
from auditlib.workbench.pupil import KEY, File
from auditlib.workbench.session import Session

SPRING = {
    "term": "2020-spring",
    "count_date": "2020-04-30",
    "thresholds": {"link_accept": 0.95, "link_review": 0.5, "posting_days": 5, "pay_by": "2020-07-31", "reply_by": "2020-07-15"},
}  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Autumn, in which pupil 1 has withdrawn, spring, a county next door, and a run that was broken off."""
    folder = tmp_path_factory.mktemp("county")
    autumn = run_of(folder)
    spring = {
        name: [row | {"term": "2020-spring", "pay_date": "2020-05-20"} for row in rows]
        for name, rows in tables(13).items()
    }
    written(deliver(folder / "spring", spring, output=folder / "spring-run", **SPRING))
    as_of_another_county(folder / "spring-run", folder / "other-county")
    shutil.copytree(autumn, folder / "broken")
    (folder / "broken" / "tables" / "version.json").unlink()
    return folder


def as_of_another_county(run: Path, copy: Path) -> None:
    """A run of the same pupils, said to be the county next door's."""
    shutil.copytree(run, copy)
    manifest, version = copy / "manifest.json", copy / "tables" / "version.json"
    before = hashlib.sha256(manifest.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text("utf-8").replace('"990111"', '"990122"'), "utf-8")
    after = hashlib.sha256(manifest.read_bytes()).hexdigest()
    version.write_text(version.read_text("utf-8").replace(before, after), "utf-8")


@pytest.fixture
def autumn(runs: Path, tmp_path: Path) -> Path:
    """A copy of all runs of its own; the folder of the autumn's."""
    for run in ("run-990111", "spring-run", "other-county", "broken"):
        shutil.copytree(runs / run, tmp_path / run)
    return tmp_path / "run-990111"


def file_of(autumn: Path, number: int) -> PupilFile:
    file_found = pupil_file(open_run(autumn), pupil(number)["id_number"])
    assert file_found
    return file_found


def finding(autumn: Path, rule: str) -> str:
    opened_run = open_run(autumn)
    table = opened_run.table("findings")
    return str(opened_run.fetch(table.filter(table.rule == rule).select("finding_id"))["finding_id"].iloc[0])


def page(autumn: Path, rule: str = "mismatch.inactive", language: str = "en") -> File:
    session = Session(language=language)
    session.open(autumn)
    pupil_page = File(session)
    session.choose(finding_id=finding(autumn, rule), panel=KEY)
    return pupil_page


def test_every_register_of_every_term_of_the_county(autumn: Path) -> None:
    file = file_of(autumn, 1)
    assert [(term.term, term.run.folder.name) for term in file.terms] == [
        ("2020-autumn", "run-990111"),
        ("2020-spring", "spring-run"),
    ]
    for term in file.terms:
        assert {name: len(rows) for name, rows in term.rows.items() if rows} == {
            "eligibility": 1,
            "enrolment": 1,
            "payments": 1,
        }
    assert [row["source"] for row in file.terms[0].rows["payments"]] == ["payments.csv!2"]
    assert file.left_out == ("broken",)


def test_runs_of_other_counties_are_none_of_this_pupils(autumn: Path) -> None:
    file_found, left_out = runs_beside(open_run(autumn))
    assert [run.folder.name for run in file_found] == ["spring-run"]
    assert left_out == ["broken"]


def test_findings_aid_and_decisions(autumn: Path) -> None:
    one = finding(autumn, "mismatch.inactive")
    line = ("2020-12-20T10:00:00", "李审", one, "confirmed", "", "", "", "")
    write_dispositions(pd.DataFrame([line], columns=list(COLUMNS)), autumn)
    this, spring = file_of(autumn, 1).terms
    assert [file_found["rule"] for file_found in this.findings] == ["mismatch.inactive"]
    assert [decision["status"] for decision in this.decisions] == ["confirmed"]
    assert [(row["scheme"], row["due"], row["net"]) for row in spring.aid] == [
        ("boarder_allowance", 500, 500)
    ]


def test_the_timeline_is_in_order_and_names_rows(autumn: Path) -> None:
    events = file_of(autumn, 1).timeline()
    assert [event.on for event in events] == sorted(event.on for event in events)
    assert [event.on for event in events] == [dt.date(2020, 4, 30), dt.date(2020, 5, 20), dt.date(2020, 9, 15), dt.date(2020, 10, 31), dt.date(2020, 11, 20)]  # fmt: skip
    assert {event.source for event in events if event.table} == {"payments.csv!2", "enrolment.csv!2"}


def test_a_person_of_whom_nothing_is_known(autumn: Path) -> None:
    assert pupil_file(open_run(autumn), "nobody") is None


def test_the_page_is_masked_until_the_session_shows_it(autumn: Path) -> None:
    pupil_page, one = page(autumn), pupil(1)
    assert masked_number(one["id_number"]) in pupil_page.head.value
    for secret in (one["name"], one["id_number"], f"6229{one['id_number'][-12:]}", "2011-02-02"):
        assert secret not in pupil_page.head.value + pupil_page.page.value
    assert "2020-spring" in pupil_page.page.value
    pupil_page.session.unmasked = True
    assert one["name"] in pupil_page.head.value
    assert one["id_number"] in pupil_page.page.value


def test_what_would_clear_the_finding_is_said_when_asked(autumn: Path) -> None:
    html = page(autumn)
    assert html.clear.layout.display == ""
    html.try_()
    assert "as late as 2020-11-01 (now 2020-09-15)" in html.said.value


def test_a_person_is_found_by_name_or_the_numbers_end(autumn: Path) -> None:
    run, one = open_run(autumn), pupil(3)
    for search_words in (one["name"], one["id_number"][-6:], one["name"][:1]):
        file_found = find_people(run, search_words, unmasked=True)
        assert one["id_number"] in [person["person_id"] for person in file_found]
    for hidden_word in (one["name"], one["id_number"][-6:]):
        assert find_people(run, hidden_word) == []
    for pupil_page in (one["name"][:1], one["id_number"][-2:]):
        assert one["id_number"] in [person["person_id"] for person in find_people(run, pupil_page)]
    assert find_people(run, " ") == []
    assert find_people(run, "%") == []
    pupil_page = page(autumn)
    pupil_page.asked.value = one["id_number"][-8:]
    assert "masked" in pupil_page.said.value
    pupil_page.asked.value = ""
    pupil_page.session.unmasked = True
    pupil_page.asked.value = one["id_number"][-8:]
    assert pupil_page.session.person_id == one["id_number"]
    assert pupil_page.clear.layout.display == "none"
    pupil_page.asked.value = "nobody of that name"
    assert "Nobody was found" in pupil_page.said.value


def test_a_shared_account_offers_every_pupil_on_it(autumn: Path) -> None:
    html = page(autumn, "duplicate.shared_account")
    assert len(html.people.options) == 3
    html.people.value = html.people.options[2][1]
    assert html.session.person_id == html.people.options[2][1]


def test_nothing_chosen_and_a_run_without_tables_are_said(autumn: Path) -> None:
    session = Session(language="en", panel=KEY)
    session.open(autumn)
    assert "Choose a finding" in File(session).head.value
    shutil.rmtree(autumn / "tables")
    session.open(autumn)
    assert "older version" in File(session).head.value


def test_the_page_speaks_chinese(autumn: Path) -> None:
    html = page(autumn, language="zh")
    assert "时间线" in html.page.value
    assert "异动后发放" in html.head.value
