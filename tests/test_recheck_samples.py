"""The city's re-check on the sample counties finds the answer key, all of it and nothing else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from auditlib import sampling
from auditlib.base.errors import AuditError
from auditlib.base.places import SAMPLES
from auditlib.city.conclude import Conclusion
from auditlib.city.counties import County
from auditlib.city.parameters import ReCheck
from auditlib.city.programme import draw_samples, read_visits
from auditlib.city.results import RecheckResults
from samples.demonstration.visits import fill_in
from samples.neighbours import TERM, write_city

VISITS = SAMPLES / "city" / "visits"


def answers() -> list[dict[str, str]]:
    with (SAMPLES / "city" / "answers" / f"{TERM}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_committed_files_are_those_of_the_generator(tmp_path: Path) -> None:
    (tmp_path / "qinghe").symlink_to(SAMPLES / "qinghe")
    write_city(tmp_path)
    outcome = {
        path.relative_to(tmp_path): path.read_bytes()
        for path in (tmp_path / "city").rglob("*")
        if path.is_file()
    }
    committed_bytes = {
        path.relative_to(SAMPLES): path.read_bytes()
        for path in (SAMPLES / "city").rglob("*")
        if path.is_file() and VISITS not in path.parents
    }
    assert outcome == committed_bytes


def test_the_re_check_finds_the_answer_key(sample_results: RecheckResults) -> None:
    findings = sample_results.comparison.findings
    counts = Counter(
        (row["rule"], row["reason"], row["county_code"], row["id_number"] or "", row["scheme"] or "",
         ";".join(row["records"]) if row["rule"] == "recheck.data_changed" else "")
        for row in findings.to_dict("records")
    )  # fmt: skip
    columns = ("rule", "reason", "county_code", "id_number", "scheme", "records")
    expected = Counter(
        tuple(row[c] for c in columns) for row in answers() if row["rule"] != "registered_elsewhere"
    )
    assert counts == expected


def test_the_lost_children_are_found_at_the_neighbour(sample_results: RecheckResults) -> None:
    elsewhere = sample_results.comparison.registered_elsewhere
    assert set(elsewhere["rule"]) == {"missed.not_found"} and set(elsewhere["found_in"]) == {"990124"}
    assert elsewhere["paid_there"].all()
    assert len(elsewhere) == sum(row["rule"] == "registered_elsewhere" for row in answers())


def test_a_correction_that_was_made_is_no_false_closure(sample_results: RecheckResults) -> None:
    closed = sample_results.comparison.closed
    assert sorted(closed["outcome"]) == ["corrected", "corrected", "rewritten", "short", "still_found"]


def test_every_difference_of_the_altered_rows_has_its_cause(sample_results: RecheckResults) -> None:
    lines = sample_results.comparison.lines
    differing = lines[(lines["county_code"] == "990123") & (lines["outcome"] != "same")]
    assert Counter(differing["cause"]) == {"data_altered": 4, "data_added": 4, "unexplained": 1}
    same = lines[lines["county_code"] == "990122"]
    assert (same["outcome"] == "same").all()


# --- 白石县 and 云溪县 hand in tokens only, and the city has none of their files ----------------------------------------


def test_tokens_find_what_the_registers_of_the_other_counties_would(
    sample_results: RecheckResults, unpooled_results: RecheckResults
) -> None:
    pairs_found, pairs_known = unpooled_results.comparison, sample_results.comparison
    pair = ["reason", "county_code", "other_county", "name", "id_number", "scheme"]
    assert len(pairs_known.crossed) == 8 and _sentences(pairs_found.crossed[pair]) == _sentences(
        pairs_known.crossed[pair]
    )
    assert set(pairs_found.crossed["by"]) == set(pairs_found.registered_elsewhere["by"]) == {"tokens"}
    sure = pairs_found.crossed["confidence"]
    assert Counter(sure == 1) == {True: 6, False: 2} and sure.between(0.5, 1).all()
    child = ["finding_id", "county_code", "found_in", "paid_there"]
    assert len(pairs_known.registered_elsewhere) == 3 and _sentences(
        pairs_found.registered_elsewhere[child]
    ) == _sentences(pairs_known.registered_elsewhere[child])


def _sentences(frame: pd.DataFrame) -> Counter[tuple[object, ...]]:
    return Counter(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))


def test_tokens_lose_and_add_nothing_among_the_sample_counties(sample_results: RecheckResults) -> None:
    measurements = sample_results.comparison.tokens.set_index("kind")
    assert measurements["by_registers"].to_dict() == {
        "paid_twice": 4,
        "enrolled_twice": 4,
        "fallback_paid": 0,
        "registered_elsewhere": 3,
    }
    assert set(measurements["recall"].dropna()) | set(measurements["precision"].dropna()) == {1}


def test_what_is_not_audited_again_is_neither_compared_nor_drawn_from(
    unpooled_results: RecheckResults,
) -> None:
    assert set(unpooled_results.comparison.lines["county_code"]) == {"990122"}
    assert [outcome.county_code for outcome in unpooled_results.conclusions] == ["990122"]


def test_a_package_of_tokens_names_nobody_of_the_sample(
    sample_city: tuple[ReCheck, list[County]], tokens_only: dict[str, Path]
) -> None:
    for county in sample_city[1][1:]:
        columns = ("name", "id_number", "id18", "student_no")
        persons = {value for column in columns for value in county.persons[column].dropna()}
        with zipfile.ZipFile(tokens_only[county.code]) as archive:
            bodies = {name: archive.read(name) for name in archive.namelist()}
        read = [
            pq.read_table(io.BytesIO(b)).to_pylist()
            for name, b in bodies.items()
            if name.endswith(".parquet")
        ]
        package_text = (
            b"\n".join(bodies.values()) + json.dumps(read, ensure_ascii=False, default=str).encode()
        )
        assert len(persons) > 300 and not [value for value in persons if value.encode() in package_text]


# --- the visits ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def key() -> dict[tuple[str, str], Decimal]:
    with (VISITS / "answers.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["county_code"], row["figure"]): Decimal(row["value"]) for row in csv.DictReader(lines)}


def test_the_filled_in_sheets_are_those_of_the_generator(
    sample_city: tuple[ReCheck, list[County]], tmp_path: Path
) -> None:
    fill_in(*sample_city, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in VISITS.iterdir()
    }, "make samples writes them anew"


def test_a_sheet_of_another_draw_is_refused_as_a_whole(sample_city: tuple[ReCheck, list[County]]) -> None:
    run, counties = sample_city
    run = replace(run, field_results=[VISITS / "990124.xlsx"], sample=replace(run.sample, seed="1"))
    with pytest.raises(AuditError) as refusal:
        read_visits(run, draw_samples(run, counties))
    assert len(refusal.value.problems) == 1 and "另一次抽样" in refusal.value.into("zh")


def test_the_conclusions_are_those_of_the_key(
    sample_results: RecheckResults, key: dict[tuple[str, str], Decimal]
) -> None:
    for outcome in sample_results.conclusions:
        key_figures = {
            figure: value for (county, figure), value in key.items() if county == outcome.county_code
        }
        assert (outcome.visited, outcome.visited + outcome.open_units) == (
            key_figures["back"],
            key_figures["drawn"],
        )
        assert _approximately(outcome.over["projected"], key_figures["projected_over"])
        assert _approximately(outcome.under["projected"], key_figures["projected_under"])
        assert outcome.missed.errors == key_figures["wrong_clean"]
        assert (outcome.detection is None) == ("detection_rate" not in key_figures)
        if outcome.detection is not None:
            assert outcome.detection.rate == pytest.approx(float(key_figures["detection_rate"]), abs=1e-6)
            assert outcome.county_flags.precision == pytest.approx(float(key_figures["precision"]), abs=1e-6)
        cells = [key_figures[name] for name in ("both_wrong", "first_only", "second_only", "both_right")]
        assert [n for row in outcome.agreement_inspectors.inputs["table"] for n in row] == cells


def _approximately(stated_figure: str, expected: Decimal) -> bool:
    return abs(Decimal(stated_figure) - expected) < Decimal("0.05")  # intervals are rounded to the fen


def test_the_limits_hold_the_truth(
    sample_results: RecheckResults, key: dict[tuple[str, str], Decimal]
) -> None:
    for outcome in sample_results.conclusions:
        key_figures = {
            figure: value for (county, figure), value in key.items() if county == outcome.county_code
        }
        assert Decimal(outcome.over["upper_limit"]) >= key_figures["true_over"]
        limit = outcome.under["upper_limit"]
        refuted_parts = [
            part for part in outcome.under.values() if isinstance(part, dict) and part.get("caveats")
        ]
        assert (limit is None) == bool(refuted_parts)  # one payment visited was short by more than was paid
        assert limit is None or Decimal(limit) >= key_figures["true_under"]
        if outcome.detection is not None:
            assert outcome.detection.undetected_upper >= _unseen(outcome, key_figures)
            true_rate = 1 - _unseen(outcome, key_figures) / (
                key_figures["true_wrong_unflagged"] + key_figures["true_wrong_flagged"]
            )
            assert outcome.detection.lower <= true_rate


def _unseen(outcome: Conclusion, key_figures: dict[str, Decimal]) -> Decimal:
    """Wrong payments that the county did not flag; of those only the city flagged all were visited."""
    return key_figures["true_wrong_unflagged"] + key_figures["wrong_city"]


def test_no_county_of_the_sample_is_graded_without_evidence(sample_results: RecheckResults) -> None:
    letters = [outcome.grade.letter if outcome.grade else None for outcome in sample_results.conclusions]
    # The first: neither good nor bad is shown. The second, which took findings out of its package, is shown to be bad.
    assert letters == [sampling.NOT_ENOUGH, "D", None]
    assert sampling.NOT_GRADABLE not in letters
