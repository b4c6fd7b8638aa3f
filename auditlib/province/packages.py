"""What a county's run holds for the comparison across counties: keyed tokens and addresses, no name and no number.

They are read from the package that the run has just written (:mod:`auditlib.package.tokens`). Names come in at the end alone,
for the few who are in two counties, from the tables of the counties that have them.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditlib.base.engine import arrow_schema
from auditlib.base.run_folder import TABLES
from auditlib.city.by_tokens import ROWS
from auditlib.package.contents import TOKENS_FILE
from auditlib.package.tokens import KINDS, read

COMPARED_COLUMNS = {name: kind for name, kind in ROWS.items() if name not in {"person", *KINDS} - {"number"}}
"""What is compared by the exact number alone: the other tokens, seven times as wide, stay in the packages."""
ADDRESS = {
    "county_code": "string",
    "record": "string",
    "person_id": "string",
    "name": "string",
    "id18": "string",
}
NAMING = ("payments", "enrolment", "letters")
"""The tables in whose rows the persons across counties stand."""


def roles_in(package: Path) -> dict[str, int]:
    """How many rows of each role the package holds."""
    return dict(sorted(Counter(_tokens(package).column("role").to_pylist()).items()))


def rows_of(question: str) -> pa.Table:
    """A county's rows (``COMPARED_COLUMNS``). ``question``: JSON of its ``county_code`` and ``package``."""
    county = json.loads(question)
    rows = _tokens(Path(county["package"]))
    codes = pa.array([county["county_code"]] * len(rows), pa.string())
    token_rows = rows.append_column("county_code", codes).append_column("person_id", rows.column("person"))
    return token_rows.select(list(COMPARED_COLUMNS)).cast(arrow_schema(COMPARED_COLUMNS))


def names_of(question: str) -> pa.Table:
    """Who stands in which row (``ADDRESS``). ``question``: JSON of ``county_code``, ``folder`` of its run, ``records``."""
    county = json.loads(question)
    parts = [
        _rows_by_address(county["county_code"], Path(county["folder"]), table, set(county["records"]))
        for table in NAMING
    ]
    return pa.concat_tables([arrow_schema(ADDRESS).empty_table(), *parts])


def _rows_by_address(county_code: str, folder: Path, table: str, records: set[str]) -> pa.Table:
    sources = sorted(record.partition(":")[2] for record in records if record.startswith(f"{table}:"))
    if not sources:
        return arrow_schema(ADDRESS).empty_table()
    columns = ["source", "person_id", "name", "id18"]
    rows = pq.read_table(folder / TABLES / f"{table}.parquet", columns=columns)
    rows = rows.filter(pc.is_in(rows.column("source"), pa.array(sources)))
    record = pc.binary_join_element_wise(f"{table}:", rows.column("source"), "")
    code = pa.array([county_code] * len(rows), pa.string())
    address_rows = rows.append_column("record", record).append_column("county_code", code)
    return address_rows.select(list(ADDRESS)).cast(arrow_schema(ADDRESS))


def _tokens(package: Path) -> pa.Table:
    with zipfile.ZipFile(package) as parts:
        return read(parts.read(TOKENS_FILE))
