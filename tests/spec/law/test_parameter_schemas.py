"""An editor and the program agree: what is shipped is taken by schema and reader, what is wrong is refused by both."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from editor_yaml import Editor
from jsonschema import Draft202012Validator

from auditlib.base.errors import UsageError
from auditlib.base.places import PARAMS, SCHEMAS
from auditlib.city.parameters import check_recheck
from auditlib.documents.parameter_schemas import FILES, schema
from auditlib.law.parameters import check_self_check
from auditlib.province.parameters import check_province
from auditlib.trend.parameters import check_trend

FIRST_LINE = "# yaml-language-server: $schema=schema/"
SHIPPED_FILES = sorted(PARAMS.glob("*.yaml"))
READERS: Mapping[str, Callable[..., Any]] = {
    "self-check.json": check_self_check,
    "re-check.json": check_recheck,
    "trend.json": check_trend,
    "province.json": check_province,
}
EXAMPLES = {
    "self-check.json": "qinghe-2020-autumn.yaml",
    "re-check.json": "city-9901-2020-autumn.yaml",
    "trend.json": "trend-sample.yaml",
}
PROVINCE = {"province_code": "99", "province_name": "某省", "term": "2020-autumn", "county_params": ["c/*.yaml"], "output_dir": "out"}  # fmt: skip
NO_VALUE = object()


def read(file: Path) -> dict[str, Any]:
    return dict(yaml.load(file.read_text("utf-8"), Editor))


def example(name: str) -> dict[str, Any]:
    return read(PARAMS / EXAMPLES[name]) if name in EXAMPLES else copy.deepcopy(PROVINCE)


def changed_file(name: str, place: str, value: Any) -> dict[str, Any]:
    values = example(name)
    *way, key = place.split(".")
    inner = values
    for step in way:
        inner = inner[step]
    if value is NO_VALUE:
        del inner[key]
    else:
        inner[key] = value
    return values


def is_taken_by_reader(name: str, values: Mapping[str, Any], tmp_path: Path) -> bool:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "county.yaml").touch()
    try:
        READERS[name](values, base=tmp_path)
    except UsageError:
        return False
    return True


@pytest.mark.parametrize("file", SHIPPED_FILES, ids=lambda file: file.name)
def test_a_shipped_file_names_its_schema_in_its_first_line_and_fits_it(file: Path) -> None:
    first = file.read_text("utf-8").splitlines()[0]
    assert first.startswith(FIRST_LINE)
    name = first.removeprefix(FIRST_LINE)
    assert (SCHEMAS / name).is_file()
    assert [error.message for error in Draft202012Validator(schema(name)).iter_errors(read(file))] == []


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


RIGHT = [
    ("self-check.json", "previous", None),
    ("self-check.json", "lost_share", 1),
    ("self-check.json", "columns", {"payments": {"证件": "id_number", "备注": None}}),
    ("self-check.json", "ages", {"compulsory": [6, 16]}),
    ("self-check.json", "rectification", {"missed": {"unit": "县教育局", "by": "2021-01-15"}}),
    ("re-check.json", "deadlines", {"high": "2021-01-31"}),
    ("re-check.json", "sample.ordered_share", None),
    ("trend.json", "confidence", 0.9),
    ("province.json", "side_by_side", 0),
]
WRONG = [
    ("self-check.json", "county_code", "九九"),
    ("self-check.json", "term", "2020"),
    ("self-check.json", "count_date", "31.10.2020"),
    ("self-check.json", "sources", ["发放.csv"]),
    ("self-check.json", "sources.payment", ["发放.csv"]),
    ("self-check.json", "columns", {"payments": "id_number"}),
    ("self-check.json", "values", {"colour": {"红": "red"}}),
    ("self-check.json", "enrolment_covers", ["primary", "nursery"]),
    ("self-check.json", "thresholds.link_accept", 1.5),
    ("self-check.json", "thresholds.posting_days", 4.5),
    ("self-check.json", "thresholds.pay_by", NO_VALUE),
    ("self-check.json", "thresholds.postingdays", 5),
    ("self-check.json", "ages", {"compulsory": [6]}),
    ("self-check.json", "hand_in", "all"),
    ("self-check.json", "language", "fr"),
    ("self-check.json", "output_dir", NO_VALUE),
    ("self-check.json", "county", "青禾县"),
    ("re-check.json", "sample.method", "gut feeling"),
    ("re-check.json", "sample.confidence", 1),
    ("re-check.json", "sample.flagged_n", 1),
    ("re-check.json", "deadlines", {"urgent": "2021-01-31"}),
    ("re-check.json", "packages", "package.zip"),
    ("trend.json", "as_of", "2020-13-01"),
    ("trend.json", "confidence", 0.4),
    ("trend.json", "verify_within", -1),
    ("province.json", "side_by_side", 20_000),
    ("province.json", "province_code", "9 9"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "place", "value"), RIGHT)
def test_what_the_reader_takes_the_schema_takes(name: str, place: str, value: Any, tmp_path: Path) -> None:
    values = changed_file(name, place, value)
    assert is_taken_by_reader(name, values, tmp_path)
    assert Draft202012Validator(schema(name)).is_valid(values)


@pytest.mark.parametrize(("name", "place", "value"), WRONG)
def test_what_the_reader_refuses_the_schema_refuses(
    name: str, place: str, value: Any, tmp_path: Path
) -> None:
    values = changed_file(name, place, value)
    assert not is_taken_by_reader(name, values, tmp_path)
    assert not Draft202012Validator(schema(name)).is_valid(values)
