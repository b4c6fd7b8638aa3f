"""The sample city's field sheets as they come back from the visits, and the answer key of what they must lead to.

A sheet is the one that the draw writes, with the answers filled in; one unit came back without a result. The sheets
hold for this draw alone: once rules, registers or seeds change what is drawn, they are made anew by ``make samples``.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.city.counties import County, reperform
from auditlib.city.draw import CountyDraw
from auditlib.city.field_sheet import write_field_sheet
from auditlib.city.outputs import scheme_titles
from auditlib.city.parameters import ReCheck, read_recheck
from auditlib.city.population import BY_CITY, BY_COUNTY, CLEAN, GROUPS
from auditlib.city.programme import draw_samples
from auditlib.county.outputs import with_decisions, write_outputs
from auditlib.county.self_check import begin, check, ingest, link, sum_up
from auditlib.law.parameters import SelfCheck, read_self_check
from samples.demonstration.handing_in import COUNTIES, hand_in
from samples.demonstration.truth import EVIDENCE, number_of, truth
from samples.neighbours import TERM

SLUGS = dict(zip(COUNTIES, ("qinghe", "baishi", "yunxi"), strict=True))
INSPECTORS = ("检查员甲", "检查员乙")
FIRST_DAY = dt.date(2021, 1, 11)
TWICE_IN, DIFFER_IN = (
    5,
    14,
)  # a second inspector looks at one unit in so many, and sees it otherwise once in so many
NOT_BACK = "990124"  # the county of which one unit came back without a result
KEY = ("county_code", "figure", "value")
ANSWERS, SUMS = "answers.csv", "SHA256SUMS"


def write_visits(samples: Path, params: Path, work: Path) -> None:
    """``city/visits`` under ``samples``: a filled-in sheet a county, the answer key, SHA256SUMS. ``work`` is scratch."""
    run, counties = counties_audited(params, samples, work)
    fill_in(run, counties, samples / "city" / "visits")


def fill_in(run: ReCheck, counties: list[County], into: Path) -> None:
    """The same of counties that the city has audited already."""
    into.mkdir(parents=True, exist_ok=True)
    key: list[tuple[str, str, str]] = []
    for county, draw in zip(counties, draw_samples(run, counties), strict=True):
        truths = truth(county, draw.population)
        answers = answers_of(draw, truths)
        titles = scheme_titles([county], run.language)
        sheet = into / f"{county.code}.xlsx"
        write_field_sheet(draw, sheet, language=run.language, schemes=titles, answers=answers)
        key += [(county.code, figure, value) for figure, value in _figures(draw, truths, answers)]
    with (into / ANSWERS).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([KEY, *key])
    files = sorted(path for path in into.iterdir() if path.suffix in (".xlsx", ".csv"))
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (into / SUMS).write_text("".join(sums), encoding="utf-8")


def counties_audited(params: Path, samples: Path, work: Path) -> tuple[ReCheck, list[County]]:
    """The three self-checks, the packages handed in, the counties audited again by the city."""
    for code, slug in SLUGS.items():
        _self_check(read_self_check(params / f"{slug}-{TERM}.yaml", output_dir=work / f"{code}-{TERM}"))
    hand_in(work, work / "submitted", samples)
    run = read_recheck(params / f"city-9901-{TERM}.yaml", output_dir=work / "city")
    packages = [work / "submitted" / f"{code}.zip" for code in COUNTIES]
    keys = {code: work / f"{code}-{TERM}" / f"public-key-{code}.pem" for code in run.keys}
    run = replace(run, packages=packages, keys=keys, field_results=[])
    return run, reperform(run)


def _self_check(parameters: SelfCheck) -> None:
    run = begin(parameters)
    registers = ingest(run)
    audit = link(run, registers)
    write_outputs(
        run, registers, audit, with_decisions(run, sum_up(run, registers, audit, check(run, audit)))
    )


def answers_of(draw: CountyDraw, truths: pd.DataFrame) -> pd.DataFrame:
    """What the inspectors wrote, one row a unit that came back, in the columns of the field sheet."""
    units = draw.sample_units[["unit_id", "digest"]].merge(truths, on="unit_id").sort_values("digest")
    visited_units = units.iloc[: -1 if draw.population.county_code == NOT_BACK else None]
    return pd.DataFrame(
        [_sheet_row(place, **unit) for place, unit in enumerate(visited_units.to_dict("records"))]
    )


def _sheet_row(
    place: int, *, unit_id: str, digest: str, deviates: bool, kind: str | None, audited: Decimal
) -> dict[str, Any]:
    first, second = INSPECTORS if place % 2 else INSPECTORS[::-1]
    is_twice = number_of(unit_id, "second") % TWICE_IN == 0
    other = number_of(unit_id, "differs") % DIFFER_IN == 0
    return {
        "unit_id": unit_id,
        "seen": kind != "not_pupil",
        "deviates": deviates,
        "kind": kind,
        "audited": audited,
        "evidence": EVIDENCE[kind] if kind else "户口簿、学籍、银行卡",
        "inspector": first,
        "inspected_on": FIRST_DAY + dt.timedelta(days=place // 25),
        "second_deviates": (deviates != other) if is_twice else None,
        "second_inspector": second if is_twice else None,
    }


def _figures(draw: CountyDraw, truths: pd.DataFrame, answers: pd.DataFrame) -> list[tuple[str, str]]:
    """What the sheets say, counted here; the point estimates by their definitions; the truth of the whole county."""
    units = draw.sample_units.merge(draw.population.units[["unit_id", "amount"]], on="unit_id")
    units = units.merge(
        answers[["unit_id", "deviates", "audited", "second_deviates"]], on="unit_id", how="left"
    )
    back = units["deviates"].notna()
    wrong, due = units["deviates"].where(back, True), units["audited"].where(back, Decimal(0))
    units = units.assign(wrong=wrong.astype(bool), off=units["amount"] - due)
    counts = {
        "drawn": len(units),
        "back": int(back.sum()),
        **{f"wrong_{group}": int(units.loc[units["group"] == group, "wrong"].sum()) for group in GROUPS},
        **_inspectors(units),
        **_estimates(draw, units),
        **_county_truth(draw, truths),
    }
    return [(figure, str(value)) for figure, value in counts.items()]


def _inspectors(units: pd.DataFrame) -> dict[str, int]:
    twice = units[units["second_deviates"].notna()]
    first, second = twice["wrong"], twice["second_deviates"].astype(bool)
    return {
        "both_wrong": int((first & second).sum()),
        "first_only": int((first & ~second).sum()),
        "second_only": int((~first & second).sum()),
        "both_right": int((~first & ~second).sum()),
    }


def _estimates(draw: CountyDraw, units: pd.DataFrame) -> dict[str, str]:
    """Detection rate, precision and projected yuan: within a group (unflagged: within an amount) each unit stands for
    as many as there are to one drawn; drawn by value, a hit stands for its interval."""
    population_units = draw.population.units
    cell_of = _cells(population_units, units)
    size = population_units.groupby(cell_of(population_units)).size()
    drawn_sizes = units.groupby(cell_of(units)).size()
    weighted_units = units.assign(
        weight=[Fraction(int(size[cell]), int(drawn_sizes[cell])) for cell in cell_of(units)]
    )
    wrong = weighted_units[weighted_units["wrong"]].groupby("group")["weight"].sum()
    of_county = Fraction(wrong.get(BY_COUNTY, 0))
    total = sum((Fraction(w) for w in wrong), Fraction(0))
    flagged_units = int((population_units["group"] == BY_COUNTY).sum())
    rates = {
        "detection_rate": of_county / total if total and draw.population.submitted else None,
        "precision": of_county / flagged_units if flagged_units and draw.population.submitted else None,
        "projected_over": _projection(draw, weighted_units, 1),
        "projected_under": _projection(draw, weighted_units, -1),
    }
    return {figure: f"{float(rate):.6f}" for figure, rate in rates.items() if rate is not None}


def _cells(population_units: pd.DataFrame, units: pd.DataFrame) -> Callable[[pd.DataFrame], pd.Series]:
    """Group, and for the unflagged the amount; an amount of which fewer than two were drawn goes with the next larger
    ones until two were, at the end with the next smaller."""
    clean = units.loc[units["group"] == CLEAN, "amount"].value_counts()
    cell, hits, cells = 0, 0, dict[Decimal, int]()
    for amount in sorted(set(population_units.loc[population_units["group"] == CLEAN, "amount"])):
        cells[amount] = cell
        hits += int(clean.get(amount, 0))
        if hits >= 2:
            cell, hits = cell + 1, 0
    last = cell - (hits < 2)
    return lambda rows: rows["group"].where(
        rows["group"] != CLEAN,
        rows["amount"].map(cells).fillna(0).clip(upper=last).map("clean {:.0f}".format),
    )


def _projection(draw: CountyDraw, weighted_units: pd.DataFrame, sign: int) -> Fraction:
    off = [max(Fraction(0), sign * Fraction(amount)) for amount in weighted_units["off"]]
    total = Fraction(0)
    columns = ("group", "amount", "hits", "top", "weight")
    for wrong, group, amount, hits, top, weight in zip(
        off, *(weighted_units[c] for c in columns), strict=True
    ):
        if group != CLEAN or draw.interval is None:
            total += wrong * weight
        else:
            total += wrong if top else wrong / Fraction(amount) * int(hits) * Fraction(draw.interval)
    return total


def _county_truth(draw: CountyDraw, truths: pd.DataFrame) -> dict[str, str]:
    """The truth of every payment of the county, which the limits must hold."""
    units = draw.population.units.merge(truths, on="unit_id")
    off = units["amount"] - units["audited"]
    clean = units["group"] == CLEAN
    return {
        "true_wrong_unflagged": str(int(units.loc[clean, "deviates"].sum())),
        "true_wrong_flagged": str(int(units.loc[units["group"].isin((BY_COUNTY, BY_CITY)), "deviates"].sum())),
        "true_over": str(sum((wrong for wrong in off if wrong > 0), Decimal(0))),
        "true_under": str(-sum((wrong for wrong in off if wrong < 0), Decimal(0))),
    }  # fmt: skip
