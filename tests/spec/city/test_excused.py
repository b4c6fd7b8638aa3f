"""What hangs on a changed row is said with the row: it is the county's word, and a finding goes with it."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from test_recheck_compare import prints
from test_recheck_rules import EAST, ROW

import auditlib
from auditlib.city import causes, compare
from auditlib.city.changes import changed_rows
from auditlib.city.counties import ROWLESS
from auditlib.city.findings import recheck_findings

CHILD = "e.csv!2 child one"
OTHERS = [f"e.csv!{n} other{n} {n}" for n in range(3, 60)]
FINDING = ROW | {"records": ["payments:e.csv!2"], "name": "甲", "id_number": "n1"}
TOTAL = FINDING | {"finding_id": "t1", "rule": "totals.persons", "records": ["control_totals:t.csv!2"], "name": None, "id_number": None}  # fmt: skip


def comparison(
    before: list[str], after: list[str], ours: list[dict[str, Any]], theirs: list[dict[str, Any]], again: list[dict[str, Any]],
    version: str = auditlib.__version__,
) -> pd.DataFrame:  # fmt: skip
    """The re-check's findings of a county whose rows were ``before`` and are ``after``; ``again``: without the rows changed."""
    manifest: dict[str, Any] = {
        "auditlib": version,
        "policy": [],
        "inputs": [],
        "parameters": {},
    }
    frames = [pd.DataFrame(rule_ids, columns=list(ROW), dtype=object) for rule_ids in (ours, theirs, again)]
    package = SimpleNamespace(
        findings=frames[1], fingerprints=prints(*before), manifest=manifest, is_nameless=False, fingerprint_key="k",
        decisions=pd.DataFrame(columns=["finding_id", "status", "cause"]), contradictions=(),
    )  # fmt: skip
    county: Any = SimpleNamespace(
        is_reperformed=True, code=EAST, name="样11县", language="zh", manifest=manifest, findings=frames[0], package=package,
        fingerprints=prints(*after), fingerprint_key="k", conditions=None, unchanged=frames[2], submission=None,
        rowless=pd.DataFrame(columns=list(ROWLESS)),
        pupils=pd.DataFrame(columns=["school_name", "records"]), payments=pd.DataFrame(columns=["source", "school_name"]),
        eligible=pd.DataFrame(columns=["records"]), letters=pd.DataFrame(columns=["source"]), persons=pd.DataFrame(),
    )  # fmt: skip
    changes = changed_rows(package.fingerprints, county.fingerprints)
    lines = compare.compared_rows(county, changes)
    nothing = pd.DataFrame()
    return recheck_findings(
        [county], term="2020-autumn", language="en", changes={EAST: changes}, lines=lines,
        closed=nothing.reindex(columns=["outcome"]), crossings=nothing,
        excused=causes.excused(lines, changes, county).assign(county_code=EAST),
    )  # fmt: skip


def test_a_row_that_the_county_alone_has_names_the_child_whose_finding_it_excuses() -> None:
    invented_row = "p.csv!99 child z"
    excused_rows = comparison([CHILD, *OTHERS, invented_row], [CHILD, *OTHERS], [FINDING], [], [FINDING])
    assert list(excused_rows["rule"]) == ["recheck.data_changed"]
    row = excused_rows.iloc[0]
    assert (row["name"], row["id_number"], row["at_stake"]) == ("甲", "n1", Decimal(500))
    assert set(row["records"]) == {"payments:p.csv!99", "payments:e.csv!2"}
    assert "1 finding(s) that the county did not report" in row["message"]
    assert "(500 yuan not reported)" in row["message"]


def test_one_invented_payment_that_excuses_printed_totals_says_which() -> None:
    excused_rows = comparison([CHILD, *OTHERS, "p.csv!99 nobody z"], [CHILD, *OTHERS], [TOTAL], [], [TOTAL])
    assert [set(records) for records in excused_rows["records"]] == [
        {"payments:p.csv!99", "control_totals:t.csv!2"}
    ]


def test_a_finding_that_cites_a_row_that_was_otherwise_is_no_omission_and_hangs_on_that_row() -> None:
    was = "e.csv!2 child before"
    excused_rows = comparison([was, *OTHERS], [CHILD, *OTHERS], [FINDING], [], [FINDING])
    assert list(excused_rows["rule"]) == ["recheck.data_changed"]
    assert excused_rows.iloc[0]["id_number"] == "n1"


def test_what_the_county_told_with_less_at_stake_hangs_on_the_row_that_was_otherwise() -> None:
    was = "e.csv!2 child before"
    lowered_finding = FINDING | {"at_stake": Decimal("0.01"), "name": "乙"}
    excused_rows = comparison([was, *OTHERS], [CHILD, *OTHERS], [FINDING], [lowered_finding], [FINDING])
    assert list(excused_rows["rule"]) == ["recheck.data_changed"]
    row = excused_rows.iloc[0]
    assert (row["id_number"], row["at_stake"]) == ("n1", Decimal("499.99"))
    assert "499.99 yuan not reported" in row["message"]


@pytest.mark.parametrize("cells", [{"severity": "low"}, {"family": "totals"}, {"rule": "missed.underpaid"}])
def test_no_row_makes_another_rule_or_severity(cells: dict[str, str]) -> None:
    was = "e.csv!2 child before"
    excused_rows = comparison([was, *OTHERS], [CHILD, *OTHERS], [FINDING], [FINDING | cells], [FINDING])
    assert set(excused_rows["rule"]) == {"recheck.data_changed", "recheck.not_reproduced"}


def test_a_finding_that_stands_without_the_row_added_since_is_an_omission() -> None:
    excused_rows = comparison(OTHERS, [CHILD, *OTHERS], [FINDING], [], [FINDING])
    assert set(excused_rows["rule"]) == {"recheck.data_changed", "recheck.not_reported"}


def test_a_row_on_which_nothing_hangs_says_nothing_more() -> None:
    excused_rows = comparison([*OTHERS, "p.csv!99 nobody z"], OTHERS, [], [], [])
    assert list(excused_rows["message"]) == ["1 row(s) of Payments removed after the self-check"]
    assert excused_rows.iloc[0]["at_stake"] == 0


@pytest.mark.parametrize(("theirs", "alike"), [(0.96, True), (0.5, False)])
def test_a_weight_that_moved_a_little_because_other_rows_came_is_no_difference(
    theirs: float, alike: bool
) -> None:
    finding = FINDING | {"confidence": 0.98}
    excused_rows = comparison(
        [CHILD, *OTHERS],
        [CHILD, *OTHERS, "p.csv!99 x y"],
        [finding],
        [FINDING | {"confidence": theirs}],
        [finding],
    )
    assert ("recheck.not_reproduced" not in set(excused_rows["rule"])) is alike
    same_rows = comparison(
        [CHILD, *OTHERS], [CHILD, *OTHERS], [finding], [FINDING | {"confidence": theirs}], [finding]
    )
    assert list(same_rows["rule"]) == ["recheck.not_reproduced"]


@pytest.mark.parametrize(("theirs", "alike"), [(0.6, True), (0.01, False)])
def test_another_version_may_weigh_a_finding_otherwise_and_not_tell_it_away(
    theirs: float, alike: bool
) -> None:
    rows, finding = [CHILD, *OTHERS], FINDING | {"confidence": 1.0}
    excused_rows = comparison(
        rows, rows, [finding], [finding | {"confidence": theirs}], [finding], version="0.0.9"
    )
    assert list(excused_rows["rule"]) == ([] if alike else ["recheck.not_reproduced"])


def test_what_is_excused_hangs_on_a_row_and_never_on_a_table_that_is_all_other() -> None:
    """The register was delivered anew and explains nothing; the one row added since is of a table that the rule does not read."""
    ours, theirs = (
        prints(*(f"r.csv!{n} {n} {side}{n}" for n in range(2, 40))).assign(table="eligibility")
        for side in "ab"
    )
    added_prints = prints("a.csv!2 other x").assign(table="attendance")
    county: Any = SimpleNamespace(
        fingerprints=pd.concat([ours, added_prints]), package=SimpleNamespace(fingerprints=theirs), rowless=pd.DataFrame(columns=list(ROWLESS)),
    )  # fmt: skip
    line = FINDING | {"outcome": "only_city", "cause": "data_added", "differs": "", "self_check": None, "re_check": Decimal(500), "records": ["eligibility:r.csv!2"]}  # fmt: skip
    lines = pd.DataFrame([line], dtype=object).drop(columns="at_stake")
    hanging = causes.excused(lines, changed_rows(theirs, county.fingerprints), county)
    assert hanging[["finding_id", "table", "place"]].values.tolist() == [["f1", "attendance", "a.csv!2"]]


def test_all_confidences_told_lower_are_no_work_of_one_changed_row() -> None:
    many = [FINDING | {"finding_id": f"f{n}", "records": [f"payments:e.csv!{n}"]} for n in range(3, 15)]
    lower = [finding | {"confidence": 0.96} for finding in many]
    one_row = [CHILD, *OTHERS], ["e.csv!2 child other", *OTHERS]
    rules = list(comparison(*one_row, many, lower, many)["rule"])
    assert rules.count("recheck.not_reproduced") == len(many)
    assert "recheck.not_reproduced" not in list(
        comparison(*one_row, many, [*lower[:1], *many[1:]], many)["rule"]
    )
