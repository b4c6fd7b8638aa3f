"""What the draw is parted by: the city's own flags, whatever a county's findings cite."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from auditlib.city.population import population

PAYMENTS = [f"p.csv!{n}" for n in range(2, 12)]


def finding(name: str, *rows: str, rule: str = "amount.overpaid", family: str = "amount") -> dict[str, Any]:
    return {
        "finding_id": name,
        "rule": rule,
        "family": family,
        "records": [f"payments:{row}" for row in rows],
    }


def groups(theirs: list[dict[str, Any]], *, cleared: tuple[str, ...] = ()) -> dict[str, str]:
    """The group of each payment; the city flags the first two, by the findings f1 and f2."""
    columns = ["finding_id", "rule", "family", "records"]
    ours = pd.DataFrame([finding("f1", PAYMENTS[0]), finding("f2", PAYMENTS[1])], columns=columns)
    decisions = pd.DataFrame([(f, "cleared") for f in cleared], columns=["finding_id", "status"])
    county: Any = SimpleNamespace(
        code="990111", name="样11县", findings=ours,
        payments=pd.DataFrame({"source": PAYMENTS, "scheme": "x", "amount": 500}),
        package=SimpleNamespace(findings=pd.DataFrame(theirs, columns=columns), decisions=decisions),
    )  # fmt: skip
    units = population(county, ["scheme"]).units
    return dict(zip(units["source"], units["group"], strict=True))


CASES: dict[str, tuple[list[dict[str, Any]], tuple[str, ...], tuple[str, str]]] = {
    "reported": ([finding("f1", PAYMENTS[0]), finding("f2", PAYMENTS[1])], (), ("county", "county")),
    "one reported": ([finding("f1", PAYMENTS[0])], (), ("county", "city")),
    "reported, and cleared": ([finding("f1", PAYMENTS[0])], ("f1",), ("city", "city")),
    "a finding that cites every payment": ([finding("f1", *PAYMENTS)], (), ("county", "city")),
    "a finding that nobody else has": ([finding("f9", *PAYMENTS)], (), ("city", "city")),
    "under another rule": ([finding("f1", PAYMENTS[0], rule="totals.amount")], (), ("city", "city")),
    "called a matter of procedure": (
        [finding("f1", PAYMENTS[0], family="procedure")],
        (),
        ("county", "city"),
    ),
    "nothing reported": ([], (), ("city", "city")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_draw_is_parted_by_the_citys_own_flags(case: str) -> None:
    theirs, cleared, expected = CASES[case]
    flag_groups = groups(theirs, cleared=cleared)
    assert (flag_groups[PAYMENTS[0]], flag_groups[PAYMENTS[1]]) == expected
    assert {flag_groups[payment] for payment in PAYMENTS[2:]} == {"clean"}
