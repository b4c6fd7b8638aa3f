"""The form of the two checks, and the differences counted: what the city fills in about each county."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.city.counties import County
from auditlib.city.figures import agreement

FORM = ["county_code", "item", "method", "self_check", "re_check", "agrees", "causes"]
NOTHING = Decimal(0)


def form(county: County, lines: pd.DataFrame) -> pd.DataFrame:
    """The form of the two checks: item, method, self-check value, re-check value, agreement, note (causes counted).

    Of a county that was not audited again there is no re-check value and no agreement.
    """
    if not county.is_reperformed:
        return pd.DataFrame(_lines_without_audit(county), columns=FORM, dtype=object)
    rows = _numbers(county) + [
        _rule_line(county.code, rule, part) for rule, part in lines.groupby("rule", sort=True)
    ]
    return pd.DataFrame(rows, columns=FORM, dtype=object)


def _lines_without_audit(county: County) -> list[tuple[Any, ...]]:
    if county.package is None:
        return []
    used_counts = [(f"rows.{table}", n) for table, n in sorted(_rows_used(county.package.manifest).items())]
    by_rule = sorted(county.package.findings["rule"].value_counts().items())
    return [
        (county.code, item, "not_reperformed", int(n), None, None, "") for item, n in used_counts + by_rule
    ]


def _rule_line(code: str, rule: str, part: pd.DataFrame) -> tuple[Any, ...]:
    theirs, ours = part["outcome"] != "only_city", part["outcome"] != "only_county"
    causes = part.loc[part["outcome"] != "same", "cause"].value_counts().sort_index()
    agrees = bool((part["outcome"] == "same").all())
    note = ", ".join(f"{cause} {n}" for cause, n in causes.items())
    return code, rule, "reperformed", int(theirs.sum()), int(ours.sum()), agrees, note


def _numbers(county: County) -> list[tuple[Any, ...]]:
    """How many figures of the manifest the city gets too, and rows used of every table, as the two manifests count them."""
    if county.package is None:
        return []
    sides = [_rows_used(manifest) for manifest in (county.package.manifest, county.manifest)]
    tables = sorted(set(sides[0]) | set(sides[1]))
    n, alike = agreement(county)
    agrees = None if alike is None else alike == n
    figures = (county.code, "figures", "counted_again", n, alike, agrees, "")
    return [
        figures,
        *((county.code, f"rows.{table}", "counted", sides[0].get(table, 0), sides[1].get(table, 0),
         sides[0].get(table, 0) == sides[1].get(table, 0), "")
        for table in tables)
    ]  # fmt: skip


def _rows_used(manifest: Mapping[str, Any]) -> dict[str, int]:
    used_counts: dict[str, int] = {}
    for entry in manifest["inputs"]:
        used_counts[entry["table"]] = used_counts.get(entry["table"], 0) + int(entry["used"])
    return used_counts


def summary(lines: pd.DataFrame) -> pd.DataFrame:
    """``county_code, outcome, cause, findings, self_check, re_check`` (yuan)."""
    lines_with_cause = lines.assign(cause=lines["cause"].fillna(""))
    grouped_lines = lines_with_cause.groupby(["county_code", "outcome", "cause"], as_index=False)
    return grouped_lines.agg(
        findings=("finding_id", "size"), self_check=("self_check", _yuan), re_check=("re_check", _yuan)
    )


def _yuan(amounts: pd.Series) -> Decimal:
    return sum((Decimal(str(a)) for a in amounts.dropna()), NOTHING)
