"""The self-check held against the re-performance, finding by finding, each difference with its cause.

Causes from the surest to the least sure: a row that the finding rests on, or another row of the same person, changed
(told by fingerprints); other version, policy, parameters, input files (they may be the cause); else ``unexplained``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

import auditlib
from auditlib.city.changes import COLUMNS as CHANGE
from auditlib.city.changes import changed_rows
from auditlib.city.counties import County
from auditlib.package.verify import input_differences, parameter_differences, policy_differences

OUTCOMES = ("same", "other_amount", "only_county", "only_city")
COMPARED = [
    "county_code", "finding_id", "rule", "outcome", "cause", "self_check", "re_check", "disposition", "county_cause",
    "school_name", "name", "id_number", "records",
]  # fmt: skip
FORM = ["county_code", "item", "method", "self_check", "re_check", "agrees", "causes"]
NOTHING = Decimal(0)


def changes_of(county: County) -> pd.DataFrame | None:
    """Rows changed since the self-check; None where package or key is missing or the keys are not the same."""
    package = county.package
    if package is None or county.fingerprints is None or package.fingerprint_key != county.fingerprint_key:
        return None
    return changed_rows(package.fingerprints, county.fingerprints)


def general_causes(county: County) -> dict[str, list[str]]:
    """What may make findings differ everywhere: ``version``, ``policy``, ``parameters``, ``files``; only what differs."""
    if county.package is None or not county.is_reperformed:
        return {}
    theirs, ours = county.package.manifest, county.manifest
    version = (
        [] if theirs["auditlib"] == auditlib.__version__ else [str(theirs["auditlib"]), auditlib.__version__]
    )
    causes = {
        "version": version,
        "policy": policy_differences(theirs, ours),
        "parameters": parameter_differences(theirs["parameters"], ours["parameters"]),
        "files": input_differences(theirs, ours),
    }
    return {cause: details for cause, details in causes.items() if details}


def compared(county: County, changes: pd.DataFrame | None) -> pd.DataFrame:
    """One row a finding of either side: ``outcome``, ``cause`` and both amounts at stake (None: not found)."""
    if county.package is None or not county.is_reperformed:
        return pd.DataFrame(columns=COMPARED)
    both = _side_by_side(county.package.findings, county.findings)
    both = both.merge(_decided(county.package.decisions), on="finding_id", how="left")
    both["county_code"] = county.code
    rows_changed = changes if changes is not None else pd.DataFrame(columns=CHANGE)
    touched = _touched(both, rows_changed, county)
    both["cause"] = _causes(both, touched, general_causes(county), told_by_rows=changes is not None)
    made = both[COMPARED].astype(object)
    return made.where(made.notna(), None).sort_values(["rule", "finding_id"], ignore_index=True)


def _side_by_side(theirs: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    kept = ["finding_id", "rule", "at_stake", "school_name", "name", "id_number", "records"]
    both = theirs[kept].merge(ours[kept], on="finding_id", how="outer", suffixes=("_county", "_city"))
    for column in ("rule", "school_name", "name", "id_number", "records"):
        both[column] = both[f"{column}_city"].where(both["rule_city"].notna(), both[f"{column}_county"])
    both["self_check"], both["re_check"] = both["at_stake_county"], both["at_stake_city"]
    agree = both["self_check"].eq(both["re_check"])
    both["outcome"] = agree.map({True: "same", False: "other_amount"})
    both.loc[both["rule_city"].isna(), "outcome"] = "only_county"
    both.loc[both["rule_county"].isna(), "outcome"] = "only_city"
    return both


def _decided(decisions: pd.DataFrame) -> pd.DataFrame:
    latest = decisions.drop_duplicates("finding_id", keep="last")
    return latest[["finding_id", "status", "cause"]].rename(
        columns={"status": "disposition", "cause": "county_cause"}
    )


def _touched(both: pd.DataFrame, changes: pd.DataFrame, county: County) -> pd.Series:
    """``finding_id -> data_added, data_removed or data_altered``: a row it rests on changed, else a row of its person."""
    by_row = pd.concat(
        [
            changes.assign(record=changes["table"] + ":" + changes[column].fillna(""), side=side)
            for column, side in (("before", "county"), ("source", "city"))
        ],
        ignore_index=True,
    )[["record", "side", "change"]]
    cited = _cited(both).merge(by_row, on=["record", "side"])
    of_person = _persons(both, county).merge(changes[["person", "change"]].dropna(), on="person")
    found = pd.concat(
        [cited[["finding_id", "change"]], of_person[["finding_id", "change"]]], ignore_index=True
    )
    return found.drop_duplicates("finding_id").set_index("finding_id")["change"]


def _cited(both: pd.DataFrame) -> pd.DataFrame:
    """``finding_id, side, record``: the rows that a finding rests on, on either side."""
    parts = [
        both[["finding_id", f"records_{side}"]]
        .rename(columns={f"records_{side}": "record"})
        .explode("record")
        .assign(side=side)
        for side in ("county", "city")
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset="record")


def _persons(both: pd.DataFrame, county: County) -> pd.DataFrame:
    """``finding_id, person``: the tokens of the persons whose rows, on either side, a finding cites."""
    sides = {"city": county.fingerprints, "county": county.package.fingerprints if county.package else None}
    cited = _cited(both)
    parts = []
    for side, rows in sides.items():
        if rows is not None:
            records = rows.assign(record=rows["table"] + ":" + rows["source"])[["record", "person"]].dropna()
            parts.append(cited[cited["side"] == side].merge(records, on="record")[["finding_id", "person"]])
    return (
        pd.concat(parts, ignore_index=True).drop_duplicates()
        if parts
        else both[["finding_id"]].assign(person="")
    )


def _causes(
    both: pd.DataFrame, touched: pd.Series, general: Mapping[str, list[str]], *, told_by_rows: bool
) -> pd.Series:
    """None where nothing differs, unless the county cleared it."""
    usual = [cause for cause in ("version", "policy", "parameters") if cause in general]
    files = [] if told_by_rows or "files" not in general else ["files"]
    causes = both["finding_id"].map("data_" + touched).astype(object)
    causes = causes.where(causes.notna(), (usual + files + ["unexplained"])[0])
    causes = causes.mask(both["outcome"] == "same", None)
    return causes.mask(both["disposition"] == "cleared", "cleared")


def form(county: County, lines: pd.DataFrame) -> pd.DataFrame:
    """The form of the two checks: item, method, self-check value, re-check value, agreement, note (causes counted).

    Of a county that was not audited again there is no re-check value and no agreement.
    """
    if not county.is_reperformed:
        return pd.DataFrame(_unaudited(county), columns=FORM, dtype=object)
    rows = _numbers(county) + [
        _rule_line(county.code, rule, part) for rule, part in lines.groupby("rule", sort=True)
    ]
    return pd.DataFrame(rows, columns=FORM, dtype=object)


def _unaudited(county: County) -> list[tuple[Any, ...]]:
    if county.package is None:
        return []
    used = [(f"rows.{table}", n) for table, n in sorted(_rows_used(county.package.manifest).items())]
    found = sorted(county.package.findings["rule"].value_counts().items())
    return [(county.code, item, "not_reperformed", int(n), None, None, "") for item, n in used + found]


def _rule_line(code: str, rule: str, part: pd.DataFrame) -> tuple[Any, ...]:
    theirs, ours = part["outcome"] != "only_city", part["outcome"] != "only_county"
    causes = part.loc[part["outcome"] != "same", "cause"].value_counts().sort_index()
    agrees = bool((part["outcome"] == "same").all())
    note = ", ".join(f"{cause} {n}" for cause, n in causes.items())
    return code, rule, "reperformed", int(theirs.sum()), int(ours.sum()), agrees, note


def _numbers(county: County) -> list[tuple[Any, ...]]:
    """Rows used of every table, as the two manifests count them."""
    if county.package is None:
        return []
    sides = [_rows_used(manifest) for manifest in (county.package.manifest, county.manifest)]
    tables = sorted(set(sides[0]) | set(sides[1]))
    return [
        (county.code, f"rows.{table}", "counted", sides[0].get(table, 0), sides[1].get(table, 0),
         sides[0].get(table, 0) == sides[1].get(table, 0), "")
        for table in tables
    ]  # fmt: skip


def _rows_used(manifest: Mapping[str, Any]) -> dict[str, int]:
    used: dict[str, int] = {}
    for entry in manifest["inputs"]:
        used[entry["table"]] = used.get(entry["table"], 0) + int(entry["used"])
    return used


def summary(lines: pd.DataFrame) -> pd.DataFrame:
    """``county_code, outcome, cause, findings, self_check, re_check`` (yuan)."""
    filled = lines.assign(cause=lines["cause"].fillna(""))
    grouped = filled.groupby(["county_code", "outcome", "cause"], as_index=False)
    return grouped.agg(
        findings=("finding_id", "size"), self_check=("self_check", _yuan), re_check=("re_check", _yuan)
    )


def _yuan(amounts: pd.Series) -> Decimal:
    return sum((Decimal(str(a)) for a in amounts.dropna()), NOTHING)
