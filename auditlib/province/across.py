"""Persons across a province's counties: the city's comparison (:mod:`auditlib.city.across`) by the exact number, keyed.

The expressions are the city's own, asked of whoever holds the rows. Only the same sound ID number makes one person of two here;
who is whom under different writings is for the city, which has fewer counties and people to look at the probable pairs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.workers import Workers
from auditlib.city import across
from auditlib.city.across import PAIR, REGISTERED_ELSEWHERE
from auditlib.city.by_tokens import missed_by, pooled_tokens
from auditlib.city.findings import crossing_findings
from auditlib.province.packages import ADDRESS, names_of
from auditlib.province.parameters import Province

CERTAIN = 1.0
SIDES = (("county_code", "person_id", "records"), ("other_county", "other_person", "other_records"))
COMPARED_COLUMNS = ["county_code", "role", "rows"]


@dataclass(frozen=True)
class Across:
    """What stands across: ``findings`` of persons in two counties (contract 6); ``registered_elsewhere``: missed children in another county's register;
    ``compared``: how many rows of each county and role were compared."""

    findings: pd.DataFrame
    registered_elsewhere: pd.DataFrame
    compared: pd.DataFrame


def across_counties(
    run: Province, workers: Workers, rows: ir.Table, folders: dict[str, Path], names: dict[str, str]
) -> Across:
    """Who is in two counties. ``rows``: all counties' (``packages.COMPARED_COLUMNS``); ``folders``: where the run of each lies."""
    people = rows.select("county_code", "person_id", "number").distinct()
    pool_of_tokens = pooled_tokens(rows, people, nobody_alike(rows))
    pairs = workers.fetch(across.pairs_across(pool_of_tokens, CERTAIN)).to_pandas()[PAIR]
    children = workers.fetch(across.children_there(missed_by(rows), pool_of_tokens, CERTAIN)).to_pandas()[
        REGISTERED_ELSEWHERE
    ]
    row_counts = rows.group_by("county_code", "role").agg(rows=_.count()).order_by("county_code", "role")
    return Across(
        crossing_findings(
            with_names(workers, pairs, folders), term=run.term, language=run.language, names=names
        ),
        children,
        workers.fetch(row_counts).to_pandas()[COMPARED_COLUMNS],
    )


def nobody_alike(rows: ir.Table) -> ir.Table:
    """The probable pairs, of which there are none here, with the columns that they would have."""
    none = rows.filter(ibis.literal(False))
    return none.select(
        "county_code",
        "person_id",
        other_county=_.county_code,
        other_person=_.person_id,
        score=ibis.literal(CERTAIN),
    )


def with_names(workers: Workers, pairs: pd.DataFrame, folders: dict[str, Path]) -> pd.DataFrame:
    """``pairs`` with names and numbers, and under the persons' own ids, from the tables of the counties that have them."""
    records = _first_records(pairs)
    questions = [
        json.dumps(
            {"county_code": code, "folder": str(folders[code]), "records": sorted(of_county)},
            ensure_ascii=False,
        )
        for code, of_county in sorted(records.items())
    ]
    people = workers.table("named_rows", names_of, questions, ADDRESS)
    person_rows = workers.fetch(people).to_pylist()
    return named_pairs(pairs, {(row["county_code"], row["record"]): row for row in person_rows})


def _first_records(pairs: pd.DataFrame) -> dict[str, set[str]]:
    """County to the first address of each of its persons: one row tells whose it is."""
    records: dict[str, set[str]] = defaultdict(set)
    for county, _person, of_person in SIDES:
        for code, addresses in zip(pairs[county], pairs[of_person], strict=True):
            records[code].update(list(addresses)[:1])
    return records


def named_pairs(pairs: pd.DataFrame, people: dict[tuple[str, str], dict[str, Any]]) -> pd.DataFrame:
    """``pairs`` with what ``people`` says of the first row of each side."""
    lines = []
    for line in pairs.to_dict("records"):
        first, other = (people.get((line[code], next(iter(line[rows]), "")), {}) for code, _, rows in SIDES)
        who = {
            "person_id": first.get("person_id") or line["person_id"],
            "other_person": other.get("person_id") or line["other_person"],
            "name": first.get("name") or other.get("name"),
            "id_number": first.get("id18") or other.get("id18"),
        }
        lines.append(
            {**line, **who, "records": list(line["records"]), "other_records": list(line["other_records"])}
        )
    return pd.DataFrame(lines, columns=PAIR, dtype=object)
