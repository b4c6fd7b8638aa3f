"""Whose a row of a county is, as its registers have the person."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from auditlib.city.counties import County
from auditlib.findings.particulars import CLASS, class_text

PERSON = ("name", "id_number", "school_name", "town")
IN_FRAMES = {"id18": "id_number", "school_title": "school_name"}
PUPILS = "enrolment"
ROWS = {"eligible": "eligibility", "payments": "payments", "letters": "letters"}


def whose_rows(county: County, records: Iterable[str]) -> pd.DataFrame:
    """``name, id_number, school_name, town`` and the columns of a class, by ``record`` (table:address): of those of
    ``records`` that the city's copy of the county holds. What the register has of the person comes before the row."""
    cited_records = set(records)
    pupils = _rows_of(county.pupils, PUPILS, cited_records)
    rows = pd.concat(
        [pupils, *(_rows_of(getattr(county, name), table, cited_records) for name, table in ROWS.items())]
    )
    rows = rows.drop_duplicates("record")
    numbers = county.persons.reindex(columns=["person_id", "id_number"]).astype(object)
    numbers = numbers.drop_duplicates("person_id")
    registered_pupils = _named_rows(county.pupils).drop(columns="id_number").drop_duplicates("person_id")
    of_register = numbers.merge(registered_pupils, on="person_id", how="left")
    row_and_register = rows[["record", "person_id", *PERSON]].merge(
        of_register, on="person_id", how="left", suffixes=("_row", "")
    )
    persons = row_and_register.assign(
        **{
            name: row_and_register[name].astype(object).fillna(row_and_register[f"{name}_row"])
            for name in PERSON
        }
    )
    persons = persons.set_index("record")[[*PERSON, *CLASS]].astype(object)
    return persons.where(persons.notna(), None)


def _named_rows(frame: pd.DataFrame) -> pd.DataFrame:
    as_told = frame.drop(columns=list(IN_FRAMES.values()), errors="ignore").rename(columns=IN_FRAMES)
    return as_told.reindex(columns=["person_id", *PERSON, *CLASS]).astype(object)


def _rows_of(frame: pd.DataFrame, table: str, cited_records: set[str]) -> pd.DataFrame:
    """A row a cited ``record``: a frame tells one address (``source``), or all of a person (``records``)."""
    addresses = table + ":" + frame.reindex(columns=["source"])["source"].astype("string")
    rows = (
        _named_rows(frame).assign(record=frame.get("records", addresses)).explode("record", ignore_index=True)
    )
    return rows[rows["record"].isin(cited_records)]


def elsewhere(counties: Iterable[County], findings: pd.DataFrame, language: str) -> pd.DataFrame:
    """``county_code, record, name, id_number, school_name, town, classes``: the persons of the rows that ``findings`` cite with
    the county whose they are (``990111/table:address``), each as that county has it."""
    cited_records = findings["records"].explode().dropna().astype(str)
    parts = []
    for county in counties:
        own = f"{county.code}/"
        persons = whose_rows(county, cited_records[cited_records.str.startswith(own)].str.removeprefix(own))
        parts.append(
            persons[[*PERSON]].assign(
                county_code=county.code,
                record=own + persons.index.astype(str),
                classes=[class_text(row, language) for row in persons.to_dict("records")],
            )
        )
    return pd.concat(parts, ignore_index=True)


def whose_changes(county: County, changes: pd.DataFrame) -> dict[int, dict[str, str | None]]:
    """``name, school_name, town`` of the person of each changed row, by its label in ``changes``.

    They are as the row that the city holds tells them. Of a row taken away, or of a payment that did not succeed, they
    are another row's of the same number. The number itself is left out: the finding is the row's.
    """
    prints = county.fingerprints
    if prints is None or changes.empty:
        return {}
    is_here = changes["source"].notna()
    own = (changes["table"] + ":" + changes["source"].astype("string")).astype(object)
    tables = (
        prints[prints["table"].isin([PUPILS, *ROWS.values()])].dropna(subset="person").sort_values("table")
    )
    first = tables.drop_duplicates("person").set_index("person")
    another = (
        changes["person"].where(is_here, changes["person_before"]).map(first["table"] + ":" + first["source"])
    )
    persons = whose_rows(county, [*own.dropna(), *another.dropna()])
    records = own.where(own.isin(persons.index), another).dropna()
    by_change = (
        persons[["name", "school_name", "town"]].reindex(records).set_axis(records.index).dropna(how="all")
    )
    return {int(change): person for change, person in by_change.to_dict("index").items()}
