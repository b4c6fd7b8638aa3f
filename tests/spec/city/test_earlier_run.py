"""A county with a run of the term before, a city without one: what rests on it is said, nobody is accused, nothing is excused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from plain_county import check_digit, earlier_run, parameters_of
from test_recheck_compare import handed_in
from tiny_county import Tables, deliver, pupil, tables

from auditlib.city import causes, compare
from auditlib.city.across import PAIR
from auditlib.city.closures import COLUMNS
from auditlib.city.counties import County, _county
from auditlib.city.figures import miscounts
from auditlib.city.findings import recheck_findings
from auditlib.city.submissions import Submission
from auditlib.package import Package, keys, read_package

GONE_PUPIL, GRADUATE, ELIGIBLE_GONE = 501, 502, 503
CODE = "990111"


def aged_fifteen(number: int) -> dict[str, str]:
    """A made-up child of fifteen, who may have finished the ninth year."""
    body = f"9901112005050{number % 9 + 1}{number % 1000:03d}"
    return pupil(number) | {"id_number": body + check_digit(body)}


PEOPLE = {
    GONE_PUPIL: pupil(GONE_PUPIL),
    GRADUATE: aged_fifteen(GRADUATE),
    ELIGIBLE_GONE: pupil(ELIGIBLE_GONE),
}


def autumn() -> Tables:
    """Twelve pupils; on the poverty register two more, who are in no register of this term."""
    county = tables()
    listed_findings = [
        PEOPLE[n] | {"category": "建档立卡", "household_no": f"K{n}"} for n in (GRADUATE, ELIGIBLE_GONE)
    ]
    return county | {"eligibility": county["eligibility"] + listed_findings}


def of_spring(folder: Path, last_term_rows: int = GONE_PUPIL) -> Path:
    """The run of the term before: one pupil who is in ``last_term_rows``, one who finished the ninth year."""
    school = {"school_code": "9901000001", "school_name": "第0001小学", "boarding": "住校", "status": "在读"}
    stages = {
        last_term_rows: {"stage": "小学", "grade": "三年级"},
        GRADUATE: {"stage": "初中", "grade": "九年级"},
    }
    people = PEOPLE | {last_term_rows: pupil(last_term_rows)}
    rows = [
        people[n] | school | stage | {"student_no": "G" + people[n]["id_number"], "source": f"spring.csv!{n}"}
        for n, stage in stages.items()
    ]
    folder.mkdir(parents=True)
    earlier_run(folder, rows, parameters_of(county_code=CODE))
    return folder


@pytest.fixture(scope="module")
def county_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Package, Path]]:
    """The package of a county that knew the term before, and that term's run."""
    folder = tmp_path_factory.mktemp("earlier")
    spring = of_spring(folder / "spring")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        yield read_package(handed_in(deliver(folder / "data", autumn(), previous=[str(spring)]))), spring


def recheck_of(
    package: Package, folder: Path, previous: list[Path]
) -> tuple[County, pd.DataFrame, pd.DataFrame]:
    """The city's own copy audited again: the county, the comparison line by line, the findings of the re-check."""
    parameters = deliver(folder / "copy", autumn(), previous=[str(run) for run in previous])
    county = _county(parameters, Submission("package.zip", package), keys.fingerprint_key())
    changes = compare.changes_of(county)
    lines = compare.compared_rows(county, changes)
    city_findings = recheck_findings(
        [county], term="2020-autumn", language="en", changes={CODE: changes}, lines=lines, closed=pd.DataFrame(columns=COLUMNS),
        crossings=pd.DataFrame(columns=PAIR), miscounted_figures={CODE: miscounts(county)},
        excused=causes.excused(lines, changes, county).assign(county_code=CODE),
    )  # fmt: skip
    return county, lines, city_findings


def outcomes(lines: pd.DataFrame) -> set[tuple[str, str, str, str | None]]:
    return set(lines[["rule", "name", "outcome", "cause"]].itertuples(index=False, name=None))


GONE_NAME, FINISHED_NAME, MISSED_NAME = (PEOPLE[n]["name"] for n in (GONE_PUPIL, GRADUATE, ELIGIBLE_GONE))
MISSED = ("missed.not_found", MISSED_NAME, "same", None)
UNPAID = ("missed.unpaid", pupil(12)["name"], "same", None)


def test_a_city_without_the_term_before_accuses_nobody_and_names_who_is_excused_by_it(
    county_package: tuple[Package, Path], tmp_path: Path
) -> None:
    _, lines, rule_outcomes = recheck_of(county_package[0], tmp_path, [])
    assert outcomes(lines) == {
        MISSED,
        UNPAID,
        ("enrolment.vanished", GONE_NAME, "only_county", "earlier_run"),
        ("missed.not_found", FINISHED_NAME, "only_city", "earlier_run"),
    }
    assert set(rule_outcomes["rule"]) == {"recheck.not_reperformed"}
    open_points = set(rule_outcomes[["reason", "name"]].itertuples(index=False, name=None))
    assert open_points == {("perhaps_finished", FINISHED_NAME), ("county_alone", None)}
    assert rule_outcomes.loc[rule_outcomes["reason"] == "perhaps_finished", "records"].item()


def test_a_city_with_the_term_before_gets_what_the_county_got(
    county_package: tuple[Package, Path], tmp_path: Path
) -> None:
    package, spring = county_package
    county, lines, rule_outcomes = recheck_of(package, tmp_path, [spring])
    last_term_rows = ("enrolment.vanished", GONE_NAME, "same", None)
    assert (outcomes(lines), len(rule_outcomes)) == ({MISSED, UNPAID, last_term_rows}, 0)
    assert county.conditions is not None and not county.conditions.names


def test_a_city_with_another_register_of_last_term_says_so_and_accuses_nobody(
    county_package: tuple[Package, Path], tmp_path: Path
) -> None:
    """The county's register of spring had a pupil that the city's has not; the city's has one more who is gone."""
    package, _ = county_package
    other = of_spring(tmp_path / "spring", last_term_rows=GRADUATE + 400)
    county, lines, rule_outcomes = recheck_of(package, tmp_path, [other])
    assert package.manifest["last_term"] != county.manifest["last_term"]
    gone_now = pupil(GRADUATE + 400)["name"]
    assert outcomes(lines) == {
        MISSED,
        UNPAID,
        ("enrolment.vanished", GONE_NAME, "only_county", "other_earlier_run"),
        ("enrolment.vanished", gone_now, "only_city", "other_earlier_run"),
    }
    open_points = set(rule_outcomes[["rule", "reason", "name"]].itertuples(index=False, name=None))
    assert open_points == {
        ("recheck.not_reperformed", "by_other_register", None),
        ("recheck.not_reperformed", "other_register", gone_now),
    }


def test_a_pupil_whose_row_the_city_has_no_more_vanished_for_that_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The finding cites no row of this term; the row that is gone is told by whose it was."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    spring = of_spring(tmp_path / "spring")
    county = autumn()
    others = {"school_code": "9901000001", "school_name": "第0001小学", "grade": "四年级", "status": "在读"}
    row = (
        county["enrolment"][0]
        | PEOPLE[GONE_PUPIL]
        | others
        | {"student_no": "G" + PEOPLE[GONE_PUPIL]["id_number"]}
    )
    full_county = county | {"enrolment": [*county["enrolment"], row]}
    package = read_package(handed_in(deliver(tmp_path / "data", full_county, previous=[str(spring)])))
    _, lines, rule_outcomes = recheck_of(package, tmp_path, [spring])
    assert outcomes(lines) == {
        MISSED,
        UNPAID,
        ("enrolment.vanished", GONE_NAME, "only_city", "data_removed"),
    }
    changed_rows = set(rule_outcomes[["rule", "reason", "name"]].itertuples(index=False, name=None))
    assert changed_rows == {("recheck.data_changed", "removed", GONE_NAME)}, rule_outcomes.to_string()


def test_a_county_that_left_the_term_before_out_is_told_what_that_hides(
    county_package: tuple[Package, Path], tmp_path: Path
) -> None:
    """A county that audited itself without ``previous``."""
    _, spring = county_package
    package = read_package(handed_in(deliver(tmp_path / "data", autumn(), output=tmp_path / "own")))
    county, lines, rule_outcomes = recheck_of(package, tmp_path, [spring])
    assert ("enrolment.vanished", GONE_NAME, "only_city", "parameters") in outcomes(lines)
    assert county.conditions is not None and county.conditions.names == ("previous",)
    assert set(rule_outcomes["rule"]) == {"recheck.parameters"}
    (hidden_line,) = county.conditions.hidden.to_dict("records")
    assert (hidden_line["city"], len(hidden_line["findings"])) == ("spring", 1)
