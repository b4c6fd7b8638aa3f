"""A county's tokens held against the fingerprints of its rows, where the city has nothing else of it.

Both are made of one register under one key. Whom the city knows by another county's register can be looked for in both. A
child whose row in the register of pupils has its fingerprint in the package, and whom no token tells, was taken out of the
tokens. So was one whose number more persons bear than the register has rows of it: a number that many bear is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from auditlib.city.counties import County
from auditlib.package.fingerprints import person_token
from auditlib.package.keys import FingerprintKey
from auditlib.package.tokens import ENROLLED, number_token

REGISTER = "enrolment"


def tokens_amiss(counties: Iterable[County], key: FingerprintKey | None) -> dict[str, list[str]]:
    """County code to the rows (``enrolment:source``, as the county has them) of pupils whom its tokens do not tell as its register
    does; of counties of which the city has the package alone."""
    counties = list(counties)
    registers = [c.persons["id18"].dropna() for c in counties if c.is_reperformed]
    if key is None or not registers:
        return {}
    numbers = sorted(set(pd.concat(registers)))
    alone = [county for county in counties if not county.is_reperformed and county.tokens is not None]
    amiss = {county.code: _amiss(county, numbers, key) for county in alone}
    return {code: rows for code, rows in amiss.items() if rows}


def _amiss(county: County, numbers: list[str], key: FingerprintKey) -> list[str]:
    assert county.package is not None and county.tokens is not None
    prints = county.package.fingerprints
    register = prints[(prints["table"] == REGISTER) & prints["person"].notna()]
    rows = register.groupby("person")["source"].agg(list)
    people = county.tokens.select(["person", "role", "number"]).to_pandas()
    bearers = people[people["role"] == ENROLLED].groupby("number")["person"].nunique()
    by_person = {person_token(number, key): number_token(number, key) for number in numbers}
    pupils = [(person, by_person[person]) for person in rows.index if person in by_person]
    wrong = [person for person, number in pupils if not 1 <= bearers.get(number, 0) <= len(rows[person])]
    return sorted(f"{REGISTER}:{source}" for person in wrong for source in rows[person])


__all__ = ["tokens_amiss"]
