"""What a county's own conditions hide: the audit done again on the city's copy under them, one after the other.

What is no longer found under one of them is what that one hides; what only all together make disappear is told so. None of
it excuses a difference: a difference is explained where the same finding, field by field, comes out under the county's
conditions, and then the condition is the finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd
from ibis import _

from auditlib.base.engine import duckdb_engine
from auditlib.base.errors import AuditError
from auditlib.city.conditions import Condition, Terms, conditions
from auditlib.city.county_policy import policy_of
from auditlib.county import self_check
from auditlib.findings.apply import apply_rules, findings
from auditlib.linkage.judgements import Judgement
from auditlib.package import Package
from auditlib.package.judged_pairs import judgements_on
from auditlib.package.keys import fingerprint_key
from auditlib.tables.findings import FINDING

HIDDEN = ["name", "county", "city", "findings", "yuan", "records"]
ROW = {"table": "string", "source": "string"}
TOGETHER, AND = "together", "+"  # how several conditions are named: together.policy.a+policy.b
LAW = "policy."
VALUES = "; "
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Held:
    """``names``: what differs. ``under_county``: the findings of the city's copy under all of it (None: nothing differs).

    ``hidden``: a row a condition that hides something, or is of the law: ``name, county, city`` (values), ``findings`` (ids), ``yuan``,
    ``records`` (of these findings). ``policy_unknown``: other policy files, and the package does not hold them.
    """

    names: tuple[str, ...]
    under_county: pd.DataFrame | None
    hidden: pd.DataFrame
    terms: Terms
    policy_unknown: bool = False


def held_against(
    package: Package, own: Terms, city_findings: pd.DataFrame, manifest: Mapping[str, Any]
) -> Held:
    """The county's conditions held against the city's ``own``; ``city_findings`` and ``manifest``: of the city's run."""
    law = policy_of(package, own.policy)
    differing = list(conditions(package, own, law or own.policy, manifest))
    terms, unknown = own, law is None
    for condition in differing:
        terms = condition.taken_over(terms)
    if not differing:
        return Held((), None, pd.DataFrame(columns=HIDDEN), own, unknown)
    names = tuple(condition.name for condition in differing)
    try:
        under = audited_under(terms)
        alone = [under] if len(differing) == 1 else [audited_under(c.taken_over(own)) for c in differing]
    except AuditError:  # the county's conditions do not fit the city's files: nothing is explained by them
        return Held(names, None, pd.DataFrame(columns=HIDDEN), own, unknown)
    return Held(names, under, _hidden(city_findings, differing, alone, under), terms, unknown)


def audited_under(terms: Terms, without: pd.DataFrame | None = None) -> pd.DataFrame:
    """The findings of the city's copy under ``terms``; ``without``: rows (``table, source``) that are left away."""
    run, registers = _read(terms, without)
    audit = self_check.link(run, registers, _judgements(terms, without))
    outcomes = apply_rules(run.engine, audit)
    if all(outcome.population is None for outcome in outcomes):
        return pd.DataFrame(columns=list(FINDING))
    return run.engine.fetch(findings(run.engine, audit, outcomes))


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


def _read(terms: Terms, without: pd.DataFrame | None) -> tuple[self_check.Run, self_check.Registers]:
    """A run under ``terms`` and its registers, but for the rows ``without``."""
    run = self_check.Run(terms.parameters, terms.policy, duckdb_engine())
    registers, _problems = self_check.read_all(run, missing=terms.missing)
    if without is not None and len(without):
        removed = run.engine.load("left_away", without[list(ROW)].drop_duplicates(), ROW)
        tables = {
            name: rows.anti_join(removed.filter(_.table == name), "source")
            for name, rows in registers.tables.items()
        }
        registers = replace(registers, tables={n: run.engine.keep(f"{n}_rest", t) for n, t in tables.items()})
    return run, registers


def _hidden(
    city_findings: pd.DataFrame, differing: list[Condition], alone: list[pd.DataFrame], under: pd.DataFrame
) -> pd.DataFrame:
    """What each condition hides alone, and what only all of them do together."""
    rows, explained_ids, silent = [], set(), []
    for condition, frame in zip(differing, alone, strict=True):
        lacking = _lacking(city_findings, frame)
        explained_ids |= set(lacking["finding_id"])
        rows.append((condition.name, condition.county, condition.city, lacking))
        silent += [condition] if lacking.empty else []
    rest = _lacking(city_findings, under)
    several = silent if len(silent) > 1 else differing  # one that hides nothing alone does it with the others
    rows.append((*_together(several), rest[~rest["finding_id"].isin(explained_ids)]))
    together = len(rows[-1][-1]) > 0
    hidden_rows = [
        (name, county, city, list(part["finding_id"]), sum(part["lacking"], NOTHING), _records(part))
        for name, county, city, part in rows
        if len(part)
        or (name.startswith(LAW) and not together)  # another law is told even where it hides nothing
    ]
    return pd.DataFrame(hidden_rows, columns=HIDDEN)


def _together(differing: list[Condition]) -> tuple[str, str, str]:
    """Name and both values of several conditions: of those that hide nothing alone, where there are several."""
    name = f"{TOGETHER}." + AND.join(condition.name for condition in differing)
    return name, VALUES.join(c.county for c in differing), VALUES.join(c.city for c in differing)


def _lacking(city_findings: pd.DataFrame, under: pd.DataFrame) -> pd.DataFrame:
    """``finding_id, lacking`` (yuan), ``records`` of what is found no longer, or with less at stake."""
    then = under[["finding_id", "at_stake"]].rename(columns={"at_stake": "then"})
    compared = city_findings[["finding_id", "at_stake", "records"]].merge(then, on="finding_id", how="left")
    yuan_there = compared["then"].astype(object).where(compared["then"].notna(), NOTHING)
    compared["lacking"] = compared["at_stake"].map(Decimal) - yuan_there.map(Decimal)
    return compared[compared["then"].isna() | (compared["lacking"] > 0)]


def _records(part: pd.DataFrame) -> list[str]:
    return sorted(set(part["records"].explode().dropna()))
