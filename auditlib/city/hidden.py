"""What a county's own conditions hide: the audit done again on the city's copy under them, one after the other.

What is no longer found under one of them is what that one hides; what only all together make disappear is told so. None of
it excuses a difference: a difference is explained where the same finding, field by field, comes out under the county's
conditions, and then the condition is the finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from typing import Any

import pandas as pd
from ibis import _

from auditlib.base.engine import duckdb_engine
from auditlib.base.errors import AuditError
from auditlib.city.conditions import Condition, Terms, conditions
from auditlib.city.confidences import told_less_surely
from auditlib.city.county_policy import policy_of
from auditlib.county import self_check
from auditlib.findings.apply import apply_rules
from auditlib.linkage.judgements import Judgement
from auditlib.package import Package
from auditlib.package.fingerprints import fingerprints
from auditlib.package.judged_pairs import judgements_on
from auditlib.package.keys import FingerprintKey, fingerprint_key
from auditlib.tables.findings import FINDING

HIDDEN_COLUMNS = ["name", "county", "city", "findings", "yuan", "records", "otherwise", "again"]
OF_WHOM = ["name", "id_number", "student_no", "school_name", "scheme"]  # whom and what a finding is about
ROW = {"table": "string", "source": "string"}
TOGETHER, AND = "together", "+"  # how several conditions are named: together.policy.a+policy.b
LAW = "policy."
FIGURES = (
    "rules",
    "children",
    "yuan_once",
    "links",
)  # of a run's manifest: what its rules looked at, and sums of the county
HEADERS = "columns"  # what headers stand for; what a table lacks because of it is no other condition
VALUES = "; "
NOTHING = Decimal(0)
Figures = Mapping[str, Any]
"""``FIGURES`` of a run, as its manifest tells them."""


@dataclass(frozen=True)
class ConditionTrial:
    """The city's copy audited under other terms: its findings, and the figures of the run."""

    findings: pd.DataFrame
    figures: Figures


@dataclass(frozen=True)
class Held:
    """``names``: what differs. ``under_county``: the findings of the city's copy under all of it (None: nothing differs).

    - ``hidden``: a row a condition that hides something, or is of the law. ``name, county, city``: the values. ``findings``: ids
      of what is not found, or with less at stake. ``yuan``: each counted under one condition alone. ``records``.
      ``otherwise``: ids of what is found less surely or of somebody else. ``again``: how many of ``findings`` another condition
      hides, too.
    - ``policy_unknown``: other policy files, and the package does not hold them.
    - ``reading``: the city's terms but that cells are read as the county read them; None where they are read alike.
    - ``figures``: of the run under all of it; None where something cannot be tried.
    - ``untried``: name and both values of what the audit cannot be done under on the city's files.
    """

    names: tuple[str, ...]
    under_county: pd.DataFrame | None
    hidden: pd.DataFrame
    terms: Terms
    policy_unknown: bool = False
    reading: Terms | None = None
    figures: Figures | None = None
    untried: tuple[tuple[str, str, str], ...] = ()


def held_against(
    package: Package,
    own: Terms,
    city_findings: pd.DataFrame,
    manifest: Mapping[str, Any],
    rows: pd.DataFrame | None = None,
) -> Held:
    """The county's conditions held against the city's ``own``; ``city_findings``, ``manifest`` and ``rows`` (fingerprints): of
    the city's run."""
    law = policy_of(package, own.policy)
    differing = list(conditions(package, own, law or own.policy, manifest, rows))
    unknown = law is None
    if not differing:
        return Held(
            (), None, pd.DataFrame(columns=HIDDEN_COLUMNS), own, unknown, figures=figures_of(manifest)
        )
    together = _trial_under(_taken_over(own, differing))
    fitting = differing if together else _fitting(own, differing)
    under = together or (_trial_under(_taken_over(own, fitting)) if fitting else None)
    alone = [city_findings if under is None else under.findings] * len(fitting)
    if len(fitting) > 1:
        trials = [_trial_under(condition.taken_over(own)) for condition in fitting]
        alone = [city_findings if trial is None else trial.findings for trial in trials]
    # What a cell stands for may be a scheme of the county's own law.
    readings = [c for c in fitting if c.reads or c.name.startswith(LAW)]
    has_readings = any(condition.reads for condition in readings)
    return Held(
        names=tuple(condition.name for condition in differing),
        under_county=under.findings if under else None,
        hidden=_hidden_rows(city_findings, fitting, alone, under.findings if under else city_findings),
        terms=_taken_over(own, fitting),
        policy_unknown=unknown,
        reading=_taken_over(own, readings) if has_readings else None,
        figures=together.figures if together else None,
        untried=tuple((c.name, c.county, c.city) for c in differing if c not in fitting),
    )


def _taken_over(own: Terms, differing: list[Condition]) -> Terms:
    return reduce(lambda terms, condition: condition.taken_over(terms), differing, own)


def _trial_under(terms: Terms) -> ConditionTrial | None:
    """The audit under ``terms``; None where they do not fit the city's files."""
    try:
        return audited_under(terms)
    except AuditError:
        return None


def _fitting(own: Terms, differing: list[Condition]) -> list[Condition]:
    """Those of the conditions that can be tried together, the first ones first: one may need another, as a spelling needs its
    scheme."""
    fitting: list[Condition] = []
    rest, is_more = differing, True
    while rest and is_more:
        before = len(fitting)
        for condition in rest:
            if _trial_under(_taken_over(own, [*fitting, condition])):
                fitting.append(condition)
        rest, is_more = [c for c in rest if c not in fitting], len(fitting) > before
    return [condition for condition in differing if condition in fitting]


def rows_as_read(reading: Terms, package: Package, key: FingerprintKey, rows: pd.DataFrame) -> pd.DataFrame:
    """The fingerprints of the city's copy, its cells read as the county read them; whose a row is the city reads itself.

    ``rows``: the same by the city's own reading.
    """
    run, registers = _read(reading, None)
    tables = fingerprints(registers.tables, key, package.form, package.columns)
    own = rows[["table", "source", "person"]].drop_duplicates(["table", "source"])
    as_read = run.engine.fetch(tables)
    beside = as_read.merge(own, on=["table", "source"], how="left", suffixes=("", "_own"), indicator="side")
    person = beside["person"].where(beside["side"] == "left_only", beside["person_own"])
    return as_read.assign(person=person.to_numpy())


def audited_under(terms: Terms, without: pd.DataFrame | None = None) -> ConditionTrial:
    """The city's copy audited under ``terms``; ``without``: rows (``table, source``) that are left away."""
    run, registers = _read(terms, without)
    audit = self_check.link(run, registers, _judgements(terms, without))
    outcomes = apply_rules(run.engine, audit)
    if all(outcome.population is None for outcome in outcomes):
        return ConditionTrial(pd.DataFrame(columns=list(FINDING)), {})
    results = self_check.sum_up(run, registers, audit, outcomes, with_particulars=False)
    return ConditionTrial(results.findings, figures_of(results.manifest))


def figures_of(manifest: Mapping[str, Any]) -> Figures:
    """What a manifest tells of the whole county."""
    return {name: manifest.get(name) for name in FIGURES}


def _judgements(terms: Terms, without: pd.DataFrame | None) -> list[Judgement] | None:
    """The county's judgements on the pairs that the city's copy has; None, for the city's own, where it told none."""
    key = fingerprint_key()
    if not terms.judgements or key is None:
        return None
    run, registers = _read(terms, without)
    linked = self_check.link(run, registers).linked
    all_shares = (linked.shares, linked.register_shares) if linked else ()
    pairs = [
        run.engine.fetch(shares.select("pair").distinct())["pair"]
        for shares in all_shares
        if shares is not None
    ]
    return judgements_on(pd.concat(pairs), terms.judgements, key) if pairs else []


def _read(terms: Terms, without: pd.DataFrame | None) -> tuple[self_check.Run, self_check.Intake]:
    """A run under ``terms`` and its registers, but for the rows ``without``."""
    run = self_check.Run(terms.parameters, terms.policy, duckdb_engine())
    registers, _problems = self_check.read_all(run, missing=terms.missing)
    if without is not None and len(without):
        removed_rows = run.engine.load("left_away", without[list(ROW)].drop_duplicates(), ROW)
        tables = {
            name: rows.anti_join(removed_rows.filter(_.table == name), "source")
            for name, rows in registers.tables.items()
        }
        registers = replace(registers, tables={n: run.engine.keep(f"{n}_rest", t) for n, t in tables.items()})
    return run, registers


def _hidden_rows(
    city_findings: pd.DataFrame, differing: list[Condition], alone: list[pd.DataFrame], under: pd.DataFrame
) -> pd.DataFrame:
    """What each condition hides alone, and what only all of them do together."""
    if not differing:
        return pd.DataFrame(columns=HIDDEN_COLUMNS)
    worse = [_worse(city_findings, frame) for frame in alone]
    silent = [c for c, part in zip(differing, worse, strict=True) if not part["lost"].any()]
    rest = _without(_worse(city_findings, under), pd.concat(worse))
    several = silent if len(silent) > 1 else differing  # one that hides nothing alone does it with the others
    rows = [(*condition, part) for condition, part in _one_for_headers(differing, worse)]
    rows.append((*_together(several), rest))
    yuan_by_finding: dict[str, Decimal] = {}
    anyway = {c.name for c in differing if rest.empty and c.name.startswith(LAW)} | _with_more(
        city_findings, differing, alone
    )
    hidden_rows = [
        (name, county, city, *_told_once(part, yuan_by_finding))
        for name, county, city, part in rows
        if len(part) or name in anyway  # another law is told even where it hides nothing
    ]
    return pd.DataFrame(hidden_rows, columns=HIDDEN_COLUMNS)


def _with_more(
    city_findings: pd.DataFrame, differing: list[Condition], alone: list[pd.DataFrame]
) -> set[str]:
    """The conditions under which cells are read otherwise, and something is found that the city does not find."""
    ids = set(city_findings["finding_id"])
    return {
        c.name
        for c, frame in zip(differing, alone, strict=True)
        if c.reads and set(frame["finding_id"]) - ids
    }


def _without(rest: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """Those of ``rest`` that no condition hides alone, nor tells otherwise alone."""
    ids = rest["finding_id"]
    is_lost = ids.isin(alone.loc[alone["lost"], "finding_id"])
    return rest[~(is_lost | (~rest["lost"] & ids.isin(alone["finding_id"])))]


def _one_for_headers(
    differing: list[Condition], worse: list[pd.DataFrame]
) -> list[tuple[tuple[str, str, str], pd.DataFrame]]:
    """Name, both values and what each condition hides; a column that a table lacks because its header stands for nothing is
    told with the header, not once more."""
    by_name = {
        condition.name: set(part["finding_id"]) for condition, part in zip(differing, worse, strict=True)
    }
    of_headers = by_name.get(HEADERS, set())
    conditions_told: list[tuple[tuple[str, str, str], pd.DataFrame]] = []
    lacking = [
        c
        for c in differing
        if c.name.startswith(f"{HEADERS}.") and by_name[c.name] and by_name[c.name] <= of_headers
    ]
    for condition, part in zip(differing, worse, strict=True):
        with_it = [condition, *lacking] if condition.name == HEADERS else [condition]
        if condition not in lacking:
            values = (VALUES.join(c.county for c in with_it), VALUES.join(c.city for c in with_it))
            conditions_told.append(((condition.name, *values), part))
    return conditions_told


def _told_once(part: pd.DataFrame, yuan_by_finding: dict[str, Decimal]) -> tuple[Any, ...]:
    """``findings, yuan, records, otherwise, again`` of what a condition hides; ``yuan_by_finding``: the yuan by finding that others hide,
    to which its own are added."""
    hidden_part = part[part["lost"]]
    yuan = dict(zip(hidden_part["finding_id"], hidden_part["lacking"], strict=True))
    again = sum(finding in yuan_by_finding for finding in yuan)
    more = sum(
        (max(own - yuan_by_finding.get(finding, NOTHING), NOTHING) for finding, own in yuan.items()), NOTHING
    )
    yuan_by_finding |= {
        finding: max(own, yuan_by_finding.get(finding, NOTHING)) for finding, own in yuan.items()
    }
    otherwise = list(part.loc[~part["lost"], "finding_id"])
    return list(yuan), more, _records(part), otherwise, again


def _together(differing: list[Condition]) -> tuple[str, str, str]:
    """Name and both values of several conditions: of those that hide nothing alone, where there are several."""
    name = f"{TOGETHER}." + AND.join(condition.name for condition in differing)
    return name, VALUES.join(c.county for c in differing), VALUES.join(c.city for c in differing)


def _worse(city_findings: pd.DataFrame, under: pd.DataFrame) -> pd.DataFrame:
    """``finding_id, lost, lacking`` (yuan), ``records`` of what is found no longer or with less at stake (``lost``), else less
    surely or of somebody else."""
    sides = city_findings.merge(under, on="finding_id", how="left", suffixes=("", "_then"))
    yuan_there = sides["at_stake_then"].astype(object).where(sides["at_stake_then"].notna(), NOTHING)
    sides["lacking"] = sides["at_stake"].map(Decimal) - yuan_there.map(Decimal)
    sides["lost"] = sides["rule_then"].isna() | (sides["lacking"] > 0)
    others = [_plain(sides[name]) != _plain(sides[f"{name}_then"]) for name in OF_WHOM]
    less_sure = sides["finding_id"].isin(told_less_surely(city_findings, under))
    otherwise = less_sure | pd.concat(others, axis=1).any(axis=1)
    return sides.loc[sides["lost"] | otherwise, ["finding_id", "lost", "lacking", "records"]]


def _plain(values: pd.Series) -> pd.Series:
    return values.astype(object).where(values.notna(), "").map(str)


def _records(part: pd.DataFrame) -> list[str]:
    return sorted(set(part["records"].explode().dropna()))
