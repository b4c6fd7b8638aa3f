"""Populations and draws for the re-check's tests, without files: nobody real (area code 990122)."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import pandas as pd
from plain_county import id_number, person_name

from auditlib.city.parameters import Sample
from auditlib.city.population import Population

SCHOOLS = ("青山小学", "白水小学", "石门中学", "云岭[甲]学校")
AMOUNTS = ("500.00", "312.50", "1000.00")


def population(clean: int = 300, county: int = 12, city: int = 4, code: str = "990122") -> Population:
    """A county's payments: so many unflagged, so many flagged by the county, by the city alone."""
    groups = ["county"] * county + ["city"] * city + ["clean"] * clean
    rows = [_unit(i, group, code) for i, group in enumerate(groups, start=2)]
    units = pd.DataFrame(rows, columns=list(_unit(2, "clean", code))).sort_values(
        "unit_id", ignore_index=True
    )
    return Population(code, "青禾县", units)


def _unit(i: int, group: str, code: str) -> dict[str, Any]:
    chance = int(hashlib.sha256(str(i).encode()).hexdigest()[:8], 16)
    scheme = ("boarder_allowance", "day_pupil_allowance", "senior_grant")[chance % 3]
    return {
        "unit_id": f"{code}:发放.csv!{i}",
        "county_code": code,
        "source": f"发放.csv!{i}",
        "school_name": SCHOOLS[chance % 4],
        "school_title": SCHOOLS[chance % 4],
        "town": "青山镇",
        "class_name": "1班",
        "scheme": scheme,
        "amount": Decimal(AMOUNTS[chance % 3]),
        "group": group,
        "stratum": scheme,
        "name": person_name(i, 1),
        "id_number": id_number(i % 1000, 1, "2011-05-06"),
        "pay_date": "2020-11-20",
    }


def sample(**choices: Any) -> Sample:
    """The sample of the contract's example, with ``choices`` laid over."""
    usual = {
        "method": "attribute",
        "confidence": Decimal("0.95"),
        "tolerable_rate": Decimal("0.05"),
        "expected_rate": Decimal("0.01"),
        "seed": "20201231",
    }
    return Sample(**(usual | choices))
