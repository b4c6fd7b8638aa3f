"""Conditions that hide something only together are named, each with both values."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from auditlib.city.condition_points import _condition
from auditlib.city.conditions import Condition
from auditlib.city.hidden import _hidden


def _found(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"finding_id": ids, "at_stake": [Decimal(250)] * len(ids), "records": [["payments:p.csv!2"]] * len(ids)})  # fmt: skip


def _named(name: str) -> Condition:
    return Condition(name, f"{name} of the county", f"{name} of the city", lambda terms: terms)


def test_of_several_conditions_those_are_named_that_hide_it_only_together() -> None:
    """An exclusion is struck from both schemes: from one alone hides nothing; a later day hides by itself and is no part of it."""
    boarders, day_pupils = "policy.boarder_allowance", "policy.day_pupil_allowance"
    differing = [_named(boarders), _named("thresholds.pay_by"), _named(day_pupils)]
    alone = [_found("f1", "f2"), _found("f1"), _found("f1", "f2")]
    late, pair_of_conditions = _hidden(_found("f1", "f2"), differing, alone, _found()).to_dict("records")
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
    differing = [_named(boarders), _named(day_pupils)]
    hidden = _hidden(_found("f1", "f2"), differing, [_found("f1"), _found("f1", "f2")], _found())
    assert list(hidden["name"]) == [boarders, f"together.{boarders}+{day_pupils}"]
    assert list(hidden["findings"]) == [["f2"], ["f1"]]
