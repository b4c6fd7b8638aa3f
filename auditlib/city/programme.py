"""The city's re-check, step by step: what the notebook calls, in the order of the audit programme."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.base.engine import duckdb_engine
from auditlib.base.program import versions
from auditlib.city import across, causes, compare
from auditlib.city.by_tokens import by_tokens
from auditlib.city.by_word import cleared_by_word
from auditlib.city.capture import captured_rows
from auditlib.city.clearings import clearings
from auditlib.city.closures import closures, late_by_closing
from auditlib.city.commitments import day_unopened, opened_halves
from auditlib.city.conclude import conclude
from auditlib.city.counties import County
from auditlib.city.draw import CountyDraw, draw
from auditlib.city.field_reading import READ, read_field_results
from auditlib.city.figures import miscounts
from auditlib.city.findings import recheck_findings
from auditlib.city.parameters import ReCheck, check_recheck
from auditlib.city.population import Population, population
from auditlib.city.results import CityComparison, RecheckResults
from auditlib.city.token_check import tokens_amiss
from auditlib.package import Package
from auditlib.package.keys import fingerprint_key

PACKAGES = ("cryptography", "duckdb", "ibis-framework", "pandas", "pyarrow", "scipy", "statsmodels")


def compare_counties(run: ReCheck, counties: list[County]) -> CityComparison:
    """Self-check against re-performance, county against county, and the ``recheck.*`` findings that follow."""
    changes = {county.code: compare.changes_of(county) for county in counties}
    parts = [compare.compared_rows(county, changes[county.code]) for county in counties]
    lines = pd.concat(parts, ignore_index=True)
    forms = [compare.form(county, part) for county, part in zip(counties, parts, strict=True)]
    closed = pd.concat([closures(county, changes[county.code]) for county in counties], ignore_index=True)
    cleared = pd.concat([clearings(county) for county in counties], ignore_index=True)
    general = {county.code: compare.general_causes(county) for county in counties}
    excused = [
        causes.excused(part[~late_by_closing(part, closed)], changes[county.code], county).assign(
            county_code=county.code
        )
        for county, part in zip(counties, parts, strict=True)
    ]
    crossing_pairs, registered_elsewhere, tokens = _across(counties)
    recheck_rows = recheck_findings(
        counties,
        term=run.term,
        language=run.language,
        changes=changes,
        lines=lines,
        closed=closed,
        crossings=crossing_pairs,
        cleared=cleared,
        general=general,
        miscounted_figures={county.code: miscounts(county) for county in counties},
        excused=pd.concat(excused, ignore_index=True),
        passed_over={county.code: compare.passed_over(county) for county in counties},
        untold=tokens_amiss(counties, fingerprint_key()),
    )
    return CityComparison(
        lines=lines,
        form=pd.concat(forms, ignore_index=True),
        summary=compare.summary(lines),
        changes=changes,
        general=general,
        closed=closed,
        crossed=crossing_pairs,
        registered_elsewhere=registered_elsewhere,
        tokens=tokens,
        findings=recheck_rows,
        by_word=pd.concat([cleared_by_word(county) for county in counties], ignore_index=True),
    )


def _across(counties: list[County]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Who is in two counties, and whose missed children are at a neighbour's: by registers where the city holds both, else
    by tokens (column ``by``); and how far tokens alone would have come where it holds both."""
    engine = duckdb_engine()
    reperformed_counties = [county for county in counties if county.is_reperformed]
    codes = {county.code for county in reperformed_counties}
    least = min(
        county.parameters.thresholds.link_review for county in reperformed_counties if county.parameters
    )
    pool_of_rows = across.pool(engine, reperformed_counties)
    by_register = (
        across.crossing(engine, pool_of_rows, least),
        across.registered_elsewhere(engine, reperformed_counties, pool_of_rows, least),
    )
    token_results = by_tokens(engine, counties, least)
    inside = [
        frame["county_code"].isin(codes) & frame[other].isin(codes)
        for frame, other in zip(token_results, ("other_county", "found_in"), strict=True)
    ]
    results = [
        _stacked_rows(registers.assign(by="registers"), frame[~within].assign(by="tokens"))
        for registers, frame, within in zip(by_register, token_results, inside, strict=True)
    ]
    has_tokens = sum(county.tokens is not None for county in reperformed_counties) > 1
    recall = across.token_recall(
        *by_register, *(frame[within] for frame, within in zip(token_results, inside, strict=True))
    )
    return results[0], results[1], recall if has_tokens else recall.iloc[:0]


def _stacked_rows(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    return (
        pd.concat([first, second], ignore_index=True)
        if len(first) and len(second)
        else second
        if len(second)
        else first
    )


def draw_samples(run: ReCheck, counties: list[County]) -> list[CountyDraw]:
    """One draw a county, from its sealed population; none where the city has no list of the payments.

    Raises AuditError where halves of a seed are opened that are not those committed to: before anything is drawn.
    """
    sealed_lists = populations(run, counties)
    halves = [opened_halves(run, population, package) for population, package in sealed_lists]
    draws = [
        draw(population, run.sample, pair) for (population, _), pair in zip(sealed_lists, halves, strict=True)
    ]
    return [replace(each, unopened=day_unopened(run, each.population.county_code)) for each in draws]


def populations(run: ReCheck, counties: list[County]) -> list[tuple[Population, Package | None]]:
    """What is drawn from, each with the county's package. In two stages the schools are the strata, whatever they are
    called."""
    strata = ("school_id",) if run.sample.method == "two_stage" else run.sample.strata
    return [(population(county, strata), county.package) for county in counties if county.is_reperformed]


def read_visits(run: ReCheck, draws: list[CountyDraw]) -> pd.DataFrame:
    """The filled-in field sheets, every one held against the draws. Raises AuditError naming each contradicting cell."""
    if not run.field_results:
        return pd.DataFrame(columns=READ)
    sample_units = pd.concat(
        [d.sample_units[["unit_id"]].merge(d.population.units, on="unit_id") for d in draws],
        ignore_index=True,
    )
    book = dict(zip(sample_units["unit_id"], sample_units["amount"], strict=True))
    numbers = [d.number for d in draws]
    return read_field_results(run.field_results, book, draws=numbers, language=run.language)


def conclude_all(
    run: ReCheck,
    counties: list[County],
    comparison: CityComparison,
    draws: list[CountyDraw],
    visits: pd.DataFrame,
) -> RecheckResults:
    """What may be said of each county, and how surely."""
    all_conclusions = [conclude(d, visits, run.sample, run.grades) for d in draws]
    refuted_ids = _refuted_ids(counties, draws, visits)
    return RecheckResults(
        parameters=run.as_json(),
        counties=counties,
        comparison=comparison,
        draws=draws,
        field=visits,
        conclusions=all_conclusions,
        captured=captured_rows(comparison.lines, refuted_ids, run.sample.confidence),
        manifest=manifest(run, counties, comparison, draws),
    )


def _refuted_ids(counties: list[County], draws: list[CountyDraw], visits: pd.DataFrame) -> set[str]:
    """Findings all of whose payments were visited and found right."""
    right = set(visits.loc[visits["deviates"] == False, "unit_id"])  # noqa: E712 (a column of True, False and None)
    frames = []
    for county in counties:
        parts = [county.findings] if county.package is None else [county.findings, county.package.findings]
        frames += [part[["finding_id", "records"]].assign(code=county.code) for part in parts]
    cited_rows = pd.concat(frames, ignore_index=True).explode("records").dropna(subset="records")
    paid = cited_rows[cited_rows["records"].str.startswith("payments:")]
    units = paid["code"] + ":" + paid["records"].str.removeprefix("payments:")
    all_right = units.isin(right).groupby(paid["finding_id"]).all()
    return set(all_right.index[all_right])


def manifest(
    run: ReCheck, counties: list[County], comparison: CityComparison, draws: list[CountyDraw]
) -> dict[str, Any]:
    """What the re-check rested on, as plain JSON types: no clock, no folder of the machine."""
    parameters = run.as_json()
    for name in ("packages", "county_params", "field_results"):
        parameters[name] = [Path(entry).name for entry in parameters[name]]
    parameters["keys"] = {county: Path(entry).name for county, entry in parameters["keys"].items()}
    parameters["output_dir"] = Path(parameters["output_dir"]).name
    return {
        **versions(PACKAGES),
        "parameters": parameters,
        "counties": [_county(county) for county in counties],
        "findings": len(comparison.findings),
        "yuan": str(sum(comparison.findings["at_stake"], Decimal(0))),
        "seeds": {d.population.county_code: d.seed for d in draws},
    }


def _county(county: County) -> dict[str, Any]:
    package = county.package
    refusal = county.submission.refused if county.submission else "not_submitted"
    return {
        "county_code": county.code,
        "package_sha256": package.digest if package else None,
        "key": package.key_name if package else None,
        "refused": None if package else refusal,
        "hand_in": package.manifest["parameters"].get("hand_in", "registers") if package else None,
        "reperformed": county.is_reperformed,
        "inputs": list(county.manifest["inputs"]),
    }


def notebook_parameters(base: Path | None = None, **values: Any) -> ReCheck:
    """The parameters of the notebook's first cell, checked; relative paths are found from the parameter file."""
    from auditlib.page.papermill_folder import parameter_folder

    return check_recheck(values, base=base or parameter_folder())
