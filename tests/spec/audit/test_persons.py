"""Persons of the register: what is said of one record alone is what groups would say of it."""

from __future__ import annotations

import datetime as dt
import itertools

import ibis.expr.types as ir
import pandas as pd
import pytest

from auditlib.audit.persons import FACE, pupils_of, with_one_record, with_several_records
from auditlib.base.engine import Engine, duckdb_engine
from auditlib.rules import duplicate_records

TEXTS = sorted({*FACE, "source", "stage", "boarding"} - {"person_id"})
SCHEMA = {
    **dict.fromkeys(("person_id", *TEXTS), "string"),
    **dict.fromkeys(("active", "active_now"), "boolean"),
    **dict.fromkeys(("birth_date", "id_birth", "status_date"), "date"),
    "study_year": "int64",
}


@pytest.fixture
def engine() -> Engine:
    return duckdb_engine()


def records(engine: Engine, times: int = 1) -> ir.Table:
    """A record for every mixture of what is known and what is not; ``times`` each, of one person."""
    truths, cells, days = (True, False, None), ("甲", None), (dt.date(2010, 5, 4), None)
    mixtures = itertools.product(truths, truths, cells, cells, cells, days)
    rows = [
        {
            **dict.fromkeys(TEXTS, cell),
            "person_id": f"P{at}",
            "source": f"学籍.csv!{at}-{again}",
            "active": active,
            "active_now": now,
            "school_id": school and school + str(again),
            "student_no": number,
            "name": cell,
            "birth_date": day,
            "id_birth": None if day is None else dt.date(2010, 5, 5),
            "study_year": number and 2,
            "status_date": day,
        }
        for at, (active, now, cell, school, number, day) in enumerate(mixtures)
        for again in range(times)
    ]
    return engine.load("records", pd.DataFrame(rows, dtype=object), SCHEMA)


def same(engine: Engine, one: ir.Table, other: ir.Table) -> None:
    frames = [engine.fetch(table).sort_values("person_id", ignore_index=True) for table in (one, other)]
    pd.testing.assert_frame_equal(frames[0], frames[1][list(frames[0])])
    assert len(frames[0])


def test_a_pupil_with_one_record_is_what_a_group_of_one_would_be(engine: Engine) -> None:
    rows = records(engine)
    same(engine, with_one_record(rows), with_several_records(rows))


def test_one_record_counts_as_a_group_of_one_would(engine: Engine) -> None:
    rows = records(engine)
    same(engine, duplicate_records.one_record(rows), duplicate_records.several_records(rows))


def test_each_person_stands_once_whether_alone_or_not(engine: Engine) -> None:
    twice = records(engine, times=2)
    alone = twice.filter(~(twice.source.endswith("-1") & twice.name.isnull()))
    assert engine.fetch(alone.group_by("person_id").agg(rows=alone.count()))["rows"].nunique() == 2
    same(engine, pupils_of(alone), with_several_records(alone))
