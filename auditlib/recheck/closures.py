"""Closures: does the correction that a county wrote down stand in the data of the re-check?"""

from __future__ import annotations

import pandas as pd

from auditlib.recheck.counties import County

COLUMNS = ["county_code", "finding_id", "rule", "status", "decided_at", "amount", "outcome"]
DONE = ("rectified", "closed")
# What is past cannot be undone in the data: a late payment stays late.
PAST = ("procedure", "totals")


def closures(county: County) -> pd.DataFrame:
    """One row a finding that the county rectified or closed: ``corrected``, ``still_found`` or ``not_checkable``."""
    if county.package is None:
        return pd.DataFrame(columns=COLUMNS)
    decisions = county.package.decisions.drop_duplicates("finding_id", keep="last")
    done = decisions[decisions["status"].isin(DONE)]
    known = pd.concat([county.findings, county.package.findings], ignore_index=True)
    rules = known.drop_duplicates("finding_id").set_index("finding_id")["rule"]
    found = done.assign(county_code=county.code, rule=done["finding_id"].map(rules))
    still = found["finding_id"].isin(county.findings["finding_id"])
    outcome = pd.Series("corrected", index=found.index).mask(still, "still_found")
    past = found["rule"].isna() | found["rule"].astype(object).map(_family, na_action="ignore").isin(PAST)
    made = found.assign(outcome=outcome.mask(past, "not_checkable"))
    return made[COLUMNS].sort_values(["rule", "finding_id"], ignore_index=True)


def _family(rule: str) -> str:
    return rule.split(".")[0]
