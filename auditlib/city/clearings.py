"""Clearings: did the county say why a finding is no problem, and do the city's data leave room for that?

A clearing is a person's judgement and is taken as one; what is shown is the one without a cause, the one whose cause the
city's own rows speak against while no paper is named, and one cause that clears very many. Where tokens alone were handed in
there are no causes to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.city.closures import BACK_PAID, RECOVERED
from auditlib.city.counties import County
from auditlib.tables.findings import finding_columns

COLUMNS = ["county_code", "subject", "rule", "reason", "findings", "at_stake", "school_name", "name", "id_number", "records"]  # fmt: skip
FINDING = list(finding_columns("finding_id rule family at_stake school_name name id_number records"))
MANY, MOST = 10, 5  # by one cause: so many anyhow, or so many that are over half of a rule's findings
# What a cause says has happened, and of which findings the city's own rows would show it.
PAID = r"已.{0,4}(?:补发|发放|重发|重新发|付)|\bpaid\b"
BACK = r"已.{0,4}(?:追回|退回|收回|冲回|退款)|recovered|given back|reversed"
AWAY = r"转学|转出|转走|休学|退学|辍学|毕业|异动|县外就读|外地就读|elsewhere|\bmoved\b|\bleft\b|transferred"
NOT_ELIGIBLE = r"不符合|不在册|已脱贫|退出|非困难|not eligible|off the register"
MISSED = BACK_PAID


def clearings(county: County) -> pd.DataFrame:
    """One row a doubtful clearing: ``reason`` is ``no_cause``, ``contradicted`` or ``many`` (``findings`` by one cause)."""
    package = county.package
    if package is None or not county.is_reperformed or package.is_nameless:
        return pd.DataFrame(columns=COLUMNS)
    all_findings = pd.concat([county.findings, package.findings], ignore_index=True)[FINDING]
    latest = package.decisions.drop_duplicates("finding_id", keep="last")
    cleared = latest[latest["status"] == "cleared"].merge(
        all_findings.drop_duplicates("finding_id"), on="finding_id"
    )
    clearing = cleared.assign(said=cleared["cause"].str.strip(), paper=cleared["evidence"].str.strip())
    bare = (clearing["said"] == "") & (clearing["note"].str.strip() == "") & (clearing["paper"] == "")
    against = ~bare & (clearing["paper"] == "") & _contradicted(clearing, county)
    single = [_rows(clearing[bare], "no_cause"), _rows(clearing[against], "contradicted")]
    doubtful = [row for part in (*single, _many(clearing, all_findings)) for row in part]
    return pd.DataFrame(doubtful, columns=COLUMNS[1:], dtype=object).assign(county_code=county.code)[COLUMNS]


def _contradicted(clearing: pd.DataFrame, county: County) -> pd.Series:
    """Do the city's rows still show what the cause says is no more so?"""
    still = clearing["finding_id"].isin(set(county.findings["finding_id"]))
    active = clearing["id_number"].isin(set(county.pupils.loc[county.pupils["active"] == True, "id18"]))  # noqa: E712
    listed = clearing["id_number"].isin(set(county.eligible.loc[county.eligible["eligible"] == True, "id18"]))  # noqa: E712
    missed, wrongly = clearing["rule"].isin(MISSED), clearing["rule"].isin(RECOVERED)

    def says(pattern: str) -> pd.Series:
        return clearing["said"].str.contains(pattern, case=False, regex=True)

    against = (missed & (says(PAID) | (says(AWAY) & active) | (says(NOT_ELIGIBLE) & listed))) | (
        wrongly & says(BACK)
    )
    return still & against


def _rows(clearing: pd.DataFrame, reason: str) -> Iterator[dict[str, Any]]:
    for line in clearing.to_dict("records"):
        cells = {
            name: line[name] for name in ("rule", "at_stake", "school_name", "name", "id_number", "records")
        }
        yield cells | {"subject": f"{reason}|{line['finding_id']}", "reason": reason, "findings": 1}


def _many(clearing: pd.DataFrame, all_findings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One row a cause that clears very many; of no single rule where it clears findings of several."""
    of_rule = all_findings.drop_duplicates("finding_id")["rule"].value_counts()
    for cause, part in clearing[clearing["said"] != ""].groupby("said", sort=True):
        counts = part["rule"].value_counts()
        of_most = any(n >= MOST and 2 * n > of_rule[rule] for rule, n in counts.items())
        if len(part) >= MANY or of_most:
            yield {
                "subject": f"many|{cause}", "rule": str(counts.index[0]), "reason": "many", "findings": len(part),
                "at_stake": sum(part["at_stake"].map(Decimal), Decimal(0)), "school_name": None, "name": None,
                "id_number": None, "records": sorted(set(part["records"].explode().dropna())),
            }  # fmt: skip
