"""The city's re-check on the sample counties finds the answer key, all of it and nothing else."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from auditlib import sampling
from auditlib.demonstration.visits import audited, fill_in
from auditlib.errors import AuditError
from auditlib.places import PARAMS, SAMPLES
from auditlib.recheck.conclude import Conclusion
from auditlib.recheck.counties import County
from auditlib.recheck.parameters import ReCheck
from auditlib.recheck.programme import compare_counties, conclude_all, draw_samples, read_visits
from auditlib.recheck.results import RecheckResults
from auditlib.samples.neighbours import TERM, write_city

VISITS = SAMPLES / "city" / "visits"


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
        if path.is_file() and VISITS not in path.parents
    }
    assert made == kept


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReCheck, list[County]]:
    return audited(PARAMS, SAMPLES, tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def results(city: tuple[ReCheck, list[County]]) -> RecheckResults:
    run, counties = city
    run = replace(run, field_results=sorted(VISITS.glob("*.xlsx")))
    draws = draw_samples(run, counties)
    return conclude_all(run, counties, compare_counties(run, counties), draws, read_visits(run, draws))


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


# --- the visits ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def key() -> dict[tuple[str, str], Decimal]:
    with (VISITS / "answers.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["county_code"], row["figure"]): Decimal(row["value"]) for row in csv.DictReader(lines)}


def test_the_filled_in_sheets_are_those_of_the_generator(
    city: tuple[ReCheck, list[County]], tmp_path: Path
) -> None:
    fill_in(*city, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in VISITS.iterdir()
    }, "make samples writes them anew"


def test_a_sheet_of_another_draw_is_refused_as_a_whole(city: tuple[ReCheck, list[County]]) -> None:
    run, counties = city
    run = replace(run, field_results=[VISITS / "990124.xlsx"], sample=replace(run.sample, seed="1"))
    with pytest.raises(AuditError) as refused:
        read_visits(run, draw_samples(run, counties))
    assert len(refused.value.problems) == 1 and "另一次抽样" in refused.value.into("zh")


def test_the_conclusions_are_those_of_the_key(
    results: RecheckResults, key: dict[tuple[str, str], Decimal]
) -> None:
    for made in results.conclusions:
        told = {figure: value for (county, figure), value in key.items() if county == made.county_code}
        assert (made.visited, made.visited + made.open_units) == (told["back"], told["drawn"])
        assert _approximately(made.over["projected"], told["projected_over"])
        assert _approximately(made.under["projected"], told["projected_under"])
        assert made.missed.errors == told["wrong_clean"]
        assert (made.detection is None) == ("detection_rate" not in told)
        if made.detection is not None:
            assert made.detection.rate == pytest.approx(float(told["detection_rate"]), abs=1e-6)
            assert made.county_flags.precision == pytest.approx(float(told["precision"]), abs=1e-6)
        cells = [told[name] for name in ("both_wrong", "first_only", "second_only", "both_right")]
        assert [n for row in made.agreement_inspectors.inputs["table"] for n in row] == cells


def _approximately(said: str, expected: Decimal) -> bool:
    return abs(Decimal(said) - expected) < Decimal("0.05")  # intervals are rounded to the fen


def test_the_limits_hold_the_truth(results: RecheckResults, key: dict[tuple[str, str], Decimal]) -> None:
    for made in results.conclusions:
        told = {figure: value for (county, figure), value in key.items() if county == made.county_code}
        assert Decimal(made.over["upper_limit"]) >= told["true_over"]
        assert Decimal(made.under["upper_limit"]) >= told["true_under"]
        if made.detection is not None:
            assert made.detection.undetected_upper >= _unseen(made, told)
            true_rate = 1 - _unseen(made, told) / (told["true_wrong_unflagged"] + told["true_wrong_flagged"])
            assert made.detection.lower <= true_rate


def _unseen(made: Conclusion, told: dict[str, Decimal]) -> Decimal:
    """Wrong payments that the county did not flag; of those only the city flagged all were visited."""
    return told["true_wrong_unflagged"] + told["wrong_city"]


def test_both_counties_are_graded_and_the_third_is_not(results: RecheckResults) -> None:
    letters = [made.grade.letter if made.grade else None for made in results.conclusions]
    assert letters == ["D", "D", None]
    assert sampling.NOT_GRADABLE not in letters
