"""What a county cleared by its word alone: findings that stand in the city's rows too, cleared without a paper that is named.

No list of words knows every way in which a cause can deny what the rows say (:mod:`auditlib.city.clearings` knows the usual
ones). What the rows say the city can work out itself: that the finding still stands. So each of these is listed, with its cause
as the county wrote it, for a person to read; it is no accusation and no finding.
"""

from __future__ import annotations

import pandas as pd

from auditlib.city.clearings import named_papers
from auditlib.city.counties import County
from auditlib.tables.findings import finding_columns

FINDING = list(finding_columns("finding_id rule at_stake school_name name id_number records"))
COLUMNS = ["county_code", *FINDING, "decided_by", "decided_at", "cause"]


def cleared_by_word(county: County) -> pd.DataFrame:
    """The city's own findings that the county cleared without naming a paper, by rule; ``at_stake`` by the city. Causes are empty
    where tokens alone were handed in."""
    package = county.package
    if package is None or not county.is_reperformed:
        return pd.DataFrame(columns=COLUMNS)
    latest = package.decisions.drop_duplicates("finding_id", keep="last")
    decision_rows = latest[latest["status"] == "cleared"][["finding_id", *COLUMNS[-3:], "evidence"]]
    cleared = county.findings[FINDING].merge(decision_rows, on="finding_id").assign(county_code=county.code)
    paperless = cleared[named_papers(cleared["evidence"]) == ""]
    return paperless.sort_values(["rule", "finding_id"], ignore_index=True)[COLUMNS]
