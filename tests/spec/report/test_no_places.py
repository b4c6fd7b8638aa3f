"""A county of which no file tells a town: the lists by place are empty, and the report is made."""

from __future__ import annotations

import pandas as pd

from auditlib.report.breakdown import _with_findings


def test_a_county_without_a_town_has_no_place_with_findings() -> None:
    places = pd.DataFrame({"town": pd.Series([], dtype="str"), "pupils": pd.Series([], dtype="int64"), "findings": pd.Series([], dtype="int64")})  # fmt: skip
    empty_names = {key: [None] for key in ("town", "name", "school_name", "id_number", "student_no")}
    findings = pd.DataFrame({**empty_names, "finding_id": ["a"], "at_stake": [500]})
    assert len(_with_findings(places, findings)) == 0
