"""The fingerprints of a package's rows: keyed, and the same for the same cells, whatever columns, order or numbers beside them."""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from plain_county import parameters_of, policy_of, standardised
from tiny_county import Tables, changed, tables

from auditlib.base.engine import duckdb_engine
from auditlib.base.language import Text
from auditlib.cells import kinds
from auditlib.city.changes import changed_rows
from auditlib.package import fingerprints, keys, seal
from auditlib.tables import delivered as schema


def test_fingerprints_are_hmac_sha_256() -> None:
    engine = duckdb_engine()
    key = keys.FingerprintKey(bytes(range(32)))
    texts = ["abc", "", "李·阿依", "x" * 200]
    rows = engine.load("texts", pd.DataFrame({"text": texts}), {"text": "string"})
    frame = engine.fetch(rows.mutate(digest=fingerprints.keyed_digest(rows.text, key)))
    expected = [hmac.new(key.secret, text.encode(), "sha256").hexdigest() for text in texts]
    assert dict(zip(frame["text"], frame["digest"], strict=True)) == dict(zip(texts, expected, strict=True))


@pytest.mark.parametrize("form", seal.FORMATS)
def test_one_more_column_makes_no_row_of_an_older_package_another(
    form: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that the schema declares later, and that no row of either side fills in."""
    before = prints_of(changed(tables(), "payments", list), form)
    later = schema.Column("village", kinds.TEXT, Text("行政村", "Village"))
    wider = replace(schema.PAYMENTS, columns=(later, *schema.PAYMENTS.columns))
    monkeypatch.setitem(schema.TABLES, "payments", wider)
    after = prints_of(tables(), form)
    assert len(before) == 12 + 12 + 11
    assert changed_rows(before, after).empty


def test_a_running_number_and_the_order_of_columns_make_no_row_another() -> None:
    plain, with_numbers = tables(), changed(tables(), "payments", numbered_rows)
    before, after = prints_of(plain), prints_of(changed(with_numbers, "payments", lambda rows: rows[::-1]))
    assert changed_rows(before, after).empty
    changed_prints = prints_of(changed(with_numbers, "payments", lambda rows: rows[::-1][1:]))
    assert list(changed_rows(before, changed_prints)["change"]) == ["removed"]


def test_a_column_that_the_county_had_not_makes_no_row_another() -> None:
    without = changed(tables(), "payments", lambda rows: [row | {"account_no": ""} for row in rows])
    known_columns = {table: set(schema.TABLES[table].by_name) for table in tables()}
    known_columns["payments"] -= {"account_no"}
    assert len(changed_rows(prints_of(without), prints_of(tables()))) == 11
    assert changed_rows(prints_of(without), prints_of(tables(), columns=known_columns)).empty


def test_a_column_that_neither_had_and_whose_empty_cell_says_something_makes_no_row_another() -> None:
    """Term, result, status and the stage that the grade tells stand in every row, delivered or not: the county's hash holds
    them."""
    county_tables, known_columns = tables(), {table: set(schema.TABLES[table].by_name) for table in tables()}
    for table, columns in (("payments", ("term", "result")), ("enrolment", ("status", "stage"))):
        county_tables = changed(
            county_tables, table, lambda rows, bare=columns: [row | dict.fromkeys(bare, "") for row in rows]
        )
        known_columns[table] -= {*columns}
    assert changed_rows(prints_of(county_tables), prints_of(county_tables, columns=known_columns)).empty


def test_a_ledger_that_knows_a_pupil_by_the_student_number_alone_is_about_that_pupil() -> None:
    """Only a formal number tells: the provisional one looks like an ID number and is none. The register keeps to its own."""
    one = tables()["enrolment"][0]
    visit = {"name": one["name"], "taught_on": "2020-10-14", "lessons": "2"}
    numbers = [one["student_no"], "L" + one["id_number"], one["id_number"]]
    county = {
        "enrolment": [one, one | {"id_number": "", "student_no": one["student_no"]}],
        "home_teaching": [visit | {"student_no": number} for number in numbers],
    }
    persons = prints_of(county).set_index(["table", "source"])["person"]
    whose = {place: None if pd.isna(person) else person for place, person in persons.items()}
    own = whose["enrolment", "enrolment.csv!2"]
    assert [whose["home_teaching", f"home_teaching.csv!{n}"] for n in (2, 3, 4)] == [own, None, None]
    assert whose["enrolment", "enrolment.csv!3"] is None


def numbered_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"payment_no": str(900 - n), "batch_no": f"B{n}"} for n, row in enumerate(rows)]


def prints_of(county: Tables, form: int = seal.FORMAT, columns: Any = None) -> pd.DataFrame:
    """The fingerprints of a tiny county's tables."""
    parameters, engine = parameters_of(), duckdb_engine(threads=2)
    rows_with_source = {
        table: [row | {"source": f"{table}.csv!{n}"} for n, row in enumerate(rows, 2)]
        for table, rows in county.items()
    }
    typed_tables = standardised(engine, rows_with_source, parameters, policy_of(parameters))
    key = keys.FingerprintKey(bytes(range(32)))
    return engine.fetch(fingerprints.fingerprints(typed_tables, key, form, columns))
