"""What findings of the re-check say of the money and of the conditions that they rest on."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from test_recheck_closures import county, rows
from test_recheck_compare import prints
from test_recheck_rules import findings_of, with_condition

from auditlib.city.changes import changed_rows
from auditlib.city.closures import closures
from auditlib.city.conditions import _mapped_columns


@pytest.mark.parametrize(
    ("case", "yuan", "words"),
    [
        ({"rule": "missed.unpaid", "now": "10", "stated": "10"}, "490.00", ("500.00", "10.00", "490.00")),
        ({"rule": "missed.unpaid", "now": "10", "stated": "10", "still": True}, "490.00", ("500.00", "10.00", "490.00")),
        ({"rule": "missed.not_found", "now": None, "still": True}, "500.00", ("still stands",)),
        ({"rule": "mismatch.school", "now": "500", "still": True, "at_stake": "0.00"}, "0.00", ("still stands",)),
    ],
)  # fmt: skip
def test_a_false_closure_tells_what_was_due_what_came_and_what_is_lacking(
    case: dict[str, Any], yuan: str, words: tuple[str, ...]
) -> None:
    (row,) = findings_of(closed=closures(county(before="0", **case), rows())).to_dict("records")
    assert row["at_stake"] == Decimal(yuan)
    assert all(word in row["message"] for word in words)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        (
            "zh",
            "发放的最后一日：县里 2021 年 6 月 30 日，市里 2020 年 12 月 31 日；因此少了 1 项疑点，涉及 1 人、500 元",
        ),
        (
            "en",
            "the last day on which payment is in time: 2021-06-30 in the county, 2020-12-31 in the city; 1 finding(s) about 1 person(s), 500 yuan",
        ),
    ],
)
def test_a_condition_is_told_by_what_it_means_never_by_its_key(language: str, message: str) -> None:
    side = with_condition("thresholds.pay_by", "2021-06-30", "2020-12-31")
    [sentence] = findings_of(language, counties=[side])["message"]
    assert sentence.startswith(message)


def test_headers_that_stand_for_nothing_are_told_by_a_dash() -> None:
    nothing, unneeded_columns = (
        SimpleNamespace(columns=columns) for columns in ({}, {"payments": {"户名": None}})
    )
    assert (_mapped_columns(nothing), _mapped_columns(unneeded_columns)) == ("—", "payments.户名→—")


@pytest.mark.parametrize(("columns", "told"), [(["name", "sex"], True), (["name"], False)])
def test_a_table_in_which_the_county_had_more_columns_says_which(columns: list[str], told: bool) -> None:
    before, after = (prints(*(f"e.csv!{n} {n} {side}{n}" for n in range(2, 40))) for side in "ab")
    before, after = (side.assign(table="eligibility") for side in (before, after))
    side = SimpleNamespace(
        code="990111", name="样11县", conditions=None, submission=None, fingerprints=after, manifest={"columns": {"eligibility": ["name"]}},
        package=SimpleNamespace(fingerprints=before, columns={"eligibility": columns}, contradictions=()),
    )  # fmt: skip
    [row] = findings_of(counties=[side], changes={"990111": changed_rows(before, after)}).to_dict("records")
    assert ("columns that the city's has not (Sex)" in row["message"]) is told


@pytest.mark.parametrize(("ids", "child"), [(("f1",), "孩1"), (("f1", "f2"), None)])
def test_a_condition_that_hides_one_child_names_it(ids: tuple[str, ...], child: str | None) -> None:
    """Whom last term's register alone knows has no row that could be cited."""
    side = with_condition("previous", "—", "2020-spring", ids)
    [row] = findings_of(counties=[side]).to_dict("records")
    assert row["name"] == child
