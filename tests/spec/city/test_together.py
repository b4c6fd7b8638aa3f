"""Conditions that hide something only together are named, each with both values."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from auditlib.city.condition_points import _condition
from auditlib.city.conditions import Condition
from auditlib.city.hidden import _hidden_rows
from auditlib.tables.findings import FINDING


def _finding_rows(*ids: str, **cells: object) -> pd.DataFrame:
    """The findings ``ids`` of one rule, 250 yuan each; ``cells``: laid over all of them."""
    row = dict.fromkeys(FINDING) | {"rule": "attendance.absent", "at_stake": Decimal(250), "confidence": 1.0}
    rows = [
        row | {"finding_id": id_, "name": f"孩{id_}", "records": ["payments:p.csv!2"]} | cells for id_ in ids
    ]
    return pd.DataFrame(rows, columns=list(FINDING), dtype=object)


def _condition_named(name: str) -> Condition:
    return Condition(name, f"{name} of the county", f"{name} of the city", lambda terms: terms)


def test_of_several_conditions_those_are_named_that_hide_it_only_together() -> None:
    """An exclusion is struck from both schemes: from one alone hides nothing; a later day hides by itself and is no part of it."""
    boarders, day_pupils = "policy.boarder_allowance", "policy.day_pupil_allowance"
    differing = [
        _condition_named(boarders),
        _condition_named("thresholds.pay_by"),
        _condition_named(day_pupils),
    ]
    alone = [_finding_rows("f1", "f2"), _finding_rows("f1"), _finding_rows("f1", "f2")]
    late, pair_of_conditions = _hidden_rows(
        _finding_rows("f1", "f2"), differing, alone, _finding_rows()
    ).to_dict("records")
    assert (late["name"], late["findings"]) == ("thresholds.pay_by", ["f2"])
    assert (pair_of_conditions["name"], pair_of_conditions["findings"]) == (
        f"together.{boarders}+{day_pupils}",
        ["f1"],
    )
    assert pair_of_conditions["county"] == f"{boarders} of the county; {day_pupils} of the county"
    assert pair_of_conditions["city"] == f"{boarders} of the city; {day_pupils} of the city"
    words = _condition(pair_of_conditions["name"], {})
    assert words.zh == "政策标准 boarder_allowance、政策标准 day_pupil_allowance合在一起"
    assert words.en == "standard of boarder_allowance, standard of day_pupil_allowance, together"


def test_one_that_hides_nothing_alone_is_told_with_those_that_it_needs() -> None:
    """What a child could be given goes only with both schemes; one of them hides other children alone."""
    boarders, day_pupils = "policy.boarder_allowance", "policy.day_pupil_allowance"
    differing = [_condition_named(boarders), _condition_named(day_pupils)]
    hidden_rows = _hidden_rows(
        _finding_rows("f1", "f2"),
        differing,
        [_finding_rows("f1"), _finding_rows("f1", "f2")],
        _finding_rows(),
    )
    assert list(hidden_rows["name"]) == [boarders, f"together.{boarders}+{day_pupils}"]
    assert list(hidden_rows["findings"]) == [["f2"], ["f1"]]


def test_yuan_that_two_conditions_hide_each_alone_count_once_and_both_conditions_are_told() -> None:
    differing = [_condition_named("count_date"), _condition_named("enrolment_covers")]
    hidden_rows = _hidden_rows(
        _finding_rows("f1", "f2"), differing, [_finding_rows("f2"), _finding_rows()], _finding_rows()
    )
    assert list(hidden_rows["name"]) == ["count_date", "enrolment_covers"]
    assert list(hidden_rows["yuan"]) == [Decimal(250), Decimal(250)]
    assert list(hidden_rows["findings"]) == [["f1"], ["f1", "f2"]]
    assert list(hidden_rows["again"]) == [0, 1]


def test_a_column_whose_header_stands_for_nothing_is_told_once() -> None:
    """What the table lacks because of it is told with the header; a column that it lacks besides is a condition of its own."""
    headers, lacking, another = map(_condition_named, ("columns", "columns.payments", "columns.enrolment"))
    alone = [_finding_rows("f2", "f3"), _finding_rows("f2", "f3"), _finding_rows("f1", "f3")]
    hidden_rows = _hidden_rows(
        _finding_rows("f1", "f2", "f3"), [headers, lacking, another], alone, _finding_rows("f3")
    )
    assert list(hidden_rows["name"]) == ["columns", "columns.enrolment"]
    assert list(hidden_rows["findings"]) == [["f1"], ["f2"]] and sum(hidden_rows["yuan"]) == 500
    assert hidden_rows.iloc[0]["county"] == "columns of the county; columns.payments of the county"


@pytest.mark.parametrize(
    ("cells", "is_told"),
    [
        ({"confidence": 0.5}, True),
        ({"confidence": 0.97}, False),
        ({"name": "别人"}, True),
        ({"school_name": "别校"}, True),
        ({"message": "换一种说法"}, False),
    ],
)
def test_what_a_condition_makes_less_sure_or_somebody_else_s_is_told(
    cells: dict[str, object], is_told: bool
) -> None:
    under = _finding_rows("f1", **cells)
    hidden_rows = _hidden_rows(_finding_rows("f1"), [_condition_named("constants")], [under], under)
    assert [list(row) for row in hidden_rows[["findings", "otherwise"]].values] == (
        [[[], ["f1"]]] if is_told else []
    )
    assert sum(hidden_rows["yuan"]) == 0


def test_a_little_less_sure_is_told_where_most_findings_are() -> None:
    ids = [f"f{n}" for n in range(20)]
    under = _finding_rows(*ids, confidence=0.97)
    (row,) = _hidden_rows(_finding_rows(*ids), [_condition_named("values")], [under], under).to_dict(
        "records"
    )
    assert row["otherwise"] == ids
