"""The ledger of dropouts by month, quarter and half-year, and by town, from its own days."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plain_county

from auditlib.findings.bringing_back import ROLLED_UP, rolled_up
from auditlib.rules import RULES

OPEN = {"returned_on": "", "closed_on": ""}
SEPTEMBER = {"dropped_on": "2020-09-07", "notice_on": "2020-09-14"}
ROWS = [
    {"dropouts": SEPTEMBER | {"returned_on": "2020-10-12", "closed_on": "2020-10-20"}},
    {"dropouts": SEPTEMBER | OPEN, "schools": {"town": ""}, "eligibility": {"town": ""}},  # overdue since the 22nd of September
    {"dropouts": SEPTEMBER | OPEN | {"reported_on": "2020-09-20"}},  # out, and reported
    {"dropouts": {"dropped_on": "2020-10-26", "notice_on": "2020-10-28"} | OPEN},  # its week is not over
    # back in spring, gone again in autumn
    {"dropouts": [{"dropped_on": "2020-04-06", "notice_on": "2020-04-08", "returned_on": "2020-05-11", "closed_on": "2020-05-12"}, SEPTEMBER | OPEN]},
    {"dropouts": SEPTEMBER | OPEN | {"back": "是"}},  # back, nobody wrote when
]  # fmt: skip


def _county_lines() -> pd.DataFrame:
    counties = [plain_county.overlaid(at, row) for at, row in enumerate(ROWS, 1)]
    county = plain_county.check(
        plain_county.together(counties), rules={"dropout.overdue": RULES["dropout.overdue"]}
    )
    return rolled_up(county.engine, county.audit)


def _figures(lines: pd.DataFrame, kind: str, first: str) -> dict[str, int]:
    whole = lines[
        (lines["kind"] == kind) & (lines["first"] == dt.date.fromisoformat(first)) & lines["town"].isna()
    ]
    return {name: int(whole[name].iloc[0]) for name in ROLLED_UP}


def test_each_period_tells_who_left_was_due_came_back_was_closed_and_is_out_at_its_end() -> None:
    lines = _county_lines()
    figures = {
        ("month", "2020-04-01"): {"begun": 1, "due": 1, "back": 0, "closed": 0, "overdue": 1, "out": 1},
        ("month", "2020-05-01"): {"begun": 0, "due": 0, "back": 1, "closed": 1, "overdue": 0, "out": 0},
        ("month", "2020-09-01"): {"begun": 5, "due": 5, "back": 0, "closed": 0, "overdue": 3, "out": 4},
        ("month", "2020-10-01"): {"begun": 1, "due": 0, "back": 1, "closed": 1, "overdue": 2, "out": 4},
        ("quarter", "2020-03-01"): {"begun": 1, "due": 1, "back": 1, "closed": 1, "overdue": 0, "out": 0},
        ("quarter", "2020-09-01"): {"begun": 6, "due": 5, "back": 1, "closed": 1, "overdue": 2, "out": 4},
        ("half_year", "2020-09-01"): {"begun": 6, "due": 5, "back": 1, "closed": 1, "overdue": 2, "out": 4},
    }
    assert {key: _figures(lines, *key) for key in figures} == figures


def test_the_towns_of_a_period_add_up_to_the_county() -> None:
    lines = _county_lines()
    by_town = lines[lines["town"].notna()].groupby(["kind", "first"])[[*ROLLED_UP]].sum()
    whole = lines[lines["town"].isna()].set_index(["kind", "first"])[[*ROLLED_UP]].sort_index()
    assert by_town.sort_index().astype("int64").equals(whole.astype("int64"))
    assert {"青山镇", ""} <= set(lines["town"].dropna())
    assert lines.drop_duplicates(["kind", "first"])["town"].isna().all(), "the county stands above its towns"


def test_a_period_of_the_ledger_ends_on_the_last_day_that_it_tells() -> None:
    lines = _county_lines()
    assert lines["end"].max() == dt.date(2020, 10, 31)


def test_without_a_ledger_no_period_is_told() -> None:
    county = plain_county.check(plain_county.overlaid(1, {}), rules={"missed.unpaid": RULES["missed.unpaid"]})
    assert rolled_up(county.engine, county.audit).empty
