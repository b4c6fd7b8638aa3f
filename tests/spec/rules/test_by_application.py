"""Which categories are applied for is the policy's to say: ``by_application``."""

from __future__ import annotations

from dataclasses import replace

import plain_county
import pytest

from auditlib.rules import RULES

RULE = "procedure.no_application"


def _run(categories: tuple[str, ...] | None) -> plain_county.Checked:
    """Two pupils on the register of low income, of whom the second alone is in the school's ledger."""
    rows = {
        "applications": [{"of": 2, "school_name": "{school_name}"}],
        "eligibility": [{"category": "低保"}, {"of": 2}],
    }
    county = plain_county.overlaid(1, rows)
    law = plain_county.policy_of(plain_county.parameters_of())
    rules = {one: RULES[one] for one in (RULE, "procedure.applied_late")}
    return plain_county.check(county, policy=replace(law, by_application=categories), rules=rules)


@pytest.mark.parametrize(
    ("categories", "findings"),
    [(("other_hardship",), []), (("other_hardship", "low_income"), [(RULE, "no_application")])],
)
def test_a_category_is_asked_for_an_application_where_the_policy_says_so(
    categories: tuple[str, ...], findings: list[tuple[str, str]]
) -> None:
    assert _run(categories).found() == findings


@pytest.mark.parametrize("categories", [None, ()])
def test_where_no_policy_says_it_the_rule_is_not_run(categories: tuple[str, ...] | None) -> None:
    run = _run(categories)
    assert [one.not_run for one in run.outcomes if one.rule.id == RULE] == ["no_category_applied_for"]
