"""A county of the catalogue's own examples, as files: nothing in it is anybody's."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plain_county import EARLIER, PARAMETERS, County, overlaid, together

from auditlib.law.parameters import SelfCheck, check_self_check
from auditlib.rules import RULES
from auditlib.tables.delivered import TABLES


def county(first: int, plain: int, examples: int) -> County:
    """Up to ``examples`` pupils on whom each rule of the catalogue finds something, and ``plain`` on whom none does."""
    rows = [
        (example.rows, {1: example.birth} if example.birth else {})
        for rule in RULES.values()
        for example in [
            e
            for e in rule.examples
            if e.outcome == "flags" and not (e.parameters or e.also or EARLIER in e.rows)
        ][:examples]
        if rule.subject != "total"
    ]
    pupils = [*rows, *([({}, {})] * plain)]
    rows_of = together([overlaid(first + n, laid, births) for n, (laid, births) in enumerate(pupils)])
    return {table: given for table, given in rows_of.items() if table in TABLES}


def listed(rows: County) -> County:
    """``rows`` with the running numbers of a list, and where each stands in its file."""
    return {
        table: [
            row | {"source": f"{table}.csv!{n}"} | ({"payment_no": str(n - 1)} if table == "payments" else {})
            for n, row in enumerate(given, 2)
        ]
        for table, given in rows.items()
    }


def exported_anew(rows: County, chance: random.Random) -> County:
    """The same rows in another order: running numbers and places are others."""
    mixed = {table: chance.sample(given, len(given)) for table, given in rows.items()}
    return listed(mixed)


def write(folder: Path, rows: County, left_out: Iterable[str] = ()) -> dict[str, list[str]]:
    """``rows`` as CSV files; the sources of a parameter file. ``left_out``: columns that no file has."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = {}
    for table, given in rows.items():
        columns = [c for c in TABLES[table].by_name if any(c in row for row in given) and c not in left_out]
        if given:
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
                out = csv.writer(lines)
                out.writerow([TABLES[table].by_name[column].title.zh for column in columns])
                out.writerows([row.get(column, "") for column in columns] for row in given)
            sources[table] = [f"{table}.csv"]
    return sources


def parameters_of(
    code: str, folder: Path, sources: dict[str, list[str]], output: Path, **other: Any
) -> SelfCheck:
    limits = {key: other.pop(key) for key in tuple(other) if key in PARAMETERS["thresholds"]}
    values = PARAMETERS | {
        "county_code": code, "county_name": f"样{code[-2:]}县", "data_dir": str(folder), "sources": sources,
        "thresholds": PARAMETERS["thresholds"] | limits, "output_dir": str(output),
    }  # fmt: skip
    return check_self_check(values | other, base=folder)
