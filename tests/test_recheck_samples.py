"""The city's re-check on the sample counties finds the answer key, all of it and nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from auditlib.demonstration.handing_in import unsigned, without_finding
from auditlib.outputs import with_decisions, write_outputs
from auditlib.package.keys import county_keys
from auditlib.parameters import read_self_check
from auditlib.places import PARAMS, SAMPLES
from auditlib.recheck.parameters import read_recheck
from auditlib.recheck.programme import run_recheck
from auditlib.recheck.results import RecheckResults
from auditlib.samples.neighbours import TERM, removed_finding, write_city
from auditlib.self_check import begin, check, ingest, link, settle

COUNTIES = {"990122": "qinghe", "990123": "baishi", "990124": "yunxi"}


def answers() -> list[dict[str, str]]:
    with (SAMPLES / "city" / "answers" / f"{TERM}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_committed_files_are_those_of_the_generator(tmp_path: Path) -> None:
    (tmp_path / "qinghe").symlink_to(SAMPLES / "qinghe")
    write_city(tmp_path)
    made = {
        path.relative_to(tmp_path): path.read_bytes()
        for path in (tmp_path / "city").rglob("*")
        if path.is_file()
    }
    kept = {
        path.relative_to(SAMPLES): path.read_bytes()
        for path in (SAMPLES / "city").rglob("*")
        if path.is_file()
    }
    assert made == kept


def handed_in(name: str, folder: Path) -> bytes:
    run = begin(read_self_check(PARAMS / f"{name}-{TERM}.yaml", output_dir=folder / name))
    registers = ingest(run)
    audit = link(run, registers)
    write_outputs(
        run, registers, audit, with_decisions(run, settle(run, registers, audit, check(run, audit)))
    )
    return (folder / name / "package.zip").read_bytes()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> RecheckResults:
    folder = tmp_path_factory.mktemp("city")
    whole = {code: handed_in(name, folder) for code, name in COUNTIES.items()}
    cut = without_finding(
        whole["990123"], removed_finding(SAMPLES), county_keys("990123").signing, folder / "scratch"
    )
    sent = []
    for code, content in (whole | {"990123": cut, "990124": unsigned(whole["990124"])}).items():
        sent.append(folder / f"{code}.zip")
        sent[-1].write_bytes(content)
    run = read_recheck(PARAMS / f"city-9901-{TERM}.yaml", output_dir=folder / "out")
    keys = {code: folder / COUNTIES[code] / f"public-key-{code}.pem" for code in run.keys}
    return run_recheck(replace(run, packages=sent, keys=keys))


def test_the_re_check_finds_the_answer_key(results: RecheckResults) -> None:
    found = results.comparison.findings
    told = Counter(
        (row["rule"], row["reason"], row["county_code"], row["id_number"] or "", row["scheme"] or "",
         ";".join(row["records"]) if row["rule"] == "recheck.data_changed" else "")
        for row in found.to_dict("records")
    )  # fmt: skip
    columns = ("rule", "reason", "county_code", "id_number", "scheme", "records")
    expected = Counter(tuple(row[c] for c in columns) for row in answers() if row["rule"] != "settled")
    assert told == expected


def test_the_lost_children_are_found_at_the_neighbour(results: RecheckResults) -> None:
    settled = results.comparison.settled
    assert set(settled["rule"]) == {"missed.not_found"} and set(settled["found_in"]) == {"990124"}
    assert settled["paid_there"].all()
    assert len(settled) == sum(row["rule"] == "settled" for row in answers())


def test_a_correction_that_was_made_is_no_false_closure(results: RecheckResults) -> None:
    closed = results.comparison.closed
    assert sorted(closed["outcome"]) == ["corrected", "corrected", "rewritten", "short", "still_found"]


def test_every_difference_of_the_altered_rows_has_its_cause(results: RecheckResults) -> None:
    lines = results.comparison.lines
    differing = lines[(lines["county_code"] == "990123") & (lines["outcome"] != "same")]
    assert Counter(differing["cause"]) == {"data_altered": 4, "data_added": 4, "unexplained": 1}
    same = lines[lines["county_code"] == "990122"]
    assert (same["outcome"] == "same").all()
