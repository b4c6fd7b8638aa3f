"""What holds of every county: cleaning, the order of rows, strangers, and the sum of rows."""

from __future__ import annotations

import random

import pandas as pd
import plain_county
import pytest
from cell_readings import canonical
from plain_county import County

from auditlib.base.engine import duckdb_engine
from auditlib.cells import kinds
from auditlib.cells.kinds import Kind
from auditlib.rules import RULES

# One example that flags of each rule that speaks of pupils: a county with every kind of finding.
MIXED_ROWS = [
    next(e for e in rule.examples if e.outcome == "flags" and not e.parameters)
    for rule in RULES.values()
    if rule.subject in ("aid", "pupil", "account")
    and rule.id
    not in ("payments.two_lists", "warning.passed_over")  # the second finds nobody once payment is over
]
FACTS = ["finding_id", "rule", "reason", "at_stake", "name", "amount_paid"]


def mixed_county(first: int = 1) -> County:
    births = [{1: example.birth} if example.birth else None for example in MIXED_ROWS]
    return plain_county.together(
        [
            plain_county.overlaid(n, example.rows, birth)
            for n, (example, birth) in enumerate(zip(MIXED_ROWS, births, strict=True), first)
        ]
    )


def facts(county: County) -> pd.DataFrame:
    return plain_county.check(county).findings[FACTS].sort_values("finding_id", ignore_index=True)


@pytest.fixture(scope="module")
def before() -> pd.DataFrame:
    return facts(mixed_county())


def test_the_order_of_rows_changes_no_finding(before: pd.DataFrame) -> None:
    order = random.Random(20201231)
    shuffled_rows = {table: order.sample(rows, len(rows)) for table, rows in mixed_county().items()}
    renumbered_rows = {  # the same facts in another order on other lines of other files
        table: [{**row, "source": f"other.csv!{number}"} for number, row in enumerate(rows)]
        for table, rows in shuffled_rows.items()
    }
    pd.testing.assert_frame_equal(facts(renumbered_rows), before)


def test_a_strangers_rows_change_no_one_elses_findings(before: pd.DataFrame) -> None:
    strangers = [
        plain_county.overlaid(900 + n, rows)
        for n, rows in enumerate(({}, {"payments": [{}, {}]}, {"enrolment": None}))
    ]
    after = facts(plain_county.together([mixed_county(), *strangers]))
    pd.testing.assert_frame_equal(
        after[after["finding_id"].isin(before["finding_id"])].reset_index(drop=True), before
    )
    assert len(after) == len(before) + 2


def test_every_row_is_used_or_rejected_and_a_rejected_one_says_why() -> None:
    county = plain_county.together(
        [
            mixed_county(),
            plain_county.overlaid(
                800,
                {
                    "payments": [{"amount": ""}, {"name": ""}, {"term": "某学期"}, {"result": "在途"}],
                    "eligibility": {"category": ""},
                },
            ),
        ]
    )
    parameters, engine = plain_county.parameters_of(), duckdb_engine(threads=2)
    tables = plain_county.standardised(engine, county, parameters, plain_county.policy_of(parameters))
    for name, table in tables.items():
        rows = engine.fetch(table.select("source", "rejected"))
        assert sorted(rows["source"]) == sorted(row["source"] for row in county[name])
    rejected = engine.fetch(tables["payments"].filter(tables["payments"].rejected.notnull()))
    assert set(rejected["rejected"]) == {"empty:amount", "empty:name", "unreadable:term", "unreadable:result"}


CELLS = [
    " 张　三 ", "阿依古丽．买买提", "Ａｎｎａ  li", "'990122201003070017", "99012220100307001x", '="12"', "2020 年 10 月", "1,250.00 元",
    "12.0", "N/A", "— —", "\ufeff住 校", "2020-10-31 00:00:00", "（500）", "2020—2021 学年", "", "0.0.0", "''", "1.00.0",
]  # fmt: skip
KINDS = [kind for kind in vars(kinds).values() if isinstance(kind, Kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_cleaning_twice_is_cleaning_once(kind: Kind) -> None:
    engine = duckdb_engine(threads=1)
    raw = engine.load("raw", pd.DataFrame({"cell": CELLS}), {"cell": "string"})
    once = engine.keep("once", canonical(raw.mutate(once=raw["cell"]), "once", kind))
    frame = engine.fetch(canonical(once.mutate(twice=once["once"]), "twice", kind))
    pd.testing.assert_series_equal(frame["twice"], frame["once"], check_names=False)
