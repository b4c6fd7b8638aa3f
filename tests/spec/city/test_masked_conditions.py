"""The city's page is masked: what a county wrote into its conditions shows no child."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from plain_county import id_number, person_name

from auditlib.city.report.counties import _masked

CHILD, NUMBER = person_name(7, 1), id_number(7, 1, "2011-05-06")


@pytest.mark.parametrize("place", [f"县里 {CHILD}→—", f"{CHILD}退款.xlsx", f"通知（{CHILD} {NUMBER}）"])
def test_a_name_of_the_registers_and_a_number_are_masked_wherever_a_county_wrote_them(place: str) -> None:
    persons = pd.DataFrame({"name": [CHILD, None, "赵"]})
    counties = [
        SimpleNamespace(code="990111", persons=persons),
        SimpleNamespace(code="990112", persons=pd.DataFrame()),
    ]
    results: Any = SimpleNamespace(counties=counties)
    page = _masked(f"表头对应的列：{place}；因此少了 1 项疑点", results, "990111")
    assert CHILD not in page and NUMBER not in page
    assert page.startswith("表头对应的列：") and page.endswith("；因此少了 1 项疑点") and CHILD[0] in page
    assert _masked("没有疑点", results, "990112") == "没有疑点"
