"""A package's figures of the whole county are the city's own where nothing else differs: nobody need believe them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from test_recheck_compare import prints

import auditlib
from auditlib.city.compare import miscounted

RULES = {
    "enrolment.vanished": {"status": "run", "population": 3, "tested": 3, "untested": 0, "not_run_reason": ""}
}
OWN: dict[str, Any] = {
    "auditlib": auditlib.__version__, "policy": [], "inputs": [], "parameters": {"previous": ["a"]}, "rules": RULES,
    "last_term": "a", "children": {"primary:paid": 3}, "yuan_once": {"owed": "0.00"}, "links": [{"method": "id_number", "rows": 3}],
}  # fmt: skip


def places(*names: str, rows: str = "x", under: tuple[int, int] | None = (3, 3), **theirs: Any) -> list[str]:
    """The figures that nothing accounts for; ``under``: what the rule looks at under the county's conditions."""
    package = SimpleNamespace(
        manifest=OWN | theirs, fingerprints=prints(f"p!2 a {rows}"), fingerprint_key="k"
    )
    county: Any = SimpleNamespace(
        package=package, is_reperformed=True, manifest=OWN, fingerprints=prints("p!2 a x"), fingerprint_key="k",
        conditions=SimpleNamespace(names=names, counted=under and {"enrolment.vanished": under}),
    )  # fmt: skip
    return miscounted(county)


@pytest.mark.parametrize("figure", ["children", "yuan_once", "links"])
def test_a_figure_of_the_county_that_the_city_does_not_get_is_a_contradiction(figure: str) -> None:
    assert places() == []
    assert places(**{figure: {}}) == [figure]


def test_where_rows_or_conditions_differ_the_figures_may() -> None:
    assert places(children={}, rows="y") == []
    assert places("thresholds.pay_by", children={}) == []
    assert places(children={}, last_term="b") == []


@pytest.mark.parametrize(
    ("names", "under", "expected"),
    [
        (["thresholds.link_accept"], (3, 3), []),
        (["thresholds.link_accept"], (3, 2), ["rules.enrolment.vanished"]),
        (["thresholds.link_accept", "ages"], (4, 3), ["rules.enrolment.vanished"]),
        (["thresholds.link_accept", "columns"], (4, 3), []),
        (["thresholds.link_accept"], None, []),
    ],
)
def test_what_a_rule_looked_at_is_held_against_the_trial_under_the_countys_own_days_and_limits(
    names: list[str], under: tuple[int, int] | None, expected: list[str]
) -> None:
    assert places(*names, under=under) == expected
