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


def places(*names: str, rows: str = "x", **theirs: Any) -> list[str]:
    package = SimpleNamespace(
        manifest=OWN | theirs, fingerprints=prints(f"p!2 a {rows}"), fingerprint_key="k"
    )
    county: Any = SimpleNamespace(
        package=package, is_reperformed=True, manifest=OWN, fingerprints=prints("p!2 a x"), fingerprint_key="k",
        conditions=SimpleNamespace(names=names),
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
