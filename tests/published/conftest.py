"""Runs every row of every published table in the folder named by AUDITLIB_VECTORS (by default the copy beside
this).

A test function is named after its table: ``test_discovery_sampling(row)`` runs once for every row of
``discovery_sampling.csv``. Where a table comes as ``*_expected.csv`` with a ``*_data.csv``, the test also
takes ``sample``, the data rows of the same case. A table that is not in the folder is skipped; one that no
test knows fails.
"""

from __future__ import annotations

import csv
import functools
import math
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("AUDITLIB_VECTORS") or Path(__file__).parent / "vectors")


@functools.cache
def read(name):
    """The rows of a table as dicts of text; none where the folder has no such table."""
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pytest_generate_tests(metafunc):
    if "row" in metafunc.fixturenames:
        table = metafunc.function.__name__.removeprefix("test_")
        paired = "sample" in metafunc.fixturenames
        rows = read(f"{table}_expected" if paired else table)
        metafunc.parametrize("row", rows, ids=[name_of(row) for row in rows])


def name_of(row):
    """What a report calls a row: its id, and the method where a case has several."""
    return row["id"] if "id" in row else "-".join(filter(None, [row["case_id"], row.get("method")]))


@pytest.fixture
def folder():
    return FOLDER


@pytest.fixture
def table():
    """Reads a table by its name."""
    return read


@pytest.fixture
def sample(request, row):
    """The data rows of the case of ``row``."""
    table = request.function.__name__.removeprefix("test_")
    found = [entry for entry in read(f"{table}_data") if entry["case_id"] == row["case_id"]]
    assert found, f"{row['case_id']} has no rows in {table}_data.csv"
    return found


@pytest.fixture
def agrees(row):
    """Compares what was computed with the ``want`` columns of the row, every one of them."""

    def compare(**computed):
        wanted = {name.removeprefix("want_"): text for name, text in row.items() if name.startswith("want")}
        assert wanted.keys() <= computed.keys(), "a column is not tested"
        wrong = {
            name: (text, computed[name]) for name, text in wanted.items() if not same(computed[name], text)
        }
        assert not wrong, f"{name_of(row)}: (published, computed) {wrong}"

    return compare


def same(value, text):
    """Integers, texts and lists exactly, other numbers to 1e-7 of themselves, None for an empty cell."""
    if text == "" or value is None:
        return text == "" and value in (None, [])
    if isinstance(value, list):
        items = text.split(";")
        return len(items) == len(value) and all(map(same, value, items))
    if isinstance(value, str):
        return value == text
    if isinstance(value, int):
        return float(text).is_integer() and value == int(float(text))
    return math.isclose(float(value), float(text), rel_tol=1e-7, abs_tol=1e-12)


@pytest.fixture
def parts():
    """Splits a list cell; an empty cell is an empty list."""
    return lambda text: text.split(";") if text else []


@pytest.fixture
def number():
    """A whole number, or None for an empty cell."""
    return lambda text: int(text) if text else None
